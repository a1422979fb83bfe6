"""Find the newest row of each key, if a mapping file keeps only that, in a first pass over the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from coopgov.optional import pa, pc
from coopgov.portfolio.cells import as_text, plain_column, trimmed
from coopgov.portfolio.duplicate_keys import on_disk
from coopgov.portfolio.ranges import in_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.portfolio.bind_mapping import Newest
    from coopgov.portfolio.dates import Dates

__all__ = ["History", "moments"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class History:
    """The newest moment of each key, and how many rows have it."""

    def __init__(self) -> None:
        self.connection = on_disk()
        self.connection.execute(
            "CREATE TABLE rows (key TEXT PRIMARY KEY, newest INTEGER, number INTEGER) WITHOUT ROWID"
        )

    def add(self, keys: Sequence[str], moments: Sequence[int | None]) -> None:
        """Note some rows; None is a row without a moment."""
        self.connection.executemany(
            "INSERT INTO rows VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE SET number = number + 1, "
            "newest = max(coalesce(newest, excluded.newest), coalesce(excluded.newest, newest))",
            zip(keys, moments, strict=True),
        )

    def older(self, keys: Sequence[str], moments: Sequence[int | None]) -> Iterator[bool | None]:
        """Whether another row of the key is newer; None if that is unknown, because the row has no moment.

        >>> history = History()
        >>> history.add(["a", "a", "b", "a"], [1, 2, None, None])
        >>> list(history.older(["a", "a", "b", "a"], [1, 2, None, None]))
        [True, False, False, None]
        >>> history.close()
        """
        for key, moment in zip(keys, moments, strict=True):
            found = self.connection.execute(
                "SELECT newest, number FROM rows WHERE key = ?", (key,)
            ).fetchone()
            newest, number = found or (moment, 1)  # a query can return other rows when it runs again
            if number == 1:
                yield False
            else:
                yield None if moment is None or newest is None else moment < newest

    def close(self) -> None:
        """Close and delete the table."""
        self.connection.close()


def moments(column: Any, newest: Newest) -> list[int | None]:
    """The moments of a column, in microseconds since 1970; None for a cell without one.

    Raises:
        MappingError: its values have no text, such as lists.
    """
    column = plain_column(column)
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        zone = getattr(column.type, "tz", None)
        column = pc.if_else(in_calendar(column), column, None)
        column = column.cast(pa.timestamp("us", zone), safe=False)
        if zone is None:
            column = pc.assume_timezone(
                column, newest.time_zone, ambiguous="earliest", nonexistent="earliest"
            )
        found: list[int | None] = column.cast(pa.int64()).to_pylist()
        return found
    texts, _ = trimmed(as_text(column, newest.header.name))
    return [_since_1970(text, newest.date) for text in texts.to_pylist()]


def _since_1970(text: str | None, dates: Dates) -> int | None:
    moment = dates.moment(text) if text else None
    return None if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
