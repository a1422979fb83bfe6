"""Converts a value as people write it to the type of the fact that receives it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from coopgov.facts.subject import plain_number
from coopgov.hints import choice_hint
from coopgov.language.types import TEXT
from coopgov.language.units import convert, unit_named, unit_words
from coopgov.locales import listed, phrase, verbatim
from coopgov.model import minor_units, rate_for
from coopgov.model.checks import open_amount
from coopgov.model.money import is_countable, open_readings
from coopgov.schema import narrow, parse_amount, parse_day, parse_number, parse_share, problem, shown, written
from coopgov.synonyms import choice, meant

if TYPE_CHECKING:
    from datetime import date

    from coopgov.language.types import Type
    from coopgov.model import Agreement

__all__ = ["typed_value"]

_GLUED = re.compile(r"(.*[0-9])(%|[^\W\d_]{2,}|[^\W\d_a-zA-Z])")
"""A number directly followed by its unit; a single letter `e` could be an exponent without digits."""


def typed_value(agreement: Agreement, value: object, kind: Type, on: date, own_unit: str = "") -> Any:
    """Convert a value to its form in records: money in minor units, dates as dates, shares as numbers.

    `on` is the day whose rate converts money of another currency, `own_unit` the unit of the KPI.

    Raises:
        PydanticCustomError: the value is not of the type; see `coopgov.schema.problem`.
    """
    match kind.kind:
        case "truth":
            return _truth(value)
        case "date":
            return parse_day(value)
        case "money":
            return _money(agreement, value, on)
        case "number" if kind.percent:
            return plain_number(parse_share(value))
        case "number" | "quantity":
            return _quantity(value, kind.unit)
        case "own":
            return _quantity(value, own_unit)
        case "texts":
            return _texts(value, kind)
        case _:
            return _text(value, kind)


def _truth(value: object) -> bool:
    text = written(value)
    if text not in ("true", "false"):
        raise problem("not-a-truth-value", shown(value), phrase("facts.faults.truth"))
    return text == "true"


def _money(agreement: Agreement, value: object, on: date) -> int:
    amount = parse_amount(value)
    currency = amount.currency or agreement.currency
    if amount.open and (readings := open_readings(amount, agreement.currency)):
        raise problem(*open_amount(amount, readings))
    if not is_countable(amount.value, currency):
        raise problem("too-fine-money", shown(value), phrase("facts.faults.decimals", currency=currency))
    if currency != agreement.currency and rate_for(currency, on, agreement.rates) is None:
        raise problem("missing-rate", shown(value), phrase("facts.faults.rate", currency=currency, day=on))
    return minor_units(amount, agreement.currency, agreement.rates, on)


def _quantity(value: object, expected: str) -> float | None:
    """Convert a number, bare or with a unit that converts to the expected one."""
    figure, _, name = narrow(written(value) or "").strip().partition(" ")
    glued = None if name else _GLUED.fullmatch(figure)
    if glued:
        figure, name = glued.groups()
    number = parse_number(figure or value)
    target = unit_named(expected or "count")
    unit = unit_named(name.strip()) if name else target
    if unit.dimension != target.dimension:
        wanted = phrase("facts.faults.plain-number")
        if expected:
            wanted = phrase("facts.faults.number-of", units=unit_words(expected))
        raise problem("unit-mismatch", shown(value), wanted)
    return plain_number(convert(number, unit, target))


def _texts(value: object, kind: Type) -> tuple[str, ...]:
    parts = value if isinstance(value, (list, tuple)) else str(value).strip(" []").split(",")
    return tuple(_text(part, kind) for part in parts if str(part).strip())


def _text(value: object, kind: Type) -> str:
    """Convert a text without its quotes; a synonym becomes the canonical value."""
    text = written(value)
    if text is None:
        raise problem("wrong-type", shown(value), TEXT.words)
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    if not kind.choices:
        return meant(text, kind.group) if kind.group else text
    chosen = choice(text, kind.choices)
    if chosen is None:
        known = listed([verbatim(f'"{each}"') for each in kind.choices])
        expected = phrase("errors.one-of", choices=known)
        raise problem("unknown-choice", shown(text), expected, choice_hint(text, kind.choices))
    return chosen
