"""Finds which rules read which facts, and checks again only the rules that read a changed fact.

A rule *reads* a base fact if its outcome, value or reasons can depend on it: a fact named by its measure, its
conditions or its `where`, directly or through formulas, in collections and in parent subjects; the day of an
observation, and the date with which that day is compared; the unit of a KPI, if a literal has a unit. What a rule reads
does not depend on data, so a rule that reads none of the changed facts has the same result as before.
"""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any

from coopgov.backends.ir import expressions
from coopgov.errors import UnknownNameError
from coopgov.language import syntax as s
from coopgov.language.dependencies import steps, with_formulas
from coopgov.locales import phrase
from coopgov.rules.layers import ALL_LOWER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from coopgov.backends.ir import Answer, Check, Checker, Program, Rechecker
    from coopgov.facts.catalogue import Catalogue

    Key = tuple[str, str]

__all__ = ["readers", "rechecker"]

_ALL = ""
"""The name, in a key, of all facts of a type of subject and of the link to that subject."""
_AS_OF: Key = ("", "as_of")
_UNIT: Key = ("", "unit")
"""The key of the unit of the KPI that a literal is compared with, for any type of subject."""


def readers(program: Program, changed: Iterable[str]) -> tuple[Check, ...]:
    """Return the checks that read any of these facts.

    Raises:
        UnknownNameError: a fact does not exist.
    """
    keys: set[Key] = set()
    for name in changed:
        keys |= _changed_facts(name, program)
    return tuple(
        check for check in program.checks if not keys.isdisjoint(_read(expressions(check), program.catalogue))
    )


def _read(nodes: Iterable[s.Expr], catalogue: Catalogue) -> set[Key]:
    """Everything that expressions read, whatever the data."""
    found: set[Key] = set()
    for node in with_formulas(nodes, catalogue):
        if isinstance(node, s.Name):
            found |= _read_by_name(node, catalogue)
        elif isinstance(node, s.Literal) and node.type.kind == "own":
            found.add(_UNIT)
    return found


def _read_by_name(node: s.Name, catalogue: Catalogue) -> set[Key]:
    if not node.about:
        return {_AS_OF}
    seen_on = catalogue.seen_on(node.about, node.name)
    observed = {(node.about, seen_on), _AS_OF} if seen_on else set()
    return {(node.about, node.name), (node.about, _ALL), *observed}


def _changed_facts(name: str, program: Program) -> set[Key]:
    """The base facts that changed, for a name that a host gives to its change."""
    catalogue = program.catalogue
    *owner, fact = steps(name)
    about = ".".join(owner) if owner else program.about
    if " " not in fact and catalogue.fact(about, fact) is not None:
        return _base_facts_of(about, fact, catalogue)
    if name == "as_of":
        return {_AS_OF}
    if name in catalogue.subject_types:
        return {(name, _ALL)}
    sort = phrase("errors.sorts.fact-about", about=program.about)
    raise UnknownNameError(sort, name, _names(program))


def _base_facts_of(about: str, fact: str, catalogue: Catalogue) -> set[Key]:
    """A derived fact cannot change by itself, so it means the base facts that it reads."""
    if catalogue.definition(about, fact) is not None:
        read = _read([s.Name(fact, about=about)], catalogue)
        return {key for key in read if key[1] != _ALL}
    found = {(about, fact)}
    if fact == "unit":
        found.add(_UNIT)
    if fact == "warnings":
        found.add((about, ALL_LOWER))
    return found


def _names(program: Program) -> list[str]:
    """The names of everything that can change: facts of the subject itself first, then others with their type."""
    catalogue = program.catalogue
    others = (
        f"{about}.{name}"
        for about in catalogue.subjects()
        for name in catalogue.names(about)
        if about != program.about
    )
    return [*catalogue.names(program.about), "as_of", *catalogue.subject_types, *others]


def rechecker(program: Program, read: Sequence[Check], part: Checker) -> Rechecker:
    """Return a function that decides the checks in `read` again by `part`, and keeps the answers of all others."""
    again = {check.id for check in read}
    stays = {check.id: check.id not in again for check in program.checks}
    place = {check.id: number for number, check in enumerate(program.checks)}

    def order(entry: Any) -> int:
        return place[entry[0]]

    def check(_: Any, facts: Any, before: Answer, *, as_of: date | None = None) -> Answer:
        if not again:
            return before
        hits, undetermined = part(facts, as_of=as_of)
        old_hits, old_undetermined = before
        try:
            if old_hits:
                hits = _joined([hit for hit in old_hits if stays[hit[0]]], hits, order)
            if old_undetermined:
                kept = [entry for entry in old_undetermined if stays[entry[0]]]
                undetermined = _joined(kept, undetermined, order)
        except KeyError as error:
            raise UnknownNameError("rule", str(error.args[0]), stays) from None
        return hits, undetermined

    return MethodType(check, program)


def _joined(kept: list[Any], new: list[Any], order: Callable[[Any], int]) -> list[Any]:
    if not (kept and new):
        return kept or new
    return sorted([*kept, *new], key=order)
