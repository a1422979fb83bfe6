"""Tables of hosts, read in batches: CSV, Parquet and DuckDB. Nothing is guessed, nothing is dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.errors import Fault, MappingError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

__all__ = [
    "BATCH_ROWS",
    "Batch",
    "DuckdbSource",
    "ParquetSource",
    "Reject",
    "Source",
    "regrouped",
    "table_fault",
]

BATCH_ROWS = 50_000
"""Rows that are checked at once, at most; memory grows with it, and with the number of rules."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a row was not checked: its number (1 for the first below the header), the column, what was found there."""

    row: int
    column: str
    code: str
    found: str
    expected: str
    file: str = ""
    """The file it stands in, where there are several."""


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
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            file = pq.ParquetFile(path)
        except OSError as error:
            raise table_fault(str(path), "unreadable-file", _why(error), "a Parquet file to read") from None
        except pa.ArrowInvalid as error:
            raise table_fault(str(path), "unreadable-file", _why(error), "a Parquet file") from None
        return cls(str(path), tuple(file.schema_arrow.names), file)

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """Its rows; their numbers count from 1."""
        names = [self.headers[at] for at in columns]
        for each in self.file.iter_batches(batch_size=BATCH_ROWS, columns=list(dict.fromkeys(names))):
            yield Batch(tuple(each[name] for name in names), _numbers(self._read, each.num_rows))
            self._read += each.num_rows

    def progress(self) -> float | None:
        """By rows."""
        return float(self._read / max(1, self.file.metadata.num_rows))


@dataclass(slots=True)
class DuckdbSource:
    """What a query of DuckDB gives."""

    name: str
    headers: tuple[str, ...]
    result: Any
    _read: int = 0

    @classmethod
    def of(cls, query: str, path: Path, encoding: str = "utf-8") -> DuckdbSource:
        """Run a query over a DuckDB file; a CSV or Parquet file is the table `data`.

        Raises:
            MappingError: there is no DuckDB, or the query or the file cannot be used.
        """
        try:
            import duckdb
        except ImportError:
            hint = "run `pip install duckdb`"
            raise table_fault(
                str(path), "missing-library", "no duckdb", "the engine of queries", hint
            ) from None
        try:
            if path.suffix in (".duckdb", ".db", ".ddb"):
                connection = duckdb.connect(str(path), read_only=True)
            else:
                connection = duckdb.connect()
                read = connection.read_parquet if path.suffix == ".parquet" else _csv_of(connection, encoding)
                read(str(path)).create_view("data")
            relation = connection.sql(query)
            if relation is None:
                raise table_fault(
                    "--query", "wrong-type", "a statement without rows", "a query such as select …"
                )
            return cls("the query", tuple(relation.columns), (connection, relation))
        except duckdb.Error as error:
            raise table_fault("--query", "syntax", _why(error), "a query that DuckDB can run") from None

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """Its rows, in the order in which the query gives them."""
        _, relation = self.result
        reader = relation.to_arrow_reader(BATCH_ROWS) if hasattr(relation, "to_arrow_reader") else None
        for each in reader if reader is not None else relation.fetch_arrow_reader(BATCH_ROWS):
            yield Batch(tuple(each.column(at) for at in columns), _numbers(self._read, each.num_rows))
            self._read += each.num_rows

    def progress(self) -> float | None:
        """Nobody knows."""
        return None


def _csv_of(connection: Any, encoding: str) -> Any:
    """Every column as text: types come from the mapping file."""

    def read(path: str) -> Any:
        return connection.read_csv(path, header=True, all_varchar=True, encoding=encoding)

    return read


def _numbers(before: int, rows: int) -> Any:
    import pyarrow as pa

    return pa.array(range(before + 1, before + rows + 1), pa.int64())


def _why(error: Exception) -> str:
    """The first line of a message of somebody else's."""
    return str(getattr(error, "strerror", None) or error).strip().partition("\n")[0]


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
