"""Readings: what the facts say for certain, and what they say only if a text is read one way.

An ambiguity has mutually exclusive interpretations. A claim about an ambiguous passage has one
reading (a named graph) per combination of interpretations it touches. From these follow

* the *accepted* triples: those of readings without a rival, and those that all live rivals share;
* one *context* per joint choice of interpretations that hang together: the triples that hold
  only under that choice. Contexts of one cluster exclude each other and are never mixed.
"""

from postholder.readings.contexts import Context
from postholder.readings.facts import Facts
from postholder.readings.stated import is_axiom

__all__ = ["Context", "Facts", "is_axiom"]
