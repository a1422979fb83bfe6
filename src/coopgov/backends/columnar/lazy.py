"""Sheets of lazy frames (DuckDB, Spark, lazy Polars): columns are expressions, added to the plan step by step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.context import columns_of
from coopgov.backends.columnar.fact_columns import FactSheet
from coopgov.backends.columnar.groups import Group
from coopgov.backends.columnar.spark import quoted
from coopgov.backends.columnar.value_ranges import point
from coopgov.backends.columnar.values import Cells, Column, Condition, Part, Range, Value
from coopgov.backends.interpreter import OUT_OF_RANGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coopgov.backends.columnar.context import Frame, Items
    from coopgov.backends.columnar.limits import Limits
    from coopgov.locales import Phrase

__all__ = ["LazySheet"]


@dataclass(slots=True)
class _Step:
    columns: list[nw.Expr] = field(default_factory=list)
    joins: list[Callable[[Any], Any]] = field(default_factory=list)


class LazySheet(FactSheet):
    """A sheet whose columns are expressions that `run` adds to the frame.

    An engine cannot refer to a column in the step that creates it, and an expression repeated at every use would grow
    exponentially. So each stored part gets a stage: the step after the last one that it reads.
    """

    def __init__(
        self, frame: Frame, keys: Sequence[str], children: Mapping[str, Items] | None = None, mark: str = ""
    ) -> None:
        super().__init__(frame, keys, children, mark)
        self.always = nw.col(self.keys[0]).is_null() | ~nw.col(self.keys[0]).is_null()
        self.nothing = nw.when(~self.always).then(nw.lit(0.0))
        self.steps: list[_Step] = []
        self.last: list[nw.Expr] = []
        self.outer_stage = 0
        self.outer_columns: dict[str, nw.Expr] = {}
        self._names = 0

    def column(self, name: str) -> nw.Expr:
        """A column of the frame."""
        return nw.col(quoted(self.frame, name))

    def choose(self, where: nw.Expr, then: Column, otherwise: Column | None = None) -> nw.Expr:
        """One column where a condition holds; another one (or null) where it is false or null."""
        chosen = nw.when(where).then(_column(then))
        return chosen if otherwise is None else chosen.otherwise(_column(otherwise))

    def certain(self, condition: nw.Expr) -> nw.Expr:
        """The condition with null replaced by false."""
        return nw.when(condition).then(nw.lit(value=True)).otherwise(nw.lit(value=False))

    def somewhere(self, condition: nw.Expr) -> nw.Expr:
        """The condition with null replaced by false; a lazy frame does not reveal whether it holds anywhere."""
        return self.certain(condition)

    def blanked(self, column: str, where: nw.Expr) -> Frame:
        """The frame with null in a column where a condition holds."""
        return self.frame.with_columns(nw.when(~where).then(self.column(column)).alias(column))

    def limited(self, number: nw.Expr, limits: Limits) -> Cells:
        """Read numbers: NaN becomes null, and numbers outside the limits of the fact are faulty."""
        inside = self.certain(limits.hold(number))
        outside = ~inside & ~number.is_null() & ~self.certain(number.is_nan())
        return Cells(self.choose(inside, number), limits.span, ((OUT_OF_RANGE, outside),))

    def refused(self, column: str, wrong: nw.Expr, expected: Callable[[], Phrase]) -> nw.Expr:  # noqa: ARG002  # nothing is looked at
        """Where cells of a column are wrong; a lazy frame cannot raise an error, since it has no values yet."""
        return self.certain(wrong)

    def contains(self, texts: nw.Expr, text: str) -> nw.Expr:
        """Where a list of texts contains a text; null where there is no list."""
        return texts.list.contains(text)

    def spread(self, part: Value) -> Column:
        """A value as a column."""
        return part.value

    def constant(self, value: float | str) -> Value:
        """A constant as a value."""
        return Value(nw.lit(value), constant=value, span=point(value))

    def run(self, outer: Any = None, keys: Sequence[str] = ()) -> Any:
        """Return the frame with all prepared columns; `outer` are columns of the owning subjects, joined by key."""
        frame: Any = self.frame
        if outer is not None:
            frame = frame.join(outer, left_on=list(self.keys), right_on=list(keys), how="left")
        for step in self.steps:
            if step.columns:
                frame = frame.with_columns(*step.columns)
            for join in step.joins:
                frame = join(frame)
        return frame.with_columns(*self.last) if self.last else frame

    def stored(self, part: Part) -> Part:
        """Add a part's columns to the plan, one step after those that it reads."""
        stage = part.stage
        unset = self._flag(part.unset, stage)
        if isinstance(part, Range):
            return Range(self._column(part.low, stage), self._column(part.high, stage), unset, stage + 1)
        why = tuple((reason, self._column(where, stage)) for reason, where in part.why)
        if isinstance(part, Condition):
            true, false = (self._flag(each, stage) for each in (part.true, part.false))
            return Condition(true, false, unset, stage + 1, part.decided, why)
        if part.constant is not None:
            return part
        if part.absent:
            return part if unset is None else Value(self.nothing, unset, stage + 1, absent=True)
        return Value(
            self._column(part.value, stage), unset, stage + 1, whole=part.whole, why=why, span=part.span
        )

    def _flag(self, column: Column | None, stage: int) -> nw.Expr | None:
        return None if column is None else self._column(column, stage)

    def _column(self, column: Column, stage: int) -> nw.Expr:
        name = self.fresh()
        self.step(stage).columns.append(column.alias(name))
        return nw.col(name)

    def fresh(self) -> str:
        """Return an unused column name."""
        self._names += 1
        return f"{self.mark}{self._names}"

    def step(self, stage: int) -> _Step:
        """Return the step of a number, created if necessary."""
        while len(self.steps) <= stage:
            self.steps.append(_Step())
        return self.steps[stage]

    def child(self, name: str) -> LazySheet:
        """Return the sheet of the items of a collection."""
        children = self.children[name]
        types = children.frame.collect_schema()
        typed = [  # a column without any values may have no type, and could not be joined
            nw.col(own).cast(self.schema[key])
            for own, key in zip(children.keys, self.keys, strict=True)
            if types[own] == nw.Unknown and self.schema[key] != nw.Unknown
        ]
        frame = children.frame.with_columns(*typed) if typed else children.frame
        mark = f"{self.mark}{len(self._kept)}{name}_"
        return LazySheet(frame, children.keys, mark=mark)

    def brought(self, part: Part) -> Part:
        """Return a part of the owning subjects; its columns are joined to the items when the frame runs."""
        if isinstance(part, Value) and part.constant is not None:
            return part
        absent = isinstance(part, Value) and part.absent
        columns = [part.unset] if absent else columns_of(part)
        self.outer_stage = max(self.outer_stage, part.stage)
        self.outer_columns |= {str(column): column for column in columns if column is not None}
        return Value(self.nothing, part.unset, absent=True) if absent else replace(part, stage=0)

    def group(self, items: FactSheet) -> LazyGroup:
        """Return the group that counts items by the subjects of this sheet."""
        assert isinstance(items, LazySheet)
        return LazyGroup(self, items)

    def _texts_in(self, value: Column) -> list[Any]:
        found: Any = self.frame.select(value.alias("texts")).unique().lazy().collect()
        texts: list[Any] = found["texts"].to_list()
        return texts


