"""Normalise the columns that name subjects: of any type, they become whole numbers, truth values or texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.optional import pa, pc
from coopgov.portfolio.cells import as_text, plain_column, trimmed, unreadable_column

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BETWEEN", "joined_key", "key_column"]

BETWEEN = "\x1f"


def key_column(column: Any, name: str, zone: str) -> tuple[Any, Mapping[int, str]]:
    """The values of a key column, and the cells that are invalid in their encoding, which are null.

    Whole numbers and truth values stay as they are, a moment becomes local time in the zone, everything else a text.

    Raises:
        MappingError: its values have no text that can be a name, such as lists and durations.
    """
    column = plain_column(column)
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return column, {}
    if pa.types.is_duration(kind):
        raise unreadable_column(name, kind)
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pa.timestamp(kind.unit, zone))
    return trimmed(as_text(column, name))


def joined_key(keys: Any) -> Any:
    """The columns of a table of keys as one text for each row; an absent part is empty."""
    parts = [pc.fill_null(column.cast(pa.string()), "") for column in keys.columns]
    joined = pc.binary_join_element_wise(*parts, BETWEEN) if len(parts) > 1 else parts[0]
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
