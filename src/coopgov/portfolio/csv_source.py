"""Read CSV files in batches as texts: with Arrow's fast reader, and with the line of every invalid row.

Arrow accepts a quote anywhere, and what the quote swallows is lost. So Arrow gets valid rows only: a line with broken
quotes is replaced by one that Arrow refuses, and is reported at its place.
"""

from __future__ import annotations

import io
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.locales import phrase
from coopgov.optional import pa, pa_csv
from coopgov.portfolio.cells import LONGEST
from coopgov.portfolio.csv_head import opened, read_head
from coopgov.portfolio.encodings import BROKEN, decoder, without_marks
from coopgov.portfolio.sources import Batch, Reject, reported, table_fault
from coopgov.source import QuotedRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from coopgov.locales import Phrase
    from coopgov.portfolio.csv_head import Head
    from coopgov.portfolio.mapping import CsvEntry
    from coopgov.source.csv_rows import Piece

__all__ = ["CsvSource"]

_BLOCK = 5_000_000
"""How many bytes are read at once; a row must be shorter."""
_CHUNK = 1_000_000
_REFUSED = "\ufdd1"
"""The replacement for a line with broken quotes: a code point that Unicode reserves, so no text contains it."""


@dataclass(slots=True)
class CsvSource:
    """A CSV file; its rows count from 1, below the header, without empty lines."""

    name: str
    headers: tuple[str, ...]
    path: Path
    head: Head
    csv: CsvEntry
    _stream: _Rows | None = None
    _bad: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path, entry: CsvEntry, wanted: Sequence[str]) -> CsvSource:
        """Open a file; `wanted` are columns that its header should have, by which the separator is found.

        Raises:
            MappingError: it cannot be read, is in another encoding, or has no header.
        """
        head = read_head(path, entry, wanted)
        return cls(str(path), head.headers, path, head, entry)

    @property
    def letters(self) -> Phrase:
        """The expectation for a cell with invalid bytes."""
        encoding, likely = self.head.encoding, self.head.likely
        if likely:
            return phrase("portfolio.cell.letters-or", encoding=encoding, likely=likely)
        return phrase("portfolio.cell.letters-of", encoding=encoding)

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """Its rows as texts.

        Raises:
            MappingError: the rest cannot be read as CSV.
        """
        self._stream = _Rows(opened(self.path), self.head, quotes=self.csv.quotes)
        self._bad.clear()
        before = 0
        try:
            for batch in self._reader(columns):
                numbers, before, bad = self._numbered(batch.num_rows, before)
                yield Batch(tuple(batch[str(at)] for at in columns), numbers, bad)
        except pa.ArrowInvalid as error:
            said = str(error).partition("\n")[0]
            long_row = phrase("portfolio.file.long-row", bytes=_BLOCK)
            found = long_row if "straddl" in said else phrase("portfolio.file.message", message=said)
            raise self._fault("syntax", found, phrase("portfolio.file.csv-rows"), before) from None
        except OSError as error:
            found, expected = reported(error), phrase("portfolio.file.whole")
            raise self._fault("unreadable-file", found, expected, before) from None
        _, _, bad = self._numbered(0, before)
        if bad:
            yield Batch(tuple(pa.array([], pa.string()) for _ in columns), pa.array([], pa.int64()), bad)

    def _reader(self, columns: Sequence[int]) -> Any:
        names = [str(at) for at in range(len(self.headers))]
        quote: Any = '"' if self.csv.quotes else False
        return pa_csv.open_csv(
            pa.PythonFile(self._stream, mode="r"),
            pa_csv.ReadOptions(
                use_threads=False,  # with threads, Arrow gives invalid rows no numbers
                block_size=_BLOCK,
                column_names=names,
                skip_rows=1,
            ),
            pa_csv.ParseOptions(
                delimiter=self.head.separator,
                quote_char=quote,
                newlines_in_values=self.csv.quotes,
                invalid_row_handler=self._is_bad,
            ),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=sorted({str(at) for at in columns}) or names[:1],
                strings_can_be_null=False,
            ),
        )

    def _is_bad(self, row: Any) -> str:
        self._bad.append(row)
        return "skip"

    def _numbered(self, rows: int, before: int) -> tuple[Any, int, tuple[Reject, ...]]:
        """The numbers of valid rows, the last number, and the invalid rows between them."""
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
        return int(row.number) - 1

    def _reject(self, row: Any) -> Reject:
        assert self._stream is not None
        if row.text == self._stream.refused and self._stream.broken:
            line = self._stream.broken.popleft()
            text = line.text.rstrip().replace(BROKEN, "\ufffd")[:LONGEST]
            found = phrase("portfolio.cell.line", line=line.line, text=text)
            expected = phrase("portfolio.cell.quoted-cell")
            return Reject(self._number(row), "", "broken-quotes", found, expected)
        expected = phrase("portfolio.cell.cells", number=row.expected_columns)
        text = row.text[:LONGEST].replace(BROKEN, "\ufffd")
        found = phrase("portfolio.cell.cells-of", number=row.actual_columns, text=text)
        return Reject(self._number(row), "", "ragged-row", found, expected)

    def _fault(self, code: str, found: Phrase, expected: Phrase, row: int) -> Exception:
        return table_fault(self.name, code, found, expected, phrase("portfolio.file.after-row", row=row))

    def progress(self) -> float | None:
        """By bytes."""
        size = self.path.stat().st_size
        if self._stream is None or not size or self.path.suffix in (".gz", ".bz2", ".zst"):
            return None
        return min(1.0, self._stream.read_bytes / size)


class _Rows(io.RawIOBase):
    """A stream in UTF-8 of the rows of a file in any encoding, below a line in place of its header."""

    def __init__(self, stream: Any, head: Head, *, quotes: bool) -> None:
        super().__init__()
        self.stream = stream
        self.decoder = decoder(head.encoding)
        self.rows = QuotedRows(head.separator, len(head.headers), head.line) if quotes else None
        self.refused = _REFUSED + head.separator * len(head.headers)
        self.broken: deque[Piece] = deque()
        self.before = head.length
        self.read_bytes = 0
        self.waiting = b"header\n"
        self.ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read some bytes, at most as many as asked for."""
        while not self.ended and (size < 0 or len(self.waiting) < size):
            data: bytes = self.stream.read(_CHUNK)
            self.read_bytes += len(data)
            self.ended = not data
            text = without_marks(self.decoder.decode(data, final=self.ended))
            skipped = min(self.before, len(text))
            self.before -= skipped
            self.waiting += self._sound(text[skipped:]).encode()
        size = len(self.waiting) if size < 0 else size
        given, self.waiting = self.waiting[:size], self.waiting[size:]
        return given

    def _sound(self, text: str) -> str:
        """The text with each line that has broken quotes replaced by one that Arrow refuses."""
        if self.rows is None:
            return text
        sound: list[str] = []
        endless = len(self.rows.waiting) > _BLOCK  # Arrow refuses such a row
        for piece in self.rows.pieces(text, final=self.ended or endless):
            if piece.broken:
                self.broken.append(piece)
            sound.append(f"{self.refused}\n" if piece.broken else piece.text)
        return "".join(sound)
