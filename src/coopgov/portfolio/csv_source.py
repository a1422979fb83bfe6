"""CSV files, read in batches as texts: by the fast reader of Arrow, with the number of every row that is none."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.portfolio.cells import BROKEN
from coopgov.portfolio.sources import Batch, Reject, table_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from coopgov.portfolio.mapping import CsvEntry

__all__ = ["CsvSource"]

_HEAD = 1_000_000
"""Bytes in which the header must end."""
_BLOCK = 4_000_000
"""Bytes that are read at once; a row must be shorter."""
_CHUNK = 1_000_000
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(slots=True)
class CsvSource:
    """A CSV file; its rows count from 1, below the header, without empty lines."""

    name: str
    headers: tuple[str, ...]
    path: Path
    separator: str
    lines: int
    """Lines of the header: a cell of it may hold line breaks."""
    csv: CsvEntry
    _stream: _Decoded | None = None
    _bad: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, entry: CsvEntry, wanted: Sequence[str]) -> CsvSource:
        """Open a file; `wanted` are columns that its header should have, by which the separator is found.

        Raises:
            MappingError: it cannot be read, or has no header.
        """
        text = _head(path, entry)
        separators = [entry.separator] if entry.separator else _SEPARATORS
        read = [(each, *_header(text, each, entry)) for each in separators]
        names = {" ".join(name.split()) for name in wanted}
        separator, headers, lines = max(
            read, key=lambda one: (len(names & {" ".join(each.split()) for each in one[1]}), len(one[1]))
        )
        if not any(headers):
            raise table_fault(str(path), "empty-file", "nothing", "a header row, and rows below it")
        return cls(str(path), tuple(headers), path, separator, lines, entry)

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """Its rows as texts.

        Raises:
            MappingError: it cannot be read as CSV any further, or a cell has no closing quote.
        """
        import pyarrow as pa

        self._stream = _Decoded(_opened(self.path), self.csv.encoding)
        before = 0
        try:
            for batch in self._reader(columns):
                numbers, before, bad = self._numbered(batch.num_rows, before)
                yield Batch(tuple(batch[str(at)] for at in columns), numbers, bad)
        except pa.ArrowInvalid as error:
            raise self._fault("syntax", str(error).partition("\n")[0], "rows of CSV", before) from None
        except OSError as error:
            raise self._fault("unreadable-file", str(error), "a whole file", before) from None
        _, _, bad = self._numbered(0, before)
        if bad:
            yield Batch(tuple(pa.array([], pa.string()) for _ in columns), pa.array([], pa.int64()), bad)
        if self._stream.quotes % 2 and self.csv.quotes:
            hint = "close the quote, double those inside of cells, or say `csv: {quotes: false}`"
            raise table_fault(
                self.name,
                "syntax",
                "an odd number of quotes",
                "a closing quote for each cell in quotes",
                hint,
            )

    def _reader(self, columns: Sequence[int]) -> Any:
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

        names = [str(at) for at in range(len(self.headers))]
        quote: Any = '"' if self.csv.quotes else False
        return arrow_csv.open_csv(
            pa.PythonFile(self._stream, mode="r"),
            arrow_csv.ReadOptions(
                use_threads=False,  # with threads, broken rows have no numbers
                block_size=_BLOCK,
                column_names=names,
                skip_rows=self.lines,
            ),
            arrow_csv.ParseOptions(
                delimiter=self.separator,
                quote_char=quote,
                newlines_in_values=self.csv.quotes,
                invalid_row_handler=self._is_bad,
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=sorted({str(at) for at in columns}) or names[:1],
                strings_can_be_null=False,
            ),
        )

    def _is_bad(self, row: Any) -> str:
        self._bad.append(row)
        return "skip"

    def _numbered(self, rows: int, before: int) -> tuple[Any, int, tuple[Reject, ...]]:
        """The numbers of good rows, the last number, and the bad rows between them."""
        import pyarrow as pa

        numbers: list[int] = []
        bad: list[Reject] = []
        last = before
        while len(numbers) < rows or (self._bad and self._number(self._bad[0]) == last + 1):
            last += 1
            if self._bad and self._number(self._bad[0]) == last:
                bad.append(self._reject(self._bad.pop(0)))
            elif self._bad:
                until = min(self._number(self._bad[0]), last + rows - len(numbers))
                numbers.extend(range(last, until))
                last = until - 1
            else:
                numbers.extend(range(last, last + rows - len(numbers)))
                last = numbers[-1]
        return pa.array(numbers, pa.int64()), last, tuple(bad)

    def _number(self, row: Any) -> int:
        return int(row.number) - self.lines

    def _reject(self, row: Any) -> Reject:
        expected = f"{row.expected_columns} cells"
        found = f"{row.actual_columns} cells: {row.text}".replace(BROKEN, "\ufffd")
        return Reject(self._number(row), "", "ragged-row", found, expected)

    def _fault(self, code: str, found: str, expected: str, row: int) -> Exception:
        hint = f"after row {row}"
        return table_fault(self.name, code, found, expected, hint)

    def progress(self) -> float | None:
        """By bytes."""
        size = self.path.stat().st_size
        if self._stream is None or not size or self.path.suffix in (".gz", ".bz2", ".zst"):
            return None
        return min(1.0, self._stream.read_bytes / size)


_ZEROS = ("utf-1", "utf_1", "utf16", "utf-3", "utf_3", "utf32")
"""How encodings begin whose texts are full of zero bytes."""
_LONE = re.compile("[\ud800-\udfff]")


class _Decoded(io.RawIOBase):
    """A stream in UTF-8, whatever its file is in: bytes that are none of its encoding become `BROKEN`, and quotes are counted."""

    def __init__(self, stream: Any, encoding: str) -> None:
        super().__init__()
        self.stream = stream
        self.plain = codecs.lookup(encoding).name == "utf-8"
        errors = "surrogateescape" if self.plain else "replace"
        self.decoder = codecs.getincrementaldecoder(encoding)(errors)
        self.read_bytes = 0
        self.quotes = 0
        self.waiting = b""
        self.ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Some bytes, at most as many as asked for."""
        while not self.ended and (size < 0 or len(self.waiting) < size):
            data: bytes = self.stream.read(_CHUNK)
            self.read_bytes += len(data)
            self.ended = not data
            text = self.decoder.decode(data, final=self.ended)
            self.quotes += text.count('"')
            self.waiting += self._encoded(text)
        size = len(self.waiting) if size < 0 else size
        given, self.waiting = self.waiting[:size], self.waiting[size:]
        return given

    def _encoded(self, text: str) -> bytes:
        if not self.plain:
            return text.replace("\ufffd", BROKEN).encode()
        try:
            return text.encode()
        except UnicodeEncodeError:
            return _LONE.sub(BROKEN, text).encode()


