"""Open a table: choose the source that reads it by the name of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import phrase
from coopgov.portfolio.csv_source import CsvSource
from coopgov.portfolio.queries import DATABASES, JSON, QuerySource
from coopgov.portfolio.sources import PARQUET, ParquetSource, table_fault
from coopgov.source.files import not_unicode, why_unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from coopgov.portfolio.mapping import CsvEntry
    from coopgov.portfolio.sources import Source

__all__ = ["opened"]


def opened(
    path: Path, csv: CsvEntry, query: str | None, wanted: Sequence[str], zone: str, asked: str = "--query"
) -> Source:
    """The source of a file, or of what a query gives of it; `wanted` are columns that its header should have.

    `asked` is where the query is written.

    Raises:
        MappingError: the file cannot be read, or needs a query.
    """
    found = why_unreadable(path) or not_unicode(path)
    if found:
        raise table_fault(str(path), "unreadable-file", found, phrase("portfolio.file.to-read"))
    if query is not None:
        return QuerySource(query, path, csv, wanted, zone, asked)
    if path.suffix in DATABASES or JSON.intersection(path.suffixes):
        expected = phrase("portfolio.query.needed", asked=asked)
        raise table_fault(str(path), "missing-key", phrase("portfolio.query.none"), expected)
    return ParquetSource.of(path) if path.suffix in PARQUET else CsvSource.of(path, csv, wanted)
