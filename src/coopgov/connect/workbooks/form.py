"""The operations form: what people fill in every month, written from an agreement and read back as a part of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.connect.workbooks.assemble import assemble
from coopgov.connect.workbooks.document import cell_of
from coopgov.connect.workbooks.grid import grids_of
from coopgov.connect.workbooks.headers import HIDDEN, NOTES
from coopgov.connect.workbooks.read import read_sheets
from coopgov.connect.workbooks.rows import rows_of
from coopgov.connect.workbooks.sheet import Sheet, write_sheet
from coopgov.connect.workbooks.styles import Styles
from coopgov.connect.workbooks.tables import TABLES, Column, Table
from coopgov.connect.workbooks.values import cells_of
from coopgov.connect.workbooks.words import write_words
from coopgov.connect.workbooks.write import new_book, owners_of
from coopgov.errors import AgreementError, InputError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase
from coopgov.model import PART_FORMAT, plain_agreement
from coopgov.model.parts.load import part_of
from coopgov.source import Listing, Mapping, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Mapping as Map
    from datetime import date

    from coopgov.connect.workbooks.grid import Grid
    from coopgov.model import Agreement, AgreementPart
    from coopgov.source import Node

__all__ = ["FORMS", "form_of", "part_from_form"]

_FORM = "form/1"
FORMS: Map[str, tuple[str, ...]] = {
    "tasks": (
        "phase",
        "id",
        "name",
        "owner",
        "planned.end",
        "actual.start",
        "actual.end",
        "status",
        "progress",
    ),
    "readings": ("kpi", "on", "value", "source", "note"),
    "spending": ("phase", "task", "on", "amount", "note", "id"),
    "meetings": ("id", "name", "held"),
}
"""The sheets that a form can have, and their columns."""
_LOCKED = frozenset({"phase", "id", "name", "owner", "planned.end", "kpi"})
_PREFILLED = ("tasks", "meetings")
_NOTES = f"custom:{NOTES}"
_DATED = ("status", "progress")


def form_of(
    agreement: Agreement, sheets: Sequence[str], own: Map[str, str], on: date, language: str
) -> bytes:
    """Return the form of an agreement as the bytes of an XLSX file.

    Args:
        agreement: the agreement.
        sheets: the sheets, of `FORMS`.
        own: the names of columns of your own for tasks, and their forms, such as `money`.
        on: the day on which the form is written; statuses that are filled in count from it.
        language: the language of titles and words.
    """
    book, data = new_book()
    styles = Styles(book, language)
    hidden = book.add_worksheet(HIDDEN)
    hidden.hide()
    owners = owners_of(agreement)
    facts = {"format": _FORM, "into": agreement.id, "on": on.isoformat(), "language": language}
    hidden.write_column(0, 0, list(facts))
    hidden.write_column(0, 1, list(facts.values()))
    hidden.write_column(0, 3, owners)
    rows = rows_of(plain_agreement(agreement))
    lists = {"owner": f"={HIDDEN}!$D$1:$D${max(1, len(owners))}"}
    shown: list[Table] = []
    for name in sheets:
        table = _shortened(TABLES[name], FORMS[name], own)
        shown.append(table)
        keys = [*FORMS[name], *([_NOTES, *(f"custom:{each}" for each in own)] if name == "tasks" else [])]
        cells = [_one_language(row, table, language) for row in _rows(agreement, name, rows)]
        kept = [{key: row[key] for key in keys if key in row} for row in cells]
        locked = _LOCKED & set(keys) if name in _PREFILLED else frozenset[str]()
        forms = {f"custom:{each}": form for each, form in own.items()}
        write_sheet(book, styles, Sheet(table, keys, kept, lists, locked, forms), language)
    write_words(book, styles, shown, language)
    book.worksheets()[1].activate()
    book.worksheets()[1].set_first_sheet()
    book.close()
    return data.getvalue()


def _shortened(table: Table, keys: Sequence[str], own: Map[str, str]) -> Table:
    """The table with the columns of a form, without days of dated values: those count from the day of the form."""
    columns = [column for column in table.columns if column.key in keys or column.key == "custom"]
    plain = tuple(Column(each.key, each.form, each.choices) for each in columns)
    del own
    return Table(table.name, plain, table.parents)


def _rows(agreement: Agreement, name: str, rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What is filled in already: the tasks, with the days that are known, the KPIs and the meetings."""
    if name == "tasks":
        return rows["tasks"]
    if name == "readings":
        return [{"kpi": each.id} for each in agreement.kpis]
    if name == "meetings":
        return [{key: value for key, value in each.items() if key != "held"} for each in rows["meetings"]]
    return []


