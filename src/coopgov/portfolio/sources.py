"""Read hosts' tables in batches: the interface of all sources, and Parquet files. No value is guessed, no row lost."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.errors import CoopgovError, MappingError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase, verbatim
from coopgov.optional import pa, pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from coopgov.locales import Phrase

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
    "reported",
    "table_fault",
]

PARQUET = (".parquet", ".pq")
BATCH_ROWS = 50_000
"""How many rows are checked at once, at most; memory grows with it, and with the number of rules."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A fault of a cell or a whole row: the number of the row (1 for the first below the header), what was found."""

    row: int
    column: str
    code: str
    found: Phrase
    expected: Phrase
    file: str = ""
    """The file it is in, if there are several."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: the requested columns, in that order, the numbers of the rows, and the rejected rows."""

    columns: tuple[Any, ...]
    numbers: Any
    rejects: tuple[Reject, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows there are, without the rejected ones."""
        return len(self.numbers)

    def where(self, wanted: Any) -> Batch:
        """The rows for which a column of truth values is true, and all rejects."""
        columns = tuple(each.filter(wanted) for each in self.columns)
        return Batch(columns, self.numbers.filter(wanted), self.rejects)


class Source(Protocol):
    """A table that can be read once, in batches."""

    name: str
    headers: tuple[str, ...]

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """The rows, with the columns at some positions."""

    def progress(self) -> float | None:
        """The share that has been read; None if unknown."""


def table_fault(
    name: str, code: str, found: Phrase, expected: Phrase, hint: Phrase | None = None
) -> MappingError:
    """The error of a table that cannot be read."""
    advice = verbatim("") if hint is None else hint
    return MappingError([Fault(Place(name, 1, 1), code, found, expected, advice)])


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
            MappingError: it cannot be read, or is not Parquet.
        """
        with foreign(str(path), "unreadable-file", phrase("portfolio.file.parquet")):
            file = pq.ParquetFile(path)
        return cls(str(path), tuple(file.schema_arrow.names), file)

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """The rows, numbered from 1.

        Raises:
            MappingError: the rest cannot be read.
        """
        named = [(self.headers[at], self.headers[:at].count(self.headers[at])) for at in columns]
        wanted = list(dict.fromkeys(name for name, _ in named))
        self._read = 0
        with foreign(self.name, "unreadable-file", phrase("portfolio.file.whole-parquet")):
            for each in self.file.iter_batches(batch_size=BATCH_ROWS, columns=wanted):
                places = [each.schema.get_all_field_indices(name)[which] for name, which in named]
                yield Batch(tuple(map(each.column, places)), numbered(self._read, each.num_rows))
                self._read += each.num_rows

    def progress(self) -> float | None:
        """By rows."""
        return float(self._read / max(1, self.file.metadata.num_rows))


def numbered(before: int, rows: int) -> Any:
    """The numbers of rows that follow a number of others."""
    return pa.array(range(before + 1, before + rows + 1), pa.int64())


@contextmanager
def foreign(name: str, code: str, expected: Phrase) -> Iterator[None]:
    """Report whatever a library raises while it reads a table as a fault of that table.

    Raises:
        MappingError: the library raised something.
    """
    try:
        yield
    except CoopgovError:
        raise
    except Exception as error:  # noqa: BLE001  # libraries raise anything
        raise table_fault(name, code, reported(error), expected) from None


def reported(error: Exception) -> Phrase:
    """The message of another library's error or the system's, without the source lines that it shows."""
    text = str(getattr(error, "strerror", None) or error)
    message = " ".join(text.partition("\n\n")[0].split()) or type(error).__name__
    return phrase("portfolio.file.message", message=message)


def regrouped(batches: Iterable[Batch], rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """The rows in batches of at most, and usually exactly, a number of rows: small batches are costly to check."""
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
    columns = tuple(_concat(parts) for parts in zip(*(each.columns for each in batches), strict=True))
    numbers = pa.concat_arrays([each.numbers for each in batches])
    return Batch(columns, numbers, tuple(reject for each in batches for reject in each.rejects))


def _concat(parts: Sequence[Any]) -> Any:
    flat = [part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in parts]
    return pa.concat_arrays(flat) if len(flat) > 1 else flat[0]


def _cut(batch: Batch, start: int, rows: int, *, first: bool) -> Batch:
    columns = tuple(each.slice(start, rows) for each in batch.columns)
    return Batch(columns, batch.numbers.slice(start, rows), batch.rejects if first else ())


def _rest(batch: Batch, start: int) -> Batch:
    """The rest of a batch, without its rejects, which are already reported."""
    return Batch(tuple(each.slice(start) for each in batch.columns), batch.numbers.slice(start))
