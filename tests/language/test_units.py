"""Units: a table for those of agreements, pint for the rest, labels for undefined ones."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov.language.units import BUILT_IN, Unit, convert, is_currency, unit_named


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("days", Unit("day", "day")),
        ("week", Unit("week", "day", Fraction(7))),
        ("working day", Unit("working day", "working day")),
        ("months", Unit("month", "month")),
        ("minutes", Unit("minute", "hour", Fraction(1, 60))),
        ("%", Unit("%", "", Fraction(1, 100))),
        ("percent", Unit("%", "", Fraction(1, 100))),
        ("count", Unit("count", "")),
        ("points", Unit("point", "point")),
        ("CNY", Unit("CNY", "money")),
        ("money", Unit("money", "money")),
        ("件", Unit("件", "label 件")),
        ("°C", Unit("°C", "label °C")),
        ("calls", Unit("calls", "label calls")),
        ("10 %", Unit("10 %", "label 10 %")),
        ("(", Unit("(", "label (")),
        ("degC", Unit("degC", "label degC")),
        ("dB", Unit("dB", "label dB")),
        ("radian", Unit("radian", "label radian")),
    ],
)
def test_what_a_name_means(name: str, unit: Unit) -> None:
    """The table first, then currencies, then pint; units with an offset, and what pint cannot read, are labels."""
    assert unit_named(name) == unit


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        ("1", "MWh", "kWh", "1000"),
        ("2500", "kWh", "MWh", "2.5"),
        ("3.6", "MJ", "kWh", "1"),
        ("1", "km", "m", "1000"),
        ("1", "tonne", "kg", "1000"),
        ("36", "km/hour", "m/s", "10"),
        ("2", "weeks", "days", "14"),
        ("90", "minutes", "hours", "1.5"),
        ("1", "%", "count", "0.01"),
    ],
)
def test_units_of_one_dimension_convert(value: str, unit: str, to: str, expected: str) -> None:
    """Conversion is exact where the factor is."""
    a, b = unit_named(unit), unit_named(to)
    assert a.dimension == b.dimension
    assert convert(Decimal(value), a, b) == Decimal(expected)


def test_days_working_days_and_months_never_mix() -> None:
    """They are three dimensions; so are hours, which pint would convert to days."""
    names = ["days", "working days", "months", "hours", "points", "%", "CNY", "kWh", "件", "second"]
    dimensions = [unit_named(name).dimension for name in names]
    assert len(set(dimensions)) == len(names)


def test_labels_equal_themselves_only() -> None:
    """A unit that nobody defined compares with the same unit and no other."""
    assert unit_named("件") == unit_named("件")
    assert unit_named("件").dimension != unit_named("个").dimension
    assert unit_named("tickets").dimension != unit_named("Tickets").dimension


@given(
    st.decimals(-(10**9), 10**9, places=4), st.sampled_from([("kWh", "J"), ("km", "inch"), ("week", "day")])
)
def test_there_and_back(value: Decimal, pair: tuple[str, str]) -> None:
    """A figure survives a conversion there and back, whatever the decimal context of the thread."""
    a, b = map(unit_named, pair)
    with localcontext(prec=3):
        there = convert(value, a, b)
        back = convert(there, b, a)
    assert back == pytest.approx(value, rel=Decimal("1e-25"), abs=Decimal("1e-20"))


@settings(deadline=None)  # the first name that pint is asked about loads its registry
@given(st.text(max_size=8))
def test_any_text_is_a_unit(name: str) -> None:
    """No name raises; each means one unit."""
    assert unit_named(name) == unit_named(name)


@pytest.mark.parametrize(
    ("name", "yes"), [("CNY", True), ("ABC", True), ("cny", False), ("kWh", False), ("ÄÖÜ", False)]
)
def test_currencies_are_three_capitals(name: str, yes: bool) -> None:  # noqa: FBT001
    """The model knows which of them exist."""
    assert is_currency(name) is yes


def test_singular_and_plural_are_one_unit() -> None:
    """The canonical name is the singular."""
    assert {unit.name for unit in BUILT_IN.values()} == {
        "day", "week", "working day", "month", "hour", "minute", "%", "count", "point", "money"
    }  # fmt: skip
