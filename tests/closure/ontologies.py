"""Made-up ontologies of the OWL 2 RL profile with facts, small and dense, for comparing engines.

`cases()` draws from all constructs that the rules of tables 4 to 9 speak of, each where the profile allows
it: expressions that may be a subclass, those that may be a superclass, those that may be equivalent. There
are few names, so that things meet. The simplest choice stands first everywhere: examples shrink to it.
Source: OWL 2 Profiles (second edition), sections 4.2 and 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hypothesis import strategies as st
from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from postholder import terms

X = "http://x/"
HEAD = f"""@prefix ex: <{X}> . @prefix owl: <{terms.OWL}> . @prefix rdf: <{terms.RDF}> .
@prefix rdfs: <{terms.RDFS}> . @prefix xsd: <{terms.XSD}> .
"""
_CLASSES = [f"ex:{n}" for n in "ABCD"]
_LINKS = [f"ex:{n}" for n in "pqrs"]
_FIELDS = ["ex:v", "ex:w"]
_THINGS = [f"ex:{n}" for n in "abcd"]
_VALUES = ['"x"', '"y"', "1", "2", '"x"@en']
"""No two of them have one value: that engines keep lexical forms apart is a matter of its own."""
_DECLARED = "\n".join(
    [f"{c} a owl:Class ." for c in _CLASSES]
    + [f"{p} a owl:ObjectProperty ." for p in _LINKS]
    + [f"{d} a owl:DatatypeProperty ." for d in _FIELDS]
)


@dataclass(frozen=True)
class Case:
    """An ontology and facts, as Turtle without its prefixes."""

    axiom_text: str
    fact_text: str

    @cached_property
    def axioms(self) -> list[Triple]:
        """The axioms, with declarations."""
        return triples(_DECLARED + self.axiom_text)

    @cached_property
    def facts(self) -> list[Triple]:
        """The facts."""
        return triples(self.fact_text)

    def __repr__(self) -> str:
        return f"\n# axioms\n{self.axiom_text}\n# facts\n{self.fact_text}\n"


def triples(text: str) -> list[Triple]:
    """Read Turtle that uses the prefixes of `HEAD`; unnamed nodes are numbered, so that a case is always the same."""
    numbers: dict[BlankNode, BlankNode] = {}

    def numbered(term: object) -> object:
        return numbers.setdefault(term, BlankNode(f"n{len(numbers)}")) if isinstance(term, BlankNode) else term

    read = [q.triple for q in parse(HEAD + text, format=RdfFormat.TURTLE)]
    found = [Triple(numbered(t.subject), t.predicate, numbered(t.object)) for t in read]  # type: ignore[arg-type] # same
    return list(dict.fromkeys(found))


Text = st.SearchStrategy[str]
CLASS, LINK, FIELD, THING, VALUE = (st.sampled_from(x) for x in (_CLASSES, _LINKS, _FIELDS, _THINGS, _VALUES))


def _several(item: Text, least: int = 2, most: int = 3) -> Text:
    """Return a Turtle list of different items."""
    return st.lists(item, min_size=least, max_size=most, unique=True).map(lambda x: f"( {' '.join(x)} )")


def _filled(shape: str, **parts: Text) -> Text:
    """Return a template with a draw for each of its names."""
    return st.fixed_dictionaries(parts).map(lambda drawn: shape.format(**drawn))


def _restriction(prop: Text, shape: str, **parts: Text) -> Text:
    return _filled(f"[ a owl:Restriction ; owl:onProperty {{on}} ; {shape} ]", on=prop, **parts)


_HAS_VALUE = st.one_of(
    _restriction(LINK, "owl:hasValue {v}", v=THING),
    _restriction(FIELD, "owl:hasValue {v}", v=VALUE),
)
_FEW = st.sampled_from(["1", "0"])
_NUMBER = "'{n}'^^xsd:nonNegativeInteger"


def below(depth: int = 2) -> Text:
    """Return what may be a subclass: names, and expressions that things are found to be in."""
    simple = st.one_of(
        CLASS, CLASS, CLASS, _HAS_VALUE, _filled("[ a owl:Class ; owl:oneOf {m} ]", m=_several(THING, 1))
    )
    if not depth:
        return simple
    part = below(depth - 1)
    return st.one_of(
        simple,
        _filled("[ a owl:Class ; owl:intersectionOf {m} ]", m=_several(part)),
        _filled("[ a owl:Class ; owl:unionOf {m} ]", m=_several(part)),
        _restriction(LINK, "owl:someValuesFrom {c}", c=st.one_of(part, st.just("owl:Thing"))),
    )


def above(depth: int = 2) -> Text:
    """Return what may be a superclass: names, and expressions that say something of their members."""
    simple = st.one_of(CLASS, CLASS, CLASS, _HAS_VALUE, st.just("owl:Nothing"))
    if not depth:
        return simple
    part = above(depth - 1)
    return st.one_of(
        simple,
        _filled("[ a owl:Class ; owl:intersectionOf {m} ]", m=_several(part)),
        _filled("[ a owl:Class ; owl:complementOf {c} ]", c=below(depth - 1)),
        _restriction(LINK, "owl:allValuesFrom {c}", c=part),
        _restriction(st.one_of(LINK, FIELD), f"owl:maxCardinality {_NUMBER}", n=_FEW),
        _restriction(
            LINK,
            f"owl:maxQualifiedCardinality {_NUMBER} ; owl:onClass {{c}}",
            n=_FEW,
            c=st.one_of(below(depth - 1), st.just("owl:Thing")),
        ),
    )


_SAME = st.one_of(
    CLASS,
    CLASS,
    _HAS_VALUE,
    _filled("[ a owl:Class ; owl:intersectionOf {m} ]", m=_several(st.one_of(CLASS, _HAS_VALUE))),
)
"""What may be equivalent to another class."""

CLASS_AXIOMS = {
    "subclass": _filled("{s} rdfs:subClassOf {o} .", s=below(), o=above()),
    "equivalent classes": _filled("{s} owl:equivalentClass {o} .", s=CLASS, o=_SAME),
    "disjoint classes": _filled("{s} owl:disjointWith {o} .", s=below(1), o=below(1)),
    "all disjoint classes": _filled("[] a owl:AllDisjointClasses ; owl:members {m} .", m=_several(below(1))),
    "key": _filled("{s} owl:hasKey {m} .", s=CLASS, m=_several(st.one_of(LINK, FIELD), 1, 2)),
}
PROPERTY_AXIOMS = {
    "domain": _filled("{s} rdfs:domain {o} .", s=st.one_of(LINK, FIELD), o=above(1)),
    "range": _filled("{s} rdfs:range {o} .", s=LINK, o=above(1)),
    "subproperty": st.one_of(
        _filled("{s} rdfs:subPropertyOf {o} .", s=LINK, o=LINK),
        _filled("{s} rdfs:subPropertyOf {o} .", s=FIELD, o=FIELD),
    ),
    "equivalent properties": _filled("{s} owl:equivalentProperty {o} .", s=LINK, o=LINK),
    "inverse": _filled("{s} owl:inverseOf {o} .", s=LINK, o=LINK),
    "chain": _filled(
        "{s} owl:propertyChainAxiom ( {m} ) .", s=LINK, m=st.lists(LINK, min_size=2, max_size=3).map(" ".join)
    ),
    "kind": _filled(
        "{s} a owl:{k}Property .",
        s=LINK,
        k=st.sampled_from(["Symmetric", "Transitive", "Functional", "InverseFunctional", "Asymmetric", "Irreflexive"]),
    ),
    "functional value": _filled("{s} a owl:FunctionalProperty .", s=FIELD),
    "disjoint properties": st.one_of(
        _filled("{s} owl:propertyDisjointWith {o} .", s=LINK, o=LINK),
        _filled("{s} owl:propertyDisjointWith {o} .", s=FIELD, o=FIELD),
    ),
    "all disjoint properties": _filled("[] a owl:AllDisjointProperties ; owl:members {m} .", m=_several(LINK)),
}
THING_AXIOMS = {
    "same": _filled("{s} owl:sameAs {o} .", s=THING, o=THING),
    "different": _filled("{s} owl:differentFrom {o} .", s=THING, o=THING),
    "all different": _filled(
        "[] a owl:AllDifferent ; owl:{n} {m} .", m=_several(THING), n=st.sampled_from(["members", "distinctMembers"])
    ),
    "negative link": _filled(
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {s} ; owl:assertionProperty {p} ; "
        "owl:targetIndividual {o} .",
        s=THING,
        p=LINK,
        o=THING,
    ),
    "negative value": _filled(
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual {s} ; owl:assertionProperty {p} ; "
        "owl:targetValue {o} .",
        s=THING,
        p=FIELD,
        o=VALUE,
    ),
    "member of an expression": _filled("{s} a {c} .", s=THING, c=above(1)),
}
AXIOMS = {**CLASS_AXIOMS, **PROPERTY_AXIOMS, **THING_AXIOMS}
"""A strategy for each kind of axiom, by name."""

FACT = st.one_of(
    _filled("{s} a {c} .", s=THING, c=CLASS),
    _filled("{s} {p} {o} .", s=THING, p=LINK, o=THING),
    _filled("{s} {p} {o} .", s=THING, p=LINK, o=THING),
    _filled("{s} {p} {o} .", s=THING, p=FIELD, o=VALUE),
)


def cases(
    *, axioms: int = 12, least: int = 5, most: int = 30, without: frozenset[str] = frozenset()
) -> st.SearchStrategy[Case]:
    """Return a strategy of cases: up to so many axioms, none of a kind in `without`, and `least` to `most` facts."""
    kinds = [strategy for name, strategy in AXIOMS.items() if name not in without]
    return st.builds(
        Case,
        st.lists(st.one_of(kinds), min_size=min(3, axioms), max_size=axioms).map("\n".join),
        st.lists(FACT, min_size=least, max_size=most, unique=True).map("\n".join),
    )
