"""Find numbers and dates out of the range of their fact: such cells are faulty, and the facts unknown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.language.dependencies import steps
from coopgov.language.values import LARGEST
from coopgov.locales import phrase
from coopgov.optional import pa, pc

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Catalogue, Range
    from coopgov.locales import Phrase
    from coopgov.portfolio.bind_mapping import Reading

__all__ = ["expectation", "in_calendar", "out_of_range", "range_of"]

_EPOCH = date(1970, 1, 1)
_FIRST, _LAST = ((day - _EPOCH).days for day in (date.min, date.max))
_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def range_of(catalogue: Catalogue, about: str, fact: str) -> Range:
    """The numbers that a fact can be, by its name in a mapping file (for a subject above, prefixed with its type)."""
    *above, own = steps(fact)
    return catalogue.within(above[-1] if above else about, own)


def out_of_range(values: Any, limits: Range) -> Any:
    """The rows in which an Arrow column of numbers or dates is out of range; null for null."""
    if pa.types.is_date(values.type):
        return pc.invert(in_calendar(values))
    wrong = pc.greater_equal(pc.abs(values), LARGEST)
    if limits.least is not None:
        wrong = pc.or_(wrong, pc.less(values, float(limits.least)))
    if limits.most is not None:
        wrong = pc.or_(wrong, pc.greater(values, float(limits.most)))
    if limits.whole:
        wrong = pc.or_(wrong, pc.not_equal(values, pc.floor(values)))
    return wrong


def in_calendar(column: Any) -> Any:
    """Where dates or times of Arrow are in the years 1 to 9999; null where there is none."""
    if pa.types.is_date32(column.type):
        counts, day = column.cast(pa.int32()), 1
    else:
        unit = "ms" if pa.types.is_date(column.type) else column.type.unit
        counts, day = column.cast(pa.int64()), 86_400 * _SECOND[unit]
    first = pa.scalar(max(_FIRST * day, -(2**63)), pa.int64())
    last = pa.scalar(min((_LAST + 1) * day - 1, 2**63 - 1), pa.int64())
    return pc.and_(pc.greater_equal(counts, first), pc.less_equal(counts, last))


def expectation(reading: Reading, limits: Range) -> Phrase:
    """The expected content of a cell, in the unit of the column."""
    if reading.kind.kind == "date":
        return phrase("portfolio.cell.in-calendar")
    sort = phrase(f"portfolio.cell.{'a-whole-number' if limits.whole else 'a-number'}")
    least, most = (
        None if end is None else f"{float(end / reading.factor):g}" for end in (limits.least, limits.most)
    )
    if least is None and most is None:
        return phrase("portfolio.cell.below", sort=sort, most=f"{LARGEST:g}")
    if most is None:
        return phrase("portfolio.cell.at-least", sort=sort, least=least)
    if least is None:
        return phrase("portfolio.cell.at-most", sort=sort, most=most)
    return phrase("portfolio.cell.between", sort=sort, least=least, most=most)
