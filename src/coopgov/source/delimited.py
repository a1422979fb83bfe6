"""Reads CSV as spreadsheets save it: each cell becomes a scalar with its line and column.

A BOM is dropped. The separator is a comma, a semicolon (where commas are decimal) or a tab; a first line such as
`sep=;` sets it. A quoted cell may contain separators, line breaks and doubled quotes, but no whole line that could be a
row. Blank lines and lines of empty cells are skipped. A quote inside a cell that does not begin with one is an ordinary
character, since texts in conditions are quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.errors import InputError
from coopgov.faults import NO_HINT, Fault, Place
from coopgov.locales import phrase
from coopgov.source.csv_rows import LINE_BREAK, could_be_row
from coopgov.source.files import file_bytes
from coopgov.source.nodes import CSV_QUOTED, Document, Listing, Scalar
from coopgov.source.read import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopgov.locales import Phrase

__all__ = ["read_cells", "read_csv"]

_DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r'"?sep=([\t !#-/:-@\[-`{-~])"?', re.IGNORECASE)
"""A first line that sets the separator for spreadsheet programs."""


def read_csv(path: Path, name: str, column: str) -> Document:
    """Read a CSV file; faults call it `name`. A separator is right if the header row then has this `column`.

    Raises:
        InputError: the file cannot be read, or is not CSV in UTF-8.
    """
    return read_cells(file_bytes(path, name), name, column)


def read_cells(data: bytes | str, name: str, column: str) -> Document:
    """Read the text of a CSV file into a list of rows, each a list of scalars."""
    lines = LINE_BREAK.split(decoded(data, name).removeprefix("\ufeff"))
    stated = _SEPARATOR_LINE.fullmatch(lines[0])
    first = 1 if stated else 0
    readers = [_Reader(name, lines, each, first) for each in (stated[1] if stated else _DELIMITERS)]
    reader = next((each for each in readers if column in each.header()), None)
    reader = reader or max(readers, key=lambda each: len(each.header()))
    rows = list(reader.rows())
    if reader.faults:
        raise InputError(reader.faults)
    if not rows:
        found, expected = phrase("common.nothing"), phrase("source.csv.expected")
        raise InputError([Fault(Place(name, 1, 1), "empty-file", found, expected)])
    return Document(name, lines, Listing(1, 1, list(rows)))


class _Reader:
    """Splits lines into cells by one separator."""

    def __init__(self, name: str, lines: list[str], delimiter: str, first: int) -> None:
        self.name = name
        self.lines = lines
        self.delimiter = delimiter
        self.first = first
        self.line = 0
        self.at = 0
        self.columns = 0
        self.faults: list[Fault] = []

    def header(self) -> list[str]:
        """The cells of the first row, in lower case; empty where that row is broken."""
        first = next(self.rows(), Listing(1, 1))
        broken = any(each.place.line <= first.line for each in self.faults)
        return [] if broken else [cell.text.lower() for cell in first.items if isinstance(cell, Scalar)]

    def rows(self) -> Iterator[Listing]:
        """Yield the rows that are not empty; a line with broken quotes becomes a fault and spares the other lines."""
        self.line, self.columns = self.first, 0
        self.faults = []
        while self.line < len(self.lines):
            line = self.line
            try:
                cells = self._row()
            except _BrokenQuotesError as error:
                self.faults.append(error.fault)
                self.line = line + 1
                continue
            if any(cell.text for cell in cells):
                self.columns = self.columns or len(cells)
                yield Listing(cells[0].line, cells[0].column, list(cells))

    def _row(self) -> list[Scalar]:
        self.at = 0
        cells = [self._cell()]
        while self.at < len(self.lines[self.line]):
            self.at += 1  # the separator
            cells.append(self._cell())
        self.line += 1
        return cells

    def _cell(self) -> Scalar:
        line = self.lines[self.line]
        end = line.find(self.delimiter, self.at)
        end = len(line) if end < 0 else end
        raw = line[self.at : end]
        column = self.at + len(raw) - len(raw.lstrip())
        if raw.lstrip().startswith('"'):
            return self._quoted(column)
        self.at = end
        return Scalar(raw.strip(), self.line + 1, column + 1)

    def _quoted(self, column: int) -> Scalar:
        line, parts = self.line + 1, []
        self.at = column + 1
        while True:
            text = self.lines[self.line]
            end = text.find('"', self.at)
            if end < 0:
                parts.append(text[self.at :] + "\n")
                self._next_line(line, column)
            elif text[end + 1 : end + 2] == '"':
                parts.append(text[self.at : end + 1])
                self.at = end + 2
            else:
                parts.append(text[self.at : end])
                self._close(end + 1)
                return Scalar("".join(parts), line, column + 1, CSV_QUOTED)

    def _next_line(self, line: int, column: int) -> None:
        whole = self.line >= line and self.columns > 0
        swallowed = whole and could_be_row(self.lines[self.line], self.delimiter, self.columns)
        self.line, self.at = self.line + 1, 0
        if swallowed or self.line == len(self.lines):
            found, expected = phrase("source.broken-quotes.open"), phrase("source.broken-quotes.closing")
            self._fault(line, column + 1, found, expected)

    def _close(self, after: int) -> None:
        text = self.lines[self.line]
        rest = text[after:].lstrip(" ")
        self.at = len(text) - len(rest)
        if rest and not rest.startswith(self.delimiter):
            found, expected = (
                phrase("source.broken-quotes.after", letter=rest[0]),
                phrase("source.broken-quotes.next"),
            )
            self._fault(self.line + 1, self.at + 1, found, expected, phrase("source.broken-quotes.hint"))

    def _fault(self, line: int, column: int, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT) -> None:
        place, source = Place(self.name, line, column), self.lines[line - 1]
        fault = Fault(place, "broken-quotes", found, expected, hint, source)
        raise _BrokenQuotesError(fault)


class _BrokenQuotesError(Exception):
    """A quote in the wrong place; the reader catches it and keeps the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault
