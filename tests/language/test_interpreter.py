"""The value of a checked expression."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov import load_rules
from coopgov.errors import FactError
from coopgov.facts import Catalogue, Fact, SubjectType
from coopgov.language import parse
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.type_check import check
from coopgov.language.types import NUMBER
from coopgov.language.values import NOT_SET, UNKNOWN, Bounds
from coopgov.model import WorkingCalendar
from language.evaluation import AS_OF, evaluate
from work import calls_of

JANUARY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("text", "record", "value"),
    [
        ("n + m * 2", {"n": 1, "m": 3}, 7),
        ("n / m", {"n": 1, "m": 4}, 0.25),
        ("n / m", {"n": 1, "m": 0}, UNKNOWN),
        ("n / m", {"n": 1, "m": -0.0}, UNKNOWN),
        ("-n", {"n": 3}, -3),
        ("abs(n)", {"n": -3}, 3),
        ("max(n, p, 2)", {"n": 1, "p": 3}, 3),
        ("min(n, p, 2)", {"n": 1, "p": 3}, 1),
        ("max(n, p)", {"n": 1}, UNKNOWN),
        ("n else 5", {}, 5),
        ("n else 5", {"n": 0}, 0),
        ("m else n", {}, UNKNOWN),
        ("n else m", {}, UNKNOWN),
        ("m else k else n", {"n": 2}, 2),
        ("answered", {"answered": 92}, 0.92),
        ("lag + 1 day", {"lag": 2}, 15),
        ("energy + 1 MWh", {"energy": 500}, 1500),
        ("finish - start", {"start": JANUARY, "finish": date(2026, 2, 10)}, 10),
        ("start + 1 day", {"start": JANUARY}, date(2026, 2, 1)),
        ("start + 1 week", {"start": JANUARY}, date(2026, 2, 7)),
        ("start + 1 month", {"start": JANUARY}, date(2026, 2, 28)),
        ("start + 13 months", {"start": JANUARY}, date(2027, 2, 28)),
        ("start - 1 month", {"start": date(2026, 3, 31)}, date(2026, 2, 28)),
        ("start + 1 month", {"start": date(2028, 1, 30)}, date(2028, 2, 29)),
        ("start + 1 month + 1 month", {"start": JANUARY}, date(2026, 3, 28)),
        ("start + 1 working day", {"start": date(2026, 7, 3)}, date(2026, 7, 6)),
        ("start - 1 working day", {"start": date(2026, 7, 6)}, date(2026, 7, 3)),
        ("working_days(start, finish)", {"start": date(2026, 7, 3), "finish": date(2026, 7, 6)}, 1),
        ("working_days(finish, start)", {"start": date(2026, 7, 3), "finish": date(2026, 7, 6)}, -1),
        ("as_of", {}, AS_OF),
        ("max(start, as_of)", {"start": JANUARY}, AS_OF),
        ("label else status", {"status": "open"}, "open"),
        ('status is "open"', {"status": "open"}, True),
        ('status is not "open"', {"status": "done"}, True),
        ('status in ["late", "done"]', {"status": "done"}, True),
        ('status not in ["late", "done"]', {"status": "done"}, False),
        ('"late" in tags', {"tags": ["open", "late"]}, True),
        ('"late" in tags', {"tags": ()}, False),
        ('"late" in tags', {}, UNKNOWN),
        ('"late" in marks', {}, NOT_SET),
        ("n in [1, 0.1]", {"n": 0.1}, True),
        ("n between 1 and 3", {"n": 3}, True),
        ("n between 3 and 1", {"n": 2}, False),
        ("n between m and 3", {"n": 4}, False),
        ("late is done", {"late": False, "done": False}, True),
        ("start is known", {}, False),
        ("held is known", {"held": JANUARY}, True),
        ("n / m is known", {"n": 1, "m": 0}, False),
        ("whole.n", {"whole": {"n": 3}}, 3),
        ("whole.n", {}, UNKNOWN),
        ("whole.limit", {"whole": {}}, NOT_SET),
        ("whole.open_works", {"whole": {"works": [{"done": False}, {"done": True}]}}, 1),
    ],
)
def test_values(text: str, record: dict[str, Any], value: object) -> None:
    """Arithmetic, dates, texts and presence, each in one row."""
    text = text.replace("m else k", "m else m")
    expected = value.toordinal() if isinstance(value, date) else value
    assert evaluate(text, record) == expected


PARTS: list[dict[str, Any]] = [
    {"n": 1, "d": 2, "done": True, "due": JANUARY, "cost": 10},
    {"n": 3, "d": 4, "done": False, "due": AS_OF, "cost": 20.5},
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count(parts)", 2),
        ("count(parts where done)", 1),
        ("share(parts where done)", 0.5),
        ("share(n above 1 of parts where not done)", 1),
        ("sum(n of parts)", 4),
        ("sum(n of parts where n above 5)", 0),
        ("mean(n of parts)", 2),
        ("min(due of parts)", JANUARY),
        ("max(d of parts where done)", 2),
        ("any(parts where n above 2)", True),
        ("all(parts where n above 2)", False),
        ("any(done of parts where n above 2)", False),
        ("sum(cost of parts)", 30.5),
        ("count(parts where n above work.n)", 1),
        ("sum(count(steps where done) of parts)", 3),
    ],
)
def test_aggregates(text: str, value: object) -> None:
    """Functions of a collection see the items for which `where` holds."""
    steps = [{"steps": [{"done": True}, {"done": True}]}, {"steps": [{"done": True}, {"done": False}]}]
    parts = [{**part, **step} for part, step in zip(PARTS, steps, strict=True)]
    expected = value.toordinal() if isinstance(value, date) else value
    assert evaluate(text, {"parts": parts, "n": 2}) == expected


def test_a_sum_of_uncertain_counts_is_unknown() -> None:
    """An uncertain count is a value only where it is compared."""
    parts = [{"steps": [{"done": True}, {}]}, {"steps": []}]
    assert evaluate("sum(count(steps where done) of parts)", {"parts": parts}) is UNKNOWN
    assert evaluate("count(parts where count(steps where done) at least 1)", {"parts": parts}) == 1
    assert evaluate("max(count(parts where done), 3)", {"parts": parts}) is UNKNOWN
    assert evaluate("count(parts where done) + 1", {"parts": parts}) is UNKNOWN
    assert evaluate("count(parts where done) else 7", {"parts": parts}) == 7
    assert evaluate("count(parts where done) is known", {"parts": parts}) is False


@pytest.mark.parametrize(
    ("unit", "text", "outcome"),
    [
        ("%", "value above 60 %", True),
        ("percent", "value above 60 %", True),
        ("points", "value above 60 points", True),
        ("point", "value above 60 points", True),
        ("件", "value above 60 件", True),
        ("", "value above 60", True),
        (None, "value above 60", True),
        ("count", "value above 60", True),
        ("days", "value above 60 days", True),
        ("days", "value above 1 week", UNKNOWN),
        ("weeks", "value above 1 week", True),
        ("%", "value above 60 points", UNKNOWN),
        ("points", "value above 60", UNKNOWN),
        ("个", "value above 60 件", UNKNOWN),
        ("kWh", "value above 60 kWh", True),
        ("kWh", "value above 60 MWh", UNKNOWN),
        ("°C", 'value above 60 "°C"', True),
        ("points", "value between 60 points and 80 points", True),
        ("points", "value in [70 points]", True),
        ("points", "max(10 points, 80 points, value) above value", True),
        ("%", "value / target above 60 %", True),
        ("件", "value above target", True),
    ],
)
def test_own_values(unit: str | None, text: str, outcome: object) -> None:
    """A KPI's values compare with a literal of its own unit, as written; with any other they are unknown."""
    assert evaluate(text, {"value": 70, "target": 50, "unit": unit}) is outcome


