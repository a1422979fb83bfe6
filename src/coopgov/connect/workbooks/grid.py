"""Reads the sheets of a workbook as grids of values, each at its row and column, with what the values do not show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.connect.workbooks.hidden_marks import Marks, marks_of
from coopgov.errors import InputError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase
from coopgov.optional import calamine, command
from coopgov.source.files import why_unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["MAX_BYTES", "Grid", "grids_of", "missing_library"]

MAX_BYTES = 50_000_000
_MOST_CELLS = 5_000_000


@dataclass(slots=True)
class Grid:
    """The values of a sheet by row and column, both from 1; blank cells have none."""

    sheet: str
    values: dict[tuple[int, int], Any] = field(default_factory=dict)
    height: int = 0
    width: int = 0
    marks: Marks = field(default_factory=Marks)
    spread: set[tuple[int, int]] = field(default_factory=set)
    """The cells that only have the value of the merged area they are in."""

    def row(self, number: int) -> dict[int, Any]:
        """The values of a row by column."""
        cells = ((column, self.values.get((number, column))) for column in range(1, self.width + 1))
        return {column: value for column, value in cells if value is not None}

    def turned(self) -> Grid:
        """The grid with rows for columns; its places are those of the other one, turned."""
        values = {(column, row): value for (row, column), value in self.values.items()}
        errors = {(column, row): code for (row, column), code in self.marks.errors.items()}
        formulas = {(column, row) for row, column in self.marks.uncomputed}
        spread = {(column, row) for row, column in self.spread}
        return Grid(self.sheet, values, self.width, self.height, Marks(errors, formulas), spread)


def grids_of(path: Path, name: str) -> list[Grid]:
    """Return the sheets of a workbook; formulas have their last values.

    Raises:
        InputError: it is no workbook, or is too large.
    """
    found = why_unreadable(path)
    if found:
        raise _fail(name, "unreadable-file", found, phrase("source.unreadable-file.expected"))
    if path.stat().st_size > MAX_BYTES:
        most = f"{MAX_BYTES:,}"
        raise _fail(
            name, "file-too-large", phrase("workbook.file.large", most=most), phrase("workbook.file.smaller")
        )
    calamine_or_fault(name)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        marks = marks_of(path)
        return [_grid(book.get_sheet_by_name(each), marks.get(each)) for each in book.sheet_names]
    except Exception:  # noqa: BLE001  # whatever a library says about a broken file, it cannot be read
        found = phrase("workbook.file.unreadable")
        raise _fail(name, "not-a-workbook", found, phrase("workbook.file.expected")) from None


def calamine_or_fault(name: str) -> None:
    """Make sure of the library that reads workbooks.

    Raises:
        InputError: it is not installed; the hint says how to install it.
    """
    try:
        calamine.CalamineWorkbook  # noqa: B018  # imported on first use
    except ModuleNotFoundError:
        raise missing_library(name, "python-calamine") from None


def missing_library(name: str, library: str) -> InputError:
    """Return the error of a library for workbooks that is not installed."""
    found, expected = phrase("workbook.library.found", library=library), phrase("workbook.library.expected")
    hint = phrase("workbook.library.hint", command=command("excel"))
    return InputError([Fault(Place(name, 1, 1), "missing-library", found, expected, hint)])


def _fail(name: str, code: str, found: Any, expected: Any) -> InputError:
    return InputError([Fault(Place(name, 1, 1), code, found, expected)])


def _grid(sheet: Any, marks: Marks | None) -> Grid:
    grid = Grid(sheet.name, marks=marks or Marks())
    if sheet.start is None or sheet.end is None:
        return grid
    (top, left), (bottom, right) = sheet.start, sheet.end
    if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        raise ValueError
    for row, cells in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        for column, value in enumerate(cells, left + 1):
            if value != "" and value is not None:
                grid.values[row, column] = value
    for (first, start), (last, end) in [*(sheet.merged_cell_ranges or ()), *grid.marks.merged]:
        value = grid.values.get((first + 1, start + 1))
        if value is not None and (last - first + 1) * (end - start + 1) <= _MOST_CELLS:
            for at in _area(first, start, last, end):
                if at not in grid.values:
                    grid.spread.add(at)
                grid.values[at] = value
    marked = [*grid.values, *grid.marks.errors, *grid.marks.uncomputed]
    grid.height = max((row for row, _ in marked), default=0)
    grid.width = max((column for _, column in marked), default=0)
    return grid


def _area(first: int, start: int, last: int, end: int) -> Iterator[tuple[int, int]]:
    for row in range(first + 1, last + 2):
        for column in range(start + 1, end + 2):
            yield row, column
