"""Finds what a library for values does not report: cells with errors, formulas never calculated, merged cells in ODS.

The sheets of both formats are XML in a ZIP file, which is read event by event. No entity is ever expanded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat
from zipfile import ZipFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Marks", "marks_of"]

_MOST_BYTES = 200_000_000
_SPECIAL = re.compile(rb't="e"|<(?:\w+:)?f[ >/]')
_CELL = re.compile("([A-Z]+)([0-9]+)")
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0|"
_VALUE_TYPE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0|value-type"
_SHOWN_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0|value-type"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships|id"


@dataclass(slots=True)
class Marks:
    """What is special about cells: their errors, and formulas without a value; merged areas of ODS, from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def marks_of(path: Path) -> dict[str, Marks]:
    """Return the marks of each sheet by its name; a format that is no ZIP file has none."""
    if path.suffix.lower() == ".xls":
        return {}
    with ZipFile(path) as book:
        names = set(book.namelist())
        if "content.xml" in names:
            return _of_ods(_bytes(book, "content.xml"))
        if "xl/workbook.xml" not in names:
            return {}
        return {name: _of_sheet(_bytes(book, part)) for name, part in _sheets(book).items() if part in names}


def _bytes(book: ZipFile, part: str) -> bytes:
    if book.getinfo(part).file_size > _MOST_BYTES:
        raise ValueError(part)
    return book.read(part)


def _parsed(
    data: bytes, start: Callable[[str, dict[str, str]], Any], end: Any = None, text: Any = None
) -> None:
    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text

    def refuse(*_: object) -> None:
        raise ValueError("DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)  # that is all there is
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None


def _sheets(book: ZipFile) -> dict[str, str]:
    """The parts of the sheets by name."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(name: str, values: dict[str, str]) -> None:
        if name.endswith("|Relationship"):
            target = values.get("Target", "")
            targets[values.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def sheet(name: str, values: dict[str, str]) -> None:
        if name.endswith("|sheet"):
            names[values.get("name", "")] = values.get(_RELATION, "")

    _parsed(_bytes(book, "xl/_rels/workbook.xml.rels"), relation)
    _parsed(_bytes(book, "xl/workbook.xml"), sheet)
    return {name: targets.get(relation_id, "") for name, relation_id in names.items()}


class _Cells:
    """The events of the cells of a sheet of XLSX."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.cell: tuple[int, int] | None = None
        self.error = self.formula = False
        self.inside = self.value = ""

    def start(self, name: str, values: dict[str, str]) -> None:
        """Begin an element."""
        self.inside = name.rpartition("|")[2]
        if self.inside == "c":
            self.cell, self.error = _position(values.get("r", "")), values.get("t") == "e"
            self.formula, self.value = False, ""
        elif self.inside == "f":
            self.formula = True

    def text(self, found: str) -> None:
        """Take the text of a value."""
        if self.inside in ("v", "t"):
            self.value += found

    def end(self, name: str) -> None:
        """End an element."""
        self.inside = ""
        if name.rpartition("|")[2] != "c" or self.cell is None:
            return
        if self.error:
            self.marks.errors[self.cell] = self.value or "#"
        elif self.formula and not self.value:
            self.marks.uncomputed.add(self.cell)


def _of_sheet(data: bytes) -> Marks:
    """The marks of a sheet of XLSX; most sheets have none, which a search shows quickly."""
    cells = _Cells()
    if _SPECIAL.search(data):
        _parsed(data, cells.start, cells.end, cells.text)
    return cells.marks


def _position(reference: str) -> tuple[int, int] | None:
    match = _CELL.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _of_ods(data: bytes) -> dict[str, Marks]:
    """The marks of all sheets of ODS; cells and rows can stand for several equal ones."""
    found: dict[str, Marks] = {}
    state: dict[str, Any] = {"marks": Marks(), "row": 0, "column": 0, "repeat": 1, "error": None}

    def start(name: str, values: dict[str, str]) -> None:
        if name == f"{_TABLE}table":
            state.update(row=0, marks=found.setdefault(values.get(f"{_TABLE}name", ""), Marks()))
        elif name == f"{_TABLE}table-row":
            state["row"] += state["repeat"] if state["row"] else 1
            state.update(column=0, repeat=int(values.get(f"{_TABLE}number-rows-repeated", "1")))
        elif name in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            _cell(state, values)

    def end(name: str) -> None:
        if name == f"{_TABLE}table-cell":
            state["error"] = None

    def text(said: str) -> None:
        if state["error"]:
            state["marks"].errors[state["error"]] += said

    _parsed(data, start, end, text)
    return found


def _cell(state: dict[str, Any], values: dict[str, str]) -> None:
    at = state["row"], state["column"] + 1
    state["column"] += int(values.get(f"{_TABLE}number-columns-repeated", "1"))
    across = int(values.get(f"{_TABLE}number-columns-spanned", "1"))
    down = int(values.get(f"{_TABLE}number-rows-spanned", "1"))
    if across > 1 or down > 1:
        first, start = at[0] - 1, at[1] - 1
        state["marks"].merged.append(((first, start), (first + down - 1, start + across - 1)))
    if values.get(_SHOWN_TYPE) == "error":
        state["marks"].errors[at] = ""
        state["error"] = at
    elif f"{_TABLE}formula" in values and _VALUE_TYPE not in values:
        state["marks"].uncomputed.add(at)
