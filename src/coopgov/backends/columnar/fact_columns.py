"""Columns of a sheet as facts: read by the type of the fact, without what was observed later or cannot be read."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.coerce import read_cells
from coopgov.backends.columnar.context import Sheet, not_applicable, unreadable
from coopgov.backends.columnar.limits import Limits, limits_of
from coopgov.backends.columnar.value_ranges import CALENDAR, EVERYTHING
from coopgov.backends.columnar.values import Cells, Column, Condition, Part, Value, Why, any_of
from coopgov.backends.interpreter import HIDDEN, UNREADABLE
from coopgov.language.interpreter import same_unit
from coopgov.language.types import DATE, TEXT, TRUTH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from coopgov.backends.columnar.context import Frame, Items
    from coopgov.backends.columnar.groups import Group
    from coopgov.facts.catalogue import Fact
    from coopgov.language.types import Type

__all__ = ["FactSheet"]

_ANY = Limits(EVERYTHING)


class FactSheet(Sheet):
    """A sheet whose columns are read as facts, and whose subjects can have collections of items."""

    def __init__(
        self, frame: Frame, keys: Sequence[str], children: Mapping[str, Items] | None = None, mark: str = ""
    ) -> None:
        super().__init__(frame, keys, children, mark)
        self._units: dict[str, list[str]] = {}
        self._blanked: set[str] = set()

    @abstractmethod
    def child(self, name: str) -> FactSheet:
        """Return the sheet of the items of a collection."""

    @abstractmethod
    def group(self, items: FactSheet) -> Group:
        """Return the group that counts items by the subjects of this sheet."""

    @abstractmethod
    def _texts_in(self, value: Column) -> list[Any]:
        """The different texts of a column."""

    def fact(self, column: str, fact: Fact, hidden_by: str, as_of: date | None) -> Part:
        """Read a base fact: null where it is absent, or was observed after the date."""
        return self.keep(("base", column, fact.about), lambda: self._read(column, fact, hidden_by, as_of))

    def _read(self, column: str, fact: Fact, hidden_by: str, as_of: date | None) -> Part:
        kind = fact.type
        assert kind is not None
        if column not in self.schema:
            unset = self.always if fact.optional else None
            if kind.kind == "truth":
                return Condition(None, None, unset)
            return Value(self.nothing, unset, absent=True)
        cells, later = self.cells(column, kind, limits_of(fact)), self._later(hidden_by, as_of)
        value, why = cells.values, self._why(cells, later)
        faulty = any_of(where for reason, where in why if reason != HIDDEN)
        elsewhere = self._flagged(not_applicable(column))
        if kind.kind == "truth":
            outcomes = (value, ~value)
            true, false = (self.certain(each if later is None else each & ~later) for each in outcomes)
            unset = _but(~true & ~false, faulty) if fact.optional else elsewhere
            return Condition(true, false, unset, why=why)
        if later is not None:
            value = self.choose(~later, value)
        # An optional fact without a value is not set, unless its cell is faulty: then it is unknown.
        unset = _but(value.is_null(), faulty) if fact.optional else elsewhere
        return Value(value, unset, why=why, span=cells.span)

    @staticmethod
    def _why(cells: Cells, later: Column | None) -> Why:
        """The reasons other than absence why there is no value: at most one in each row."""
        if later is None:
            return cells.why
        given = any_of([~cells.values.is_null(), *(where for _, where in cells.why)])
        return ((HIDDEN, later & given), *((reason, where & ~later) for reason, where in cells.why))

    def _flagged(self, flag: str) -> Column | None:
        """Where the host has set a flag, a column of truth values, about a fact; None if it has not."""
        return self.somewhere(self.cells(flag, TRUTH, _ANY).values) if flag in self.schema else None

    def cells(self, column: str, kind: Type, limits: Limits) -> Cells:
        """Read a column of the frame as values of a type, null where there is none.

        Raises:
            FactError: the column cannot hold such values, or has a text that is not in the enumeration.
        """
        key = ("cells", column, kind.kind, kind.unit, limits)
        if key not in self._kept:
            self._kept[key] = self._cells(column, kind, limits)
        kept: Cells = self._kept[key]
        return kept

    def _cells(self, column: str, kind: Type, limits: Limits) -> Cells:
        """Read a column without cells that the host has flagged, so that their content cannot cause an error."""
        elsewhere, broken = (self._flagged(flag(column)) for flag in (not_applicable, unreadable))
        hides = any_of([elsewhere, broken])
        if hides is not None and column not in self._blanked:
            self._blanked.add(column)
            self.exchange(self.blanked(column, hides))
        cells = read_cells(self, column, kind, limits)
        if broken is None:
            return cells
        return replace(cells, why=((UNREADABLE, _but(broken, elsewhere)), *cells.why))

    def _later(self, hidden_by: str, as_of: date | None) -> Column | None:
        """Where a fact was observed after the date; None if nowhere."""
        if not hidden_by or as_of is None or hidden_by not in self.schema:
            return None
        day = self.cells(hidden_by, DATE, Limits(CALENDAR)).values
        return self.somewhere(day > float(as_of.toordinal()))

    def in_unit(self, prefix: str, unit: str) -> Column:
        """Where the KPI has a unit; even a lazy frame is queried for its distinct units at once."""
        column = f"{prefix}unit"
        if column not in self.schema:
            return self.always if unit == "count" else ~self.always
        value = self.cells(column, TEXT, _ANY).values
        if column not in self._units:
            self._units[column] = [each for each in self._texts_in(value) if isinstance(each, str)]
        names = [name for name in self._units[column] if same_unit(name, unit)]
        mine = self.certain(value.is_in(names)) if names else ~self.always
        return mine | value.is_null() if unit == "count" else mine

    def holds(self, path: str) -> bool:
        """Whether the frame has columns of a subject above, such as `phase.`."""
        return any(str(column).startswith(path) for column in self.schema)


def _but(where: Column, other: Column | None) -> Column:
    """Where a condition holds and another one does not."""
    return where if other is None else where & ~other
