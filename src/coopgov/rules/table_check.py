"""Checks the rows of decision tables, and reports every fault at its cell or header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError, FollowingError
from coopgov.language import syntax as s
from coopgov.language.tokens import write
from coopgov.language.type_check import check
from coopgov.language.words import KEYWORDS
from coopgov.locales import phrase
from coopgov.rules.canonical_wording import truth_of
from coopgov.rules.conditions import Written, all_of, first_of
from coopgov.rules.declared import report
from coopgov.rules.expanded import RowField
from coopgov.rules.layers import narrowed, reads_warnings
from coopgov.rules.rule import Table, TableRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.facts.catalogue import Catalogue
    from coopgov.rules.expanded import Cell, WrittenTable
    from coopgov.rules.merge import Merged
    from coopgov.rules.rule import Parameter, Rule
    from coopgov.rules.source import Field

__all__ = ["Cells", "checked_tables"]

_BARE = re.compile(r"[^\W\d][\w -]*")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's own condition, its parts by column, and its expressions that read warnings, with their places."""

    own: Written
    cells: Mapping[int, Written]
    reading: tuple[tuple[Field, s.Expr], ...]


class Cells:
    """Checks rows, each header and cell once; None represents a wrong one, whose fault has been reported."""

    def __init__(self, merged: Merged, catalogue: Catalogue, parameters: Mapping[str, Parameter]) -> None:
        self.merged = merged
        self.catalogue = catalogue
        self.parameters: dict[str, s.Expr] = {name: each.value for name, each in parameters.items()}
        self.headers: dict[tuple[object, ...], s.Expr | None] = {}
        self.rows: dict[tuple[object, ...], _Row | None] = {}

    def condition(self, row: RowField, about: str) -> tuple[s.Expr, tuple[tuple[Field, s.Expr], ...]] | None:
        """Return a row's whole condition, with places in `row.value`, and what reads warnings, with its field."""
        found = self.row(row, about)
        above = [each for each in (self.row(each, about) for each in row.earlier) if each is not None]
        if found is None or len(above) < len(row.earlier):
            return None
        reading = tuple(each for one in (found, *above) for each in one.reading)
        return first_of([*found.cells.values()], [each.own for each in above]).node, reading

    def row(self, row: RowField, about: str) -> _Row | None:
        """Return a row by itself, with places in `row.own`."""
        key = (about, row.table, row.path)
        if key not in self.rows:
            self.rows[key] = self._row(row, about)
        return self.rows[key]

    def header(self, header: Cell, about: str) -> s.Expr | None:
        """Return the checked expression of a column."""
        key = (about, header.source.document.file, header.path)
        if key not in self.headers:
            self.headers[key] = self._header(header, about)
        return self.headers[key]

    def _header(self, header: Cell, about: str) -> s.Expr | None:
        try:
            return self._checked(header, about)
        except ExpressionError as error:
            report(self.merged, header, error)
            return None

    def _row(self, row: RowField, about: str) -> _Row | None:
        headers = [self.header(header, about) for header in row.headers]
        found = {
            cell.column: self._cell(cell, about) for cell in row.cells if headers[cell.column] is not None
        }
        cells = {column: condition for column, condition in found.items() if condition is not None}
        if None in headers or len(cells) < len(row.cells):
            return None
        reading: list[tuple[Field, s.Expr]] = [
            (header, node)
            for header, node in zip(row.headers, headers, strict=True)
            if node is not None and reads_warnings(node)
        ]
        for cell in row.cells:
            parts = [] if truth_of(cell.value) is not None else s.children(cells[cell.column].node)[1:]
            reading += ((cell, s.moved(part, -cell.begins)) for part in parts if reads_warnings(part))
        cells = {column: Written(each.text, narrowed(each.node)) for column, each in cells.items()}
        return _Row(all_of([*cells.values()]), cells, tuple(reading))

    def _cell(self, cell: Cell, about: str) -> Written | None:
        try:
            return Written(cell.condition.text, _condition(self._checked(cell, about)))
        except ExpressionError as error:
            report(self.merged, cell, _in_cell(error, cell))
            return None

    def _checked(self, cell: Cell, about: str) -> s.Expr:
        if cell.condition.error is not None:
            raise cell.condition.error
        return check(cell.condition.node, about, self.catalogue, self.parameters)


def _condition(node: s.Expr) -> s.Expr:
    """The node, if it is a condition; another one can only be a header that a cell calls true."""
    if node.type.kind == "truth":
        return node
    found, expected = (
        phrase("rules.truth-cell.found"),
        phrase("rules.truth-cell.expected", type=node.type.words),
    )
    raise ExpressionError("type-mismatch", found, expected, start=0, end=0)


def _in_cell(error: ExpressionError, cell: Cell) -> ExpressionError:
    """Return the same error with its place in the cell: all of it, if the header is wrong for it.

    A bare text in a cell gets a hint to quote it.
    """
    if isinstance(error, FollowingError):
        return error
    text = cell.value
    start, end = max(error.start - cell.begins, 0), error.end - cell.begins
    hint = error.hint
    if not hint and _BARE.fullmatch(text.strip()) and text.split(maxsplit=1)[0] not in KEYWORDS:
        quoted = f'is "{text.strip()}"'
        start, end, hint = 0, len(text), write(quoted)
    end = end if end > start else len(text)
    return ExpressionError(error.code, error.found, error.expected, start=start, end=end, hint=hint)


def checked_tables(merged: Merged, rules: Iterable[Rule], cells: Cells) -> tuple[Table, ...]:
    """Return the tables of a rule set, with the rows whose rules are neither overridden nor switched off."""
    by_id = {rule.id: rule for rule in rules}
    return tuple(_table(table, by_id, cells) for table in merged.tables.values())


def _table(table: WrittenTable, by_id: Mapping[str, Rule], cells: Cells) -> Table:
    about, document = table.field.value.about, table.field.source.document
    rules = [by_id[row.rule] for row in table.rows if row.rule in by_id]
    columns = [cells.header(header, about) for header in table.headers]
    rows: list[TableRow] = []
    for rule in rules:
        when = rule.fields["when"]
        if isinstance(when, RowField) and rule.about == about and (row := cells.row(when, about)):
            cells_of = tuple(
                row.cells[column].node if column in row.cells else None for column in range(len(columns))
            )
            rows.append(TableRow(rule.id, row.own.node, cells_of, when, rule.place))
    return Table(
        table.id,
        about,
        table.hit,
        tuple(each for each in columns if each is not None),
        tuple(rows),
        next((by_id[row.rule].check.where for row in rows), None),
        table.field,
        document.place(document.find((*table.field.path, "id"))),
    )
