"""Reads the sheets of a workbook into the tree of an agreement, in which every value knows its cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coopgov.connect.workbooks.document import SheetDocument, moved
from coopgov.connect.workbooks.headers import HIDDEN, header_of, is_vertical
from coopgov.connect.workbooks.several import SEVERAL, entries_of, several
from coopgov.connect.workbooks.tables import ESCAPE, MORE
from coopgov.errors import InputError
from coopgov.faults import NO_HINT, Fault, Place
from coopgov.locales import phrase
from coopgov.schema.forms import narrow
from coopgov.schema.problems import quoted, shown
from coopgov.schema.quantities import share_text
from coopgov.source import Listing, Mapping, Scalar, read_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Map

    from coopgov.connect.workbooks.grid import Grid
    from coopgov.connect.workbooks.headers import Header
    from coopgov.connect.workbooks.tables import Column, Table
    from coopgov.locales import Phrase
    from coopgov.source import Node

__all__ = ["Row", "Sheets", "read_sheets"]

_SHARE = re.compile(r"0\.[0-9]+")
"""A number below 1 in a text, which spreadsheets turn into a percentage where it is typed."""


@dataclass(slots=True)
class Row:
    """A row that was read: the node of its values, and its cells by key."""

    node: Mapping
    cells: dict[str, Scalar]

    def text(self, key: str) -> str:
        """The text of a cell, empty for a blank one."""
        found = self.cells.get(key)
        return found.text.strip() if found else ""


@dataclass(slots=True)
class Sheets:
    """The rows of all sheets by table, in the order of the sheets, and what is wrong with cells."""

    document: SheetDocument
    rows: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    own: list[tuple[str, str]] = field(default_factory=list)
    """Columns of the user's own: the table and the title of each."""


def read_sheets(grids: list[Grid], name: str) -> Sheets:
    """Read all sheets that are coopgov's; others are left alone."""
    sheets = Sheets(SheetDocument(name, (), Mapping(1, 1)))
    for grid in grids:
        if grid.sheet == HIDDEN:
            continue
        turned = is_vertical(grid)
        used = grid.turned() if turned else grid
        header = header_of(used)
        if header is not None:
            _Reader(sheets, used, header, turned=turned).read()
    return sheets


@dataclass(frozen=True, slots=True)
class _Target:
    """A column of the sheet: where it is, and where the values of its cells go."""

    at: int
    key: str
    column: Column | None
    path: tuple[str, ...]
    step: str = ""
    """The key of the value in a dated entry, `on` for that of its day."""

    @classmethod
    def of(cls, at: int, key: str, table: Table) -> _Target:
        """The target of a column with a key."""
        plain, _, part = key.partition(":")
        column = table.column(plain) or table.column(plain.removesuffix(".on"))
        if plain in table.parents and not part:
            return cls(at, key, column, ())
        if column is not None and column.bare:
            step = "on" if plain == f"{column.key}.on" else column.bare
            return cls(at, key, column, (column.key,), step)
        return cls(at, key, column, (*plain.split("."), *([part] if part else [])))


