"""Rule files with their decision tables, whose rows are rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.rules.canonical_wording import truth_of
from coopgov.rules.conditions import Written, all_of, first_of
from coopgov.rules.source import Field, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.rules.entry_fields import HitPolicy

__all__ = ["Cell", "ExpandedSource", "RowField", "WrittenRow", "WrittenTable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell(Field):
    """A header, or a cell with its condition, which ends with the cell unless the cell only says whether it holds."""

    column: int
    condition: Written

    @property
    def begins(self) -> int:
        """Where the cell begins in the text of its condition; at the end if it is no part of the text."""
        return len(self.condition.text) - (len(self.value) if truth_of(self.value) is None else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowField(Field):
    """The condition of a row: `value` is its whole text, and `own` that of its own cells."""

    table: str
    own: str
    headers: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    """The cells without those that any value passes."""
    earlier: tuple[RowField, ...] = field(default=(), repr=False)

    def condition(self) -> Written:
        """The whole condition, not checked; without meaning if a header or a cell cannot be parsed."""
        above = [all_of([cell.condition for cell in row.cells]) for row in self.earlier]
        return first_of([cell.condition for cell in self.cells], above)


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
    headers: tuple[Cell, ...]
    rows: tuple[WrittenRow, ...]

    def texts(self) -> Iterator[str]:
        """Yield the texts of all its expressions."""
        yield self.field.value.where or ""
        yield self.field.value.ends or ""
        yield from (header.value for header in self.headers)
        yield from (row.when.own for row in self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class ExpandedSource(Source):
    """A rule file with its decision tables, including rows from separate files."""

    tables: tuple[WrittenTable, ...] = ()
