"""Tables of hosts, read in batches: what every source gives, and Parquet files. Nothing is guessed, nothing is dropped."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.errors import CoopgovError, Fault, MappingError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

__all__ = [
    "BATCH_ROWS",
    "PARQUET",
    "Batch",
    "ParquetSource",
    "Reject",
    "Source",
    "foreign",
    "numbered",
    "regrouped",
    "table_fault",
]

PARQUET = (".parquet", ".pq")
BATCH_ROWS = 50_000
"""Rows that are checked at once, at most; memory grows with it, and with the number of rules."""


@dataclass(frozen=True, slots=True)
class Reject:
    """What is wrong with a cell, or with a whole row: its number (1 for the first below the header), what was found there."""

    row: int
    column: str
    code: str
    found: str
    expected: str
    file: str = ""
    """The file it is in, where there are several."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: the columns that were asked for, in that order, the numbers of the rows, and rows that are none."""

    columns: tuple[Any, ...]
    numbers: Any
    rejects: tuple[Reject, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows there are, besides those that were rejected."""
        return len(self.numbers)

    def where(self, wanted: Any) -> Batch:
        """The rows for which a column of truth values is true, with the rejects."""
        columns = tuple(each.filter(wanted) for each in self.columns)
        return Batch(columns, self.numbers.filter(wanted), self.rejects)


class Source(Protocol):
    """A table that can be read once, in batches."""

    name: str
    headers: tuple[str, ...]

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """Its rows, with the columns at some positions."""

    def progress(self) -> float | None:
        """Which share has been read; None where nobody knows."""


def table_fault(name: str, code: str, found: str, expected: str, hint: str = "") -> MappingError:
    """The error of a table that cannot be read."""
    return MappingError([Fault(Place(name, 1, 1), code, found, expected, hint)])


@dataclass(slots=True)
class ParquetSource:
    """A Parquet file."""

    name: str
    headers: tuple[str, ...]
    file: Any
    _read: int = 0

    @classmethod
    def of(cls, path: Path) -> ParquetSource:
        """Open a file.

        Raises:
            MappingError: it cannot be read, or is no Parquet.
        """
        import pyarrow.parquet as pq

        with foreign(str(path), "unreadable-file", "a Parquet file"):
            file = pq.ParquetFile(path)
        return cls(str(path), tuple(file.schema_arrow.names), file)

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """Its rows; their numbers count from 1.

        Raises:
            MappingError: it cannot be read any further.
        """
        named = [(self.headers[at], self.headers[:at].count(self.headers[at])) for at in columns]
        wanted = list(dict.fromkeys(name for name, _ in named))
        self._read = 0
        with foreign(self.name, "unreadable-file", "a whole Parquet file"):
            for each in self.file.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
                places = [each.schema.get_all_field_indices(name)[which] for name, which in named]
                yield Batch(tuple(map(each.column, places)), numbered(self._read, each.num_rows))
                self._read += each.num_rows

    def progress(self) -> float | None:
        """By rows."""
        return float(self._read / max(1, self.file.metadata.num_rows))


def numbered(before: int, rows: int) -> Any:
    """The numbers of rows that follow so many others."""
    import pyarrow as pa

    return pa.array(range(before + 1, before + rows + 1), pa.int64())


@contextmanager
def foreign(name: str, code: str, expected: str) -> Iterator[None]:
    """Report whatever a library raises while it reads a table, as a fault of that table.

    Raises:
        MappingError: it raised something.
    """
    try:
        yield
    except CoopgovError:
        raise
    except Exception as error:  # noqa: BLE001  # libraries raise what they like
        raise table_fault(name, code, _why(error), expected) from None


def _why(error: Exception) -> str:
    """What somebody else's message says, without the source lines that it shows."""
    text = str(getattr(error, "strerror", None) or error)
    return " ".join(text.partition("\n\n")[0].split()) or type(error).__name__


def regrouped(batches: Iterable[Batch], rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """The same rows in batches of at most, and mostly of exactly, so many rows: small ones are costly to check."""
    waiting: list[Batch] = []
    number = 0
    for each in batches:
        waiting.append(each)
        number += each.rows
        if number >= rows:
            whole = _joined(waiting)
            for start in range(0, number - number % rows, rows):
                yield _cut(whole, start, rows, first=start == 0)
            waiting, number = [_rest(whole, number - number % rows)], number % rows
        elif sum(len(one.rejects) for one in waiting) >= rows:
            yield _joined(waiting)
            waiting, number = [], 0
    if number or any(each.rejects for each in waiting):
        yield _joined(waiting)


def _joined(batches: Sequence[Batch]) -> Batch:
    import pyarrow as pa

    columns = tuple(_concat(parts) for parts in zip(*(each.columns for each in batches), strict=True))
    numbers = pa.concat_arrays([each.numbers for each in batches])
    return Batch(columns, numbers, tuple(reject for each in batches for reject in each.rejects))


def _concat(parts: Sequence[Any]) -> Any:
    import pyarrow as pa

    flat = [part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in parts]
    return pa.concat_arrays(flat) if len(flat) > 1 else flat[0]


def _cut(batch: Batch, start: int, rows: int, *, first: bool) -> Batch:
    columns = tuple(each.slice(start, rows) for each in batch.columns)
    return Batch(columns, batch.numbers.slice(start, rows), batch.rejects if first else ())


def _rest(batch: Batch, start: int) -> Batch:
    """What is left of a batch, without its rejects, which have been told."""
    return Batch(tuple(each.slice(start) for each in batch.columns), batch.numbers.slice(start))