def _one_language(row: dict[str, Any], table: Table, language: str) -> dict[str, Any]:
    """The cells of a row, with its texts in one language, and only what is not dated."""
    said = {
        key: _text(value, language) if isinstance(value, dict) and key in ("name", "note") else value
        for key, value in row.items()
        if key not in _DATED
    }
    return cells_of(said, table, language)


def _text(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))


def part_from_form(path: Path, as_of: date | None = None, name: str = "") -> AgreementPart:
    """Read a form that was filled in as a part of its agreement.

    Args:
        path: the workbook.
        as_of: the day on which it was filled in; by default, the day on which the form was written.
        name: what faults call the file; by default, its path.

    Raises:
        AgreementError: with every fault, each at its cell.
    """
    name = name or str(path)
    try:
        grids = grids_of(path, name)
        sheets = read_sheets(grids, name)
    except InputError as error:
        raise AgreementError(error.faults) from None
    facts = _facts(grids)
    used = [each for each in FORMS if each in sheets.rows]
    faults = [*_missing(name, facts, as_of, any_sheet=bool(used))]
    if faults:
        raise AgreementError(faults)
    for each in [*sheets.rows]:
        if each not in FORMS:
            del sheets.rows[each]
    _leave_out_prefilled(sheets.rows)
    root = assemble(sheets, partial=True)
    on = as_of.isoformat() if as_of else facts["on"]
    _date(root, on)
    source = {"format": "form", "file": Path(name).name, "on": on}
    data = {"coopgov": PART_FORMAT, "into": facts["into"], "from": source, **dict(plain(root))}  # type: ignore[call-overload]
    try:
        part = part_of(data, sheets.document)
    except AgreementError as error:
        marked = {each.place for each in sheets.faults}
        rest = [each for each in error.faults if each.place not in marked]
        raise AgreementError([*sheets.faults, *rest]) from None
    if sheets.faults:
        raise AgreementError(sheets.faults)
    return part


def _facts(grids: list[Grid]) -> dict[str, str]:
    """What the hidden sheet says."""
    hidden = next((each for each in grids if each.sheet == HIDDEN), None)
    if hidden is None:
        return {}
    rows = range(1, hidden.height + 1)
    return {str(hidden.values.get((row, 1), "")): str(hidden.values.get((row, 2), "")) for row in rows}


def _missing(name: str, facts: Map[str, str], as_of: date | None, *, any_sheet: bool) -> Iterator[Fault]:
    at = Place(name, 1, 1)
    if not any_sheet:
        found, expected = phrase("workbook.no-form.found"), phrase("workbook.no-form.expected")
        yield Fault(at, "no-form", found, expected)
        return
    if not facts.get("into"):
        found, expected = phrase("workbook.no-form.agreement"), phrase("workbook.no-form.expected")
        yield Fault(at, "no-form", found, expected)
    if as_of is None and not facts.get("on"):
        yield Fault(at, "no-form", phrase("workbook.no-form.day"), phrase("workbook.no-form.a-day"))


def _leave_out_prefilled(rows: dict[str, list[Any]]) -> None:
    """Leave out rows in which nothing was filled in, and what the form itself has written for people to read."""
    for name, prefilled in (("readings", {"kpi"}), ("meetings", {"id", "name"})):
        if name in rows:
            rows[name] = [each for each in rows[name] if set(each.cells) - prefilled]
    for row in rows.get("meetings", []):
        row.node.entries.pop("name", None)


def _date(root: Mapping, on: str) -> None:
    """Give statuses and progress the day of the form; names of tasks are for reading only."""
    for phase in _items(root, "phases"):
        for task in _items(phase, "tasks"):
            for key in _DATED:
                entry = task.entries.get(key)
                if entry and isinstance(entry[1], Mapping):
                    value = entry[1]
                    value.entries.setdefault("on", (cell_of("on", value), cell_of(on, value)))


def _items(node: Node, key: str) -> list[Mapping]:
    entry = node.entries.get(key) if isinstance(node, Mapping) else None
    items = entry[1].items if entry and isinstance(entry[1], Listing) else []
    return [each for each in items if isinstance(each, Mapping)]
