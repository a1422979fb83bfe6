"""Writes one sheet: hidden keys, titles with notes, rows, lists to choose from, limits, colours, protection."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from coopgov.connect.workbooks.headers import column_title, sheet_title
from coopgov.connect.workbooks.styles import EMPTY_ROWS, set_up_print, width_of
from coopgov.connect.workbooks.tables import Column
from coopgov.connect.workbooks.values import said
from coopgov.connect.workbooks.words import meaning
from coopgov.faults import column_letters
from coopgov.locales import text
from coopgov.synonyms import TABLES as WORDS

if TYPE_CHECKING:
    from coopgov.connect.workbooks.styles import Styles
    from coopgov.connect.workbooks.tables import Table

__all__ = ["REQUIRED", "Sheet", "write_sheet"]

REQUIRED = {
    "agreement": ("id", "title", "currency", "term.start", "term.end"),
    "decisions": ("meeting", "on"),
    "goals": ("id", "statement"),
    "readings": ("kpi", "on", "value"),
    "phases": ("id", "planned.start", "planned.end"),
    "milestones": ("phase", "id", "due"),
    "deliverables": ("phase", "id", "due"),
    "tasks": ("phase", "id", "planned.start", "planned.end"),
    "spending": ("phase", "on", "amount"),
    "risks": ("id", "title"),
    "responses": ("risk", "id", "title"),
    "plans": ("id", "title", "answers"),
    "reports": ("id", "period.start", "period.end", "due"),
    "waivers": ("rule", "about", "until", "reason"),
}
"""The columns that must be filled in; elsewhere only `id`."""
_FIRST, _LAST = date(1990, 1, 1), date(2199, 12, 31)
_SHORT = 60
"""How many characters fit into one line of the sheet of the agreement."""
_ALLOWED = (
    "format_cells",
    "format_columns",
    "format_rows",
    "insert_rows",
    "delete_rows",
    "insert_columns",
    "sort",
    "autofilter",
)
"""What a protected sheet still lets people do."""
_DUE = {
    "tasks": "planned.end",
    "milestones": "due",
    "deliverables": "due",
    "decisions": "due",
    "goals": "due",
}
_SETTLED = {
    "tasks": ("actual.end",),
    "milestones": ("met",),
    "deliverables": ("delivered", "accepted"),
    "decisions": ("done",),
    "goals": (),
}
_OVER = {"tasks": ("task-statuses", ("done", "cancelled")), "milestones": ("milestone-statuses", ("met",))}


@dataclass(slots=True)
class Sheet:
    """What a sheet shows: its table, the keys of its columns, its rows, the lists of owners, and what is locked."""

    table: Table
    keys: list[str]
    rows: list[dict[str, Any]]
    lists: dict[str, str]
    locked: frozenset[str] = frozenset()
    forms: dict[str, str] = field(default_factory=dict)


def write_sheet(book: Any, styles: Styles, sheet: Sheet, language: str) -> None:
    """Add a sheet to a workbook."""
    page = book.add_worksheet(sheet_title(sheet.table.name, language))
    page.hide_gridlines(2)
    writer = _Writer(page, styles, sheet, language)
    if sheet.table.wide:
        writer.wide()
    else:
        writer.tall()
    page.protect("", dict.fromkeys(_ALLOWED, True))


class _Writer:
    def __init__(self, page: Any, styles: Styles, sheet: Sheet, language: str) -> None:
        self.page, self.styles, self.sheet, self.language = page, styles, sheet, language
        self.table = sheet.table

    def wide(self) -> None:
        """A row of hidden keys, a row of titles, and a row for each thing."""
        page, keys, rows = self.page, self.sheet.keys, self.sheet.rows
        page.set_default_row(19)
        page.set_row(0, None, None, {"hidden": True})
        page.set_row(1, 32)
        last = len(rows) + EMPTY_ROWS + 1
        for at, key in enumerate(keys):
            column = self._column(key)
            cells = [row.get(key) for row in rows]
            page.set_column(at, at, width_of(column, self._title(key), cells))
            self._head(0, at, 1, at, key)
            style, lines = self._style(key, column), self.styles.cell(Column(key, "lines"))
            for number, value in enumerate(cells, 2):
                self._write(number, at, value, lines if isinstance(value, str) and "\n" in value else style)
            style = self.styles.cell(_as_shown(key, column, self.sheet.forms))
            for number in range(len(rows) + 2, last + 1):
                page.write_blank(number, at, None, style)
            self._limits(2, at, last, key, column)
        for number, row in enumerate(rows, 2):
            most = max((str(value).count("\n") for value in row.values()), default=0)
            if most:
                page.set_row(number, 15 * (most + 1))
        page.freeze_panes(2, self._frozen())
        if keys:
            page.autofilter(1, 0, last, len(keys) - 1)
        self._mark_late(last)
        set_up_print(page, landscape=True)
        page.repeat_rows(1)

    def tall(self) -> None:
        """The hidden keys in the first column, titles beside them, then the values."""
        page, row = self.page, self.sheet.rows[0]
        page.set_column(0, 0, None, None, {"hidden": True})
        page.set_column(1, 1, 30)
        page.set_column(2, 2, 64)
        page.set_row(0, 30)
        page.write_string(0, 1, sheet_title(self.table.name, self.language), self.styles.heading())
        page.write_string(1, 1, text("workbook.intro", self.language), self.styles.hint())
        for at, key in enumerate(self.sheet.keys, 3):
            self._head(at, 0, at, 1, key)
            column = self._column(key)
            style = self.styles.cell(_as_shown(key, column, self.sheet.forms), left=True)
            page.set_row(
                at, 22 if len(str(row.get(key, ""))) <= _SHORT else 15 * (2 + len(str(row[key])) // _SHORT)
            )
            self._write(at, 2, row.get(key), style) if key in row else page.write_blank(at, 2, None, style)
            self._limits(at, 2, at, key, column)
        page.freeze_panes(3, 0)
        page.print_area(0, 1, len(self.sheet.keys) + 3, 2)
        set_up_print(page, landscape=False)

    def _column(self, key: str) -> Column | None:
        plain = key.partition(":")[0]
        return self.table.column(plain) or self.table.column(plain.removesuffix(".on"))

    def _title(self, key: str) -> str:
        title = column_title(self.table.name, key, self.language)
        return f"{title} *" if key in REQUIRED.get(self.table.name, ("id",)) else title

    def _style(self, key: str, column: Column | None) -> Any:
        return self.styles.cell(_as_shown(key, column, self.sheet.forms), locked=key in self.sheet.locked)

    def _head(self, row: int, at: int, title_row: int, title_at: int, key: str) -> None:
        required = key in REQUIRED.get(self.table.name, ("id",))
        self.page.write_string(row, at, f"{self.table.name}/{key}")
        self.page.write_string(title_row, title_at, self._title(key), self.styles.title(required=required))
        note = meaning(self.table, key, self._column(key), self.language)
        self.page.write_comment(title_row, title_at, note, {"x_scale": 1.6, "y_scale": 0.9, "font_size": 9})

    def _write(self, row: int, at: int, value: Any, style: Any) -> None:
        if value is None:
            self.page.write_blank(row, at, None, style)
        elif isinstance(value, (int, float)):
            self.page.write_number(row, at, value, style)
        elif isinstance(value, (date, datetime)):
            self.page.write_datetime(row, at, value, style)
        else:
            self.page.write_string(row, at, value, style)

    def _frozen(self) -> int:
        """How many columns stay when others are scrolled: those up to the name."""
        named = [
            at for at, key in enumerate(self.sheet.keys) if key.partition(":")[0] in ("id", "name", "title")
        ]
        return min(max(named, default=0) + 1, 4)

    def _limits(self, first: int, at: int, last: int, key: str, column: Column | None) -> None:
        """Lists to choose from, and limits; a person can overrule those that are only proposals."""
        shown = _as_shown(key, column, self.sheet.forms)
        if shown is None:
            return
        options: dict[str, Any] = {"ignore_blank": True, "error_type": "warning"}
        if shown.form == "choice":
            words = [said(shown.choices, each, self.language) for each in WORDS[shown.choices]]
            options |= {"validate": "list", "source": words}
        elif shown.form == "owner":
            options |= {"validate": "list", "source": self.sheet.lists["owner"]}
        elif shown.form == "day":
            options |= {"validate": "date", "criteria": "between", "minimum": _FIRST, "maximum": _LAST}
        elif shown.form == "share":
            options |= {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        else:
            return
        self.page.data_validation(first, at, last, at, options)

    def _mark_late(self, last: int) -> None:
        """Show what is overdue in red."""
        due = _DUE.get(self.table.name)
        if due is None or due not in self.sheet.keys:
            return
        letter = {key: column_letters(at + 1) for at, key in enumerate(self.sheet.keys)}
        parts = [f'${letter[due]}3<>""', f"ISNUMBER(${letter[due]}3)", f"${letter[due]}3<TODAY()"]
        parts += [f'${letter[key]}3=""' for key in _SETTLED[self.table.name] if key in letter]
        table, over = _OVER.get(self.table.name, ("", ()))
        if "status" in letter:
            words = [said(table, each, self.language) for each in over]
            parts += [f'${letter["status"]}3<>"{word}"' for word in words]
        at = self.sheet.keys.index(due)
        rule = {"type": "formula", "criteria": f"=AND({','.join(parts)})", "format": self.styles.late()}
        self.page.conditional_format(2, at, last, at, rule)


def _as_shown(key: str, column: Column | None, forms: dict[str, str]) -> Column | None:
    """The column whose form the cells of a key have: days of entries are days, own columns have what was asked for."""
    if key in forms:
        return Column(key, forms[key])
    if column is None:
        return None
    if key == f"{column.key}.on" or column.form == "days-by-party":
        return Column(key, "day")
    return column
