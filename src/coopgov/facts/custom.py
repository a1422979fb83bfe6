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
    shown,
)
from coopgov.model.findings import Finding

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
        finding = Finding(
            (*subject.path, "custom", fact.name),
            error.type,
            context["found"],
            context["expected"],
            context["hint"],
        )
        faults.append(fault_of(agreement.document, finding))
        return None


def _typed(agreement: Agreement, written: str, kind: Type) -> Any:
    if kind.kind == "truth":
        if written not in ("true", "false"):
            raise problem("not-a-truth-value", shown(written), "true or false")
        return written == "true"
    if kind.kind == "date":
        return parse_day(written)
    if kind.kind == "money":
        amount = parse_amount(written)
        return minor_units(amount, agreement.currency, agreement.rates, agreement.term.start)
    if kind.kind in ("number", "quantity"):
        return _quantity(written, kind)
    return written


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
