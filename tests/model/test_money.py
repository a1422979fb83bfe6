"""Money in minor units, exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import UnknownNameError
from coopgov.model import Rate, build_agreement, minor_units, money_of, rate_for
from coopgov.schema import MINOR_DIGITS, Amount

RATES = (
    Rate(currency="USD", on="2026-01-05", rate="7.10"),
    Rate(currency="USD", on="2026-07-01", rate="7.05"),
    Rate(currency="JPY", on="2026-01-05", rate="0.045"),
)


@pytest.mark.parametrize(("currency", "units"), [("CNY", 1200), ("JPY", 12), ("KWD", 12000), ("CLF", 120000)])
def test_each_currency_has_its_minor_unit(currency: str, units: int) -> None:
    """The digits after the point are those of ISO 4217."""
    assert minor_units(Amount(Decimal(12)), currency) == units


@given(st.integers(-(10**28), 10**28), st.sampled_from(sorted(MINOR_DIGITS)))
def test_minor_units_are_exact(units: int, currency: str) -> None:
    """No amount loses a unit, not even where the decimal context is short of digits."""
    figure = Decimal(f"{units}e-{MINOR_DIGITS[currency]}")
    with localcontext(prec=3):
        assert minor_units(Amount(figure), currency) == units


def test_the_newest_rate_not_after_the_amount_counts() -> None:
    """A rate never reaches back in time."""
    assert minor_units(Amount(Decimal(100), "USD"), "CNY", RATES, date(2026, 6, 30)) == 71000
    assert minor_units(Amount(Decimal(100), "USD"), "CNY", RATES, date(2026, 7, 1)) == 70500
    assert rate_for("USD", date(2026, 1, 4), RATES) is None
    with pytest.raises(UnknownNameError, match="USD to CNY"):
        minor_units(Amount(Decimal(100), "USD"), "CNY", RATES, date(2026, 1, 4))


@pytest.mark.parametrize(("yen", "units"), [("1", 5), ("-1", -5), ("3", 14), ("0", 0)])
def test_a_conversion_rounds_halves_away_from_zero(yen: str, units: int) -> None:
    """4.5 fen are 5, and a refund of 4.5 is one of 5."""
    assert minor_units(Amount(Decimal(yen), "JPY"), "CNY", RATES, date(2026, 2, 1)) == units


def test_undated_money_counts_from_the_start_of_the_term() -> None:
    """An agreement converts with its own rates."""
    agreement = build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2026-12-31"},
            "parties": [{"id": "p"}],
            "rates": [
                {"currency": "USD", "on": "2026-01-05", "rate": 7.1},
                {"currency": "USD", "on": "2026-03-01", "rate": 7},
            ],
        }
    )
    assert money_of(agreement, Amount(Decimal(1), "USD")) == 710
    assert money_of(agreement, Amount(Decimal(1), "USD"), date(2026, 3, 1)) == 700
    assert money_of(agreement, Amount(Decimal(1), "CNY")) == money_of(agreement, Amount(Decimal(1))) == 100
