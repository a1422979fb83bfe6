"""Write results to files as they are found: Parquet or CSV by extension, and either complete or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from coopgov.locales import one_of, phrase
from coopgov.optional import pa_csv, pq
from coopgov.portfolio.sources import table_fault
from coopgov.source.files import not_unicode, why_unwritable

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["ENDINGS", "Sink"]

ENDINGS = (".parquet", ".csv")


class Sink:
    """An output file; it has a temporary name until it is complete. Without a path, nothing is written.

    Raises:
        MappingError: on use, the file cannot be written, or its extension is unknown.
    """

    def __init__(self, path: str | Path | None) -> None:
        self.path = None if path is None else Path(path)
        self.writer: Any = None
        self.begun = False
        self.schema: Any = None
        if self.path is not None and self.path.suffix not in ENDINGS:
            ending = phrase("portfolio.file.ending", ending=self.path.suffix)
            raise table_fault(str(path), "wrong-choice", ending, one_of(ENDINGS))
        found = self.path and (not_unicode(self.path) or why_unwritable(self.path))
        if found:
            raise table_fault(str(path), "unwritable-file", found, phrase("portfolio.file.to-write"))

    @property
    def _part(self) -> Path:
        assert self.path is not None
        return self.path.with_name(f"{self.path.name}.part")

    def write(self, table: Any) -> None:
        """Append rows; the first table, which may be empty, defines the columns."""
        if self.path is None:
            return
        try:
            if self.writer is None:
                self.schema = table.schema
                self.begun = True
                self.writer = self._opened()
            self.writer.write_table(table.cast(self.schema))
        except OSError as error:
            raise self._unwritable(error) from None

    def _opened(self) -> Any:
        assert self.path is not None
        part = str(self._part.absolute())  # Arrow would read `a:b.parquet` as a URL
        if self.path.suffix == ".csv":
            return pa_csv.CSVWriter(part, self.schema)
        return pq.ParquetWriter(part, self.schema)

    def _unwritable(self, error: OSError) -> Exception:
        message = os.strerror(error.errno) if error.errno else str(error)
        return table_fault(
            str(self.path),
            "unwritable-file",
            phrase("portfolio.file.message", message=message),
            phrase("portfolio.file.to-write"),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Complete the file, or remove it if something went wrong."""
        if not self.begun or self.path is None:
            return
        try:
            if self.writer is not None:
                self.writer.close()
                if kind is None:
                    self._part.replace(self.path)
        except OSError as error:
            if kind is None:
                raise self._unwritable(error) from None
        finally:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)
