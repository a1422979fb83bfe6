"""What generated records must have for rules to decide: facts, texts that they are compared with, a currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.backends.ir import expressions
from coopgov.language import syntax as s
from coopgov.language.dependencies import with_formulas
from coopgov.language.units import is_currency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.facts.catalogue import Catalogue
    from coopgov.rules.rule import Rule

__all__ = ["Key", "currency_of", "facts_in_messages", "facts_read", "texts_named"]

Key = tuple[str, str]
"""A type of subject and the name of a fact about it."""


def facts_read(rules: Iterable[Rule], catalogue: Catalogue) -> frozenset[Key]:
    """The base facts that deciding the rules can need; formulas are followed."""
    return _base_facts((node for rule in rules for node in expressions(rule.check)), catalogue)


def facts_in_messages(rules: Iterable[Rule], catalogue: Catalogue) -> frozenset[Key]:
    """The base facts that the messages of the rules can need."""
    return _base_facts((node for rule in rules for node in rule.message.facts.values()), catalogue)


def texts_named(rules: Iterable[Rule], catalogue: Catalogue) -> tuple[str, ...]:
    """The texts that rules compare facts with."""
    return tuple(sorted({value for value in _literals(rules, catalogue, "text") if isinstance(value, str)}))


def currency_of(rules: Iterable[Rule], catalogue: Catalogue) -> str:
    """The currency that rules name, the first of several; empty if they name none."""
    return min(filter(is_currency, (unit for unit in _literals(rules, catalogue, "money"))), default="")


def _literals(rules: Iterable[Rule], catalogue: Catalogue, kind: str) -> Iterator[Any]:
    """The texts of literals, of money their units."""
    nodes = (node for rule in rules for node in expressions(rule.check))
    for node in with_formulas(nodes, catalogue):
        if isinstance(node, s.Literal) and node.type.kind == kind:
            yield node.type.unit if kind == "money" else node.value


def _base_facts(nodes: Iterable[s.Expr], catalogue: Catalogue) -> frozenset[Key]:
    names = {
        (node.about, node.name)
        for node in with_formulas(nodes, catalogue)
        if isinstance(node, s.Name) and node.about
    }
    return frozenset(key for name in names for key in _with_company(name, catalogue))


def _with_company(key: Key, catalogue: Catalogue) -> Iterator[Key]:
    """A fact and those that affect how it is read: its unit, the day it was observed."""
    about, name = key
    kind = catalogue.type_of(about, name)
    if catalogue.definition(about, name) is None:
        yield key
        if catalogue.seen_on(about, name):
            yield about, catalogue.seen_on(about, name)
    if kind is not None and kind.kind == "own" and (about, "unit") in catalogue.facts:
        yield about, "unit"