def _opened(path: Path) -> Any:
    import pyarrow as pa

    try:
        return pa.input_stream(str(path), compression="detect")
    except OSError as error:
        found = "no such file" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        raise table_fault(str(path), "unreadable-file", found, "a file to read") from None


def _head(path: Path, entry: CsvEntry) -> str:
    with _opened(path) as stream:
        try:
            data: bytes = stream.read(_HEAD)
        except OSError as error:
            raise table_fault(str(path), "unreadable-file", str(error), "a whole file") from None
    if b"\x00" in data and entry.encoding.lower()[:5] not in _ZEROS:
        hint = "a spreadsheet file must be exported as CSV; a text in UTF-16 needs `csv: {encoding: utf-16}`"
        raise table_fault(str(path), "encoding", "zero bytes", f"a text in {entry.encoding}", hint)
    text = data.decode(entry.encoding, errors="replace")
    return text.removeprefix("\ufeff")


def _header(text: str, separator: str, entry: CsvEntry) -> tuple[list[str], int]:
    """The names of the columns, and how many lines they take."""
    stream = io.StringIO(text, newline="")
    reader = csv.reader(
        stream, delimiter=separator, quoting=csv.QUOTE_MINIMAL if entry.quotes else csv.QUOTE_NONE
    )
    for cells in reader:
        if cells:
            return cells, reader.line_num
    return [], 0
