"""Small workbooks of an agreement, as anybody could write them, in XLSX and ODS."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

import pytest

from coopgov.connect.workbooks.headers import column_title, sheet_title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs XlsxWriter: pip install coopgov[excel]")

__all__ = ["TASK", "TASKS", "Formula", "Sheet", "book", "sheets"]

Cells = dict[tuple[int, int], Any]
Area = tuple[int, int, int, int]

TASKS = (
    "phase", "id", "name", "owner", "planned.start", "planned.end", "actual.start", "status", "progress", "load",
)  # fmt: skip
TASK = (
    "p", "a", "Dig", "project-manager", date(2026, 2, 2), date(2026, 3, 31), date(2026, 2, 3), "in progress", 0.6, 0.5,
)  # fmt: skip
_AGREEMENT = {
    "id": "t",
    "title": "T",
    "currency": "CNY",
    "term.start": date(2026, 1, 5),
    "term.end": date(2026, 12, 31),
}
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_MANIFEST = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'


class Formula:
    """A formula with its last value: an error begins with `#`, and one that was never calculated is empty."""

    def __init__(self, text: str, value: float | str) -> None:
        self.text, self.value = text, value


class Sheet:
    """A sheet of cells, both counted from 1: the row of keys, the row of titles, and rows of values."""

    def __init__(self, table: str, keys: tuple[str, ...], *rows: tuple[Any, ...], language: str) -> None:
        self.name, self.hidden = sheet_title(table, language), False
        self.merged: list[Area] = []
        self.cells: Cells = {}
        for at, key in enumerate(keys, 1):
            self.cells[1, at] = f"{table}/{key}"
            self.cells[2, at] = column_title(table, key, language)
        for number, row in enumerate(rows, 3):
            self.cells |= {(number, at): value for at, value in enumerate(row, 1)}

    def move(self, rows: int, columns: int) -> None:
        """Move everything down and to the right."""
        self.cells = {(row + rows, column + columns): value for (row, column), value in self.cells.items()}


def sheets(*tasks: tuple[Any, ...], language: str = "zh-Hans") -> list[Sheet]:
    """An agreement, its party, a phase, and tasks."""
    whole = Sheet("agreement", (), language=language)
    for number, (key, value) in enumerate(_AGREEMENT.items(), 4):
        title = column_title("agreement", key, language)
        whole.cells |= {(number, 1): f"agreement/{key}", (number, 2): title, (number, 3): value}
    phase = ("p", date(2026, 1, 5), date(2026, 6, 30))
    return [
        whole,
        Sheet("parties", ("id",), ("port",), language=language),
        Sheet("phases", ("id", "planned.start", "planned.end"), phase, language=language),
        Sheet("tasks", TASKS, *(tasks or (TASK,)), language=language),
    ]


def book(path: Path, found: list[Sheet], **options: Any) -> Path:
    """Write sheets to a file, in the format of its ending; options are those of XlsxWriter."""
    path.write_bytes(_ods(found) if path.suffix == ".ods" else _xlsx(found, options))
    return path


def _xlsx(found: list[Sheet], options: dict[str, Any]) -> bytes:
    data = BytesIO()
    made = xlsxwriter.Workbook(data, {"strings_to_formulas": False, **options})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in found:
        page = made.add_worksheet(sheet.name)
        if sheet.hidden:
            page.hide()
        for first, left, last, right in sheet.merged:
            page.merge_range(first - 1, left - 1, last - 1, right - 1, "")
        for (row, column), value in sheet.cells.items():
            if isinstance(value, date):
                page.write_datetime(row - 1, column - 1, value, day)
            elif isinstance(value, Formula):
                page.write_formula(row - 1, column - 1, value.text, None, value.value)
            elif value is not None:
                page.write(row - 1, column - 1, value)
    made.close()
    return data.getvalue()


def _ods(found: list[Sheet]) -> bytes:
    tables = "".join(
        f"<table:table table:name={quoteattr(each.name)}>{''.join(_rows(each))}</table:table>"
        for each in found
    )
    content = (
        f'<office:document-content {_SPACES} {_CALC} office:version="1.3"><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    data = BytesIO()
    with ZipFile(data, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", f"<manifest:manifest {_MANIFEST}/>")
        made.writestr("content.xml", content)
    return data.getvalue()


def _rows(sheet: Sheet) -> Iterator[str]:
    """The rows of a sheet; blank rows and cells before a filled one are one that is repeated."""
    spans = {(first, left): (last - first + 1, right - left + 1) for first, left, last, right in sheet.merged}
    filled = sorted((at, value) for at, value in sheet.cells.items() if value is not None)
    before = 0
    for row, cells in groupby(sorted(filled, key=lambda cell: cell[0]), key=lambda cell: cell[0][0]):
        if row - before > 1:
            blank = f'table:number-rows-repeated="{row - before - 1}"'
            yield f"<table:table-row {blank}><table:table-cell/></table:table-row>"
        yield "<table:table-row>"
        left = 0
        for (_, column), value in cells:
            if column - left > 1:
                yield f'<table:table-cell table:number-columns-repeated="{column - left - 1}"/>'
            down, across = spans.get((row, column), (1, 1))
            span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
            yield _cell(value, span if down * across > 1 else "")
            left = column
        yield "</table:table-row>"
        before = row


def _cell(value: Any, span: str) -> str:
    formula = ""
    if isinstance(value, Formula):
        formula, value = f" table:formula={quoteattr('of:' + value.text)}", value.value
        if value == "":
            return f"<table:table-cell{span}{formula}/>"
    kind, text = _typed(value)
    return f"<table:table-cell{span}{formula} {kind}><text:p>{escape(text)}</text:p></table:table-cell>"


def _typed(value: Any) -> tuple[str, str]:
    if isinstance(value, date):
        day = value.isoformat()
        return f'office:value-type="date" office:date-value="{day}"', day
    if isinstance(value, int | float):
        return f'office:value-type="float" office:value="{value}"', str(value)
    if value.startswith("#"):
        return 'office:value-type="string" calcext:value-type="error"', value
    return 'office:value-type="string"', value
