"""Splits a CSV text into rows by its quotes: sound rows in blocks, and lines with broken quotes one by one.

A quoted cell begins at the beginning of a cell, and ends at a quote before a separator or the end of a line; quotes
inside it are doubled. It can hold line breaks. But if one of its whole lines could be a row itself, a closing quote is
missing. A quote is also missing if every line of a row of several lines could be a row. This last test needs three
columns or more, because with two, any line with one comma, such as an address, looks like a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LINE_BREAK", "LONGEST_ROW", "Piece", "QuotedRows", "could_be_row"]

LONGEST_ROW = 1_000_000
"""The longest row, in characters: a quote that is not closed within it is broken."""
LINE_BREAK = re.compile(r"\r\n|[\r\n]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a CSV text and its first line number: sound rows, or one line with broken quotes."""

    text: str
    line: int
    broken: bool = False


class QuotedRows:
    r"""Splits a CSV text that arrives in parts; `columns` is the number of cells in a row, `line` the first line's.

    >>> rows = QuotedRows(",", columns=2)
    >>> [(each.text, each.line, each.broken) for each in rows.pieces('a,"1\n2"\nb,"x" y\nc,3', final=True)]
    [('a,"1\n2"\n', 1, False), ('b,"x" y\n', 3, True), ('c,3', 4, False)]
    """

    def __init__(self, separator: str, columns: int, line: int = 1) -> None:
        self.separator = separator
        self.columns = columns
        self.line = line
        self.waiting = ""
        mark = re.escape(separator)
        quoted = r'"[^"]*+(?:""[^"]*+)*"(?!")'
        cell = rf'(?:{quoted}|[^{mark}\r\n"]*)'
        self.row = re.compile(rf"{cell}(?:{mark}{cell})*")
        self.quoted = re.compile(rf"(?<![^{mark}\r\n]){quoted}")
        inside = r'[^"\r\n]*'
        self.plain = re.compile(rf'(?<![^{mark}\r\n])"{inside}(?:""{inside})*"(?=[{mark}\r\n]|\Z)')

    def pieces(self, text: str, *, final: bool) -> Iterator[Piece]:
        """Yield the rows that this part of the text completes; `final` marks the last part."""
        text = self.waiting + text
        end = len(text) if final else _whole_lines(text)
        start = at = 0
        if text.find('"', 0, end) >= 0 and '"' not in self.plain.sub("", text[:end]):
            at = end  # the usual case, found by one regular expression: every quoted cell is sound and within a line
        while (quote := text.find('"', at, end)) >= 0:
            begin = max(at, text.rfind("\n", at, quote) + 1, text.rfind("\r", at, quote) + 1)
            at = self.row_end(text, begin, end)
            if self._is_sound(text, begin, at, end):
                continue
            if not final and self._is_open(text, begin, at, end):
                end = begin
                break
            line = LINE_BREAK.search(text, begin, end)
            at = end if line is None else line.end()
            yield from self._piece(text[start:begin])
            yield from self._piece(text[begin:at], broken=True)
            start = at
        yield from self._piece(text[start:end])
        self.waiting = text[end:]

    def _piece(self, text: str, *, broken: bool = False) -> Iterator[Piece]:
        if text:
            yield Piece(text, self.line, broken)
            self.line += text.count("\n") + text.count("\r") - text.count("\r\n")

    def row_end(self, text: str, begin: int, end: int) -> int:
        """Where the row that begins there ends, or its first impossible character."""
        match = self.row.match(text, begin, end)
        assert match is not None
        return match.end()

    def _is_sound(self, text: str, begin: int, stop: int, end: int) -> bool:
        if stop < end and text[stop] not in "\r\n":
            return False
        if LINE_BREAK.search(text, begin, stop) is None:
            return True
        lines = LINE_BREAK.split(text[begin:stop])
        cells = [each[0] for each in self.quoted.finditer(text, begin, stop)]
        if self.columns > 2 and all(line.count(self.separator) == self.columns - 1 for line in lines):
            return False
        whole = all(self._could_be_row(line) for line in (lines[0], lines[-1]))
        return not any(self._swallows(cell) or (whole and self._is_pair(cell)) for cell in cells)

    def _is_open(self, text: str, begin: int, stop: int, end: int) -> bool:
        """Whether a quoted cell is open there that later text may still close."""
        begins = stop == begin or text[stop - 1] == self.separator
        return begins and end - stop < LONGEST_ROW and not self._swallows(text[stop:end])

    def _swallows(self, cell: str) -> bool:
        """Whether a quoted cell contains a whole line that could be a row: then its closing quote is missing."""
        return any(map(self._could_be_row, LINE_BREAK.split(cell)[1:-1]))

    def _could_be_row(self, line: str) -> bool:
        return could_be_row(line, self.separator, self.columns)

    def _is_pair(self, cell: str) -> bool:
        """Whether both quotes may be cells of their own, as ditto marks in two rows are."""
        around = f"{self.separator}\r\n"
        return cell[1] in around and cell[-2] in around


def could_be_row(line: str, separator: str, columns: int) -> bool:
    """Whether a line has enough separators for a row of that many columns."""
    return line.count(separator) >= max(1, columns - 1)


def _whole_lines(text: str) -> int:
    """Where the last complete line ends; a final carriage return does not count, since a line feed may follow it."""
    return max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
