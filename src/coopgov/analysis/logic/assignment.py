"""Assignments of base facts: as the search for examples handles them, and as records for the engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from coopgov.analysis.logic.intervals import Numbers
from coopgov.errors import ArgumentError, FactError
from coopgov.language import syntax as s
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.values import Bounds, missing
from coopgov.model import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.logic.linear_terms import Terms
    from coopgov.facts import Catalogue

__all__ = [
    "ABSENT",
    "AS_OF",
    "CURRENCY",
    "OTHER_TEXT",
    "UNIT",
    "Given",
    "Key",
    "defaults",
    "evaluated",
    "key_of",
    "latest_day",
    "looks_out",
    "put",
    "record_of",
    "setting_of",
]

Key = tuple[tuple[str, ...], str]
Given = Mapping[Key, Any]
"""Values of base facts, by path and name: fractions (dates as day numbers), texts, truth values, collections."""
AS_OF: Key = ((), "as_of")
CURRENCY: Key = ((), "currency of the agreement")
UNIT: Key = ((), "unit")
ABSENT = object()
"""The value of a fact that must be absent."""
OTHER_TEXT = "something else"

_CALENDAR = WorkingCalendar()
_TODAY = date(2026, 6, 30)
_PLAIN = tuple(map(Fraction, (100, 10, 1, 0)))
_FIRST, _LAST = 700_000, 800_000
"""Numbers between these look like present-day dates; mistaking another number for one does no harm."""
_STARTS = (date(2026, 1, 5), date(2026, 4, 15))
_ENDS = (date(2026, 4, 15), date(2026, 6, 1))


def key_of(node: s.Name) -> Key:
    """The key of a written-out fact; a fact of an outer subject has a key that no assignment contains."""
    return (node.parents, node.name) if not node.level else (("outside",) * node.level, node.name)


def put(given: Given, key: Key, value: Any) -> Iterator[Given]:
    """The facts with one more; nothing if it is already there with another value."""
    if key not in given:
        yield {**given, key: value}
    elif given[key] == value:
        yield given


def record_of(given: Given, catalogue: Catalogue, about: str) -> dict[str, Any]:
    """Facts as a record for the engine."""
    record: dict[str, Any] = {}
    for key, value in given.items():
        path, name = key
        inner, subject = record, about
        for step in path:
            inner, subject = inner.setdefault(step, {}), step
        if value is not ABSENT and key not in (AS_OF, CURRENCY):
            inner[name] = _plain(value, catalogue, subject, name)
    return record


def _plain(value: Any, catalogue: Catalogue, about: str, name: str) -> Any:
    if not isinstance(value, (Fraction, tuple)):
        return value
    kind = catalogue.existing(about, name).type
    if isinstance(value, tuple):
        item = kind.item if kind else ""
        return [record_of(each, catalogue, item) if isinstance(each, Mapping) else each for each in value]
    if kind is not None and kind.kind == "date":
        return date.fromordinal(int(value))
    return value.numerator if value.denominator == 1 else float(value)


def setting_of(given: Given) -> Setting:
    """The date and currency of facts, and a plain calendar."""
    day = given.get(AS_OF)
    as_of = None if day is None else date.fromordinal(int(day))
    return Setting(as_of, _CALENDAR, str(given.get(CURRENCY, "")))


def latest_day(given: Given) -> date:
    """A day on which all facts are visible."""
    whole = (
        each.numerator for each in given.values() if isinstance(each, Fraction) and each.denominator == 1
    )
    return date.fromordinal(max([_TODAY.toordinal(), *(each for each in whole if _FIRST < each < _LAST)]))


def evaluated(node: s.Expr, given: Given, catalogue: Catalogue, about: str) -> Any:
    """The engine's value of an expression; None if it has none, or needs a date or subject that is not given."""
    if looks_out(node):
        return None
    try:
        value = Interpreter(catalogue, setting_of(given)).value(node, record_of(given, catalogue, about))
    except (ArgumentError, FactError):
        return None
    return None if missing(value) or isinstance(value, Bounds) else value


def looks_out(node: s.Expr, depth: int = 0) -> bool:
    """Whether an expression names a subject outside its own."""
    if isinstance(node, s.Name):
        return node.level > depth
    if isinstance(node, s.Aggregate):
        inside = any(looks_out(part, depth + 1) for part in node.of_items)
        return inside or looks_out(node.collection, depth)
    return any(looks_out(part, depth) for part in s.children(node))


def defaults(node: s.Name, terms: Terms, given: Given) -> list[Any]:
    """Plain values that a fact may have."""
    kind = node.type
    if not node.about:
        return [Fraction(latest_day(given).toordinal())]
    if kind.kind == "date":
        return [Fraction(day.toordinal()) for day in (_STARTS if "start" in node.name else _ENDS)]
    if kind.numeric:
        span = terms.reach(node).span
        return [value for value in _PLAIN if value in span] or list(Numbers.of([span]).picks())
    if kind.kind == "truth":
        return [True, False]
    if kind.kind == "texts":
        return [()]
    if kind.kind == "collection":
        return [(), ({},)]
    return list(kind.choices) or [OTHER_TEXT]
