"""Explains columns: in a note at each title, and in a sheet of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.connect.workbooks.headers import column_title, sheet_title
from coopgov.connect.workbooks.styles import set_up_print
from coopgov.connect.workbooks.values import said
from coopgov.locales import text, texts_below
from coopgov.synonyms import TABLES as WORDS

if TYPE_CHECKING:
    from coopgov.connect.workbooks.styles import Styles
    from coopgov.connect.workbooks.tables import Column, Table

__all__ = ["meaning", "write_words"]

_SECTIONS = {
    "members": "member", "bodies": "body", "meetings": "meeting", "decisions": "decision", "goals": "goal",
    "kpis": "kpi", "readings": "reading", "phases": "phase", "milestones": "milestone", "tasks": "task",
    "deliverables": "deliverable", "spending": "spending", "risks": "risk", "responses": "response",
    "plans": "plan", "reports": "report", "waivers": "waiver", "agreement": "agreement", "parties": "party",
}  # fmt: skip


def meaning(table: Table, key: str, column: Column | None, language: str) -> str:
    """Return what a column means, and how its values are written."""
    plain = key.partition(":")[0]
    if column is None:
        return text("workbook.forms.map", language)
    if plain == f"{column.key}.on":
        return text("workbook.forms.dated-on", language)
    described = texts_below("schema-texts", language)
    last = column.path[-1]
    found = described.get(f"{_SECTIONS[table.name]}.{last}", "")
    if not found and last == "source":
        found = described.get("sourced.source", "")
    choices = ""
    if column.choices:
        words = (said(column.choices, each, language) for each in WORDS[column.choices])
        choices = text("common.comma", language).join(words)
    form = text(f"workbook.forms.{column.form}", language, choices=choices)
    if column.bare:
        form += " " + text("workbook.forms.dated", language)
    return f"{found}\n{form}" if found else form


def write_words(book: Any, styles: Styles, tables: list[Table], language: str) -> None:
    """Add the sheet that explains each column."""
    page = book.add_worksheet(sheet_title("words", language))
    page.hide_gridlines(2)
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 26)
    page.set_column(2, 2, 90)
    page.set_row(0, 30)
    page.write_string(0, 0, sheet_title("words", language), styles.heading())
    page.write_string(1, 0, text("workbook.words.intro", language), styles.hint())
    for at, key in enumerate(("sheet", "column", "meaning")):
        page.write_string(2, at, text(f"workbook.words.{key}", language), styles.title())
    row = 3
    for table in tables:
        for column in table.columns:
            cells = (
                sheet_title(table.name, language),
                column_title(table.name, column.key, language),
                meaning(table, column.key, column, language).replace("\n", " "),
            )
            for at, value in enumerate(cells):
                page.write_string(row, at, value, styles.body())
            row += 1
    page.freeze_panes(3, 0)
    page.protect("", {"format_columns": True})
    set_up_print(page, landscape=True)
    page.repeat_rows(2)
