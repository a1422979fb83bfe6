"""Finds the columns that a mapping names, reads their cells, and accounts for every other cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.imports.dates import Days, is_empty_day
from coopgov.imports.load import shipped_fields
from coopgov.imports.table import mapping_fault
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, tzinfo

    from coopgov.imports.mapping import FieldEntry, ImportMapping
    from coopgov.imports.result import Log
    from coopgov.imports.table import Row, Table
    from coopgov.schema.problems import Path

__all__ = ["Columns", "wanted_columns"]

_OF_DAYS = ("planned_start", "planned_end", "actual_start", "actual_end", "forecast_end", "deadline")
_SEVERAL = ("owner",)
"""Fields whose column may repeat with different values."""


def wanted_columns(mapping: ImportMapping) -> list[str]:
    """The names of all columns that a mapping and the shipped mapping of its format name."""
    fields = {**_all_fields(mapping), **mapping.custom}
    return [column.source for entry in fields.values() for column in entry.columns]


def _all_fields(mapping: ImportMapping) -> dict[str, FieldEntry]:
    return shipped_fields(mapping.format) | {str(name): entry for name, entry in mapping.fields.items()}


class Columns:
    """The columns of the fields of tasks in one table."""

    def __init__(self, table: Table, mapping: ImportMapping, zone: tzinfo, rows: Sequence[Row]) -> None:
        self.table, self.mapping, self.zone = table, mapping, zone
        self.fields = _all_fields(mapping)
        self.places: dict[str, list[tuple[str, list[int]]]] = {}
        for name, entry in self.fields.items():
            self.places[name] = self._found(entry, ("fields", name), own=name in mapping.fields)
        for name, entry in mapping.custom.items():
            self.places[f"custom.{name}"] = self._found(entry, ("custom", name), own=True)
        self.used = {at for found in self.places.values() for _, each in found for at in each}
        self._columns_once(rows)
        self.days = self._read_days(rows)

    def _found(self, entry: FieldEntry, path: Path, *, own: bool) -> list[tuple[str, list[int]]]:
        found = []
        for column in entry.columns:
            one = (
                column.model_copy(update={"which": entry.which})
                if entry.which and not column.which
                else column
            )
            if positions := self.table.columns_of(one, self.mapping, path):
                found.append((column.source, positions))
        if not found and own and not any(self.table.knows(each.source) for each in entry.columns):
            raise self.table.unknown([each.source for each in entry.columns], self.mapping, path)
        return found

    def entry(self, name: str) -> FieldEntry | None:
        """What the mapping says about a field."""
        return self.fields.get(name)

    def _columns_once(self, rows: Iterable[Row]) -> None:
        """Refuse columns of one name that say different things: which one is meant, only a person knows."""
        several = [
            (name, found)
            for name, found in self.places.items()
            if name not in _SEVERAL and any(len(each) > 1 for _, each in found)
        ]
        for row in rows if several else ():
            for name, found in several:
                for source, positions in found:
                    filled = {_cell(row, at) for at in positions} - {""}
                    if len(filled) > 1:
                        path = ("custom", name[7:]) if name.startswith("custom.") else ("fields", name)
                        said = phrase("imports.table.repeats", name=source, place=row.place)
                        expected = phrase("imports.table.one-column")
                        hint = phrase("imports.table.choose", name=source)
                        raise mapping_fault(self.mapping, path, "column-repeats", said, expected, hint)

    def _read_days(self, rows: Sequence[Row]) -> dict[int, Days]:
        read: dict[int, Days] = {}
        for name in _OF_DAYS:
            entry = self.fields.get(name)
            formats = (entry and entry.date) or self.mapping.date or ()
            for source, positions in self.places.get(name, ()):
                for at in positions:
                    cells = (text for row in rows if not is_empty_day(text := _cell(row, at)))
                    read[at] = days = Days(formats, self.zone, cells)
                    if days.undecided:
                        self._undecided(name, source, days.undecided[0])
        return read

    def _undecided(self, name: str, source: str, text: str) -> None:
        found = phrase("imports.table.two-readings", name=source, text=text)
        expected, hint = phrase("imports.table.decided"), phrase("imports.table.write-date")
        raise mapping_fault(self.mapping, ("fields", name), "ambiguous-date", found, expected, hint)

    def _at(self, field: str, row: Row) -> tuple[str, int] | None:
        """The first filled column of a field in a row."""
        for source, positions in self.places.get(field, ()):
            for at in positions:
                text = _cell(row, at)
                if text and not (field in _OF_DAYS and is_empty_day(text)):
                    return source, at
        return None

    def text(self, field: str, row: Row, *, custom: bool = False) -> str:
        """The text of a field; empty if no column is filled."""
        found = self._at(f"custom.{field}" if custom else field, row)
        return _cell(row, found[1]) if found else ""

    def texts(self, field: str, row: Row) -> list[str]:
        """The different texts of all columns of the first filled name."""
        for _, positions in self.places.get(field, ()):
            found = list(dict.fromkeys(text for at in positions if (text := _cell(row, at))))
            if found:
                return found
        return []

    def column(self, field: str, row: Row) -> str:
        """The name of the column that has the value of a field."""
        found = self._at(field, row)
        return found[0] if found else field

    def day(self, field: str, row: Row, text: str) -> date | None:
        """The day of a cell; None for a text that is no day."""
        found = self._at(field, row)
        return self.days[found[1]].read(text) if found else None

    @staticmethod
    def moment(text: str, zone: tzinfo) -> date | None:
        """The day of one moment of another system."""
        return Days((), zone, ()).read(text)

    def account(self, log: Log, used: Iterable[str]) -> None:
        """Count the filled cells of all columns that nothing names."""
        named = {each.casefold() for each in (*used, *self.mapping.tasks.only, *self.mapping.tasks.skip)}
        for at, name in enumerate(self.table.headers):
            if at in self.used or name in self.table.used or name.casefold() in named:
                continue
            for row in self.table.rows:
                if _cell(row, at):
                    if name:
                        log.lose_column(name, row.place)
                    else:
                        log.lose(phrase("imports.lost.no-name"), row.place)
        self._account_passed_over(log)

    def _account_passed_over(self, log: Log) -> None:
        """Count the cells that say something else than the column of their field that counts in their row."""
        spots = {name: [at for _, each in found for at in each] for name, found in self.places.items()}
        alone = {each[0] for each in spots.values() if len(each) == 1}
        several = {name: set(each) - alone for name, each in spots.items() if len(each) > 1}
        for row in self.table.rows if several else ():
            taken = {text for name in several for text in self._taken(name, row)}
            for at in sorted(set().union(*several.values())):
                text = _cell(row, at)
                if text and text not in taken and not is_empty_day(text):
                    log.lose_column(self.table.headers[at], row.place)

    def _taken(self, name: str, row: Row) -> list[str]:
        if name in _SEVERAL:
            return self.texts(name, row)
        found = self._at(name, row)
        return [_cell(row, found[1])] if found else []


def _cell(row: Row, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""
