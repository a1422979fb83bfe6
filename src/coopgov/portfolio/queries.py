"""Read the rows of a DuckDB query: over a DuckDB file, or over a file that the query calls `data`."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, count
from json import loads
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from weakref import finalize

from coopgov.locales import phrase
from coopgov.optional import duckdb, pa, pq
from coopgov.portfolio.csv_source import CsvSource
from coopgov.portfolio.sources import BATCH_ROWS, PARQUET, Batch, Reject, foreign, numbered, table_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.locales import Phrase
    from coopgov.portfolio.mapping import CsvEntry

__all__ = ["DATABASES", "JSON", "QuerySource"]

DATABASES = (".duckdb", ".ddb", ".db")
JSON = frozenset({".json", ".jsonl", ".ndjson"})
_PATTERN = "*?["
"""Characters that make DuckDB treat a path as a pattern; in brackets, each of them is literal."""
_MICROSECONDS = {"s": "* 1000000", "ms": "* 1000", "us": "", "ns": "// 1000"}


class QuerySource:
    """The rows of a query; invalid lines of a CSV file are rejected before the query sees them.

    `csv` says how a CSV file is written, `wanted` are columns that its header should have, `zone` is where moments are
    days, `asked` where the query is written.

    Raises:
        MappingError: DuckDB is not installed, or the query or the file is unusable.
    """

    def __init__(
        self, query: str, path: Path, csv: CsvEntry, wanted: Sequence[str], zone: str, asked: str
    ) -> None:
        self.asked = asked
        self.name: str = _text("name")
        folder = Path(mkdtemp(prefix="coopgov-"))  # what memory does not hold
        finalize(self, rmtree, folder, ignore_errors=True)
        connection = _connected(path, folder)
        finalize(self, connection.close)
        self.rejects = tuple(_as_data(connection, path, csv, wanted))
        with foreign(asked, "syntax", _text("runs")):
            connection.execute(f"SET TimeZone = '{zone}'")
            self.relation = connection.sql(query)
        if self.relation is None:
            raise table_fault(asked, "wrong-type", _text("without-rows"), _text("selects"))
        self.headers = tuple(self.relation.columns)

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """The rows, in the order of the query.

        Raises:
            MappingError: DuckDB fails, at once or later.
        """
        rejects, read = self.rejects, 0
        with foreign(self.asked, "syntax", _text("runs")):
            for each in _reader(self.relation):
                rows = tuple(
                    _plain(each.column(at), self.headers[at], str(self.relation.types[at])) for at in columns
                )
                yield Batch(rows, numbered(read, each.num_rows), rejects)
                rejects, read = (), read + each.num_rows
        if rejects:
            yield _only(rejects, len(columns))

    def progress(self) -> float | None:
        """None: the number of rows is unknown."""
        return None


def _text(part: str) -> Phrase:
    return phrase(f"portfolio.query.{part}")


def _plain(column: Any, name: str, kind: str) -> Any:
    """A column of a type of DuckDB's own, as one of Arrow's that means the same; any other column as it is."""
    return (
        pa.array(map(_of_json, column.to_pylist()), pa.string()) if kind == "JSON" else _counted(column, name)
    )


def _of_json(written: str | None) -> str | None:
    """What a value of JSON says: a text without its quotes, nothing for null, anything else as it is written."""
    value = loads(written) if written and written[0] in '"n' else written
    return value if value is None else str(value)


def _counted(column: Any, name: str) -> Any:
    """Intervals as durations; any other column as it is.

    Raises:
        MappingError: an interval has months, which are no number of days.
    """
    if not pa.types.is_interval(column.type):
        return column
    parts = column.to_pylist()
    if any(each is not None and each.months for each in parts):
        found = phrase("portfolio.table.column-type-months", kind=column.type)
        raise table_fault(
            phrase("portfolio.table.column-place", column=name),
            "wrong-type",
            found,
            phrase("portfolio.table.intervals"),
        )
    counts = [
        None if each is None else each.days * 86_400_000_000 + each.nanoseconds // 1_000 for each in parts
    ]
    return pa.array(counts, pa.duration("us"))


def _only(rejects: tuple[Reject, ...], columns: int) -> Batch:
    return Batch(tuple(pa.nulls(0) for _ in range(columns)), numbered(0, 0), rejects)


def _connected(path: Path, folder: Path) -> Any:
    """A connection to a DuckDB file or to an empty one; data that do not fit in memory go to the folder."""
    try:
        connect = duckdb.connect
    except ImportError:
        texts = _text("no-duckdb"), _text("engine"), _text("install")
        raise table_fault(str(path), "missing-library", *texts) from None
    own = path.suffix in DATABASES
    with foreign(str(path), "unreadable-file", _text("readable-file")):
        connection = connect(str(path.absolute() if own else folder / "data.duckdb"), read_only=own)
        connection.execute("SET temp_directory = ?", [str(folder / "more")])
    return connection


def _as_data(connection: Any, path: Path, csv: CsvEntry, wanted: Sequence[str]) -> Iterator[Reject]:
    """Make a file the table `data`; return the invalid lines of a CSV file."""
    if path.suffix in DATABASES:
        return
    if path.suffix in PARQUET or JSON.intersection(path.suffixes):
        with foreign(str(path), "unreadable-file", _text("readable-file")):
            parquet = path.suffix in PARQUET
            read = connection.read_parquet if parquet else connection.read_json
            read(_literal(path)).project(_with_durations(path) if parquet else "*").create_view("data")
        return
    yield from _csv_as_data(connection, CsvSource.of(path, csv, wanted))


def _with_durations(path: Path) -> str:
    """Select all columns of a Parquet file with durations converted, which DuckDB would read as bare numbers."""
    durations = [each for each in pq.read_schema(path) if pa.types.is_duration(each.type)]
    names = [(each.type.unit, each.name.replace('"', '""')) for each in durations]
    texts = ", ".join(f'to_microseconds("{name}" {_MICROSECONDS[unit]}) AS "{name}"' for unit, name in names)
    return f"* REPLACE ({texts})" if texts else "*"


def _csv_as_data(connection: Any, source: CsvSource) -> Iterator[Reject]:
    """Write the cells of a CSV file to the table `data` as texts, read as without a query."""
    names = _distinct(source.headers)
    empty = pa.table({name: pa.array([], pa.string()) for name in names})
    with foreign(source.name, "unreadable-file", _text("table")):
        connection.register("arrived", empty)
        connection.execute("CREATE TABLE data AS FROM arrived; BEGIN")
    for batch in source.batches(range(len(names))):
        yield from (replace(each, file=source.name) for each in batch.rejects)
        with foreign(source.name, "unreadable-file", _text("table")):
            connection.register("arrived", pa.table(list(batch.columns), names=names))
            connection.execute("INSERT INTO data FROM arrived")
    with foreign(source.name, "unreadable-file", _text("table")):
        connection.execute("COMMIT")
        connection.unregister("arrived")


def _distinct(headers: Sequence[str]) -> list[str]:
    """Names that stay distinct in DuckDB, which ignores case; an empty name is replaced by its position."""
    names: list[str] = []
    taken: set[str] = set()
    for at, header in enumerate(headers):
        plain = header.strip() or f"column{at}"
        choices = chain([plain], (f"{plain}_{number}" for number in count(1)))
        name = next(each for each in choices if each.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _literal(path: Path) -> str:
    """A path as a literal that DuckDB treats neither as a pattern nor as a URL."""
    return "".join(f"[{each}]" if each in _PATTERN else each for each in str(path.absolute()))


def _reader(relation: Any) -> Any:
    """The reader of Arrow batches, which has another name in older versions of DuckDB."""
    read = relation.to_arrow_reader if hasattr(relation, "to_arrow_reader") else relation.fetch_arrow_reader
    return read(BATCH_ROWS)
