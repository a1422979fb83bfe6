"""Converts amounts of money to whole minor units of a currency, exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.errors import UnknownNameError
from coopgov.locales import phrase
from coopgov.schema.currencies import MINOR_DIGITS
from coopgov.schema.quantities import Amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from coopgov.model.contents import Contents, Rate

__all__ = ["is_countable", "minor_units", "money_of", "open_readings", "rate_for"]

_MEANT_BY: Mapping[str, frozenset[str]] = {
    "¥": frozenset({"CNY", "JPY"}),
    "元": frozenset({"CNY", "HKD", "MOP", "TWD"}),
}
"""The currencies that a symbol may stand for: in an agreement of one of them, that one is meant."""
_GROUP_DIGITS = 3


def is_countable(figure: Decimal, currency: str) -> bool:
    """Whether a figure is a whole number of the currency's minor units; trailing zeros do not matter."""
    return (Fraction(figure) * _unit(currency)).denominator == 1


def open_readings(amount: Amount, currency: str) -> tuple[str, ...]:
    """Return what an amount can mean in an agreement of a currency; empty where that is certain.

    A symbol of another currency than the agreement's may mean either; one group of thousands may be three decimals,
    where a currency has as many.

    >>> from coopgov.schema.quantities import parse_amount
    >>> open_readings(parse_amount("300,000"), "CNY"), open_readings(parse_amount("300,000"), "KWD")
    ((), ('300000', '300.000'))
    """
    sign = amount.open[:1]
    if sign in _MEANT_BY and currency not in _MEANT_BY[sign]:
        return str(amount), f"{amount} CNY"
    if "," in amount.open and MINOR_DIGITS[amount.currency or currency] >= _GROUP_DIGITS:
        decimal = Amount(amount.value.scaleb(-_GROUP_DIGITS), amount.currency)
        return str(amount), str(decimal)
    return ()


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