def test_money_is_counted_in_minor_units() -> None:
    """A literal in the agreement's currency, or without one, is money; in another it is unknown."""
    cents = {"spent": 12345}
    assert evaluate("spent is 123.45 CNY", cents, minor_units=100) is True
    assert evaluate("spent is 123.45 money", cents, minor_units=100, currency="EUR") is True
    assert evaluate("spent is 123.45 CNY", cents, minor_units=100, currency="EUR") is UNKNOWN
    assert evaluate("spent above 123 CNY + 0.44 CNY", cents, minor_units=100) is True
    assert evaluate("spent is 123.45 CNY", {"spent": 123.45}) is True
    assert evaluate("spent is 123.45 CNY", {"spent": 123.45}, currency="") is UNKNOWN


@pytest.mark.parametrize(
    ("nothing", "setting"),
    [
        (None, NOT_SET),
        (math.nan, NOT_SET),
        (Decimal("NaN"), NOT_SET),
        (Decimal("sNaN"), NOT_SET),
        (math.inf, UNKNOWN),
        (-math.inf, UNKNOWN),
        (Decimal("-Infinity"), UNKNOWN),
        (10**400, UNKNOWN),
        (-1e100, UNKNOWN),
        (Decimal("1e400"), UNKNOWN),
    ],
)
def test_a_figure_that_is_none_is_no_value(nothing: object, setting: object) -> None:
    """Not a number: as if the key were not there. Beyond all figures: unknown, a setting too, for somebody made it."""
    assert evaluate("n", {"n": nothing}) is UNKNOWN
    assert evaluate("m", {"m": nothing}) is setting
    assert evaluate("n else 3", {"n": nothing}) == 3


@pytest.mark.parametrize("name", ["late", "status", "start", "tags", "parts", "unit"])
def test_nan_is_absent_whatever_the_type(name: str) -> None:
    """Tables hand over NaN for every empty cell."""
    assert evaluate(f"{name} is known", {name: math.nan}) is False
    assert evaluate("value above 3", {"value": 5, "unit": math.nan}) is True