class LazyGroup(Group):
    """A group whose counts are joined to the subjects when the frame runs; more can be added until then."""

    sheet: LazySheet
    items: LazySheet

    def __init__(self, sheet: LazySheet, items: LazySheet) -> None:
        super().__init__(sheet, items)
        self.columns: list[nw.Expr] = []

    def count(self, condition: Column | None) -> Column:
        """The number of items for which a condition holds."""
        if condition is None:
            return nw.lit(0.0)
        return self._add(nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0)), "sum").fill_null(0.0)

    def of(self, value: Column, how: str) -> Column:
        """The sum, minimum or maximum of values, without nulls."""
        return self._add(value, how)

    def finish(self, part: Part) -> Part:
        """Return a part made of counts, as columns of the subjects, in a step after the join."""
        stage = self.items.outer_stage
        self.sheet.step(stage).joins.append(self.joined)
        return self.sheet.stored(replace(part, stage=stage + 1))

    def joined(self, frame: Any) -> Any:
        """Join the counts of the items to a frame of subjects."""
        outer = self.items.outer_columns.values()
        around = frame.select(*self.sheet.keys, *outer) if outer else None
        items = self.items.run(around, self.sheet.keys)
        groups = items.group_by(*self.items.keys, drop_null_keys=True).agg(*self.columns)
        return frame.join(groups, left_on=list(self.sheet.keys), right_on=list(self.items.keys), how="left")

    def _add(self, column: nw.Expr, how: str) -> nw.Expr:
        name = self.sheet.fresh()
        self.items.last.append(column.alias(name))
        self.columns.append(getattr(nw.col(name), how)().alias(name))
        return nw.col(name)


def _column(value: Column) -> nw.Expr:
    return value if isinstance(value, nw.Expr) else nw.lit(value)
