"""Convert columns of durations, as in Parquet and queries: whole days for facts in days, hours for facts in hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.optional import pa, pc

if TYPE_CHECKING:
    from coopgov.language.types import Type

__all__ = ["CLOCK", "counted", "measures"]

CLOCK = {"day": 86_400, "hour": 3_600}
"""The length in seconds of the units that a duration is converted to."""
_PARTS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def measures(kind: Type) -> bool:
    """Whether a fact of a type can be read from durations."""
    return kind.kind == "quantity" and kind.unit in CLOCK


def counted(column: Any, unit: str) -> tuple[Any, Any]:
    """Durations in days or hours; and those that are not whole days, as texts, null for all others."""
    number, step = column.cast(pa.int64()), CLOCK[unit] * _PARTS[column.type.unit]
    if unit != "day":
        return pc.divide(number.cast(pa.float64(), safe=False), float(step)), pa.nulls(
            len(column), pa.string()
        )
    days = pc.divide(number, step)
    whole = pc.equal(pc.multiply(days, step), number)
    texts = pc.binary_join_element_wise(number.cast(pa.string()), column.type.unit, " ")
    return pc.if_else(whole, days, None).cast(pa.float64()), pc.if_else(whole, None, texts)
