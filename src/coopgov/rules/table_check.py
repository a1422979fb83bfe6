"""Checks the rows of decision tables, and reports every fault at its cell or header."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError, FollowingError
from coopgov.language import syntax as s
from coopgov.language.parser import parse, parse_band
from coopgov.language.tokens import KEYWORDS
from coopgov.language.type_check import check
from coopgov.language.types import TRUTH
from coopgov.rules.declared import tell
from coopgov.rules.layers import narrowed, reads_warnings
from coopgov.rules.rule import Table, TableRow
from coopgov.rules.tables import ANYWAY, RowField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.facts.catalogue import Catalogue
    from coopgov.rules.merge import Merged
    from coopgov.rules.rule import Parameter, Rule
    from coopgov.rules.source import Field
    from coopgov.rules.tables import Piece, WrittenTable

__all__ = ["Cells", "checked_tables"]

_BARE = re.compile(r"[^\W\d][\w -]*")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's own condition, its parts by column, and its expressions that read warnings, with their places."""

    own: s.Expr
    cells: tuple[s.Expr | None, ...]
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
        return _excluding(row, found.own, [each.own for each in above]), reading

    def row(self, row: RowField, about: str) -> _Row | None:
        """Return a row by itself, with places in `row.own`."""
        key = (about, row.table, row.path)
        if key not in self.rows:
            self.rows[key] = self._row(row, about)
        return self.rows[key]

    def header(self, field: Field, about: str) -> s.Expr | None:
        """Return the checked expression of a column."""
        key = (about, field.source.document.file, field.path)
        if key not in self.headers:
            self.headers[key] = self._header(field, about)
        return self.headers[key]

    def _header(self, field: Field, about: str) -> s.Expr | None:
        try:
            return self._checked(parse(field.value), about)
        except ExpressionError as error:
            tell(self.merged, field, error)
            return None

    def _row(self, row: RowField, about: str) -> _Row | None:
        headers = [self.header(field, about) for field in row.headers]
        found = [self._piece(piece, row, about) for piece in row.pieces if headers[piece.column] is not None]
        if None in headers or None in found:
            return None
        cells: list[s.Expr | None] = [None] * len(headers)
        checked = [
            (field, node) for field, node in zip(row.headers, headers, strict=True) if node is not None
        ]
        parts: list[s.Expr] = []
        offset = 0
        for piece, node in zip(row.pieces, found, strict=True):
            assert node is not None
            cells[piece.column] = node
            checked += ((row.cells[piece.column], each) for each in _right_of(node, piece))
            parts.append(s.moved(node, offset + piece.cell_at))
            offset += len(piece.text) + len(" and ")
        reading = tuple((field, node) for field, node in checked if reads_warnings(node))
        return _Row(narrowed(_joined(parts)), tuple(cells), reading)

    def _piece(self, piece: Piece, row: RowField, about: str) -> s.Expr | None:
        """The condition of a cell, with places relative to the cell; the header's places are negative."""
        header, cell = row.headers[piece.column], row.cells[piece.column]
        try:
            return self._checked(_parsed(piece, header.value, cell.value), about, truth=True)
        except ExpressionError as error:
            tell(self.merged, cell, _in_cell(error, cell.value))
            return None

    def _checked(self, node: s.Expr, about: str, *, truth: bool = False) -> s.Expr:
        node = check(node, about, self.catalogue, self.parameters)
        if truth and node.type.kind != "truth":
            expected = f"what {node.type} can be, such as `above 10 %`"
            raise ExpressionError("type-mismatch", "a truth value", expected, start=0, end=0)
        return node


def _parsed(piece: Piece, header: str, cell: str) -> s.Expr:
    node = s.moved(parse(header), piece.header_at - piece.cell_at)
    start, end = -piece.cell_at, len(piece.text) - piece.cell_at
    bracketed = piece.text[: piece.header_at].endswith("(")
    node = replace(node, start=node.start - 1, end=node.end + 1) if bracketed else node
    if piece.truth is not None:
        return node if piece.truth else s.Not(node, start=start, end=end)
    words = piece.implied + cell
    return s.moved(parse_band(words, s.moved(node, len(piece.implied))), -len(piece.implied))


def _right_of(node: s.Expr, piece: Piece) -> Iterable[s.Expr]:
    """The parts of a condition that are in the cell, not in its header."""
    return () if piece.truth is not None else list(s.children(node))[1:]


def _in_cell(error: ExpressionError, cell: str) -> ExpressionError:
    """Return the same error with its place in the cell; an unquoted text gets a hint."""
    if isinstance(error, FollowingError):
        return error
    start, end = max(error.start, 0), error.end if error.end > 0 else len(cell)
    hint = error.hint
    if not hint and _BARE.fullmatch(cell.strip()) and cell.split(maxsplit=1)[0] not in KEYWORDS:
        start, end, hint = 0, len(cell), f'write `is "{cell.strip()}"`'
    return ExpressionError(error.code, error.found, error.expected, start=start, end=end, hint=hint)


def _joined(parts: list[s.Expr]) -> s.Expr:
    if not parts:
        return s.Literal(True, start=0, end=len(ANYWAY), type=TRUTH)
    if len(parts) == 1:
        return parts[0]
    return s.And(tuple(parts), start=parts[0].start, end=parts[-1].end, type=TRUTH)


def _excluding(row: RowField, own: s.Expr, above: list[s.Expr]) -> s.Expr:
    """Exclude the rows above from a row; places are those of the text that excludes them."""
    if not above:
        return own
    start = 0 if row.own == ANYWAY else len(row.own) + len(" and ")
    inside: list[s.Expr] = []
    offset = start + len("not (")
    for field, node in zip(row.earlier, above, strict=True):
        inside.append(s.moved(node, offset))
        offset += len(field.own) + len(" or ")
    end = len(row.value)
    either = inside[0] if len(inside) == 1 else s.Or(tuple(inside), type=TRUTH)
    no = s.Not(replace(either, start=start + len("not "), end=end), start=start, end=end, type=TRUTH)
    if row.own == ANYWAY:
        return no
    parts = own.operands if len(row.pieces) > 1 and isinstance(own, s.And) else (own,)
    return s.And((*parts, no), start=own.start, end=end, type=TRUTH)


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
            rows.append(TableRow(rule.id, row.own, row.cells, when, rule.place))
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
