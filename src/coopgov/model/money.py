"""Converts amounts of money to whole minor units of a currency, exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.errors import UnknownNameError
from coopgov.locales import phrase
from coopgov.schema.currencies import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from coopgov.model.contents import Contents, Rate
    from coopgov.schema.quantities import Amount

__all__ = ["is_countable", "minor_units", "money_of", "rate_for"]


def is_countable(figure: Decimal, currency: str) -> bool:
    """Whether a figure is a whole number of the currency's minor units; trailing zeros do not matter."""
    return (Fraction(figure) * _unit(currency)).denominator == 1


def rate_for(currency: str, on: date, rates: Sequence[Rate]) -> Rate | None:
    """Return the newest rate of a currency on or before a day."""
    known = [rate for rate in rates if rate.currency == currency and rate.on <= on]
    return max(known, key=lambda rate: rate.on, default=None)


def minor_units(amount: Amount, currency: str, rates: Sequence[Rate] = (), on: date | None = None) -> int:
    """Return an amount in minor units of a currency, as an exact whole number.

    An amount in another currency is converted by its newest rate on or before `on` and rounded to the minor
    unit, halves away from zero (ROUND_HALF_UP of the decimal module).

    >>> from decimal import Decimal
    >>> from coopgov.schema.quantities import Amount
    >>> minor_units(Amount(Decimal("1234.50")), "CNY")
    123450

    Raises:
        UnknownNameError: no rate converts the amount on that day.
    """
    figure = Fraction(amount.value)
    if amount.currency not in {None, currency}:
        rate = rate_for(amount.currency, on, rates) if amount.currency and on else None
        if rate is None:
            raise UnknownNameError(
                "rate on that day", phrase("errors.rate-between", currency=amount.currency, own=currency)
            )
        figure *= Fraction(rate.rate)
    return _half_up(figure * _unit(currency))


def money_of(agreement: Contents, amount: Amount, on: date | None = None) -> int:
    """Return an amount in minor units of its agreement's currency; an undated one counts from the term's start."""
    return minor_units(amount, agreement.currency, agreement.rates, on or agreement.counts_from)


def _unit(currency: str) -> int:
    """How many minor units make one unit of the currency: 100 for CNY."""
    return int(f"1{'0' * MINOR_DIGITS[currency]}")


def _half_up(figure: Fraction) -> int:
    whole = (2 * abs(figure.numerator) + figure.denominator) // (2 * figure.denominator)
    return whole if figure >= 0 else -whole
