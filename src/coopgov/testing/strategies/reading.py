"""Which base facts rules read: of their subject, of what it belongs to, and of what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.backends.codegen import expressions
from coopgov.language import syntax as s

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.facts.catalogue import Catalogue
    from coopgov.rules.ruleset import Rule

__all__ = ["Key", "facts_read"]

Key = tuple[str, str]
"""A type of subject and the name of a fact about it."""


def facts_read(rules: Iterable[Rule], catalogue: Catalogue) -> frozenset[Key]:
    """The base facts that deciding the rules, and telling their messages, can need; formulas are followed."""
    found: set[Key] = set()
    waiting = [node for rule in rules for node in _expressions(rule)]
    while waiting:
        for node in s.walk(waiting.pop()):
            if not isinstance(node, s.Name) or not node.about or (node.about, node.name) in found:
                continue
            found.add((node.about, node.name))
            definition = catalogue.definition(node.about, node.name)
            if definition is not None:
                waiting.append(definition)
    return frozenset(key for name in found for key in _with_company(name, catalogue))


def _expressions(rule: Rule) -> Iterator[s.Expr]:
    yield from expressions(rule.check)
    yield from rule.message.facts.values()


def _with_company(key: Key, catalogue: Catalogue) -> Iterator[Key]:
    """A fact with those that decide how it is read: its unit, the day it was observed."""
    about, name = key
    kind = catalogue.type_of(about, name)
    if catalogue.definition(about, name) is None:
        yield key
        if catalogue.seen_on(about, name):
            yield about, catalogue.seen_on(about, name)
    if kind is not None and kind.kind == "own" and (about, "unit") in catalogue.facts:
        yield about, "unit"
