"""A sheet: a frame of subjects, and the columns that are made of it.

There are two sorts. A *planned* sheet is for engines that plan before they run (DuckDB, Dask, Spark, lazy Polars): its columns are
expressions, prepared step by step when the frame is run. A *held* sheet is for frames in memory (Polars, pandas, PyArrow): its columns are series,
worked out at once, so that what they hold is known; where nothing is missing, nothing is asked. Everything that reads expressions works
with both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.coerce import Cells, read_cells
from coopgov.backends.columnar.value_ranges import CALENDAR, COUNTS, EVERYTHING, Limits, limits_of
from coopgov.backends.columnar.values import (
    Column,
    Condition,
    Part,
    Range,
    Value,
    Why,
    all_of,
    any_of,
    present,
)
from coopgov.backends.interpreter import HIDDEN, UNREADABLE
from coopgov.language.interpreter import same_unit
from coopgov.language.types import DATE, TEXT, TRUTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from coopgov.backends.columnar.collections import Group
    from coopgov.facts.catalogue import Fact
    from coopgov.language.types import Type

    Frame = nw.LazyFrame[Any] | nw.DataFrame[Any]

__all__ = ["HITS", "UNDETERMINED", "Items", "Sheet", "columns_of", "not_applicable", "unreadable"]

_ANY = Limits(EVERYTHING)
HITS = ("rule", "severity", "value", "threshold")
UNDETERMINED = ("rule", "missing", "because")
"""The columns of the two frames of a result, after the keys of the subject."""


@dataclass(frozen=True, slots=True)
class Items:
    """The frame of a collection: its items, and which of its columns name the subject that each belongs to."""

    frame: Any
    keys: tuple[str, ...]


class Sheet(ABC):
    """Columns of facts and formulas, each made once."""

    always: Column
    """True in every row."""
    nothing: Column
    """Null in every row, as a number."""
    mark: str
    """What the names of added columns begin with, and no name of a host does: his columns are neither read for them nor lost."""

    def __init__(
        self, frame: Frame, keys: Sequence[str], children: Mapping[str, Items] | None = None, mark: str = ""
    ) -> None:
        self.frame = frame
        self.keys = tuple(keys)
        self.children = dict(children or {})
        self.schema = frame.collect_schema()
        self.mark = mark or _unused([frame, *(each.frame for each in self.children.values())])
        self._kept: dict[Any, Any] = {}
        self._units: dict[str, list[str]] = {}
        self._blanked: set[str] = set()

    @abstractmethod
    def column(self, name: str) -> Column:
        """A column of the frame."""

    @abstractmethod
    def choose(self, where: Column, then: Column, otherwise: Column | None = None) -> Column:
        """One column where a condition holds, another one (or null) where it does not or is null."""

    @abstractmethod
    def certain(self, condition: Column) -> Column:
        """A condition that is false where it is null."""

    @abstractmethod
    def somewhere(self, condition: Column) -> Column | None:
        """A condition that is never null; None where it is known to be false everywhere."""

    @abstractmethod
    def blanked(self, column: str, where: Column) -> Frame:
        """The frame without the cells of a column where a condition holds, which is never null."""

    @abstractmethod
    def limited(self, number: Column, limits: Limits) -> Cells:
        """Numbers, null where they are NaN; those that a fact cannot be are faulty."""

    def measured(self, part: Value) -> Value:
        """The same value, with the numbers between which it really lies, where those can be looked at."""
        return part

    @abstractmethod
    def refused(self, column: str, wrong: Column, expected: str) -> Column | None:
        """Where cells of a column are none of its fact: they are unreadable in a frame that cannot be looked into.

        Raises:
            FactError: the frame can be looked into, and there are such cells.
        """

    @abstractmethod
    def contains(self, texts: Column, text: str) -> Column:
        """Where a list of texts has one; null where there is no list."""

    @abstractmethod
    def spread(self, part: Value) -> Column:
        """A value as a column, also if it is the same in all rows."""

    @abstractmethod
    def constant(self, value: float | str) -> Value:
        """A value that is the same in all rows."""

    @abstractmethod
    def stored(self, part: Part) -> Part:
        """A part whose columns are made once, however often they are used."""

    @abstractmethod
    def child(self, name: str) -> Sheet:
        """The sheet of the items of a collection."""

    @abstractmethod
    def brought(self, part: Part) -> Part:
        """A part of the subjects around, in the rows of their items."""

    @abstractmethod
    def group(self, items: Sheet) -> Group:
        """What is counted of items by the subjects of this sheet."""

    def enumerated(self, texts: Column, choices: Sequence[str]) -> Column:
        """Texts of a result: in Polars an enumeration, which takes a byte or two for each row; elsewhere as they are."""
        return texts.cast(nw.Enum(choices)) if self.frame.implementation.is_polars() else texts

    @abstractmethod
    def _texts_in(self, value: Column) -> list[Any]:
        """The different texts of a column."""

    def exchange(self, frame: Frame) -> None:
        """Take the same frame with a column of other values."""
        self.frame = frame

    def keep(self, key: Any, make: Callable[[], Part]) -> Part:
        """Make a part, once."""
        if key not in self._kept:
            self._kept[key] = self.stored(make())
        part: Part = self._kept[key]
        return part

    def either(self, left: Value, right: Value | Range) -> Value | Range:
        """The left value, or the right one where that is missing."""
        there, stage = present(left), max(left.stage, right.stage)
        if there is None:
            return left
        unset = all_of([left.unset, right.unset])
        if isinstance(right, Range):
            low, high = (self.choose(there, left.value, end) for end in (right.low, right.high))
            return Range(low, high, unset, stage)
        if left.absent:
            return replace(right, unset=unset, stage=stage, why=())
        if right.absent:
            return replace(left, unset=unset, stage=stage, why=())
        whole = right.whole or right.constant is not None
        chosen = self.choose(there, left.value, self.spread(right))
        return Value(chosen, unset, stage, whole=whole, span=left.span | right.span)

    def number_of(self, part: Part) -> Value:
        """A count or share used other than in a comparison must be certain."""
        if isinstance(part, Range):
            return Value(self.choose(part.low == part.high, part.low), part.unset, part.stage, span=COUNTS)
        assert isinstance(part, Value)
        return part

    def fact(self, column: str, fact: Fact, hidden_by: str, as_of: date | None) -> Part:
        """A base fact: null where it is absent, or was observed after the date."""
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
            told = (value, ~value)
            true, false = (self.certain(each if later is None else each & ~later) for each in told)
            unset = _but(~true & ~false, faulty) if fact.optional else elsewhere
            return Condition(true, false, unset, why=why)
        if later is not None:
            value = self.choose(~later, value)
        # An optional fact that has no value was not set, unless something stands there that is none.
        unset = _but(value.is_null(), faulty) if fact.optional else elsewhere
        return Value(value, unset, why=why, span=cells.span)

    @staticmethod
    def _why(cells: Cells, later: Column | None) -> Why:
        """Why there is no value, besides that none was given: one reason in each row."""
        if later is None:
            return cells.why
        given = any_of([~cells.values.is_null(), *(where for _, where in cells.why)])
        return ((HIDDEN, later & given), *((reason, where & ~later) for reason, where in cells.why))

    def _flagged(self, flag: str) -> Column | None:
        """Where the host says something of a fact in a column of truth values; None where it says nothing."""
        return self.somewhere(self.cells(flag, TRUTH, _ANY).values) if flag in self.schema else None

    def cells(self, column: str, kind: Type, limits: Limits) -> Cells:
        """A column of the frame as values of a type, null where there is none.

        Raises:
            FactError: the column cannot hold such values, or holds a text that an enumeration does not know.
        """
        key = ("cells", column, kind.kind, kind.unit, limits)
        if key not in self._kept:
            self._kept[key] = self._cells(column, kind, limits)
        kept: Cells = self._kept[key]
        return kept

    def _cells(self, column: str, kind: Type, limits: Limits) -> Cells:
        """What a host says is no value is not looked at, whatever stands there."""
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
        """Where a fact was observed after the date; None where it was nowhere."""
        if not hidden_by or as_of is None or hidden_by not in self.schema:
            return None
        day = self.cells(hidden_by, DATE, Limits(CALENDAR)).values
        return self.somewhere(day > float(as_of.toordinal()))

    def in_unit(self, prefix: str, unit: str) -> Column:
        """Where the KPI at hand has a unit; of a lazy frame, the units that there are are looked up at once."""
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
        """Whether there are columns of a subject above, such as `phase.`."""
        return any(str(column).startswith(path) for column in self.schema)


def not_applicable(column: str) -> str:
    """The column that says where the fact of another one does not apply; with blanks, so that it is no fact itself."""
    return f"{column} does not apply"


def unreadable(column: str) -> str:
    """The column that says where the cell of another one cannot be read as its fact, and so has no value."""
    return f"{column} cannot be read"


def _unused(frames: Sequence[Frame]) -> str:
    """The beginning of a name that no column of some frames has."""
    names = [name for frame in frames for name in frame.collect_schema().names()]
    mark = "_"
    while any(str(name).startswith(mark) for name in names):
        mark += "_"
    return mark


def _but(where: Column, other: Column | None) -> Column:
    """Where a condition holds, and another one does not."""
    return where if other is None else where & ~other


def columns_of(part: Part) -> tuple[Column | None, ...]:
    """The columns that a part consists of; None for those that are false everywhere."""
    if isinstance(part, Range):
        return part.low, part.high, part.unset
    why = (where for _, where in part.why)
    if isinstance(part, Value):
        return part.value, part.unset, *why
    return part.true, part.false, part.unset, *why
