"""Sheets of Polars frames: the same as other eager sheets, on the series of Polars itself.

A call through narwhals takes longer than Polars takes for ten thousand rows. So only the columns of the host are read
through narwhals, whose rules of types hold for all engines; whatever is computed from them is native.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.eager import EagerGroup, EagerSheet
from coopgov.backends.columnar.polars_reasons import explained
from coopgov.backends.columnar.values import Cells
from coopgov.optional import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.backends.columnar.context import Items
    from coopgov.backends.columnar.fact_columns import FactSheet
    from coopgov.backends.columnar.limits import Limits
    from coopgov.backends.columnar.stacking import Asked, Meaning, Rows
    from coopgov.backends.columnar.values import Column

__all__ = ["PolarsSheet"]


class PolarsSheet(EagerSheet):
    """An eager sheet whose columns are series of Polars; `column` alone returns those of narwhals."""

    def __init__(
        self,
        frame: nw.DataFrame[Any],
        keys: Sequence[str],
        children: Mapping[str, Items] | None = None,
        mark: str = "",
    ) -> None:
        super().__init__(frame, keys, children, mark)
        self.zeros, self.always = _native(self.zeros), _native(self.always)

    def taken(self, name: str) -> Column:
        """A column of the frame, as a series of Polars."""
        return _native(self.column(name))

    @cached_property
    def nothing(self) -> Column:
        """A numeric null in every row."""
        return pl.Series([None], dtype=pl.Float64).new_from_index(0, len(self.zeros))

    def choose(self, where: Column, then: Column, otherwise: Column | None = None) -> Column:
        """One column where a condition holds; another one (or null) where it is false or null."""
        return super().choose(_native(where), _native(then), _native(otherwise))

    def certain(self, condition: Column) -> Column:
        """The condition with null replaced by false."""
        condition = _native(condition)
        return condition & condition.is_not_null() if condition.null_count() else condition

    def blanked(self, column: str, where: Column) -> nw.DataFrame[Any]:
        """The frame with null in a column where a condition holds."""
        return super().blanked(column, nw.from_native(where, series_only=True))

    def limited(self, number: Column, limits: Limits) -> Cells:
        """Read numbers: NaN becomes null, numbers outside the limits are faulty."""
        return super().limited(_native(number), limits)

    def received(self, cells: Cells) -> Cells:
        """Cells as series of Polars."""
        return Cells(
            _native(cells.values), cells.span, tuple((why, _native(where)) for why, where in cells.why)
        )

    def contains(self, texts: Column, text: str) -> Column:
        """Where a list of texts contains a text; null where there is no list."""
        return texts.list.contains(text)

    def _filled(self, value: Column) -> Column:
        return (
            value if isinstance(value, pl.Series) else pl.Series([value]).new_from_index(0, len(self.zeros))
        )

    def group(self, items: FactSheet) -> EagerGroup:
        """Return the group that counts items by the subjects of this sheet."""
        assert isinstance(items, PolarsSheet)
        return _PolarsGroup(self, items)

    def stacked(
        self, parts: Sequence[Rows], columns: Sequence[str], choices: Mapping[str, Sequence[str]]
    ) -> nw.DataFrame[Any]:
        """The frame of a result; `choices` are the texts that its columns can have."""
        parts = parts or [self.rows(~self.always, dict.fromkeys(columns))]
        found = [_column(key, parts, ()) for key in self.keys]
        found += [_column(name, parts, choices.get(name, ())) for name in columns]
        return nw.from_native(pl.DataFrame(found), eager_only=True)

    def explained(self, asked: Sequence[Asked], meaning: Meaning) -> Iterator[tuple[Column, Column]]:
        """The missing facts and the reason, for the undetermined rows of each check."""
        return explained(asked, meaning)


class _PolarsGroup(EagerGroup):
    """A group whose counts and sums are series of Polars."""

    def count(self, condition: Column | None) -> Column:
        """The number of items for which a condition holds."""
        return super().count(None if condition is None else nw.from_native(condition, series_only=True))

    def _aggregated(self, value: Column, how: str, otherwise: Column) -> Column:
        value, otherwise = (
            each if isinstance(each, nw.Series) else nw.from_native(each, series_only=True)
            for each in (value, otherwise)
        )
        return _native(super()._aggregated(value, how, otherwise))


def _native(column: Column) -> Column:
    return column.to_native() if isinstance(column, nw.Series) else column


def _column(name: str, parts: Sequence[Rows], choices: Sequence[str]) -> Column:
    """A column of a result; a value that all rows of a part share is repeated."""
    values = pl.Series([rows.shared.get(name) for rows in parts], dtype=_type(name, choices))
    columns = (
        rows.varying[name] if name in rows.varying else values.new_from_index(place, rows.length)
        for place, rows in enumerate(parts)
    )
    return pl.concat(columns).alias(name)


def _type(name: str, choices: Sequence[str]) -> Any:
    """The type of a column of a result."""
    if choices:
        return pl.Enum(choices)
    return {"value": pl.Float64, "threshold": pl.Float64, "past": pl.Boolean}.get(name, pl.String)
