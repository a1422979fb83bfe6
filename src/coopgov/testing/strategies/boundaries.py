"""A strategy made from a rule set: records of facts at, just below and just above the thresholds of its rules."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from coopgov.backends.ir import conditions
from coopgov.counterfactual import Variable, around, crossings
from coopgov.counterfactual.variable import as_value
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.tolerance import TOLERANCE
from coopgov.model import WorkingCalendar
from coopgov.rules.ruleset import RuleSet
from coopgov.testing.strategies.arguments import known_name, of_class
from coopgov.testing.strategies.needed_facts import currency_of
from coopgov.testing.strategies.records import DAY, near_days, records, sort_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hypothesis.strategies import DrawFn

    from coopgov.counterfactual import Point
    from coopgov.facts.catalogue import Catalogue
    from coopgov.rules.rule import Rule

__all__ = ["beside", "boundary_facts", "moved", "setting_for"]

_Path = tuple[str | int, ...]
_BEYOND = Fraction(TOLERANCE) * 8
"""The distance from a threshold, as a share of it, at which a number is certainly no longer equal to it."""
_LAST_DAY = date.max.toordinal()


def setting_for(rules: RuleSet, as_of: date) -> Setting:
    """The setting of a checker: the currency that the rules name, money in whole units."""
    return Setting(as_of, WorkingCalendar(), currency_of(rules.rules, rules.catalogue) or "CNY")


def moved(rule: Rule, record: dict[str, Any], interpreter: Interpreter) -> Iterator[list[dict[str, Any]]]:
    """For each fact of a record, the record with that fact moved to values where the rule's outcome can change.

    These are each such value and the nearest values just below and above; facts that make no difference are left out.
    """
    wanted = conditions(rule.check)
    for path, variable in _variables(rule.about, record, interpreter):
        values = _values(crossings(wanted, (record,), variable, interpreter), variable)
        group = [_with(record, (*path, variable.name), value) for value in values]
        if group:
            yield group


def beside(rule: Rule, record: dict[str, Any], interpreter: Interpreter) -> Iterator[dict[str, Any]]:
    """The record with one fact moved, for each fact and each of its values."""
    return chain.from_iterable(moved(rule, record, interpreter))


def _variables(
    about: str, record: dict[str, Any], interpreter: Interpreter
) -> Iterator[tuple[_Path, Variable]]:
    """The facts in a record that may change, each with the path to its subject."""
    catalogue: Any = interpreter.definitions
    for path, subject, sort in _subjects((), record, about, catalogue):
        for name in subject:
            fact = catalogue.fact(sort, name)
            if fact is not None and fact.type is not None and fact.type.kind != "collection":
                yield path, Variable.of(subject, sort, name, interpreter)


def _subjects(
    path: _Path, record: dict[str, Any], about: str, catalogue: Catalogue
) -> Iterator[tuple[_Path, dict[str, Any], str]]:
    """A record and those above and below it."""
    yield path, record, about
    for parent in catalogue.parents(about):
        if parent in record:
            yield from _subjects((*path, parent), record[parent], parent, catalogue)
    for name, value in record.items():
        fact = catalogue.fact(about, name)
        if fact is not None and fact.type is not None and fact.type.kind == "collection":
            for position, item in enumerate(value or ()):
                yield from _subjects((*path, name, position), item, fact.type.item, catalogue)


def _values(points: Iterable[Point], variable: Variable) -> Iterator[Any]:
    """The points themselves, and beside each the nearest values that can be written and that count as different."""
    points = tuple(points)
    found = dict.fromkeys((*points, *around(points, variable.step)))
    if variable.type.numeric and variable.type.kind != "money":
        numbers = [point for point in points if isinstance(point, Fraction)]
        found |= {
            point + sign * _BEYOND * max(Fraction(1), abs(point)): None
            for point in numbers
            for sign in (1, -1)
        }
    for point in found:
        if variable.type.kind != "date":
            yield list(point) if isinstance(point, tuple) else as_value(point)
        elif isinstance(point, Fraction) and 1 <= point <= _LAST_DAY:
            yield date.fromordinal(int(point))


def _with(record: Any, path: _Path, value: Any) -> Any:
    """A copy of a record, with another value at a path."""
    if not path:
        return value
    key, *rest = path
    if isinstance(record, list):
        return [_with(item, tuple(rest), value) if at == key else item for at, item in enumerate(record)]
    return {**record, key: _with(record.get(key), tuple(rest), value)}


@st.composite
def boundary_facts(
    draw: DrawFn, rules: RuleSet, about: str | None = None, *, as_of: date = DAY
) -> dict[str, Any]:
    """Strategy for records of facts at, just below and just above every threshold and date that rules compare with.

    One rule is drawn, and one fact of a record is moved to a value where the outcome of that rule can change, to the
    nearest values that can be written beside it (a day, a cent, the last decimal) or, for numbers, to just outside the
    tolerance of comparisons. Other facts may be absent, so every optional one is missing at times. A checker takes the
    records: `rules.checker(about)(facts, as_of=as_of)`.

    Args:
        draw: given by Hypothesis.
        rules: the rules.
        about: a type of subject; may be left out if all rules are about one.
        as_of: the date of the assessment.
    """
    of_class(rules, RuleSet, "rules"), of_class(as_of, date, "as_of")
    sorts = sorted({rule.about for rule in rules.rules})
    if about is None and len(sorts) > 1:
        raise InvalidArgument(f"about must be one of {', '.join(sorts)}: the rules are about all of these")
    about = known_name(about or "".join(sorts), sorts, "about")
    rule = draw(st.sampled_from([rule for rule in rules.rules if rule.about == about]))
    record = draw(records(about, sort_for(rules, about, near_days(as_of))))
    found = list(beside(rule, record, Interpreter(rules.catalogue, setting_for(rules, as_of))))
    return draw(st.sampled_from(found)) if found else record
