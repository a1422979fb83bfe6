"""Expands decision tables to ordinary rules, one for each row, with a condition that combines its cells.

The cells of a row are joined by `and`; with the hit policy `first`, the rows above are excluded by `and not (…)`. So
there is no second engine, and unknown values follow the rules of the language: an earlier row that cannot be decided
leaves the later ones undetermined.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.errors import InputError
from coopgov.faults import did_you_mean
from coopgov.locales import phrase
from coopgov.rules.conditions import all_of, cell_condition, first_text, written
from coopgov.rules.expanded import Cell, RowField, WrittenRow, WrittenTable
from coopgov.rules.partial import usable
from coopgov.rules.schema import RowsFile
from coopgov.rules.source import Field, Source, given_keys
from coopgov.rules.table_rows import SEVERITY, no_severity, with_named_columns
from coopgov.schema import quoted
from coopgov.source import read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.rules.schema import RowEntry, TableEntry

__all__ = ["MAX_FIRST", "row_id", "written_tables"]

MAX_FIRST = 200
"""The most rows of a table with the hit policy `first`: each excludes all above it, so the cost is quadratic."""

_OF_TABLE = (
    "about", "kind", "title", "means", "where", "for", "keep", "ends", "message", "causes", "actions", "acknowledge",
)  # fmt: skip
_BY_SEVERITY = ("escalate", "treat")
_OF_ROW = ("severity", "title", "means", "message", "actions")


def row_id(table: str, position: int, own: str | None) -> str:
    """Return the id of a row's rule: that of the table, followed by the row's own id or else its number, from 1."""
    return f"{table}.{own or position + 1}"


def written_tables(source: Source, folder: Path | None) -> tuple[tuple[WrittenTable, ...], list[Fault]]:
    """Return the tables of a rule file, including rows in separate CSV files; `folder` contains the rule file."""
    tables: list[WrittenTable] = []
    faults: list[Fault] = []
    for position, entry in source.entries("tables"):
        place = Field(entry, source, ("tables", position))
        if entry.csv is None:
            tables.append(_Expansion(place, source, place.path, faults).table(entry))
        else:
            beside, content = _beside(place, folder, faults)
            if content is not None:
                tables.append(_Expansion(place, beside, (), faults).table(content))
    return tuple(tables), faults


def _beside(place: Field, folder: Path | None, faults: list[Fault]) -> tuple[Source, RowsFile | None]:
    """The CSV file of a table, as a separate source, and its content."""
    entry: TableEntry = place.value
    source, path = place.source, (*place.path, "csv")
    if folder is None:
        expected = phrase("rules.unreadable-file.pack")
        faults.append(source.fault(path, "unreadable-file", quoted(entry.csv), expected))
        return source, None
    csv = folder / str(entry.csv)
    try:
        document = read_csv(csv, str(csv), SEVERITY)
    except InputError as error:
        for fault in error.faults:
            near = did_you_mean(csv.name, [each.name for each in csv.parent.glob("*.csv")])
            missing = fault.code == "unreadable-file"
            found = phrase("rules.unreadable-file.found", file=entry.csv, why=fault.found)
            expected = phrase("rules.unreadable-file.expected")
            faults.append(source.fault(path, fault.code, found, expected, near) if missing else fault)
        return source, None
    document, wrong = with_named_columns(document)
    foreign = [replace(fault, source="") for fault in wrong if fault.found == no_severity()]
    if foreign:
        faults += foreign
        return source, None
    content, ragged, left_out = usable(RowsFile, document, lambda at: at[:2] if at[:1] == ("rows",) else None)
    lines = {fault.place.line for fault in wrong}
    faults += [*wrong, *(fault for fault in ragged if fault.place.line not in lines)]
    rows = {at: row_id(entry.id, int(at[1]), None) for at in left_out if len(at) > 1}
    beside = replace(source, document=document, left_out=rows)
    if content is not None and not content.rows and not ragged and not wrong:
        found, expected = phrase("rules.no-rows.found"), phrase("rules.no-rows.expected")
        faults.append(beside.fault((), "missing-key", found, expected))
    return beside, content


class _Expansion:
    """Expands one table; `source` and `path` say where its conditions and rows are."""

    def __init__(
        self, place: Field, source: Source, path: tuple[str | int, ...], faults: list[Fault]
    ) -> None:
        self.place = place
        self.entry: TableEntry = place.value
        self.source = source
        self.path = path
        self.faults = faults
        self.earlier: list[RowField] = []

    def table(self, content: RowsFile) -> WrittenTable:
        """Return the table with its rows as rules."""
        headers = tuple(
            Cell(
                text, self.source, (*self.path, "conditions", number), column=number, condition=written(text)
            )
            for number, text in enumerate(content.conditions)
        )
        shared = self._shared()
        rows: dict[str, WrittenRow] = {}
        for position, entry in self.source.kept(content.rows, *self.path, "rows"):
            row = self._row(position, entry, headers, shared)
            if row.rule in rows:
                found, expected = (
                    phrase("rules.duplicate.row", row=row.rule),
                    phrase("rules.duplicate.row-expected"),
                )
                self._fault((*row.path, "id"), "duplicate-id", found, expected)
            elif len(entry.when) == len(headers):
                rows[row.rule] = row
            elif self.source is self.place.source:
                cells = len(entry.when)
                found = phrase(f"rules.ragged-row.when.{'one' if cells == 1 else 'found'}", cells=cells)
                expected = phrase("rules.ragged-row.when.expected", conditions=len(headers))
                self._fault((*row.path, "when"), "ragged-row", found, expected)
        if self.entry.hit == "first" and len(rows) > MAX_FIRST:
            found = phrase("rules.too-many-rules.rows", rows=f"{len(rows):,}")
            expected = phrase("rules.too-many-rules.first", most=MAX_FIRST)
            self._fault((*self.path, "rows"), "too-many-rules", found, expected)
            rows = {}
        return WrittenTable(self.entry.id, self.entry.hit, self.place, headers, tuple(rows.values()))

    def _fault(self, path: tuple[str | int, ...], code: str, found: Phrase, expected: Phrase) -> None:
        self.faults.append(self.source.fault(path, code, found, expected))

    def _shared(self) -> dict[str, Field]:
        """The fields that the table gives to all its rows."""
        source, path, given = self.place.source, self.place.path, given_keys(self.entry)
        shared = {
            key: Field(getattr(self.entry, name), source, (*path, key))
            for key, name in given.items()
            if key in _OF_TABLE
        }
        for key in _BY_SEVERITY:
            below = (*path, key)
            if entries := getattr(self.entry, key):
                by_severity = {each: Field(value, source, (*below, each)) for each, value in entries.items()}
                shared[key] = Field(by_severity, source, below)
        return shared

    def _row(
        self, position: int, entry: RowEntry, headers: tuple[Cell, ...], shared: dict[str, Field]
    ) -> WrittenRow:
        path = (*self.path, "rows", position)
        cells = tuple(
            Cell(
                text,
                self.source,
                (*path, "when", header.column),
                column=header.column,
                condition=cell_condition(header.condition, text),
            )
            for header, text in zip(headers, entry.when, strict=False)
            if text
        )
        own = all_of([cell.condition for cell in cells]).text
        when = RowField(
            first_text(own, [each.own for each in self.earlier]), self.source, path,
            table=self.entry.id, own=own, headers=headers, cells=cells, earlier=tuple(self.earlier),
        )  # fmt: skip
        if self.entry.hit == "first":
            self.earlier.append(replace(when, value=own, earlier=()))
        given = {
            name: Field(getattr(entry, name), self.source, (*path, name))
            for name in _OF_ROW
            if name in entry.model_fields_set
        }
        rule = row_id(self.entry.id, position, entry.id)
        return WrittenRow(rule, self.source, path, when, {**shared, **given, "when": when})
