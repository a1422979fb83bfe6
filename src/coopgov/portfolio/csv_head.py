"""Read the beginning of a CSV file: its encoding, its separator and the names of its columns.

The columns that a mapping file names show which separator the file uses, and which encoding if the stated one is wrong.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.locales import phrase
from coopgov.optional import pa
from coopgov.portfolio.encodings import BROKEN, candidates, chosen, decoded
from coopgov.portfolio.sources import reported, table_fault
from coopgov.source import LINE_BREAK, QuotedRows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from coopgov.portfolio.mapping import CsvEntry

__all__ = ["Head", "opened", "read_head"]

_BYTES = 1_000_000
"""The number of bytes within which the header must end."""
_SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[\t !#-/:-@\[-`{-~])"?(?:\r\n|[\r\n]|\Z)', re.IGNORECASE)
"""A first line with which a file gives a spreadsheet its separator."""
_EMPTY_LINES = re.compile(r"[\r\n]*")


@dataclass(frozen=True, slots=True)
class Head:
    """What the rows of a file are read by; `length` is how many characters come before the first, `line` its line."""

    encoding: str
    separator: str
    headers: tuple[str, ...]
    length: int
    line: int
    broken: bool = False
    """Whether a quote of the header is in the wrong place."""
    likely: str = ""
    """Another encoding that the file can be in, where some bytes are no letters of this one."""

    def found(self, wanted: frozenset[str]) -> int:
        """How many of the wanted columns the header has."""
        return len(wanted & {" ".join(each.split()) for each in self.headers})


def read_head(path: Path, entry: CsvEntry, wanted: Sequence[str]) -> Head:
    """Read the beginning of a file; `wanted` are columns that its header should have.

    Raises:
        MappingError: it cannot be read, is in another encoding, or has no header.
    """
    data = _beginning(path)
    names = frozenset(" ".join(name.split()) for name in wanted)
    encoding = chosen(entry.encoding, data)
    text = decoded(data, encoding)
    head = _best(text, encoding, entry, names)
    if head.found(names) < len(names) or BROKEN in text or "\x00" in text:
        others = [each for each in candidates(data) if codecs.lookup(each) != codecs.lookup(encoding)]
        heads = [_best(decoded(data, each), each, entry, names) for each in others]
        _make_sure_of_encoding(path, text, head, heads, entry, names)
        head = replace(head, likely=others[0] if others and BROKEN in text else "")
    if head.broken:
        found = phrase("portfolio.table.quote-in-header", line=head.line)
        expected, hint = phrase("portfolio.table.quotes-around"), phrase("portfolio.table.quotes-hint")
        raise table_fault(str(path), "broken-quotes", found, expected, hint)
    if not any(each.strip() for each in head.headers):
        found, expected = phrase("common.nothing"), phrase("portfolio.table.header-needed")
        raise table_fault(str(path), "empty-file", found, expected)
    return head


def opened(path: Path) -> Any:
    """The bytes of a file, decompressed according to its extension.

    Raises:
        MappingError: it cannot be opened.
    """
    try:
        return pa.input_stream(str(path), compression="detect")
    except OSError as error:
        missing = phrase("portfolio.file.no-such-file")
        found = missing if isinstance(error, FileNotFoundError) else reported(error)
        expected = phrase("portfolio.file.to-read")
        raise table_fault(str(path), "unreadable-file", found, expected) from None


def _beginning(path: Path) -> bytes:
    with opened(path) as stream:
        try:
            data: bytes = stream.read(_BYTES)
        except OSError as error:
            expected = phrase("portfolio.file.whole")
            raise table_fault(str(path), "unreadable-file", reported(error), expected) from None
    return data


def _best(text: str, encoding: str, entry: CsvEntry, wanted: frozenset[str]) -> Head:
    """The header by the separator with which most of the wanted columns are found, and most columns."""
    stated = _SEPARATOR_LINE.match(text)
    start = stated.end() if stated else 0
    separators = [entry.separator] if entry.separator else [stated["separator"]] if stated else _SEPARATORS
    heads = [_header(text, start, encoding, each, quotes=entry.quotes) for each in separators]
    return max(heads, key=lambda head: (head.found(wanted), len(head.headers)))


def _header(text: str, start: int, encoding: str, separator: str, *, quotes: bool) -> Head:
    empty = _EMPTY_LINES.match(text, start)
    assert empty is not None
    begin = empty.end()
    rows = QuotedRows(separator, columns=len(text))  # a line of the header is not a row
    end = rows.row_end(text, begin, len(text)) if quotes else _line_end(text, begin)
    broken = text[end : end + 1] not in ("", "\r", "\n")
    end = _line_end(text, begin) if broken else end
    lines = io.StringIO(text[begin:end], newline="")
    try:
        headers = next(
            csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE),
            [],
        )
    except csv.Error:
        headers = [text[begin:end]]  # a name of more than 131,072 characters
    after = LINE_BREAK.match(text, end)
    length = after.end() if after else end
    line = 1 + len(LINE_BREAK.findall(text, 0, begin if broken else length))
    return Head(encoding, separator, tuple(headers), length, line, broken)


def _line_end(text: str, begin: int) -> int:
    found = LINE_BREAK.search(text, begin)
    return found.start() if found else len(text)


def _make_sure_of_encoding(
    path: Path, text: str, head: Head, others: Sequence[Head], entry: CsvEntry, wanted: frozenset[str]
) -> None:
    """Report one fault, not one for each cell, if even the header is in another encoding."""
    better = max(others, key=lambda each: each.found(wanted), default=head)
    if better.found(wanted) <= head.found(wanted) and not _is_foreign(head, wanted):
        return
    found = phrase(f"portfolio.file.{'zero-bytes' if chr(0) in text else 'other-encoding'}")
    expected = phrase("portfolio.file.in-encoding", encoding=entry.encoding)
    stated = phrase("portfolio.file.write-encoding", encoding=better.encoding)
    hint = stated if others else phrase("portfolio.file.export")
    raise table_fault(str(path), "encoding", found, expected, hint)


def _is_foreign(head: Head, wanted: frozenset[str]) -> bool:
    """Whether a text is not in the encoding of its head, and not only damaged in some cells."""
    damaged = any(sign in name for name in head.headers for sign in (BROKEN, "\x00"))
    return damaged and head.found(wanted) < len(wanted)
