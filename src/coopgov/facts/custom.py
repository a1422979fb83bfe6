"""Custom values of an agreement, typed by what a rule file declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from coopgov.facts.subject import plain_number
from coopgov.language.units import convert, unit_named
from coopgov.model import (
    fault_of,
    minor_units,
    parse_amount,
    parse_day,
    parse_number,
    problem,
    rate_for,
    shown,
)
from coopgov.model.defects import Defect
from coopgov.model.money import is_countable

if TYPE_CHECKING:
    from coopgov.errors import Fault
    from coopgov.facts.catalogue import Fact
    from coopgov.facts.subject import Subject
    from coopgov.language.types import Type
    from coopgov.model import Agreement

__all__ = ["custom_value"]


def custom_value(agreement: Agreement, subject: Subject, fact: Fact, faults: list[Fault]) -> Any:
    """A custom value as the type declared for it; what does not fit becomes a fault at its place."""
    written = subject.part.custom[fact.name]
    assert fact.type is not None
    try:
        return _typed(agreement, str(written), fact.type)
    except PydanticCustomError as error:
        context = error.context or {}
        defect = Defect(
            (*subject.path, "custom", fact.name),
            error.type,
            context["found"],
            context["expected"],
            context["hint"],
        )
        faults.append(fault_of(agreement.document, defect))
        return None


def _typed(agreement: Agreement, written: str, kind: Type) -> Any:
    if kind.kind == "truth":
        if written not in ("true", "false"):
            raise problem("not-a-truth-value", shown(written), "true or false")
        return written == "true"
    if kind.kind == "date":
        return parse_day(written)
    if kind.kind == "money":
        return _money(agreement, written)
    if kind.kind in ("number", "quantity"):
        return _quantity(written, kind)
    return written


def _money(agreement: Agreement, written: str) -> int:
    """An amount, which counts from the start of the term as all undated money does."""
    amount, start = parse_amount(written), agreement.term.start
    currency = amount.currency or agreement.currency
    if not is_countable(amount.value, currency):
        raise problem("too-fine-money", shown(written), f"no more decimals than {currency} has")
    if currency != agreement.currency and rate_for(currency, start, agreement.rates) is None:
        raise problem("missing-rate", shown(written), f"a rate of {currency} on or before {start}")
    return minor_units(amount, agreement.currency, agreement.rates, start)


def _quantity(written: str, kind: Type) -> float | None:
    """A number, bare or with a unit that converts to the declared one."""
    figure, _, name = written.strip().partition(" ")
    if figure.endswith("%") and not name:
        figure, name = figure[:-1], "%"
    number = parse_number(figure)
    target = unit_named(kind.unit or "count")
    unit = unit_named(name.strip()) if name else target
    if unit.dimension != target.dimension:
        raise problem("unit-mismatch", shown(written), f"a number of {kind.unit or 'no unit'}")
    return plain_number(convert(number, unit, target))
