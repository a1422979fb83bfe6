"""Sheets of frames in memory (Polars, pandas, PyArrow): columns are series, whose values are known at once."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.fact_columns import FactSheet
from coopgov.backends.columnar.groups import Group
from coopgov.backends.columnar.stacking import Rows, explained, stacked
from coopgov.backends.columnar.value_ranges import Span, point
from coopgov.backends.columnar.values import Cells, Column, Condition, NotExpressible, Part, Range, Value, Why
from coopgov.backends.interpreter import OUT_OF_RANGE
from coopgov.errors import FactError
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coopgov.backends.columnar.context import Items
    from coopgov.backends.columnar.limits import Limits
    from coopgov.backends.columnar.stacking import Asked, Meaning
    from coopgov.locales import Phrase

__all__ = ["EagerSheet"]

_ROW = "_row"


class EagerSheet(FactSheet):
    """A sheet whose columns are series; a constant stays a number or text until a column is needed."""

    frame: nw.DataFrame[Any]

    def __init__(
        self,
        frame: nw.DataFrame[Any],
        keys: Sequence[str],
        children: Mapping[str, Items] | None = None,
        mark: str = "",
    ) -> None:
        super().__init__(frame, keys, children, mark)
        self.row = f"{self.mark}row"
        self._columns: dict[str, nw.Series[Any]] = {}
        self.zeros = self.column(self.keys[0]).is_null().cast(nw.Float64) * 0.0
        self.always = self.zeros == 0.0

    def column(self, name: str) -> nw.Series[Any]:
        """A column of the frame."""
        if name not in self._columns:
            self._columns[name] = self.frame.get_column(name)
        return self._columns[name]

    def taken(self, name: str) -> Column:
        """A column of the frame, of the kind that this sheet computes with."""
        return self.column(name)

    def exchange(self, frame: Any) -> None:
        """Replace the frame by one with the same rows and columns but other values in a column."""
        self.frame = frame
        self._columns.clear()

    @cached_property
    def nothing(self) -> Column:
        """A numeric null in every row."""
        made = nw.when(nw.col(_ROW) != 0.0).then(nw.col(_ROW))
        return self.zeros.alias(_ROW).to_frame().select(made).get_column(_ROW)

    def choose(self, where: Column, then: Column, otherwise: Column | None = None) -> Column:
        """One column where a condition holds; another one (or null) where it is false or null."""
        where = self.certain(where)
        if where.all():
            return self._filled(then)
        if otherwise is None:
            then = self._filled(then)
            otherwise = self.nothing if then.dtype == nw.Float64 else self.nothing.cast(then.dtype)
        return (
            self._filled(then).zip_with(where, self._filled(otherwise))
            if where.any()
            else self._filled(otherwise)
        )

    def certain(self, condition: Column) -> Column:
        """The condition with null replaced by false."""
        return condition.fill_null(value=False) if condition.null_count() else condition

    def somewhere(self, condition: Column) -> Column | None:
        """The condition with null replaced by false; None if it is false everywhere."""
        return _flag(self.certain(condition))

    def blanked(self, column: str, where: Column) -> nw.DataFrame[Any]:
        """The frame with null in a column where a condition holds."""
        flag = f"{self.mark}flag"
        cells = nw.when(~nw.col(flag)).then(nw.col(column)).alias(column)
        return self.frame.with_columns(where.alias(flag)).with_columns(cells).drop(flag)

    def limited(self, number: Column, limits: Limits) -> Cells:
        """Read numbers: NaN becomes null, numbers outside the limits are faulty; mostly, the extremes rule out both."""
        number = self._without_nan(number)
        if number.null_count() == len(number):
            return Cells(number)
        span = Span(float(number.min()), float(number.max()))
        if span.within(limits.span) and not limits.whole:
            return Cells(number, span)
        inside = self.certain(limits.hold(number))
        outside = ~inside & ~number.is_null()
        if not outside.any():
            return Cells(number, span)
        return Cells(self.choose(inside, number), limits.span, ((OUT_OF_RANGE, outside),))

    def _without_nan(self, number: Column) -> Column:
        """Replace NaN by null; a sum reveals whether there is any, except in pandas, whose sums skip NaN."""
        total = number.sum()
        if isinstance(total, float) and not isnan(total) and not self.frame.implementation.is_pandas():
            return number
        nan = number.is_nan()
        return self.choose(~nan, number) if nan.any() else number

    def measured(self, part: Value) -> Value:
        """The same value with its actual range."""
        if part.constant is not None:
            return part
        low, high = part.value.min(), part.value.max()
        if (
            isinstance(low, float) and isinstance(high, float) and low <= high
        ):  # None where all values are null
            return replace(part, span=Span(low, high))
        return part

    def refused(self, column: str, wrong: Column, expected: Callable[[], Phrase]) -> None:
        """Raise if any cell of a column is wrong."""
        wrong = self.certain(wrong)
        if wrong.any():
            found = self.taken(column).filter(wrong).to_list()
            raise FactError(column, min(found), expected())

    def contains(self, texts: Column, text: str) -> Column:
        """Where a list of texts contains a text; null where there is no list."""
        return texts.alias("x").to_frame().select(nw.col("x").list.contains(text)).get_column("x")

    def spread(self, part: Value) -> Column:
        """A value as a column."""
        return self._filled(part.value)

    def _filled(self, value: Column) -> nw.Series[Any]:
        if isinstance(value, nw.Series):
            return value
        if isinstance(value, str):
            return self.zeros.alias(_ROW).to_frame().select(nw.lit(value).alias("x"), _ROW).get_column("x")
        filled: nw.Series[Any] = self.zeros + value
        return filled

    def constant(self, value: float | str) -> Value:
        """A constant as a value."""
        return Value(value, constant=value, span=point(value))

    def stored(self, part: Part) -> Part:
        """Determine where a part has no value, and drop columns that are false everywhere."""
        unset = _flag(part.unset)
        if isinstance(part, Value):
            return self._value(part, unset)
        if isinstance(part, Range):
            return replace(part, unset=unset)
        true, why = _flag(part.true), _reasons(part.why)
        if part.decided:
            return Condition(true, self.always if true is None else None, None, decided=True)
        false = _flag(part.false)
        all_known = true is not None and false is not None and bool((true | false).all())
        decided = all_known or (true is None and false is not None and bool(false.all()))
        decided = decided or (false is None and true is not None and bool(true.all()))
        return Condition(true, false, None if decided else unset, decided=decided, why=why)

    def _value(self, part: Value, unset: Column | None) -> Value:
        if part.constant is not None or part.absent or part.whole:
            return replace(part, unset=unset)
        missing, why = part.value.null_count(), _reasons(part.why)
        if missing == 0:
            return replace(part, unset=unset, whole=True, why=())
        if missing == len(part.value):
            return Value(self.nothing, unset, absent=True, why=why)
        return replace(part, unset=unset, there=~part.value.is_null(), why=why)

    def rows(
        self, where: Column, columns: Mapping[str, Any], made: Mapping[str, Column] | None = None
    ) -> Rows:
        """The rows where a condition holds: their keys, some columns or values, and columns `made` for these rows."""
        keys = {key: self.taken(key).filter(where) for key in self.keys}
        varying = {name: each.filter(where) for name, each in columns.items() if hasattr(each, "filter")}
        shared = {name: each for name, each in columns.items() if name not in varying}
        return Rows(len(keys[self.keys[0]]), {**keys, **varying, **(made or {})}, shared)

    def stacked(
        self,
        parts: Sequence[Rows],
        columns: Sequence[str],
        choices: Mapping[str, Sequence[str]],  # noqa: ARG002  # plain texts here
    ) -> nw.DataFrame[Any]:
        """The frame of a result; `choices` are the texts that its columns can have."""
        never = self.rows(~self.always, dict.fromkeys(columns))
        return stacked(parts or [never], columns)

    def explained(self, asked: Sequence[Asked], meaning: Meaning) -> Iterator[tuple[Column, Column]]:
        """The missing facts and the reason, for the undetermined rows of each check."""
        return explained(asked, self.zeros, meaning)

    def child(self, name: str) -> EagerSheet:
        """Return the sheet of the items of a collection, without items whose subject is not in the frame."""
        children = self.children[name]
        subjects = self.frame.select(*self.keys).with_row_index(self.row)
        keys = {"left_on": list(children.keys), "right_on": list(self.keys)}
        items = children.frame
        if not len(items):  # columns without rows may have any type, or no type at all
            items = items.with_columns(
                *(
                    nw.col(own).cast(self.schema[key])
                    for own, key in zip(children.keys, self.keys, strict=True)
                )
            )
        try:
            frame = items.join(subjects, how="inner", **keys)
        except Exception as error:
            # Each engine raises its own error for keys of types that it cannot compare.
            found, expected = _types(children.frame, children.keys), _types(self.frame, self.keys)
            types = {"found": found, "expected": expected}
            raise NotExpressible(phrase("backends.columnar.keys-apart", name=name, **types)) from error
        return type(self)(frame, children.keys, mark=self.mark)

    def brought(self, part: Part) -> Part:
        """Return a part of the owning subjects in the rows of their items."""
        rows = self.taken(self.row)
        unset = _at(part.unset, rows)
        if isinstance(part, Range):
            return Range(_at(part.low, rows), _at(part.high, rows), unset)
        why = tuple((reason, where[rows]) for reason, where in part.why)
        if isinstance(part, Condition):
            return replace(part, true=_at(part.true, rows), false=_at(part.false, rows), unset=unset, why=why)
        if part.constant is not None:
            return replace(part, unset=unset)
        if part.absent:
            return Value(self.nothing, unset, absent=True, why=why)
        return self.stored(Value(_at(part.value, rows), unset, why=why, span=part.span))

    def group(self, items: FactSheet) -> EagerGroup:
        """Return the group that counts items by the subjects of this sheet."""
        assert isinstance(items, EagerSheet)
        return EagerGroup(self, items)

    def _texts_in(self, value: Column) -> list[Any]:
        texts: list[Any] = value.unique().to_list()
        return texts


class EagerGroup(Group):
    """A group whose counts are computed at once."""

    sheet: EagerSheet
    items: EagerSheet

    def count(self, condition: Column | None) -> Column:
        """The number of items for which a condition holds."""
        if condition is None:
            return self.sheet.zeros
        return self._aggregated(condition.cast(nw.Float64), "sum", self.sheet.zeros)

    def of(self, value: Column, how: str) -> Column:
        """The sum, minimum or maximum of values, without nulls; null where all values are null."""
        return self._aggregated(value, how, self.sheet.nothing)

    def finish(self, part: Part) -> Part:
        """Return a part made of counts, as columns of the subjects."""
        return self.sheet.stored(part)

    def _aggregated(self, value: nw.Series[Any], how: str, otherwise: nw.Series[Any]) -> nw.Series[Any]:
        rows = self.items.column(self.items.row).alias(_ROW)
        pairs = rows.to_frame().with_columns(value.alias("x"))
        if how != "sum" or value.null_count():
            pairs = pairs.filter(~nw.col("x").is_null())
        # Scattered by row number and not joined: subjects without items keep the default, and rows keep their order.
        groups = pairs.group_by(_ROW).agg(getattr(nw.col("x"), how)())
        return otherwise.scatter(groups.get_column(_ROW), groups.get_column("x"))


def _types(frame: nw.DataFrame[Any], names: Sequence[str]) -> str:
    return ", ".join(f"{name}: {frame.schema[name]}" for name in names)


def _flag(column: Column | None) -> Column | None:
    """The column, or None if it is false everywhere."""
    return None if column is None or not column.any() else column


def _reasons(why: Why) -> Why:
    """The reasons that apply in some row."""
    return tuple((reason, where) for reason, where in why if where.any())


def _at(column: Column | None, rows: nw.Series[Any]) -> Column | None:
    return None if column is None else column[rows]
