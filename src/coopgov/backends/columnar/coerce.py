"""Reads a host's columns as facts: the columnar counterpart of the gate that reads single values.

Numbers become 64-bit floats, dates day numbers, durations days or hours; everything else stays as it is. A column
whose type does not fit its fact is a `FactError` that names the column, before anything runs. Columns of Python
objects, which pandas uses for truth values, dates and decimals with gaps, are read value by value, as the interpreter
reads a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.dates import BEFORE_1970, ordinal_of
from coopgov.backends.columnar.spark import quoted
from coopgov.backends.columnar.values import Cells
from coopgov.backends.interpreter import OUT_OF_RANGE, UNREADABLE
from coopgov.errors import FactError
from coopgov.language.host_values import Gap, read
from coopgov.language.types import NUMBER
from coopgov.locales import phrase
from coopgov.optional import pandas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.backends.columnar.context import Frame, Sheet
    from coopgov.backends.columnar.limits import Limits
    from coopgov.backends.columnar.values import Column
    from coopgov.language.types import Type
    from coopgov.locales import Phrase

__all__ = ["read_cells", "scaled"]

_EMPTY: Mapping[str, Any] = {"truth": nw.Boolean(), "text": nw.String(), "texts": nw.List(nw.String())}
"""The type of a column without any values, by the kind of its fact; by default, numbers."""
_STORED = {"truth": "boolean", "text": "string"}
"""The pandas types for values that were objects; numbers and day numbers become `Float64`."""
_LAST_YEAR = date.max.year
_DAY, _HOUR = 86_400, 3_600
_PARTS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_COUNTED = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
"""How many units of time a second has, and their name."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A column of a frame: its sheet, its name and type, and the limits of its fact."""

    sheet: Sheet
    name: str
    dtype: Any
    limits: Limits

    @property
    def column(self) -> Column:
        return self.sheet.column(self.name)


def read_cells(sheet: Sheet, column: str, kind: Type, limits: Limits) -> Cells:
    """Read a column of a sheet as values of a type; objects are converted in its frame.

    Raises:
        FactError: the column cannot hold such values, or its values are available and do not fit.
    """
    source = _Source(sheet, column, sheet.schema[column], limits)
    if source.dtype == nw.Object or _without_values(sheet.frame, column, kind):
        sheet.exchange(_without_objects(sheet.frame, column, kind))
        converted = source.column
        return sheet.limited(converted, limits) if kind.ordered else Cells(converted)
    if _empty(source.dtype):
        return _of_no_type(source, kind)
    known = _PLANNED_DATES if kind.kind == "date" and _counts_no_days(sheet.frame) else _readers(kind)
    convert = next((convert for fits, convert in known if fits(source.dtype)), None)
    if convert is None:
        raise FactError(column, source.dtype, _column_of(kind))
    cells = convert(source)
    return _chosen(source, cells, kind) if kind.choices else cells


def scaled(frame: Frame, name: str, factor: float) -> Column:
    """Return the numbers of a column of a frame, times a factor.

    Raises:
        FactError: the column is not numeric.
    """
    dtype = frame.collect_schema()[name]
    column: Column = (
        frame.get_column(name) if isinstance(frame, nw.DataFrame) else nw.col(quoted(frame, name))
    )
    if dtype == nw.Object or _without_values(frame, name, NUMBER):
        column = _without_objects(frame, name, NUMBER).get_column(name)
    elif dtype == nw.Decimal:
        column = column.cast(nw.String)
    elif not dtype.is_numeric() and not _empty(dtype):
        raise FactError(name, dtype, _column_of(NUMBER))
    return as_number(column) * factor


def _column_of(kind: Type) -> Phrase:
    named = kind.kind if kind.kind in ("truth", "text", "texts", "date") else "numbers"
    return phrase(f"backends.column-of.{named}")


def _empty(dtype: Any) -> bool:
    """Whether a column has no type because it has no values."""
    return "null" in str(dtype).lower() or dtype == nw.Unknown


