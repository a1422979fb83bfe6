"""Turn literals of the rule language into values of a fact's type."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from coopgov.errors import ExpressionError
from coopgov.facts.subject import plain_number
from coopgov.hints import choice_hint
from coopgov.language import syntax as s
from coopgov.language.fold import minor_units_of, value_of
from coopgov.language.parser import parse
from coopgov.language.type_check import check
from coopgov.language.units import convert, unit_named
from coopgov.locales import listed, phrase, verbatim
from coopgov.model.money import open_readings
from coopgov.schema import day_of, narrow, parse_amount, span_of
from coopgov.synonyms import choice, meant

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.types import Type
    from coopgov.locales import Phrase

__all__ = ["literal", "number_of", "typed", "usual"]


def literal(text: str, catalogue: Catalogue) -> s.Literal:
    """Read a text as one value of the language, which may be arithmetic on literals (`20 / 85`).

    Raises:
        ExpressionError: the text is not a value.
    """
    node = check(parse(text), "agreement", catalogue)
    if isinstance(node, s.Literal):
        return node
    found, expected = phrase("testing.value.expression"), phrase("testing.value.single")
    raise ExpressionError("not-a-literal", found, expected, start=node.start, end=node.end)


def typed(text: str, kind: Type, catalogue: Catalogue, currency: str, minor_units: int) -> Any:
    """A value as a record holds it: money is in minor units, a quantity in the unit of the fact.

    A KPI value comes with its unit, as `(number, unit)`.

    Raises:
        ExpressionError: the text is not a value of that type.
    """
    if kind.kind == "text":
        return _word(text, kind)
    node = literal(usual(text, kind, currency), catalogue)
    if kind.kind in ("truth", "date"):
        if node.type.kind != kind.kind:
            raise _wrong(node, "type-mismatch", phrase(f"testing.value.{kind.kind}"))
        return node.value
    if not node.type.numeric:
        raise _wrong(node, "type-mismatch", kind.words)
    if kind.kind == "money":
        return _money(node, currency, minor_units)
    if kind.kind == "own":
        assert isinstance(node.value, Decimal)
        return plain_number(node.value), node.unit
    return number_of(node, kind)


def number_of(node: s.Literal, kind: Type) -> Any:
    """A number, converted to the unit of a type.

    Raises:
        ExpressionError: its unit does not convert to that unit.
    """
    assert isinstance(node.value, Decimal)
    if kind.kind == "number":
        if node.type.kind != "number":
            raise _wrong(node, "unit-mismatch", kind.words)
        return value_of(node)
    unit, target = unit_named(node.unit or "count"), unit_named(kind.unit)
    if not node.unit and kind.unit == "%":
        return plain_number(node.value)
    if unit.dimension != target.dimension:
        hint = phrase("testing.value.write-unit", value=node.value, unit=kind.unit_as_written)
        raise _wrong(node, "unit-mismatch", kind.words, None if node.unit else hint)
    return plain_number(convert(node.value, unit, target))


def _money(node: s.Literal, currency: str, minor_units: int) -> Any:
    """An amount in minor units, written without a currency or in the test's."""
    if node.type.kind == "money":
        if node.type.unit not in ("", currency):
            if currency:
                raise _wrong(node, "unit-mismatch", phrase("testing.value.currency", currency=currency))
            expected, hint = phrase("testing.value.no-currency"), phrase("testing.value.give-currency")
            raise _wrong(node, "unit-mismatch", expected, hint)
    elif node.type.kind != "number" or node.unit:
        raise _wrong(node, "unit-mismatch", phrase("testing.value.money"))
    amount = minor_units_of(node, minor_units)
    if amount != int(amount):
        found, expected = verbatim(f"{node.value}"), phrase("testing.value.minor-unit")
        raise ExpressionError("too-fine-money", found, expected, start=node.start, end=node.end)
    return int(amount)


def usual(text: str, kind: Type, currency: str) -> str:
    """Return a day, span or amount in another form, such as `2026/3/5`, `二十天` or `120万`, as the language has it."""
    day = day_of(text) if kind.kind == "date" else None
    if day is not None:
        return day.isoformat()
    if kind.kind == "quantity" and (span := span_of(text)):
        return f"{span[0]} {span[1]}"
    with suppress(PydanticCustomError):
        amount = parse_amount(text) if kind.kind == "money" else None
        if amount is not None and not open_readings(amount, currency or "CNY"):
            return str(amount)
    return narrow(text)


def _word(text: str, kind: Type) -> str:
    if not kind.choices:
        return meant(text, kind.group) if kind.group else text
    chosen = choice(text, kind.choices)
    if chosen is None:
        raise ExpressionError(
            "unknown-choice",
            verbatim(f'"{text}"'),
            phrase("testing.value.one-of", choices=listed(f'"{each}"' for each in kind.choices)),
            start=0,
            end=len(text),
            hint=choice_hint(text, kind.choices),
        )
    return chosen


def _wrong(node: s.Literal, code: str, expected: Phrase, hint: Phrase | None = None) -> ExpressionError:
    bare = node.type.kind == "number" and not node.unit
    found = phrase("testing.value.bare", number=node.value) if bare else node.type.words
    said = verbatim("") if hint is None else hint
    return ExpressionError(code, found, expected, start=node.start, end=node.end, hint=said)
