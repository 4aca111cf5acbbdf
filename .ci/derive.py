"""Write every file that is derived from another, or, with --check, fail if one is out of date.

Derived are: the layout of the ontology's Turtle and TriG files, ontology/dataset.ttl (DCAT and
VoID), ontology/context.jsonld and the pages in docs/reference/.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from postholder import terms
from postholder.cli.parser import COMMANDS, make
from postholder.closure import program
from postholder.export import formats
from postholder.export.jsonld import context_document
from postholder.export.names import Names
from postholder.export.shortcuts import PATHS
from postholder.export.turtle import write
from postholder.export.vocabulary import Vocabulary
from postholder.graph import TYPE, Triples, handle, order
from postholder.queries import catalog
from postholder.sources.inputs import Inputs, load, read_prefixes
from postholder.sources.rdf import parse_text
from postholder.validation import house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postholder.graph import Node

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
REFERENCE = ROOT / "docs" / "reference"
PREFIXES = read_prefixes(ONTOLOGY / "prefixes.ttl")
MANY = 10**9
_DERIVED = "<!-- What follows is derived from the vocabulary. -->"


def n(namespace: str, name: str) -> NamedNode:
    """Return a term of a namespace."""
    return NamedNode(namespace + name)


def laid_out() -> Iterator[tuple[Path, str]]:
    """Yield the ontology's files in their one layout."""
    for path in sorted(ONTOLOGY.rglob("*.t*")):
        if path.suffix not in {".ttl", ".trig"} or path.name in {"prefixes.ttl", "dataset.ttl"}:
            continue
        trig = path.suffix == ".trig"
        quads = parse_text(path.read_text(encoding="utf-8"), path.name, RdfFormat.TRIG if trig else RdfFormat.TURTLE)
        yield path, write(quads, PREFIXES, named_graphs=trig)