def as_number(column: Column) -> Column:
    """Convert numbers of any type to floats, rounded to the nearest."""
    try:
        return column.cast(nw.Float64)
    except ValueError:
        # Arrow refuses to cast whole numbers above 2^53, but parses their digits.
        return column.cast(nw.String).cast(nw.Float64)


def _of_no_type(source: _Source, kind: Type) -> Cells:
    """Read a column of a type that narwhals does not know: mostly empty, but Arrow has such numbers and texts, too."""
    column = source.column
    if isinstance(column, nw.Series) and column.null_count() < len(column):
        if kind.numeric:
            return _number(source)
        if kind.kind == "date" and "date64" in _native_type(column):
            return source.sheet.limited(
                column.cast(nw.Date).cast(nw.Int32).cast(nw.Float64) + BEFORE_1970, source.limits
            )
        if kind.kind != "text":
            raise FactError(source.name, source.dtype, _column_of(kind))
    return Cells(column.cast(_EMPTY[kind.kind]) if kind.kind in _EMPTY else source.sheet.nothing)


def _native_type(column: nw.Series[Any]) -> str:
    """The engine's own name of a column's type."""
    native: Any = column.to_native()
    return str(getattr(native, "dtype", None) or native.type)


def _number(source: _Source) -> Cells:
    return source.sheet.limited(as_number(source.column), source.limits)


def _decimal(source: _Source) -> Cells:
    """Convert decimals by parsing their digits, which gives the nearest float everywhere; Arrow's cast does not."""
    return source.sheet.limited(as_number(source.column.cast(nw.String)), source.limits)


def _days(source: _Source) -> Cells:
    """Convert durations to whole days; any other is refused, or unreadable if the values are not available."""
    count, step = _counted(source), _DAY * _PARTS[source.dtype.time_unit]
    days = count // step
    cells = source.sheet.limited(days.cast(nw.Float64), source.limits)
    return _without(source, cells, days * step != count, "backends.columnar.whole-days")


def _hours(source: _Source) -> Cells:
    """Convert durations to hours, with fractions."""
    hours = _counted(source).cast(nw.Float64) / float(_HOUR * _PARTS[source.dtype.time_unit])
    return _without(
        source, source.sheet.limited(hours, source.limits), None, "backends.columnar.certain-length"
    )


def _counted(source: _Source) -> Any:
    return getattr(source.column.dt, f"total_{_COUNTED[source.dtype.time_unit]}")()


def _without(source: _Source, cells: Cells, wrong: Column | None, expected: str) -> Cells:
    """Return the cells without wrong ones, and without DuckDB intervals of months, whose length varies."""
    if source.sheet.frame.implementation.is_duckdb():
        months = (source.column.dt.month() != 0) | (source.column.dt.year() != 0)
        wrong = months if wrong is None else wrong | months
    if wrong is None:
        return cells
    broken = source.sheet.refused(source.name, wrong & ~source.column.is_null(), lambda: phrase(expected))
    if broken is None:
        return cells
    why = ((UNREADABLE, broken), *((reason, where & ~broken) for reason, where in cells.why))
    return Cells(source.sheet.choose(~broken, cells.values), cells.span, why)


def _date(source: _Source) -> Cells:
    return source.sheet.limited(source.column.cast(nw.Int32).cast(nw.Float64) + BEFORE_1970, source.limits)


def _moment(source: _Source) -> Cells:
    """Convert a time to its day; a time with a zone, to its day in UTC."""
    unit = "ms" if source.dtype.time_unit in ("s", "ms") else "us"
    days = source.column.dt.timestamp(unit) // (_DAY * _PARTS[unit])
    return source.sheet.limited(days.cast(nw.Float64) + BEFORE_1970, source.limits)


def _counts_no_days(frame: Frame) -> bool:
    """Whether an engine cannot convert dates to day numbers."""
    return frame.implementation.is_duckdb() or frame.implementation.is_spark_like()


