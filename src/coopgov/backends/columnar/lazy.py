"""Sheets of frames that are planned before they are run: columns are expressions, and prepared step by step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.coerce import Cells
from coopgov.backends.columnar.collections import Group
from coopgov.backends.columnar.context import Sheet, columns_of
from coopgov.backends.columnar.spark import quoted
from coopgov.backends.columnar.value_ranges import point
from coopgov.backends.columnar.values import Column, Condition, Part, Range, Value
from coopgov.backends.interpreter import OUT_OF_RANGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coopgov.backends.columnar.context import Frame, Items
    from coopgov.backends.columnar.value_ranges import Limits

__all__ = ["PlannedSheet"]


@dataclass(slots=True)
class _Step:
    columns: list[nw.Expr] = field(default_factory=list)
    joins: list[Callable[[Any], Any]] = field(default_factory=list)


class PlannedSheet(Sheet):
    """Columns that `run` adds to the frame."""

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
        """One column where a condition holds, another one (or null) where it does not or is null."""
        chosen = nw.when(where).then(_column(then))
        return chosen if otherwise is None else chosen.otherwise(_column(otherwise))

    def certain(self, condition: nw.Expr) -> nw.Expr:
        """A condition that is false where it is null."""
        return nw.when(condition).then(nw.lit(value=True)).otherwise(nw.lit(value=False))

    def somewhere(self, condition: nw.Expr) -> nw.Expr:
        """A condition that is never null."""
        return self.certain(condition)

    def blanked(self, column: str, where: nw.Expr) -> Frame:
        """The frame without the cells of a column where a condition holds."""
        return self.frame.with_columns(nw.when(~where).then(self.column(column)).alias(column))

    def limited(self, number: nw.Expr, limits: Limits) -> Cells:
        """Numbers, null where they are NaN; those that a fact cannot be are faulty."""
        inside = self.certain(limits.hold(number))
        outside = ~inside & ~number.is_null() & ~self.certain(number.is_nan())
        return Cells(self.choose(inside, number), limits.span, ((OUT_OF_RANGE, outside),))

    def refused(self, column: str, wrong: nw.Expr, expected: str) -> nw.Expr:  # noqa: ARG002  # nothing is looked at
        """Where cells of a column are wrong."""
        return self.certain(wrong)

    def contains(self, texts: nw.Expr, text: str) -> nw.Expr:
        """Where a list of texts has one; null where there is no list."""
        return texts.list.contains(text)

    def spread(self, part: Value) -> Column:
        """A value as a column."""
        return part.value

    def constant(self, value: float | str) -> Value:
        """A value that is the same in all rows."""
        return Value(nw.lit(value), constant=value, span=point(value))

    def run(self, outer: Any = None, keys: Sequence[str] = ()) -> Any:
        """The frame with all prepared columns; `outer` are columns of the subjects around, joined on their keys."""
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
        """A part as prepared columns."""
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
        """A new name of a column."""
        self._names += 1
        return f"{self.mark}{self._names}"

    def step(self, stage: int) -> _Step:
        """The step of a number."""
        while len(self.steps) <= stage:
            self.steps.append(_Step())
        return self.steps[stage]

    def child(self, name: str) -> PlannedSheet:
        """The sheet of the items of a collection."""
        children = self.children[name]
        types = children.frame.collect_schema()
        typed = [  # a column without any value may have no type
            nw.col(own).cast(self.schema[key])
            for own, key in zip(children.keys, self.keys, strict=True)
            if types[own] == nw.Unknown and self.schema[key] != nw.Unknown
        ]
        frame = children.frame.with_columns(*typed) if typed else children.frame
        mark = f"{self.mark}{len(self._kept)}{name}_"
        return PlannedSheet(frame, children.keys, mark=mark)

    def brought(self, part: Part) -> Part:
        """A part of the subjects around, prepared there, whose columns come with them when the frame is run."""
        if isinstance(part, Value) and part.constant is not None:
            return part
        absent = isinstance(part, Value) and part.absent
        columns = [part.unset] if absent else columns_of(part)
        self.outer_stage = max(self.outer_stage, part.stage)
        self.outer_columns |= {str(column): column for column in columns if column is not None}
        return Value(self.nothing, part.unset, absent=True) if absent else replace(part, stage=0)

    def group(self, items: Sheet) -> PlannedGroup:
        """What is counted of items by the subjects of this sheet."""
        assert isinstance(items, PlannedSheet)
        return PlannedGroup(self, items)

    def _texts_in(self, value: Column) -> list[Any]:
        found: Any = self.frame.select(value.alias("texts")).unique().lazy().collect()
        texts: list[Any] = found["texts"].to_list()
        return texts


class PlannedGroup(Group):
    """Counts that are joined to the subjects when their frame is run; more can be counted until then."""

    sheet: PlannedSheet
    items: PlannedSheet

    def __init__(self, sheet: PlannedSheet, items: PlannedSheet) -> None:
        super().__init__(sheet, items)
        self.columns: list[nw.Expr] = []

    def count(self, condition: Column | None) -> Column:
        """How many items a condition holds for."""
        if condition is None:
            return nw.lit(0.0)
        return self._add(nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0)), "sum").fill_null(0.0)

    def of(self, value: Column, how: str) -> Column:
        """The sum, least or largest of values; nulls are left out."""
        return self._add(value, how)

    def finish(self, part: Part) -> Part:
        """A part made of counts, as columns of the subjects, once those have been joined."""
        stage = self.items.outer_stage
        self.sheet.step(stage).joins.append(self.joined)
        return self.sheet.stored(replace(part, stage=stage + 1))

    def joined(self, frame: Any) -> Any:
        """A frame of subjects with what was counted of their items."""
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