def dataset(inputs: Inputs) -> str:
    """Return the dataset's metadata with the counts of the stated facts and the vocabulary."""
    dcat, void, xsd = PREFIXES["dcat"], "http://rdfs.org/ns/void#", terms.XSD
    facts = inputs.fact_quads
    vocabulary = inputs.ontology
    this = NamedNode(terms.BASE + "dataset")
    licence = NamedNode("https://creativecommons.org/licenses/by/4.0/")
    quads: list[Quad] = []

    def say(subject: NamedNode, predicate: NamedNode, *values: NamedNode | Literal) -> None:
        quads.extend(Quad(subject, predicate, v) for v in values)

    def number(count: int) -> Literal:
        return Literal(str(count), datatype=n(xsd, "integer"))

    say(this, TYPE, n(dcat, "Dataset"), n(void, "Dataset"))
    say(this, n(terms.DCTERMS, "title"), Literal("Postholder facts", language="en"))
    say(
        this,
        n(terms.DCTERMS, "description"),
        Literal(
            "Who holds which post and who reports to whom in corporate reorganisations: claims with the passages that "
            "state them. Counts are those of the facts files as shipped, before anything is inferred.",
            language="en",
        ),
    )
    say(this, n(terms.DCTERMS, "publisher"), Literal("Postholder contributors"))
    say(this, n(terms.DCTERMS, "license"), licence)
    say(
        this,
        n(terms.DCTERMS, "rights"),
        Literal(
            "The text of the news article is not part of the dataset and is not redistributed; the briefs are the "
            "contributors' own and lie beside the facts.",
            language="en",
        ),
    )
    say(this, n(terms.OWL, "versionInfo"), Literal(terms.VERSION))
    say(this, n(void, "uriSpace"), Literal(terms.ID))
    for vocabulary_iri in (terms.PH, terms.RDFS, terms.DCTERMS, terms.ORG):
        say(this, n(void, "vocabulary"), NamedNode(vocabulary_iri))
    say(this, n(void, "exampleResource"), NamedNode(terms.ID + "post/taobao-cto"))
    say(this, n(void, "triples"), number(len({q.triple for q in facts})))
    say(this, n(void, "distinctSubjects"), number(len({q.subject for q in facts})))
    say(this, n(void, "distinctObjects"), number(len({q.object for q in facts})))
    say(this, n(void, "properties"), number(len({q.predicate for q in facts})))
    say(this, n(void, "classes"), number(len({q.object for q in facts if q.predicate == TYPE})))
    triples = {q.triple for q in facts}
    for cls in sorted({t.object for t in triples if t.predicate == TYPE}, key=order):
        part = NamedNode(f"{this.value}#class-{handle(str(cls)[1:-1]).removeprefix('ph:')}")
        say(this, n(void, "classPartition"), part)
        say(part, n(void, "class"), cls)  # type: ignore[arg-type]
        say(
            part,
            n(void, "entities"),
            number(len({t.subject for t in triples if t.predicate == TYPE and t.object == cls})),
        )
    for predicate in sorted({t.predicate for t in triples}, key=order):
        name = handle(predicate.value).removeprefix("ph:").rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        part = NamedNode(f"{this.value}#property-{name}")
        say(this, n(void, "propertyPartition"), part)
        say(part, n(void, "property"), predicate)
        say(part, n(void, "triples"), number(sum(t.predicate == predicate for t in triples)))
    schema = NamedNode(terms.BASE + "ns")
    say(schema, TYPE, n(void, "Dataset"))
    say(schema, n(void, "triples"), number(len(set(vocabulary))))
    for file in inputs.facts:
        part = NamedNode(f"{this.value}#file-{file.path.stem}")
        say(this, n(dcat, "distribution"), part)
        say(part, TYPE, n(dcat, "Distribution"))
        say(part, n(terms.DCTERMS, "title"), Literal(f"ontology/{file.name}"))
        say(part, n(dcat, "mediaType"), NamedNode("https://www.iana.org/assignments/media-types/application/trig"))
        say(part, n(dcat, "byteSize"), Literal(str(len(file.text.encode())), datatype=n(xsd, "nonNegativeInteger")))
        say(part, n(terms.DCTERMS, "license"), licence)
    return write(quads, {**PREFIXES, "void": void}, named_graphs=False)


def _text(triples: Triples, node: Node, predicate: NamedNode, language: str = "en") -> str:
    found = [o for o in triples.objects(node, predicate) if isinstance(o, Literal)]
    fitting = sorted(o.value for o in found if (o.language or "en") == language)
    return fitting[0] if fitting else ""


def terms_page() -> str:
    """Return the page of all terms, one section per file."""
    lines = ["# Terms", "", f"The vocabulary, namespace `{terms.PH}`, prefix `ph:`. Derived from `ontology/terms/`."]
    label, skos = n(terms.RDFS, "label"), terms.SKOS
    for path in sorted((ONTOLOGY / "terms").glob("*.ttl")):
        triples = Triples(q.triple for q in parse_text(path.read_text(encoding="utf-8"), path.name, RdfFormat.TURTLE))
        lines += ["", f"## {path.stem.capitalize()}"]
        subjects = sorted({t.subject for t in triples if isinstance(t.subject, NamedNode)}, key=order)
        for term in subjects:
            kinds = sorted(handle(str(k)[1:-1]).rsplit("#", 1)[-1] for k in triples.objects(term, TYPE))
            names = [_text(triples, term, label), _text(triples, term, label, "zh-Hans")]
            title = " · ".join(name for name in names if name)
            lines += ["", f"### {handle(term.value)}", "", f"{title} ({', '.join(kinds)})", ""]
            lines.append(_text(triples, term, n(skos, "definition")))
            for name, title in (("example", "Example"), ("scopeNote", "Note")):
                if text := _text(triples, term, n(skos, name)):
                    lines.append(f"*{title}:* {text}")
    return "\n".join(lines) + "\n"


