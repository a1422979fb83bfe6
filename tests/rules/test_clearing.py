"""Whether a condition of `clear` and a band can hold for one value of the measure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.facts import default_catalogue
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.parser import parse
from coopgov.language.type_check import check
from coopgov.model import WorkingCalendar
from coopgov.rules.clearing import inside

if TYPE_CHECKING:
    from coopgov.language import syntax as s

LIMITS = st.integers(0, 4)
ONE_LIMIT = ("above", "at least", "below", "at most", "is", "is not")


def condition(text: str) -> s.Expr:
    """A checked condition about a phase."""
    return check(parse(f"delay {text}"), "phase", default_catalogue())


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    """A comparison with one, two or several limits in days."""
    low, high = sorted((draw(LIMITS), draw(LIMITS)))
    one = st.sampled_from(ONE_LIMIT).map(lambda word: f"{word} {low} days")
    return draw(
        one | st.just(f"between {low} days and {high} days") | st.just(f"in [{low} days, {high} days]")
    )


@given(comparisons(), comparisons())
def test_constants_are_compared_as_the_interpreter_does(clear: str, band: str) -> None:
    """One that rises beside another that rises is inside whatever the limits; else, some value must meet both."""
    interpreter = Interpreter(default_catalogue(), Setting(None, WorkingCalendar()))
    one, other = condition(clear), condition(band)
    values = [Fraction(step, 2) for step in range(-2, 12)]

    def holds(node: s.Expr, value: Fraction) -> bool:
        record: dict[str, object] = {}
        known = interpreter.supposing((record, "phase", "delay", float(value)))
        return known.value(node, record) is True

    both = any(holds(one, value) and holds(other, value) for value in values)
    assert inside(one, other) is both


@pytest.mark.parametrize(
    ("clear", "band", "expected"),
    [
        ("above window", "above 3 days", True),
        ("below window", "at most 3 days", True),
        ("below window", "above window", False),
        ("is window", "above 3 days", False),
        ("between 1 day and window", "above 3 days", False),
    ],
)
def test_facts_as_limits_are_judged_by_direction(clear: str, band: str, expected: bool) -> None:  # noqa: FBT001
    """What only facts decide is left to the analysis of rules."""
    assert inside(condition(clear), condition(band)) is expected