class _Reader:
    """Reads one sheet."""

    def __init__(self, sheets: Sheets, grid: Grid, header: Header, *, turned: bool) -> None:
        self.sheets, self.grid, self.header, self.turned = sheets, grid, header, turned
        self.table: Table = header.table
        self.document = sheets.document
        self.base = self.document.begin(grid.sheet, turned=turned)
        self.places = {key: at for at, key in header.columns.items()}
        self.marked = {*grid.marks.errors, *grid.marks.uncomputed}
        self.names: dict[str, Scalar] = {}
        self.below: dict[tuple[int, str], dict[str, int]] = {}

    def read(self) -> None:
        """Read all rows below the header; blank ones are left out."""
        self._own_columns()
        self.places = {key: at for at, key in self.header.columns.items()}
        rows = self.sheets.rows.setdefault(self.table.name, [])
        marked = {row for row, _ in self.marked}
        filled = {row for row, _ in self.grid.values.keys() - self.grid.spread} | marked
        plan = [_Target.of(at, key, self.table) for at, key in sorted(self.header.columns.items())]
        for number in sorted(each for each in filled if each > self.header.row):
            row = self._row(number, plan)
            if row.cells or number in marked:
                rows.append(row)
        if self.turned and not rows:
            rows.append(self._row(self.header.row + 1, plan))  # so that what is missing has a place

    def _own_columns(self) -> None:
        """Columns that a user added are kept as own values; a title that is nearly one of coopgov's is a fault."""
        custom = self.table.column("custom")
        for at, (title, near) in self.header.unknown.items():
            if near:
                hint = phrase("common.did-you-mean", near=near)
                self._fault(
                    self.header.row, at, "unknown-header", quoted(title), phrase("workbook.title"), hint
                )
            elif custom is None:
                if any(
                    (row, at) in self.grid.values for row in range(self.header.row + 1, self.grid.height + 1)
                ):
                    expected = phrase("workbook.no-own-columns")
                    self._fault(self.header.row, at, "unknown-header", quoted(title), expected)
            else:
                name = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in title)
                self.header.columns[at] = f"custom:{name.strip('-_.') or 'x'}"
                self.sheets.own.append((self.table.name, title))
        for at in self.header.repeated:
            found = quoted(self.header.columns[at])
            self._fault(self.header.row, at, "column-repeats", found, phrase("workbook.one-column"))

    def _row(self, number: int, plan: list[_Target]) -> Row:
        values = self.grid.values
        cells: dict[str, Scalar] = {}
        found: list[tuple[_Target, Scalar]] = []  # the columns of the sheet, in their order
        for target in plan:
            at = number, target.at
            if at in self.marked:
                self._marked(*at)
            elif (value := values.get(at)) is not None and (text := _text(value, target.column)):
                line, place = (
                    (self.base + target.at, number) if self.turned else (self.base + number, target.at)
                )
                cell = cells[target.key] = Scalar(text, line, place, "'")
                found.append((target, cell))
        first = min(self.header.columns, default=1)
        line, place = (self.base + first, number) if self.turned else (self.base + number, first)
        node = Mapping(line, place)
        self.document.blanks[id(node)] = (self.base + number, self.places)
        for target, cell in found:
            self._put(node, target, cell)
        return Row(node, cells)

    def _marked(self, number: int, at: int) -> None:
        error = self.grid.marks.errors.get((number, at))
        if error is not None:
            self._fault(number, at, "error-cell", quoted(error), phrase("workbook.no-error"))
        else:
            found, hint = phrase("workbook.uncomputed.found"), phrase("workbook.uncomputed.hint")
            self._fault(
                number, at, "formula-without-value", found, phrase("workbook.uncomputed.expected"), hint
            )

    def _fault(
        self, row: int, at: int, code: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT
    ) -> None:
        line, column = (at, row) if self.turned else (row, at)
        place = Place(self.document.file, line, column, self.grid.sheet)
        self.sheets.faults.append(Fault(place, code, found, expected, hint))

    def _put(self, node: Mapping, target: _Target, cell: Scalar) -> None:
        """Put the value of a cell where its column says."""
        value = self._value(cell, target.column)
        if value is None:
            return
        if target.key == MORE:
            if isinstance(value, Mapping):
                _merge(node, value)
        elif target.step and (isinstance(value, Scalar) or target.step == "on"):
            self._dated(node, target, value)
        elif target.path:
            self._set(node, target.path, cell, value)

    def _dated(self, node: Mapping, target: _Target, value: Node) -> None:
        (key,), step = target.path, target.step
        name, entry = node.entries.get(key, (None, None))
        if isinstance(entry, Listing):
            place, expected = self.document.place(value), phrase("workbook.day-once")
            self.sheets.faults.append(Fault(place, "text-twice", shown(_said(value)), expected))
            return
        if step == "on" and isinstance(entry, Scalar):
            return
        if not isinstance(entry, Mapping):
            entry = Mapping(value.line, value.column)
            node.entries[key] = (name or self._named(key), entry)
            row, places = self.document.blanks[id(node)]
            bare = target.column.bare if target.column else target.step
            below = self._kept(places, key, lambda: {bare: places.get(key, 1), **places})
            self.document.blanks[id(entry)] = (row, below)
        entry.entries[step] = (self._named(step), value)

    def _set(self, node: Mapping, path: tuple[str, ...], cell: Scalar, value: Node) -> None:
        *above, last = path
        for step in above:
            _, below = node.entries.get(step, (None, None))
            if not isinstance(below, Mapping):
                if below is not None:
                    self._twice(cell)
                    return
                inner = Mapping(cell.line, cell.column)
                self._blanks_below(node, inner, step)
                node.entries[step] = (self._named(step), inner)
                below = inner
            node = below
        if isinstance(value, Scalar) and isinstance(node.entries.get(last, (None, None))[1], Mapping):
            self._twice(cell)
            return
        node.entries[last] = (self._named(last), value)

    def _blanks_below(self, node: Mapping, inner: Mapping, step: str) -> None:
        """Let the keys below a key have the cells of their columns, such as `end` of `planned.end`."""
        row, places = self.document.blanks.get(id(node), (0, {}))
        start = f"{step}."
        below = self._kept(
            places,
            start,
            lambda: {key[len(start) :]: at for key, at in places.items() if key.startswith(start)},
        )
        if below:
            self.document.blanks[id(inner)] = (row, below)

    def _kept(self, places: Map[str, int], name: str, make: Callable[[], dict[str, int]]) -> dict[str, int]:
        """The columns below a key, made once for all rows."""
        key = id(places), name  # safe by identity: the document keeps the columns alive
        if key not in self.below:
            self.below[key] = make()
        return self.below[key]

    def _named(self, key: str) -> Scalar:
        """The node of a key, which has no place of its own."""
        if key not in self.names:
            self.names[key] = Scalar(key, self.base + 1, 1)
        return self.names[key]

    def _twice(self, cell: Scalar) -> None:
        place = self.document.place(cell)
        expected = phrase("workbook.text-once")
        self.sheets.faults.append(Fault(place, "text-twice", shown(cell.text), expected))

    def _value(self, cell: Scalar, column: Column | None) -> Node | None:
        if cell.text.startswith(ESCAPE):
            return self._yaml(cell)
        if column is None:
            return cell
        if column.form in SEVERAL:
            return several(column.form, cell)
        return entries_of(cell, column.bare) if column.bare else cell

    def _yaml(self, cell: Scalar) -> Node | None:
        text = cell.text.removeprefix(ESCAPE).strip()
        try:
            found = read_document(text, self.document.file)
        except InputError as error:
            place = self.document.place(cell)
            self.sheets.faults += [
                Fault(place, each.code, each.found, each.expected, each.hint) for each in error.faults
            ]
            return None
        return moved(found.root, cell)


def _said(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _merge(node: Mapping, more: Mapping) -> None:
    for key, (name, value) in more.entries.items():
        _, mine = node.entries.get(key, (None, None))
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            _merge(mine, value)
        else:
            node.entries.setdefault(key, (name, value))


def _text(value: Any, column: Column | None) -> str:
    """The text of the value of a cell, as a file would spell it."""
    if value.__class__ is str:
        plain = str(value.strip())
        is_share = column is not None and column.form == "share" and _SHARE.fullmatch(narrow(plain))
        return share_text(Decimal(narrow(plain))) if is_share else plain
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        number = Decimal(repr(value))
        share = column is not None and column.form == "share"
        if share and abs(number) <= 1:
            return share_text(number.normalize() if number else Decimal(0))
        return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"
    return str(value).strip()