def _planned_date(source: _Source) -> Cells:
    """Compute day numbers for an engine that cannot; a date without a year is beyond the engine's calendar."""
    sheet, column = source.sheet, source.column
    year = column.dt.year()
    inside = sheet.certain((year >= 1) & (year <= _LAST_YEAR))
    outside = ~column.is_null() & ~inside
    ordinal = sheet.choose(inside, ordinal_of(sheet.choose, column))
    return Cells(ordinal, source.limits.span, ((OUT_OF_RANGE, outside),))


def _text(source: _Source) -> Cells:
    return Cells(source.column.cast(nw.String))


def _chosen(source: _Source, cells: Cells, kind: Type) -> Cells:
    """Read texts of an enumeration; any other text is refused, or unreadable if the values are not available."""
    sheet = source.sheet
    known = sheet.certain(cells.values.is_in(kind.choices))
    wrong = sheet.refused(source.name, ~known & ~cells.values.is_null(), lambda: kind.choice_words)
    return cells if wrong is None else Cells(sheet.choose(known, cells.values), why=((UNREADABLE, wrong),))


def _texts(source: _Source) -> Cells:
    """Read a column of lists that are all empty."""
    return Cells(source.column.cast(nw.List(nw.String())))


def _same(source: _Source) -> Cells:
    return Cells(source.column)


def _is(*kinds: Any) -> Callable[[Any], bool]:
    return lambda dtype: any(dtype == kind for kind in kinds)


_Readers = tuple[tuple["Callable[[Any], bool]", "Callable[[_Source], Cells]"], ...]
_NUMBERS: _Readers = (
    (_is(nw.Decimal), _decimal),
    (lambda dtype: bool(dtype.is_numeric()), _number),
)
_READERS: dict[str, _Readers] = {
    "truth": ((_is(nw.Boolean), _same),),
    "text": ((_is(nw.String, nw.Categorical, nw.Enum), _text),),
    "texts": ((_is(nw.List(nw.String)), _same), (_is(nw.List(nw.Unknown)), _texts)),
    "date": ((_is(nw.Date), _date), (_is(nw.Datetime), _moment)),
    "day": ((_is(nw.Duration), _days), *_NUMBERS),
    "hour": ((_is(nw.Duration), _hours), *_NUMBERS),
}
_PLANNED_DATES: _Readers = ((_is(nw.Date, nw.Datetime), _planned_date),)


def _readers(kind: Type) -> _Readers:
    return _READERS.get(kind.unit if kind.kind == "quantity" else kind.kind, _NUMBERS)


def _without_values(frame: Frame, column: str, kind: Type) -> bool:
    """Whether a pandas type says nothing: objects, which narwhals reads as texts if all are absent, or only NaN."""
    if not frame.implementation.is_pandas():
        return False
    series: Any = frame.to_native()[column]
    if series.dtype == object:
        return kind.kind != "text"
    return not kind.numeric and series.dtype == "float64" and len(series) > 0 and bool(series.isna().all())


def _without_objects(frame: Frame, column: str, kind: Type) -> nw.DataFrame[Any]:
    if not frame.implementation.is_pandas() or kind.kind == "texts":
        raise FactError(column, nw.Object(), _column_of(kind))
    native: Any = frame.to_native()
    changed: nw.DataFrame[Any] = nw.from_native(
        native.assign(**{column: _converted(native[column], column, kind)})
    )
    return changed


def _converted(series: Any, column: str, kind: Type) -> Any:
    """Convert a pandas series of objects to a typed one."""
    # Infinity is out of every range, so `limited` gives such a cell the right reason later.
    far = {Gap.ABSENT: None, Gap.OUT_OF_RANGE: float("inf")}
    read_ = (read(each, kind, column) for each in series)
    values = [far[each] if each.__class__ is Gap else each for each in read_]
    return pandas.Series(values, index=series.index, dtype=_STORED.get(kind.kind, "Float64"), name=column)