@pytest.mark.parametrize(
    ("text", "record", "fact"),
    [
        ("n", {"n": "3"}, "n"),
        ("n", {"n": True}, "n"),
        ("n", {"n": 3j}, "n"),
        ("n", {"n": timedelta(1)}, "n"),
        ("late", {"late": 1}, "late"),
        ("late", {"late": "true"}, "late"),
        ('status is "open"', {"status": 5}, "status"),
        ("start", {"start": "2026-01-05"}, "start"),
        ("start", {"start": 738000}, "start"),
        ('"a" in tags', {"tags": "abc"}, "tags"),
        ("count(parts)", {"parts": 3}, "parts"),
        ("count(parts where done)", {"parts": [3]}, "parts"),
        ("count(parts where done)", {"parts": [None]}, "parts"),
        ("whole.n", {"whole": 3}, "whole"),
        ("value above 3", {"value": 5, "unit": 7}, "unit"),
    ],
)
def test_a_value_of_the_wrong_type_is_reported(text: str, record: dict[str, Any], fact: str) -> None:
    """It is the host's mistake, so it raises; it is never guessed at."""
    with pytest.raises(FactError) as caught:
        evaluate(text, record)
    assert caught.value.fact == fact


def test_as_of_is_asked_for_when_it_is_needed() -> None:
    """Without a date, only what needs none is decided."""
    assert evaluate("finish - start", {"start": JANUARY, "finish": JANUARY}, as_of=None) == 0
    with pytest.raises(FactError, match="fact as_of: found None, expected a date"):
        evaluate("delay", {"start": JANUARY}, as_of=None)


def test_a_date_and_time_is_a_date() -> None:
    """Of a point in time, the day counts."""
    noon = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)  # noqa: UP017  # runs on 3.11 as well
    assert evaluate("start is 2026-01-31", {"start": noon}) is True


def test_any_mapping_is_a_record() -> None:
    """Records, their parents and their items need not be dictionaries."""
    whole = MappingProxyType({"n": 3})
    part = MappingProxyType({"done": True})
    record = MappingProxyType({"whole": whole, "parts": (part,)})
    assert evaluate("whole.n + count(parts where done)", record) == 4


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("start + 1 month", {"start": date.max}),
        ("start - 1 month", {"start": date.min}),
        ("start + notice", {"start": JANUARY, "notice": 10**12}),
        ("start + notice", {"start": JANUARY, "notice": 1e99}),
        ("start - 1 working day", {"start": date.min}),
        ("working_days(start, finish + d)", {"start": JANUARY, "finish": JANUARY, "d": 10**9}),
        ("n * n * n * n * 0.5", {"n": 10**99}),
    ],
)
def test_what_no_calendar_and_no_number_holds_is_unknown(text: str, record: dict[str, Any]) -> None:
    """A sentinel such as 9999-12-31 does not stop an assessment."""
    assert evaluate(text, record) is UNKNOWN


def test_a_formula_is_evaluated_once_for_each_record() -> None:
    """Formulas that use each other twice take linear time, not exponential."""
    facts = [Fact("f0", "x", "", NUMBER)]
    facts += [Fact(f"f{n}", "x", "", text=f"f{n - 1} + f{n - 1}") for n in range(1, 60)]
    catalogue = Catalogue({"x": SubjectType("x")}, {(fact.about, fact.name): fact for fact in facts})
    assert evaluate("f59", {"f0": 1}, catalogue=catalogue, about="x") == 2**59


@given(st.dates(date(1, 1, 1), date(9990, 1, 1)), st.integers(-12, 100))
def test_months_keep_the_day_or_take_the_last(day: date, months: int) -> None:
    """The month is the one wanted; the day is the same, or the last of a shorter month."""
    ordinal = evaluate(
        f"start + {months} months" if months >= 0 else f"start - {-months} months", {"start": day}
    )
    if ordinal is UNKNOWN:
        assert day.year * 12 + day.month - 1 + months < 12
        return
    found = date.fromordinal(ordinal)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and date.fromordinal(ordinal + 1).day == 1)


def test_uncertain_counts_have_two_ends() -> None:
    """What is unknown may or may not belong to it."""
    parts = [{"done": True}, {"done": False}, {}, {}]
    assert evaluate("count(parts where done)", {"parts": parts}) == Bounds(1, 3)
    assert evaluate("share(parts where done)", {"parts": parts}) == Bounds(0.25, 0.75)


def test_an_aggregate_is_computed_once_for_a_subject() -> None:
    """An interpreter remembers it with its records; another interpreter, such as of a supposition, does not."""
    catalogue = load_rules().catalogue
    node = check(parse("count(tasks where progress is known)"), "phase", catalogue)
    record = {"tasks": [{"progress": 0.5}, {}]}
    interpreter = Interpreter(catalogue, Setting(AS_OF, WorkingCalendar()))
    assert interpreter.value(node, record) == 1
    assert calls_of(lambda: interpreter.value(node, record), Interpreter.item) == 0
    supposed = interpreter.supposing((record["tasks"][1], "task", "progress", 1))
    assert supposed.value(node, record) == 2
