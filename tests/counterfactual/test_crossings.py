"""Where the outcome of a condition can change when one fact changes."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov.counterfactual import Variable, around, crossings
from coopgov.counterfactual.polynomial_ratio import UNKNOWN_FACT, Ratio, constant
from coopgov.facts.catalogue import Catalogue, Fact, SubjectType
from coopgov.language import parse
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.type_check import check
from coopgov.language.types import DATE, MONEY, NUMBER, PERCENT, TEXT, TRUTH, Type
from coopgov.model import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.counterfactual import Point

NOW = date(2026, 6, 30)
_TYPES: Mapping[str, Type] = {
    "x": NUMBER,
    "y": NUMBER,
    "share_done": PERCENT,
    "spent": MONEY,
    "budget": MONEY,
    "d": DATE,
    "e": DATE,
    "wait": Type("quantity", "working day"),
    "open": TRUTH,
    "colour": Type("text", choices=("red", "blue")),
    "label": TEXT,
    "tags": Type("texts"),
    "items": Type("collection", item="item"),
}
_FORMULAS = {
    "over": "(spent - budget) / budget",
    "late": "max(0 days, (d else as_of) - e)",
    "is_late": "late above 5 days",
}
CATALOGUE = Catalogue(
    {"thing": SubjectType("thing"), "item": SubjectType("item", ("thing",))},
    {
        **{("thing", name): Fact(name, "thing", "", kind) for name, kind in _TYPES.items()},
        **{("thing", name): Fact(name, "thing", "", text=text) for name, text in _FORMULAS.items()},
        ("item", "x"): Fact("x", "item", "", NUMBER),
        ("item", "done"): Fact("done", "item", "", TRUTH),
    },
)


def interpreter() -> Interpreter:
    """The meaning of expressions as of 2026-06-30, in CNY, with weekends off."""
    return Interpreter(CATALOGUE, Setting(NOW, WorkingCalendar(), "CNY", 100))


def found(text: str, fact: str, **record: Any) -> list[Point]:
    """The crossings of a fact of a thing; numbers as fractions, days as dates where they are whole."""
    node = check(parse(text), "thing", CATALOGUE)
    variable = (
        Variable.as_of(interpreter())
        if fact == "as_of"
        else Variable.of(record, "thing", fact, interpreter())
    )
    points = crossings([node], (record,), variable, interpreter())
    if variable.type.kind != "date":
        return list(points)
    return [date.fromordinal(int(each)).isoformat() for each in points if each == int(each)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        ("x above 3", {"x": 1}, [3]),
        ("2 * x + 1 at least 3 * x - 4", {"x": 1}, [5]),
        ("x / 3 below 0.1", {"x": 1}, [Fraction(3, 10)]),
        ("x between 1 and 2", {"x": 5}, [1, 2]),
        ("x in [1, 2.5]", {"x": 5}, [1, Fraction(5, 2)]),
        ("abs(x) above 2", {"x": 1}, [-2, 2]),
        ("max(x, y) above 4", {"x": 1, "y": 2}, [4]),
        ("max(x, 2 * x) above 4", {"x": 1}, [2, 4]),
        ("x * x above 9", {"x": 1}, [-3, 3]),
        ("y / x above 2", {"x": 1, "y": 3}, [0, Fraction(3, 2)]),
        ("x / (x + y) above 50 %", {"x": 1, "y": 3}, [-3, 3]),
        ("y above 3", {"x": 1, "y": 3}, []),
        ("x else 4 above 2", {"x": 1}, [2]),
        ("y else x above 2", {"x": 1, "y": 3}, []),
        ("y else x above 2", {"x": 1}, [2]),
        ("not (x above 3 or x below 1)", {"x": 1}, [1, 3]),
        ("sum(x of items) + x above 10", {"x": 1, "items": [{"x": 2}, {"x": 3}]}, [5]),
        ("count(items where x above thing.x) at least 1", {"x": 1, "items": [{"x": 2}, {"x": 3}]}, [2, 3]),
        ("any(items where x above thing.x)", {"x": 1, "items": [{"x": 2}]}, [2]),
        ("x / 0 above 1", {"x": 1}, []),
        ("x above y", {"x": 1}, []),
    ],
)
def test_numbers_are_solved_exactly(text: str, record: dict[str, Any], expected: list[Fraction]) -> None:
    """Linear and quadratic conditions, branches and quotients give exact fractions."""
    assert found(text, "x", **record) == expected


def test_percentages_and_money_are_exact() -> None:
    """15 % of 1,200,000 is 180,000 exactly, in minor units, whichever of the two amounts changes."""
    record = {"spent": 140_000_000, "budget": 120_000_000}
    assert found("over above 15 %", "spent", **record) == [138_000_000]
    assert found("over above 15 %", "budget", **record) == [0, Fraction(140_000_000 * 100, 115)]
    assert found("spent above 1000.01 money", "spent", **record) == [100_001]
    assert found("spent above 1000 USD", "spent", **record) == []


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("d - e above 5 days", "d", ["2026-06-15"]),
        ("is_late", "e", ["2026-06-15"]),
        ("e + 5 days below d", "e", ["2026-06-15"]),
        ("late / 10 days above 50 %", "d", ["2026-06-15"]),
        ("as_of above e + 1 week", "as_of", ["2026-06-17"]),
        ("d is 2026-06-12", "d", ["2026-06-12"]),
    ],
)
def test_dates_are_solved_to_the_day(text: str, fact: str, expected: list[str]) -> None:
    """Differences and sums of days are linear."""
    assert set(expected) <= set(found(text, fact, d=date(2026, 6, 20), e=date(2026, 6, 10)))


@pytest.mark.parametrize(
    ("text", "fact", "first"),
    [
        ("d + 10 working days above 2026-07-10", "d", "2026-06-29"),
        ("d - 1 month at least 2026-06-30", "d", "2026-07-30"),
        ("working_days(e, d) above 10 working days", "d", "2026-06-25"),
        ("working_days(e, d) at most 3 working days", "e", "2026-06-16"),
    ],
)
def test_working_days_and_months_are_closed_in_on(text: str, fact: str, first: str) -> None:
    """Steps are searched: the day found is the first one, seen from the present, on which the condition changes."""
    record = {"d": date(2026, 6, 20), "e": date(2026, 6, 10)}
    assert first in found(text, fact, **record)
    node = check(parse(text), "thing", CATALOGUE)
    before = interpreter().value(node, record)
    day = date.fromisoformat(first)
    step = 1 if day > record[fact] else -1
    assert interpreter().value(node, {**record, fact: day}) is not before
    assert interpreter().value(node, {**record, fact: date.fromordinal(day.toordinal() - step)}) is before


def test_a_number_of_working_days_can_be_the_fact() -> None:
    """Where the fact is the step itself, it is searched, too."""
    assert 4 in found("as_of + wait above 2026-07-03", "wait", wait=2)


@pytest.mark.parametrize(
    ("text", "fact", "record", "expected"),
    [
        ("not open", "open", {"open": True}, [False, True]),
        ("open is true", "open", {"open": True}, [False, True]),
        ('colour is "red"', "colour", {"colour": "red"}, ["red", "blue"]),
        ('label in ["a", "b"]', "label", {"label": "c"}, ["a", "b"]),
        ("label is not colour", "label", {"label": "c", "colour": "red"}, ["red"]),
        ('"a" in tags', "tags", {"tags": ["b"]}, [("b",), ("b", "a")]),
        ("open is known", "open", {}, [False, True]),
        ("colour is known", "colour", {}, ["red", "blue"]),
    ],
)
def test_texts_and_truths_have_few_values(
    text: str, fact: str, record: dict[str, Any], expected: list[Point]
) -> None:
    """What the fact is compared with, and what else it knows."""
    assert found(text, fact, **record) == expected


def test_an_absent_date_is_looked_for_around_the_date() -> None:
    """A condition on whether a date is known changes with any date: that of the assessment."""
    assert found("d is known", "d", e=NOW) == ["2026-06-30"]
    assert found("late above 5 days", "d", e=date(2026, 6, 10)) == ["2026-06-15"]


def test_facts_of_items_and_of_subjects_above_can_change() -> None:
    """The fact is that of one record, wherever the condition meets it."""
    items = [{"x": 2, "done": False}, {"x": 3, "done": True}]
    node = check(parse("sum(x of items where done) above 10"), "thing", CATALOGUE)
    record = {"items": items}
    for item, expected in zip(items, ((), (10,)), strict=True):
        variable = Variable.of(item, "item", "x", interpreter())
        assert crossings([node], (record,), variable, interpreter()) == expected
    done = Variable.of(items[0], "item", "done", interpreter())
    assert crossings([node], (record,), done, interpreter()) == (False, True)
    above = {"x": 5}
    child = {"x": 1, "thing": above}
    node = check(parse("x above thing.x"), "item", CATALOGUE)
    variable = Variable.of(above, "thing", "x", interpreter())
    assert crossings([node], (child,), variable, interpreter()) == (1,)


@pytest.mark.parametrize(
    ("kind", "value", "step"),
    [
        (NUMBER, 78, 1),
        (NUMBER, 78.5, Fraction(1, 10)),
        (NUMBER, 1.23456, Fraction(1, 100)),
        (PERCENT, 0.5, Fraction(1, 100)),
        (PERCENT, 0.125, Fraction(1, 1000)),
        (Type("own"), 4.25, Fraction(1, 100)),
        (MONEY, 12345, 1),
        (DATE, NOW, 1),
    ],
)
def test_a_fact_is_as_fine_as_it_is_written(kind: Type, value: Any, step: Fraction) -> None:
    """The last decimal that is there, a minor unit, a day."""
    catalogue = Catalogue({"t": SubjectType("t")}, {("t", "f"): Fact("f", "t", "", kind)})
    evaluated = Interpreter(catalogue, Setting(NOW, WorkingCalendar(), "CNY", 100))
    assert Variable.of({"f": value}, "t", "f", evaluated).step == step


def test_around_names_what_can_be_written_beside_a_point() -> None:
    """At the point where it can be written, and on both sides of it; what is not a number stays."""
    assert around([Fraction(5)], Fraction(1)) == (4, 5, 6)
    assert around([Fraction(51, 10), "a", True], Fraction(1)) == (4, 5, 6, "a", True)


def test_ratios_have_zeros_and_poles() -> None:
    """Irrational roots are there to 40 digits; what is 0 throughout has none."""
    square = UNKNOWN_FACT * UNKNOWN_FACT
    (low, high) = (square - constant(Fraction(2))).zeros()
    assert low == -high
    assert abs(high * high - 2) < Fraction(1, 10**30)
    assert (square + constant(Fraction(1))).zeros() == ()
    assert (UNKNOWN_FACT - UNKNOWN_FACT).zeros() == ()
    quotient = constant(Fraction(1)).over(UNKNOWN_FACT - constant(Fraction(3)))
    assert quotient is not None
    assert quotient.zeros() == ()
    assert quotient.poles() == (Fraction(3),)
    assert constant(Fraction(1)).over(Ratio(())) is None


numbers = st.integers(-50, 50)
_CONDITIONS = (
    "{a} * x + {b} above y",
    "max(x, {a}) - {b} at least min(x, y)",
    "abs(x - {a}) below {b}",
    "x * {a} at most y * {b}",
    "x between {a} and {b} or x is y",
    "(x + {a}) / (y - x) above {b} / 10",
    "x * (x - {a}) below y",
    "count(items where x above thing.x + {a}) at least 2",
    "x + sum(x of items) above {b} and not (x is {a})",
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_CONDITIONS), numbers, numbers, numbers, numbers, st.lists(numbers, max_size=3))
def test_nothing_changes_between_two_crossings(
    form: str, a: int, b: int, x: int, y: int, items: list[int]
) -> None:
    """All whole numbers on which the outcome differs from that of their neighbour lie at or beside a crossing."""
    text = form.replace("{a}", f"({a})").replace("{b}", f"({b})")
    record = {"x": x, "y": y, "items": [{"x": each} for each in items]}
    node = check(parse(text), "thing", CATALOGUE)
    variable = Variable.of(record, "thing", "x", interpreter())
    near = set(around(crossings([node], (record,), variable, interpreter()), Fraction(1)))
    outcomes = [
        variable.supposed(interpreter(), Fraction(each)).value(node, record) for each in range(-200, 201)
    ]
    for each, (before, after) in enumerate(pairwise(outcomes), -200):
        if before is not after:
            assert {Fraction(each), Fraction(each + 1)} <= near


def test_an_interpreter_supposes_without_touching_records() -> None:
    """Another value of a fact holds for the new interpreter only."""
    record = {"x": 1, "d": NOW}
    node = check(parse("x above 3 and as_of above d"), "thing", CATALOGUE)
    now = interpreter()
    then = now.supposing((record, "thing", "x", 5), as_of=date(2026, 7, 1))
    assert (now.value(node, record), then.value(node, record)) == (False, True)
    assert record == {"x": 1, "d": NOW}
