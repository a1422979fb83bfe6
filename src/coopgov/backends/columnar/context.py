"""The sheet: a frame of subjects and the columns computed from it, whether the engine is eager or lazy.

There are two kinds. A *planned* sheet is for lazy engines (DuckDB, Dask, Spark, lazy Polars): its columns are
expressions, which run step by step with the frame. A *held* sheet is for frames in memory (Polars, pandas, PyArrow):
its columns are series, computed at once. Their values are known, so nothing is computed for missing values where
nothing is missing. The compiler works with both.
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
    from coopgov.locales import Phrase

    Frame = nw.LazyFrame[Any] | nw.DataFrame[Any]

__all__ = ["HITS", "UNDETERMINED", "Items", "Sheet", "columns_of", "not_applicable", "unreadable"]

_ANY = Limits(EVERYTHING)
HITS = ("rule", "severity", "value", "threshold")
UNDETERMINED = ("rule", "missing", "because")
"""The columns of the two result frames, after the keys of the subject."""


@dataclass(frozen=True, slots=True)
class Items:
    """The frame of a collection: its items, and the columns that name the subject that each belongs to."""

    frame: Any
    keys: tuple[str, ...]


class Sheet(ABC):
    """A frame of subjects, with columns of facts and formulas that are each computed once."""

    always: Column
    """True in every row."""
    nothing: Column
    """A numeric null in every row."""
    mark: str
    """The prefix of added columns. No column of the host begins with it, so none is overwritten or read by mistake."""

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
        """One column where a condition holds; another one (or null) where it is false or null."""

    @abstractmethod
    def certain(self, condition: Column) -> Column:
        """The condition with null replaced by false."""

    @abstractmethod
    def somewhere(self, condition: Column) -> Column | None:
        """The condition with null replaced by false; None if it is known to be false everywhere."""

    @abstractmethod
    def blanked(self, column: str, where: Column) -> Frame:
        """The frame with null in a column where a condition holds; the condition is never null."""

    @abstractmethod
    def limited(self, number: Column, limits: Limits) -> Cells:
        """Read numbers: NaN becomes null, and numbers outside the limits of the fact are faulty."""

    def measured(self, part: Value) -> Value:
        """The same value with its actual range, if the values are available."""
        return part

    @abstractmethod
    def refused(self, column: str, wrong: Column, expected: Callable[[], Phrase]) -> Column | None:
        """Where cells of a column do not fit their fact: unreadable in a lazy frame, whose values are not available.

        Raises:
            FactError: the values are available, and there are such cells.
        """

    @abstractmethod
    def contains(self, texts: Column, text: str) -> Column:
        """Where a list of texts contains a text; null where there is no list."""

    @abstractmethod
    def spread(self, part: Value) -> Column:
        """A value as a column, even if it is constant."""

    @abstractmethod
    def constant(self, value: float | str) -> Value:
        """A constant as a value."""

    @abstractmethod
    def stored(self, part: Part) -> Part:
        """Store a part, so that its columns are computed once, however often they are used."""

    @abstractmethod
    def child(self, name: str) -> Sheet:
        """Return the sheet of the items of a collection."""

    @abstractmethod
    def brought(self, part: Part) -> Part:
        """Return a part of the owning subjects in the rows of their items."""

    @abstractmethod
    def group(self, items: Sheet) -> Group:
        """Return the group that counts items by the subjects of this sheet."""

    def enumerated(self, texts: Column, choices: Sequence[str]) -> Column:
        """Texts of a result: an enumeration in Polars, which takes one or two bytes a row; plain texts elsewhere."""
        return texts.cast(nw.Enum(choices)) if self.frame.implementation.is_polars() else texts

    @abstractmethod
    def _texts_in(self, value: Column) -> list[Any]:
        """The different texts of a column."""

    def exchange(self, frame: Frame) -> None:
        """Replace the frame by one with the same rows and columns but other values in a column."""
        self.frame = frame

    def keep(self, key: Any, make: Callable[[], Part]) -> Part:
        """Create a part once for each key."""
        if key not in self._kept:
            self._kept[key] = self.stored(make())
        part: Part = self._kept[key]
        return part

    def either(self, left: Value, right: Value | Range) -> Value | Range:
        """The left value, or the right one where the left is missing."""
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
        """A part as a number: a count or share must be certain, except in a comparison."""
        if isinstance(part, Range):
            return Value(self.choose(part.low == part.high, part.low), part.unset, part.stage, span=COUNTS)
        assert isinstance(part, Value)
        return part

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
            told = (value, ~value)
            true, false = (self.certain(each if later is None else each & ~later) for each in told)
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


def not_applicable(column: str) -> str:
    """The flag column for a fact that does not apply; the spaces in its name keep it from being a fact."""
    return f"{column} does not apply"


def unreadable(column: str) -> str:
    """The flag column for cells that cannot be read as their fact and therefore have no value."""
    return f"{column} cannot be read"


def _unused(frames: Sequence[Frame]) -> str:
    """Return a prefix that no column of the frames begins with."""
    names = [name for frame in frames for name in frame.collect_schema().names()]
    mark = "_"
    while any(str(name).startswith(mark) for name in names):
        mark += "_"
    return mark


def _but(where: Column, other: Column | None) -> Column:
    """Where a condition holds and another one does not."""
    return where if other is None else where & ~other


def columns_of(part: Part) -> tuple[Column | None, ...]:
    """Return the columns of a part; None for those that are false everywhere."""
    if isinstance(part, Range):
        return part.low, part.high, part.unset
    why = (where for _, where in part.why)
    if isinstance(part, Value):
        return part.value, part.unset, *why
    return part.true, part.false, part.unset, *why
