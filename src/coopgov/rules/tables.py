"""Expands decision tables to ordinary rules, one for each row, with a condition that is assembled from its cells.

A cell continues its column's expression: under `delay / window`, the cell `above 30 %` means
`delay / window above 30 %`. The cells of a row are joined by `and`; with the hit policy `first`, the rows above are
excluded by `and not (…)`. So there is no second engine, and unknown values follow the rules of the language: an earlier
row that cannot be decided leaves the later ones undetermined.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError, InputError, did_you_mean
from coopgov.language import syntax as s
from coopgov.language.parser import parse
from coopgov.rules.partial import usable
from coopgov.rules.schema import RowsFile
from coopgov.rules.source import Field, Source
from coopgov.rules.table_rows import NO_SEVERITY, SEVERITY, with_named_columns
from coopgov.rules.wording import implied_word, truth_of
from coopgov.source import read_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from coopgov.errors import Fault
    from coopgov.rules.schema import HitPolicy, RowEntry, TableEntry

__all__ = [
    "ANYWAY",
    "MAX_FIRST",
    "ExpandedSource",
    "Piece",
    "RowField",
    "WrittenRow",
    "WrittenTable",
    "excluding",
    "row_id",
    "written_tables",
]

MAX_FIRST = 200
"""The most rows of a table with the hit policy `first`: each excludes all above it, so the cost is quadratic."""

ANYWAY = "true"
"""The condition of a row whose cells any value passes."""
_CONDITIONS = (s.Logic, s.Not, s.Known, s.Comparison, s.Between, s.In)
_OF_TABLE = ("about", "kind", "title", "means", "where", "message", "causes", "actions")
_OF_ROW = ("severity", "title", "means", "message", "actions")


@dataclass(frozen=True, slots=True)
class Piece:
    """The condition of one cell, as a text: the header begins at `header_at`, the cell at `cell_at`.

    `truth` is set if the cell only says whether the header holds; `implied` is the keyword that the cell omits.
    """

    column: int
    text: str
    header_at: int
    cell_at: int = 0
    implied: str = ""
    truth: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowField(Field):
    """The condition of a row: `value` is its whole text, and `own` the part from its own cells."""

    table: str
    own: str
    headers: tuple[Field, ...]
    cells: tuple[Field, ...]
    pieces: tuple[Piece, ...]
    earlier: tuple[RowField, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class WrittenRow:
    """A row as the rule that it defines."""

    rule: str
    source: Source
    path: tuple[str | int, ...]
    when: RowField
    fields: dict[str, Field]


@dataclass(frozen=True, slots=True, eq=False)
class WrittenTable:
    """A table as written; `field` holds its entry."""

    id: str
    hit: HitPolicy
    field: Field
    headers: tuple[Field, ...]
    rows: tuple[WrittenRow, ...]

    def texts(self) -> Iterator[str]:
        """Yield the texts of all its expressions."""
        yield self.field.value.where or ""
        yield from (header.value for header in self.headers)
        yield from (row.when.own for row in self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class ExpandedSource(Source):
    """A rule file with its decision tables, including rows from separate files."""

    tables: tuple[WrittenTable, ...] = ()


def row_id(table: str, position: int, own: str | None) -> str:
    """Return the id of a row's rule: that of the table, followed by the row's own id or else its number, from 1."""
    return f"{table}.{own or position + 1}"


def excluding(own: str, earlier: Sequence[str]) -> str:
    """Return the condition that none of the rows above a row holds."""
    if not earlier:
        return own
    excluded = f"not ({' or '.join(earlier)})"
    return excluded if own == ANYWAY else f"{own} and {excluded}"


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
        faults.append(source.fault(path, "unreadable-file", f'"{entry.csv}"', "rows in the file of the pack"))
        return source, None
    csv = folder / str(entry.csv)
    try:
        document = read_csv(csv, str(csv), SEVERITY)
    except InputError as error:
        for fault in error.faults:
            near = did_you_mean(csv.name, [each.name for each in csv.parent.glob("*.csv")])
            missing = fault.code == "unreadable-file"
            found, expected = f'"{entry.csv}": {fault.found}', "the path of a CSV file, relative to this file"
            faults.append(source.fault(path, fault.code, found, expected, near) if missing else fault)
        return source, None
    document, wrong = with_named_columns(document)
    foreign = [replace(fault, source="") for fault in wrong if fault.found == NO_SEVERITY]
    if foreign:
        faults += foreign
        return source, None
    content, ragged, left_out = usable(RowsFile, document, lambda at: at[:2] if at[:1] == ("rows",) else None)
    lines = {fault.place.line for fault in wrong}
    faults += [*wrong, *(fault for fault in ragged if fault.place.line not in lines)]
    rows = {at: row_id(entry.id, int(at[1]), None) for at in left_out if len(at) > 1}
    beside = replace(source, document=document, left_out=rows)
    if content is not None and not content.rows and not ragged and not wrong:
        faults.append(beside.fault((), "missing-key", "a header row alone", "rows below it"))
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
            Field(text, self.source, (*self.path, "conditions", number))
            for number, text in enumerate(content.conditions)
        )
        heads = [(header.value, *_bracketed(header.value)) for header in headers]
        shared = self._shared()
        rows: dict[str, WrittenRow] = {}
        for position, entry in self.source.kept(content.rows, *self.path, "rows"):
            row = self._row(position, entry, headers, heads, shared)
            if row.rule in rows:
                found = f'the row "{row.rule}" a second time'
                self._fault((*row.path, "id"), "duplicate-id", found, "each row once")
            elif len(entry.when) == len(headers):
                rows[row.rule] = row
            elif self.source is self.place.source:
                found = f"{len(entry.when)} cells for the conditions"
                self._fault(
                    (*row.path, "when"), "ragged-row", found, f"{len(headers)}, one for each condition"
                )
        if self.entry.hit == "first" and len(rows) > MAX_FIRST:
            found, expected = f"{len(rows):,} rows", f"at most {MAX_FIRST} rows where the first counts"
            self._fault((*self.path, "rows"), "too-many-rules", found, expected)
            rows = {}
        return WrittenTable(self.entry.id, self.entry.hit, self.place, headers, tuple(rows.values()))

    def _fault(self, path: tuple[str | int, ...], code: str, found: str, expected: str) -> None:
        self.faults.append(self.source.fault(path, code, found, expected))

    def _shared(self) -> dict[str, Field]:
        """The fields that the table gives to all its rows."""
        source, path, given = self.place.source, self.place.path, self.entry.model_fields_set
        shared = {
            name: Field(getattr(self.entry, name), source, (*path, name))
            for name in _OF_TABLE
            if name in given
        }
        if self.entry.escalate:
            below = (*path, "escalate")
            by_severity = {
                key: Field(each, source, (*below, key)) for key, each in self.entry.escalate.items()
            }
            shared["escalate"] = Field(by_severity, source, below)
        return shared

    def _row(
        self,
        position: int,
        entry: RowEntry,
        headers: tuple[Field, ...],
        heads: Sequence[tuple[str, str, str]],
        shared: dict[str, Field],
    ) -> WrittenRow:
        path = (*self.path, "rows", position)
        cells = tuple(
            Field(text, self.source, (*path, "when", number)) for number, text in enumerate(entry.when)
        )
        pieces = tuple(
            _piece(number, *head, cell.value)
            for number, (head, cell) in enumerate(zip(heads, cells, strict=False))
            if cell.value
        )
        own = " and ".join(piece.text for piece in pieces) or ANYWAY
        when = RowField(
            own, self.source, path,
            table=self.entry.id, own=own, headers=headers, cells=cells, pieces=pieces,
        )  # fmt: skip
        if self.entry.hit == "first":
            when = self._after(when)
        given = {
            name: Field(getattr(entry, name), self.source, (*path, name))
            for name in _OF_ROW
            if name in entry.model_fields_set
        }
        rule = row_id(self.entry.id, position, entry.id)
        return WrittenRow(rule, self.source, path, when, {**shared, **given, "when": when})

    def _after(self, when: RowField) -> RowField:
        """The row with the rows above excluded."""
        earlier = tuple(self.earlier)
        self.earlier.append(when)
        if not earlier:
            return when
        return replace(when, value=excluding(when.own, [each.own for each in earlier]), earlier=earlier)


def _bracketed(header: str) -> tuple[str, str]:
    """A header before a comparison, and a header alone, each with brackets where it needs them."""
    try:
        node = parse(header)
    except ExpressionError:
        return header, header
    inside = f"({header})"
    return (
        inside if isinstance(node, _CONDITIONS) else header,
        inside if isinstance(node, s.Logic) else header,
    )


def _piece(column: int, header: str, compared: str, alone: str, cell: str) -> Piece:
    """The condition of a cell: that the header holds or not, that it equals a value, or the comparison in the cell."""
    truth = truth_of(cell)
    if truth is not None:
        head = "" if truth else "not "
        return Piece(column, head + alone, len(head) + (alone != header), truth=truth)
    word = implied_word(cell)
    implied = word and f"{word} "
    text = f"{compared} {implied}{cell}"
    return Piece(column, text, int(compared != header), len(compared) + 1 + len(implied), implied)
