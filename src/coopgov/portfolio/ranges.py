"""Find numbers and dates out of the range of their fact: such cells are faulty, and the facts unknown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.language.values import LARGEST

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Catalogue, Range
    from coopgov.portfolio.bind_mapping import Reading

__all__ = ["expectation", "out_of_range", "range_of"]

_EPOCH = date(1970, 1, 1)


def range_of(catalogue: Catalogue, about: str, fact: str) -> Range:
    """The numbers that a fact can be, by its name in a mapping file (for a subject above, prefixed with its type)."""
    parent, _, own = fact.rpartition(".")
    return catalogue.facts[parent or about, own].range


def out_of_range(values: Any, limits: Range) -> Any:
    """The rows in which an Arrow column of numbers or dates is out of range; null for null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_date(values.type):
        days = values.cast(pa.int32())
        first, last = ((day - _EPOCH).days for day in (date.min, date.max))
        return pc.or_(pc.less(days, first), pc.greater(days, last))
    wrong = pc.greater_equal(pc.abs(values), LARGEST)
    if limits.least is not None:
        wrong = pc.or_(wrong, pc.less(values, float(limits.least)))
    if limits.most is not None:
        wrong = pc.or_(wrong, pc.greater(values, float(limits.most)))
    if limits.whole:
        wrong = pc.or_(wrong, pc.not_equal(values, pc.floor(values)))
    return wrong


def expectation(reading: Reading, limits: Range) -> str:
    """The expected content of a cell, in the unit of the column."""
    if reading.kind.kind == "date":
        return "a date in the years 1 to 9999"
    sort = "a whole number" if limits.whole else "a number"
    least, most = (
        None if end is None else f"{float(end / reading.factor):g}" for end in (limits.least, limits.most)
    )
    if least is None and most is None:
        return f"{sort} below {LARGEST:g}"
    if most is None:
        return f"{sort}, {least} or more"
    return f"{sort}, {most} or less" if least is None else f"{sort} from {least} to {most}"
