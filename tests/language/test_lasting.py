"""How long results last: until the day that is said, the interpreter finds the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from coopgov.backends.interpreter import decide
from coopgov.errors import ExpressionError, FactError
from coopgov.language import parse, to_text
from coopgov.language import syntax as s
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.lasting import Lasting
from coopgov.language.moving import (
    ALWAYS,
    Moving,
    days_apart,
    difference,
    extreme,
    moving,
    plain,
    product,
    total,
)
from coopgov.language.type_check import check
from coopgov.language.values import missing
from coopgov.model import WorkingCalendar
from language.expressions import CATALOGUE, dates, programs, records, values

if TYPE_CHECKING:
    from coopgov.backends.ir import Program

HOLIDAYS = frozenset(date(2026, 5, day) for day in range(1, 6))
SETTING = Setting(date(2026, 4, 20), WorkingCalendar(holidays=HOLIDAYS), "CNY", 100)
LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=200)
DAYS = 45


def interpreter(day: date, catalogue: Any = CATALOGUE) -> Interpreter:
    """An interpreter for a day."""
    return Interpreter(catalogue, replace(SETTING, as_of=day))


def expression(text: str) -> s.Expr:
    """A checked expression about a work."""
    return check(parse(text), "work", CATALOGUE)


def lasting(text: str, record: dict[str, Any]) -> tuple[Any, int | None]:
    """What an expression says of a record on 20 April 2026, and for how many days; None if for ever."""
    found = Lasting(CATALOGUE, SETTING)
    value, until = found.lasts(lambda: found.value(expression(text), record))
    return plain(value), None if until == ALWAYS else until - found.today


def outcome(program: Program, record: dict[str, Any], found: Interpreter) -> list[Any]:
    """Of each check: how severe it is, and what is undetermined."""
    decided = [decide(one, record, found) for one in program.checks]
    return [(hit and hit.severity, unsure) for hit, unsure in decided]


@LOOSE
@given(programs(), records(), dates)
def test_decisions_last_as_long_as_is_said(program: Program, record: dict[str, Any], first: date) -> None:
    """Until that day, the reference decides the same, and finds the same undetermined for the same reason."""
    assume(first < date(9000, 1, 1))
    found = Lasting(program.catalogue, replace(SETTING, as_of=first))
    said: list[Any] = []
    until = 0
    for day in (first + timedelta(passed) for passed in range(DAYS)):
        try:
            expected = outcome(program, record, interpreter(day, program.catalogue))
        except FactError:
            return
        if day.toordinal() >= until:
            found = replace(found, setting=replace(SETTING, as_of=day))
            said, until = found.lasts(partial(outcome, program, record, found))
        assert said == expected, (day, [to_text(each) for each in program.asked])
        until = max(until, day.toordinal() + 1)


LENGTHS = (
    "(as_of - work.start)",
    "(work.finish - as_of)",
    "work.delay",
    "max(0 days, as_of - work.finish)",
    "(min(as_of, work.finish) - work.start)",
    "(max(as_of + 3 days, work.finish) - work.start)",
    "((work.finish else as_of) - work.start)",
    "abs(as_of - work.finish)",
    "(as_of - work.start) * 2",
    "(as_of - work.start) / 3",
    "max(0 days, as_of - work.finish) * (0 - 2)",
    "(as_of - work.start - max(0 days, as_of - work.finish))",
    "(max(0 days, as_of - work.start) - max(0 days, as_of - work.finish))",
    "(as_of - work.start) * work.p",
    "(as_of - 4 working days - work.start)",
    "(as_of + 1 month - work.finish)",
    "known_if(as_of - work.start, as_of above work.finish)",
)
"""Lengths of time, all of which depend on the date."""
OF_PARTS = (
    "sum(overdue of parts)",
    "mean(overdue of parts)",
    "max(overdue of parts where met is not known)",
)
_WORDS = st.sampled_from(["above", "below", "at least", "at most", "is", "is not"])
_limits = st.sampled_from(LENGTHS) | st.integers(-5, 45).map("{} days".format)
_comparisons = st.builds("{} {} {}".format, st.sampled_from(LENGTHS), _WORDS, _limits)
_counts = st.builds(
    "working_days({}) {} {} working days".format,
    st.sampled_from(["work.start, as_of", "as_of, work.finish", "as_of - 9 days, as_of"]),
    _WORDS,
    st.integers(-5, 30),
)
_of_parts = st.one_of(
    st.builds("{} {} {}".format, st.sampled_from(OF_PARTS), _WORDS, _limits),
    _comparisons.map("count(parts where {}) above 1".format),
    st.builds("any(parts where overdue {} {} or {})".format, _WORDS, _limits, _comparisons),
)
_crossings = st.recursive(
    _comparisons | _counts | _of_parts,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        inner.map("not ({})".format),
    ),
    max_leaves=3,
)
_days = st.none() | st.integers(-25, 40).map(lambda passed: date(2026, 4, 20) + timedelta(passed))
_parts = st.lists(st.fixed_dictionaries({"due": _days, "met": _days}), max_size=3)


@settings(LOOSE, max_examples=400)
@given(_crossings, st.fixed_dictionaries({"start": _days, "finish": _days, "held": _days, "parts": _parts}))
def test_crossings_are_not_missed(text: str, record: dict[str, Any]) -> None:
    """Conditions that change with the date, by all that moves with it, about records with days near it."""
    record["p"] = 0.3
    node = expression(text)
    found = Lasting(CATALOGUE, SETTING)
    said, until = None, 0
    for day in (date(2026, 4, 20) + timedelta(passed) for passed in range(60)):
        if day.toordinal() >= until:
            found = replace(found, setting=replace(SETTING, as_of=day))
            said, until = found.lasts(partial(found.value, node, record))
        assert said == interpreter(day).value(node, record), day
        until = max(until, day.toordinal() + 1)


@LOOSE
@given(st.data(), st.sampled_from(["number", "day", "working day", "date"]), records(), dates)
def test_numbers_move_no_faster_than_is_said(
    data: st.DataObject, kind: str, record: dict[str, Any], first: date
) -> None:
    """Until that day, each number stays between its bounds."""
    assume(first < date(9000, 1, 1))
    try:
        node = check(data.draw(values(kind)), "work", CATALOGUE)
    except ExpressionError:
        assume(False)
    found = Lasting(CATALOGUE, replace(SETTING, as_of=first))
    try:
        value, until = found.lasts(lambda: found.value(node, record))
    except FactError:
        return
    for passed in range(min(DAYS, until - first.toordinal())):
        now = interpreter(first + timedelta(passed)).value(node, record)
        if not isinstance(value, Moving):
            assert now == value
            continue
        assert not missing(now)
        margin = 1e-9 * max(1, value.size + passed * value.speed)
        assert value.now + passed * value.low - margin <= now <= value.now + passed * value.high + margin


@pytest.mark.parametrize(
    ("text", "value", "days"),
    [
        ("as_of above start", True, None),
        ("as_of below finish", True, 10),
        ("as_of - start above 10 days", False, 1),
        ("as_of - start above 20 days", False, 10),
        ("as_of - start at least 5 days and late", False, None),
        ("(as_of - start) * 2 above 40 days", False, 10),
        ("(as_of - start) / d above 4", False, 10),
        ("max(0 days, as_of - finish) above 0 days", False, 10),
        ("min(as_of, finish) above start + 25 days", False, 10),
        ("working_days(start, as_of) at least 12 working days", False, 6),
        ("as_of is finish", False, 10),
        ("as_of + 1 month below finish", False, 1),
        ("as_of + 0 working days below finish", True, 10),
        ("any(parts where overdue above 5 days)", False, 2),
        ("sum(overdue of parts) above 30 days", False, 24),
        ("max(overdue of parts) above 30 days", False, 27),
        ("n / ((as_of - finish) / 1 day) above 1", False, 1),
    ],
)
def test_how_long_comparisons_last(text: str, value: object, days: int | None) -> None:
    """As long as the date needs to reach what it is compared with; what has no bound lasts for a day."""
    parts = [{"due": date(2026, 4, 17)}, {"due": date(2026, 4, 19), "met": date(2026, 4, 22)}]
    dates_ = {"start": date(2026, 4, 10), "finish": date(2026, 4, 30)}
    record = {**dates_, "late": False, "n": 1, "d": 5, "parts": parts}
    assert lasting(text, record) == (value, days)


def test_the_order_of_numbers_near_each_other_lasts_for_a_day() -> None:
    """A margin, far above any rounding, keeps a comparison from being trusted too long."""
    assert days_apart(Moving(0.1 + 0.2, 0, 1, 1), moving(0.3)) == 1
    assert days_apart(Moving(10, -1, 1, 10), moving(5)) == 5
    assert days_apart(Moving(10, 0, 1, 10), moving(5)) == ALWAYS


def test_speeds_of_results() -> None:
    """Bounds of the growth in a day: those of a difference cross, and a negative factor turns them round."""
    number = Moving(4, 0, 1, 4)
    assert total(8, [number, number, 3]) == 8
    for found, low, high in [
        (total(8, [number, 4]), 0, 1),
        (difference(0, number, number), -1, 1),
        (difference(1, 5, number), -1, 0),
        (product(-8, number, -2), -2, 0),
        (extreme(max, [number, 4])[0], 0, 1),
        (extreme(max, [number, 9])[0], 0, 0),
    ]:
        assert found is not None
        assert (moving(found).low, moving(found).high) == (low, high)
    assert extreme(max, [number, 9]) == (9, 5)
    assert product(1, number, float("inf")) is None
    assert difference(1e101, Moving(1e101, 0, 1, 1e101), 1) is None