def shapes_page(inputs: Inputs) -> str:
    """Return the page of all shapes with their messages."""
    lines = ["# Shapes and house rules", "", "What `postholder validate` checks. Derived from `ontology/shapes/` and",
             "`ontology/checks/`."]  # fmt: skip
    message = n(terms.SH, "message")
    for file in inputs.shapes:
        triples = Triples(q.triple for q in file.quads)
        rows = [
            (handle(s.value).removeprefix(terms.SHAPES), _text(triples, s, message))
            for s in sorted({t.subject for t in triples if isinstance(t.subject, NamedNode)}, key=order)
        ]
        told = [(name, text) for name, text in rows if text]
        if told:
            lines += ["", f"## {file.path.stem}", "", "| shape | says |", "| --- | --- |"]
            lines += [f"| `{name}` | {text.replace('|', chr(92) + '|')} |" for name, text in told]
    lines += ["", "## House rules of the ontology", "", "| rule | problem | remedy |", "| --- | --- | --- |"]
    lines += [f"| `{c.name}` | {c.problem} | {c.remedy} |" for c in house.load(ONTOLOGY / "checks")]
    return "\n".join(lines) + "\n"


def queries_page() -> str:
    """Return the page of all saved questions."""
    lines = ["# Saved questions", "", "Ask with `postholder query NAME`. Derived from the headers in `queries/`."]
    topic = ""
    for q in catalog.every(ROOT / "queries"):
        if q.topic != topic:
            topic = q.topic
            lines += ["", f"## {topic.capitalize()}"]
        lines += ["", f"### {q.name}", "", f"{q.summary} {q.description}", ""]
        lines += [f"- parameter `{p.name}` ({p.type}): {p.description}" for p in q.parameters]
        lines += [f"- column `{name}`: {meaning}" for name, meaning in q.columns]
        lines += [f"- no rows: {q.empty}"]
        lines += [f"- in Cypher: `postholder query {q.name} --cypher`"] if q.cypher else []
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Return the page of all commands, from the parser itself."""
    lines = [
        "# Commands",
        "",
        "What each command takes. Exit status: 0 done, 1 findings, 2 wrong call, 3 could not be done.",
    ]
    choices = next(a for a in make()._actions if a.dest == "command").choices  # noqa: SLF001 - argparse tells no other way
    for name, text in COMMANDS.items():
        lines += ["", f"## {name}", "", f"{text[0].upper()}{text[1:]}.", ""]
        for action in choices[name]._actions:  # type: ignore[index] # noqa: SLF001
            words = ", ".join(action.option_strings) or str(action.metavar)
            value = f" {action.metavar}" if action.option_strings and action.metavar else ""
            told = (action.help or "").replace("%(default)s", str(action.default))
            lines.append(f"- `{words}{value}`: {told}")
    return "\n".join(lines) + "\n"


def formats_page() -> str:
    """Return the page of export formats and what each loses."""
    told = "What `postholder export FORMAT --to PATH` writes, and what each format loses. The same list stands,"
    lines = ["# Export formats", "", told, "machine-read, beside every export."]
    for name, form in formats.FORMATS.items():
        lines += ["", f"## {name}", "", form.summary, ""]
        lines += [f"- **{loss.id}**: {loss.what}. Instead: {loss.instead}." for loss in formats.losses(name)] or [
            "Loses nothing."
        ]
    return "\n".join(lines) + "\n"


def property_graph_page(inputs: Inputs) -> str:
    """Return the page of the property graph: what is written by hand, then every label and relationship type."""
    by_hand = (REFERENCE / "property-graph.md").read_text(encoding="utf-8").partition(_DERIVED)[0]
    triples, vocabulary = Triples(inputs.ontology), Vocabulary(inputs.ontology)
    names = Names(vocabulary, PREFIXES)
    definition = n(terms.SKOS, "definition")

    def ends(prop: str, *links: NamedNode) -> str:
        found = {o.value for link in links for o in triples.objects(NamedNode(prop), link) if isinstance(o, NamedNode)}
        return ", ".join(sorted(names.labels.get(iri, handle(iri)) for iri in found)) or "any"

    lines = ["## All labels", "", "| label | above it | meaning |", "| --- | --- | --- |"]
    for iri, label in sorted(names.labels.items(), key=lambda item: item[1]):
        above = ", ".join(sorted(names.labels[c] for c in vocabulary.classes[iri]))
        lines.append(f"| `{label}` | {above} | {_text(triples, NamedNode(iri), definition)} |")
    told = "Inverse properties are not written twice: `ph:holderOf` is `HELD_BY` read backwards."
    lines += ["", "## All relationship types", "", told, "", "| type | term | from | to | meaning |"]
    lines += ["| --- | --- | --- | --- | --- |"]
    properties = [*PATHS, *(p for p in vocabulary.object_properties if p not in vocabulary.forward)]
    for iri, name in sorted(names.relations(properties).items(), key=lambda item: (item[1], item[0])):
        start = ends(iri, n(terms.RDFS, "domain"), n("https://schema.org/", "domainIncludes"))
        end = ends(iri, n(terms.RDFS, "range"), n("https://schema.org/", "rangeIncludes"))
        meaning = _text(triples, NamedNode(iri), definition) or "see the plain relationships above"
        lines.append(f"| `{name}` | {handle(iri)} | {start} | {end} | {meaning} |")
    return by_hand + _DERIVED + "\n\n" + "\n".join(lines) + "\n"


def closure_rules_page() -> str:
    """Return the page of the rules of OWL 2 RL: which are made of axioms, built in, or not run, with the reason."""
    lines = [
        "# Rules of the closure",
        "",
        "What each rule of OWL 2 RL comes to here (*OWL 2 Web Ontology Language Profiles*, second edition, tables",
        "4 to 9). `postholder doctor` tells for each axiom of the ontology in use which rule handles it. Where other",
        "engines differ is told in [where closure engines differ](../explanation/closure-peers.md).",
        "",
        "| rule | how |",
        "| --- | --- |",
    ]
    how = dict.fromkeys(program.COMPILED, "made of the axioms that it speaks of")
    how |= dict.fromkeys(program.ALWAYS, "built into the engines; it needs no axiom") | program.NOT_COMPILED
    order_of = {name: place for place, name in enumerate(("eq", "prp", "cls", "cax", "dt", "scm"))}
    names = sorted(how, key=lambda rule: (order_of[rule.partition("-")[0]], rule))
    lines += [f"| {name} | {how[name]} |" for name in names]
    return "\n".join(lines) + "\n"


def derived() -> Iterator[tuple[Path, str]]:
    """Yield every derived file with what it must hold."""
    yield from laid_out()
    inputs = load(None, MANY)
    yield ONTOLOGY / "dataset.ttl", dataset(inputs)
    yield ONTOLOGY / "context.jsonld", context_document(inputs.ontology, inputs.prefixes)
    yield REFERENCE / "terms.md", terms_page()
    yield REFERENCE / "shapes.md", shapes_page(inputs)
    yield REFERENCE / "questions.md", queries_page()
    yield REFERENCE / "commands.md", commands_page()
    yield REFERENCE / "formats.md", formats_page()
    yield REFERENCE / "closure-rules.md", closure_rules_page()
    yield REFERENCE / "property-graph.md", property_graph_page(inputs)


def main() -> int:
    """Write or check; return 1 when a file is out of date."""
    checking = "--check" in sys.argv[1:]
    stale = []
    count = 0
    for path, text in derived():
        count += 1
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if not checking:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    verb = "out of date" if checking else "written"
    print(f"{count} derived files, {len(stale)} {verb}")
    for name in stale:
        print(f"  {name}")
    return 1 if checking and stale else 0


if __name__ == "__main__":
    sys.exit(main())
