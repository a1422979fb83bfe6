"""Writes the workbook of a whole agreement, with its data or empty."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from coopgov.connect.workbooks.grid import missing_library
from coopgov.connect.workbooks.headers import HIDDEN, sheet_title
from coopgov.connect.workbooks.rows import rows_of
from coopgov.connect.workbooks.sheet import Sheet, write_sheet
from coopgov.connect.workbooks.styles import Styles
from coopgov.connect.workbooks.tables import MORE, TABLES, Table
from coopgov.connect.workbooks.values import cells_of, said
from coopgov.connect.workbooks.words import write_words
from coopgov.model import plain_agreement
from coopgov.model.team import STANDARD_ROLES
from coopgov.optional import xlsxwriter

if TYPE_CHECKING:
    from coopgov.model import Agreement

__all__ = ["empty_workbook", "new_book", "owners_of", "workbook_of"]

_EMPTY: dict[str, Any] = {"coopgov": "agreement/1"}


def workbook_of(agreement: Agreement, language: str) -> bytes:
    """Return the workbook of an agreement as the bytes of an XLSX file."""
    return _workbook(plain_agreement(agreement), owners_of(agreement), language)


def empty_workbook(language: str) -> bytes:
    """Return an empty workbook of an agreement, ready to be filled in."""
    return _workbook(_EMPTY, [said("roles", each, language) for each in STANDARD_ROLES], language)


def owners_of(agreement: Agreement) -> list[str]:
    """Return what can be named as an owner."""
    team = agreement.team
    names = [*(each.id for each in (*team.members, *team.bodies, *agreement.parties))]
    held = [each.role for each in team.members if each.role]
    return list(dict.fromkeys([*names, *held, *team.key_roles]))


def new_book() -> tuple[Any, BytesIO]:
    """Return a new workbook in memory; texts are never formulas, addresses or numbers."""
    data = BytesIO()
    try:
        xlsxwriter.Workbook  # noqa: B018  # imported on first use
    except ModuleNotFoundError:
        raise missing_library("workbook", "XlsxWriter") from None
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(data, {"in_memory": True, **plain}), data


def _workbook(data: dict[str, Any], owners: list[str], language: str) -> bytes:
    book, found = new_book()
    styles = Styles(book, language)
    rows = rows_of({key: value for key, value in data.items() if key != "coopgov"})
    hidden = book.add_worksheet(HIDDEN)
    hidden.hide()
    hidden.write_column(0, 0, ["format", "language"])
    hidden.write_column(0, 1, ["agreement/1", language])
    hidden.write_column(0, 3, owners)
    lists = {"owner": f"={HIDDEN}!$D$1:$D${max(1, len(owners))}"}
    for table in TABLES.values():
        cells = [cells_of(each, table, language) for each in rows[table.name]]
        if not table.wide and not cells:
            cells = [{}]
        write_sheet(book, styles, Sheet(table, columns_of(table, cells, data), cells, lists), language)
    write_words(book, styles, list(TABLES.values()), language)
    book.get_worksheet_by_name(sheet_title("agreement", language)).activate()
    book.get_worksheet_by_name(sheet_title("agreement", language)).set_first_sheet()
    book.close()
    return found.getvalue()


def columns_of(table: Table, rows: list[dict[str, Any]], data: dict[str, Any]) -> list[str]:
    """Return the keys of the columns of a sheet: those of its table, and those that its values need."""
    used = dict.fromkeys(key for row in rows for key in row)
    found: list[str] = []
    for column in table.columns:
        below = [key for key in used if key.startswith(f"{column.key}:")]
        if column.form == "days-by-party":
            parties = [f"{column.key}:{each['id']}" for each in data.get("parties", ())]
            found += dict.fromkeys([*parties, *below])
        elif column.form == "map":
            found += below
        elif column.form == "text":
            tagged_only = below and column.key not in used
            found += sorted(below) if tagged_only else [column.key, *sorted(below)]
        elif column.key != MORE or MORE in used:
            found.append(column.key)
        if column.bare:
            found.append(f"{column.key}.on")
    return found
