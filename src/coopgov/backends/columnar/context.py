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

from coopgov.backends.columnar.value_ranges import COUNTS
from coopgov.backends.columnar.values import (
    Column,
    Part,
    Range,
    Value,
    all_of,
    present,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coopgov.backends.columnar.limits import Limits
    from coopgov.backends.columnar.values import Cells
    from coopgov.facts.catalogue import Catalogue
    from coopgov.language.interpreter import Setting
    from coopgov.locales import Phrase
    from coopgov.model import WorkingCalendar

    Frame = nw.LazyFrame[Any] | nw.DataFrame[Any]

__all__ = [
    "HITS",
    "UNDETERMINED",
    "Items",
    "Sheet",
    "Surroundings",
    "columns_of",
    "not_applicable",
    "unreadable",
]

HITS = ("rule", "severity", "value", "threshold", "past")
UNDETERMINED = ("rule", "missing", "because")
"""The columns of the two result frames, after the keys of the subject."""


@dataclass(frozen=True, slots=True)
class Items:
    """The frame of a collection: its items, and the columns that name the subject that each belongs to."""

    frame: Any
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all expressions of a program share."""

    catalogue: Catalogue
    setting: Setting
    calendar: WorkingCalendar


class Sheet(ABC):
    """A frame of subjects, with columns that are each computed once."""

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
    def brought(self, part: Part) -> Part:
        """Return a part of the owning subjects in the rows of their items."""

    def enumerated(self, texts: Column, choices: Sequence[str]) -> Column:
        """Texts of a result: an enumeration in Polars, which takes one or two bytes a row; plain texts elsewhere."""
        return texts.cast(nw.Enum(choices)) if self.frame.implementation.is_polars() else texts

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


def columns_of(part: Part) -> tuple[Column | None, ...]:
    """Return the columns of a part; None for those that are false everywhere."""
    if isinstance(part, Range):
        return part.low, part.high, part.unset
    why = (where for _, where in part.why)
    if isinstance(part, Value):
        return part.value, part.unset, *why
    return part.true, part.false, part.unset, *why
