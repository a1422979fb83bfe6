"""The columns of a host, read as facts: of which type they are found, and how that becomes what evaluation works with.

Numbers become binary floating-point numbers of 64 bits, dates day numbers, everything else stays. A column of a type that its
fact cannot have is a `FactError` that names the column, before anything runs. Columns of Python objects, as pandas has
them for truths, dates and decimals with gaps, are read value by value, as the reference reads a record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.dates import ordinal_of
from coopgov.errors import FactError
from coopgov.language.gate import Gap, read
from coopgov.language.values import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgov.backends.columnar.parts import Column
    from coopgov.backends.columnar.sheet import Frame, Sheet
    from coopgov.language.types import Type

__all__ = ["as_number", "as_values", "outsiders"]

_EMPTY: Mapping[str, Any] = {"truth": nw.Boolean(), "text": nw.String(), "texts": nw.List(nw.String())}
"""What a column without any value is taken for, by the kind of its fact; no numbers otherwise."""
_STORED = {"truth": "boolean", "text": "string"}
"""How pandas stores values that were objects; numbers and day numbers are `Float64`."""


def as_values(sheet: Sheet, column: str, kind: Type, dtype: Any) -> Column:
    """A column of a sheet as values of a type, null where there is none; objects are read in its frame.

    Raises:
        FactError: the column cannot hold such values.
    """
    if dtype == nw.Object or _without_values(sheet.frame, column, kind):
        sheet.exchange(_without_objects(sheet.frame, column, kind))
        return sheet.column(column)
    if _empty(dtype):
        return _of_no_type(sheet, column, kind, dtype)
    convert = next((convert for fits, convert in _READERS.get(kind.kind, _NUMBERS) if fits(dtype)), None)
    if convert is None:
        raise FactError(column, dtype, f"a column of {_plural(kind)}")
    return convert(sheet, sheet.column(column))


def outsiders(frame: Frame, column: str, kind: Type) -> list[str]:
    """Texts of a column that its enumeration does not know; those of a lazy frame are not looked at."""
    if isinstance(frame, nw.LazyFrame) or not kind.choices:
        return []
    found = frame.get_column(column).cast(nw.String).unique().drop_nulls().to_list()
    return sorted(set(found) - set(kind.choices))


def _plural(kind: Type) -> str:
    words = {"truth": "truth values", "text": "texts", "texts": "lists of texts", "date": "dates"}
    return words.get(kind.kind, "numbers")


def _empty(dtype: Any) -> bool:
    """Whether a column has no type, since it has no values."""
    return "null" in str(dtype).lower() or dtype == nw.Unknown


def as_number(column: Column) -> Column:
    """Numbers of any sort as binary numbers; where those cannot be exact, the nearest."""
    try:
        return column.cast(nw.Float64)
    except ValueError:
        # Arrow refuses whole numbers above 2^53, but reads their figures.
        return column.cast(nw.String).cast(nw.Float64)


def _of_no_type(sheet: Sheet, name: str, kind: Type, dtype: Any) -> Column:
    """A column of a type that narwhals does not know: mostly it has no values, but Arrow has figures and texts of such types too."""
    column = sheet.column(name)
    if isinstance(column, nw.Series) and column.null_count() < len(column):
        if kind.numeric:
            return _number(sheet, column)
        if kind.kind != "text":
            raise FactError(name, dtype, f"a column of {_plural(kind)}")
    return column.cast(_EMPTY[kind.kind]) if kind.kind in _EMPTY else sheet.nothing


def _number(sheet: Sheet, column: Column) -> Column:
    number = as_number(column)
    return sheet.choose((number > -LARGEST) & (number < LARGEST), number)


def _decimal(sheet: Sheet, column: Column) -> Column:
    """Arrow's own cast is not the nearest number; reading the figure is, on every engine."""
    return _number(sheet, column.cast(nw.String))


def _date(sheet: Sheet, column: Column) -> Column:
    return ordinal_of(sheet.choose, column)


def _text(_sheet: Sheet, column: Column) -> Column:
    return column.cast(nw.String)


def _texts(_sheet: Sheet, column: Column) -> Column:
    """Lists of which none has an item."""
    return column.cast(nw.List(nw.String()))


def _same(_sheet: Sheet, column: Column) -> Column:
    return column


def _is(*kinds: Any) -> Callable[[Any], bool]:
    return lambda dtype: any(dtype == kind for kind in kinds)


_Readers = tuple[tuple["Callable[[Any], bool]", "Callable[[Sheet, Column], Column]"], ...]
_NUMBERS: _Readers = (
    (_is(nw.Decimal), _decimal),
    (lambda dtype: bool(dtype.is_numeric()), _number),
)
_READERS: dict[str, _Readers] = {
    "truth": ((_is(nw.Boolean), _same),),
    "text": ((_is(nw.String, nw.Categorical, nw.Enum), _text),),
    "texts": ((_is(nw.List(nw.String)), _same), (_is(nw.List(nw.Unknown)), _texts)),
    "date": ((_is(nw.Date, nw.Datetime), _date),),
}


def _without_values(frame: Frame, column: str, kind: Type) -> bool:
    """Whether pandas holds what tells nothing of its type: objects, which narwhals takes for texts if all are absent, or only NaN."""
    if not frame.implementation.is_pandas():
        return False
    series: Any = frame.to_native()[column]
    if series.dtype == object:
        return kind.kind != "text"
    return not kind.numeric and series.dtype == "float64" and len(series) > 0 and bool(series.isna().all())


def _without_objects(frame: Frame, column: str, kind: Type) -> Frame:
    if not frame.implementation.is_pandas() or kind.kind == "texts":
        raise FactError(column, nw.Object(), f"a column of {_plural(kind)}")
    native: Any = frame.to_native()
    changed: Frame = nw.from_native(native.assign(**{column: _converted(native[column], column, kind)}))
    return changed


def _converted(series: Any, column: str, kind: Type) -> Any:
    """A pandas series of objects as one of values."""
    import pandas as pd

    read_ = (read(each, kind, column) for each in series)
    values = [None if each.__class__ is Gap else each for each in read_]
    return pd.Series(values, index=series.index, dtype=_STORED.get(kind.kind, "Float64"), name=column)
