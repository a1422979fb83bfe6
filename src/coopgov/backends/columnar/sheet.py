"""A frame of subjects, and the columns that are prepared in it, step by step, before conditions are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.dates import ordinal_of, working_days
from coopgov.backends.columnar.parts import Condition, Part, Range, Value
from coopgov.language.interpreter import same_unit
from coopgov.language.values import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from coopgov.backends.columnar.writer import Writer
    from coopgov.facts.catalogue import Fact
    from coopgov.language import syntax as s
    from coopgov.model import WorkingCalendar

    Frame = nw.LazyFrame[Any] | nw.DataFrame[Any]

__all__ = ["Children", "Sheet", "columns_of"]


@dataclass(frozen=True, slots=True)
class Children:
    """The frame of a collection: its items, and which of its columns name the subject that each belongs to."""

    frame: Any
    keys: tuple[str, ...]


@dataclass(slots=True)
class _Step:
    columns: list[nw.Expr] = field(default_factory=list)
    joins: list[Callable[[Any], Any]] = field(default_factory=list)


class Sheet:
    """Columns of facts and formulas, each prepared once; `run` adds them all to the frame."""

    def __init__(
        self,
        frame: Frame,
        keys: Sequence[str],
        calendar: WorkingCalendar,
        children: Mapping[str, Children] | None = None,
        prefix: str = "",
    ) -> None:
        self.frame = frame
        self.keys = tuple(keys)
        self.calendar = calendar
        self.children = dict(children or {})
        self.schema = frame.collect_schema()
        self.always = nw.col(self.keys[0]).is_null() | ~nw.col(self.keys[0]).is_null()
        self.nothing = nw.when(~self.always).then(nw.lit(0.0))
        self.steps: list[_Step] = []
        self.last: list[nw.Expr] = []
        self.outer_stage = 0
        self.outer_columns: list[nw.Expr] = []
        self._prefix = prefix
        self._names = 0
        self._kept: dict[Any, Part] = {}
        self._units: dict[str, list[str]] = {}

    def run(self, outer: Any = None, keys: Sequence[str] = ()) -> Any:
        """The frame with all prepared columns; `outer` are columns of the subjects around, joined on their keys."""
        frame = self.frame
        if outer is not None:
            frame = frame.join(outer, left_on=list(self.keys), right_on=list(keys), how="left")
        for step in self.steps:
            if step.columns:
                frame = frame.with_columns(*step.columns)
            for join in step.joins:
                frame = join(frame)
        return frame.with_columns(*self.last) if self.last else frame

    def keep(self, key: Any, make: Callable[[], Part]) -> Part:
        """Prepare a part as columns, once, and return it as those."""
        if key not in self._kept:
            self._kept[key] = self._stored(make())
        return self._kept[key]

    def _stored(self, part: Part) -> Part:
        if isinstance(part, Value):
            if part.constant is not None:
                return part
            return Value(
                self._column(part.value, part.stage), self._flag(part.unset, part.stage), part.stage + 1
            )
        unset, stage = self._flag(part.unset, part.stage), part.stage
        if isinstance(part, Range):
            return Range(self._column(part.low, stage), self._column(part.high, stage), unset, stage + 1)
        return Condition(self._flag(part.true, stage), self._flag(part.false, stage), unset, stage + 1)

    def _flag(self, column: nw.Expr | None, stage: int) -> nw.Expr | None:
        return None if column is None else self._column(column, stage)

    def _column(self, column: nw.Expr, stage: int) -> nw.Expr:
        name = self.fresh()
        self.step(stage).columns.append(column.alias(name))
        return nw.col(name)

    def fresh(self) -> str:
        """A new name of a column."""
        self._names += 1
        return f"_{self._prefix}{self._names}"

    def step(self, stage: int) -> _Step:
        """The step of a number."""
        while len(self.steps) <= stage:
            self.steps.append(_Step())
        return self.steps[stage]

    def fact(self, column: str, fact: Fact, hidden_by: str, as_of: date | None) -> Part:
        """A base fact: null where it is absent, or was observed after the date."""
        return self.keep(("base", column, fact.about), lambda: self._read(column, fact, hidden_by, as_of))

    def _read(self, column: str, fact: Fact, hidden_by: str, as_of: date | None) -> Part:
        kind = fact.type
        assert kind is not None
        if column not in self.schema:
            unset = self.always if fact.optional else None
            return Condition(None, None, unset) if kind.kind == "truth" else Value(self.nothing, unset)
        visible = self._visible(hidden_by, as_of)
        if kind.kind == "truth":
            true, false = (_certain(each, visible) for each in (nw.col(column), ~nw.col(column)))
            return Condition(true, false, ~true & ~false if fact.optional else None)
        value = self._values(column, kind.kind)
        value = value if visible is None else nw.when(visible).then(value)
        return Value(value, value.is_null() if fact.optional else None)

    def _values(self, column: str, kind: str) -> nw.Expr:
        if kind == "date":
            return ordinal_of(nw.col(column))
        if kind == "text":
            return nw.col(column).cast(nw.String)
        number = nw.col(column).cast(nw.Float64)
        return nw.when((number > -LARGEST) & (number < LARGEST)).then(number)

    def _visible(self, hidden_by: str, as_of: date | None) -> nw.Expr | None:
        if not hidden_by or as_of is None or hidden_by not in self.schema:
            return None
        day = ordinal_of(nw.col(hidden_by))
        return day.is_null() | (day <= float(as_of.toordinal()))

    def in_unit(self, prefix: str, unit: str) -> tuple[nw.Expr, int]:
        """Where the KPI at hand has a unit."""
        column = f"{prefix}unit"
        if column not in self.schema:
            return (self.always if unit == "count" else ~self.always), 0
        if column not in self._units:
            found = self.frame.select(nw.col(column)).unique().lazy().collect()[column].to_list()
            self._units[column] = [each for each in found if isinstance(each, str)]
        names = [name for name in self._units[column] if same_unit(name, unit)]
        mine = _certain(nw.col(column).is_in(names), None) if names else ~self.always
        return (mine | nw.col(column).is_null() if unit == "count" else mine), 0

    def working_days(self, first: nw.Expr, last: nw.Expr) -> nw.Expr:
        """The working days after one day, up to and with another."""
        return working_days(self.calendar, last) - working_days(self.calendar, first)

    def brought(self, outer: Writer, node: s.Name) -> Part:
        """A fact of the subjects around, as columns that come with them when the frame is run."""
        part = outer.sheet.keep(("brought", node, node.level, node.parents), lambda: outer.write(node))
        if isinstance(part, Value) and part.constant is not None:
            return part
        self.outer_stage = max(self.outer_stage, part.stage)
        self.outer_columns += (column for column in columns_of(part) if column is not None)
        return _at_once(part)

    def child(self, name: str, children: Children) -> Sheet:
        """The sheet of the items of a collection."""
        prefix = f"{self._prefix}{len(self._kept)}{name}"
        return Sheet(nw.from_native(children.frame), children.keys, self.calendar, prefix=prefix)

    def aggregate(self, writer: Writer, node: s.Aggregate, prefix: str) -> Part:
        """A function of a collection, by group and join."""
        from coopgov.backends.columnar.collections import aggregated

        key = ("aggregate", node, prefix, tuple(part.type for part in (node.where, node.value) if part))
        return self.keep(key, lambda: aggregated(self, writer, node, prefix))


def _certain(condition: nw.Expr, visible: nw.Expr | None) -> nw.Expr:
    """A condition that is false where it is null."""
    told = condition if visible is None else condition & visible
    return nw.when(told).then(nw.lit(value=True)).otherwise(nw.lit(value=False))


def columns_of(part: Part) -> tuple[nw.Expr | None, ...]:
    """The columns that a part consists of; None for those that are false everywhere."""
    if isinstance(part, Value):
        return part.value, part.unset
    if isinstance(part, Range):
        return part.low, part.high, part.unset
    return part.true, part.false, part.unset


def _at_once(part: Part) -> Part:
    """The same part, computable in the frame it was brought to from the start."""
    if isinstance(part, Value):
        return Value(part.value, part.unset, 0, part.constant)
    if isinstance(part, Range):
        return Range(part.low, part.high, part.unset)
    return Condition(part.true, part.false, part.unset)
