"""Validates every value from a host before any expression sees it: all backends read facts through this one gate.

`read` returns a run-time value, or a `Gap` that says why there is none. Scalars of NumPy, pandas and Arrow are
recognised by their attributes (`dtype`, `item`, `as_py`), so that none of these libraries has to be installed.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day
from coopgov.errors import ArgumentError, FactError
from coopgov.language.types import ANY, DATE
from coopgov.language.values import LARGEST, LAST_DAY
from coopgov.locales import phrase
from coopgov.synonyms import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.language.types import Range, Type

__all__ = ["NOT_SET_GAPS", "Gap", "day_number", "hidden", "read", "refuse_unless_mapping"]


class Gap(enum.Enum):
    """Why a fact has no value, in the words of an undetermined entry; the first reason that applies is given."""

    ABSENT = "absent data"
    HIDDEN = "not visible on this date"
    UNREADABLE = "unreadable cell"
    OUT_OF_RANGE = "out of range"
    UNSTATED = "untold"
    """Absent data as well, of a setting too: what follows from data that are absent.

    `ABSENT` would say that nothing was set.
    """

    NOT_DUE = "not due"
    """An observation that is absent because its first one is not due yet: *not set*, so that rules do not apply."""
    NOT_GIVEN = "not given"
    """What only some callers have, such as cases: *not set* as well where they give none."""

    @property
    def reason(self) -> str:
        """What an undetermined entry says of it."""
        return Gap.ABSENT.value if self in (Gap.UNSTATED, *NOT_SET_GAPS) else self.value


NOT_SET_GAPS = (Gap.NOT_DUE, Gap.NOT_GIVEN)
"""The gaps that are *not set* whatever the fact."""


def read(value: Any, kind: Type, name: str, within: Range = ANY) -> Any:
    """Read a fact of a record as a value of its type, or as the `Gap` that says why it has none.

    Dates become day numbers, and durations numbers in the fact's unit; `within` is the range of the fact.

    Raises:
        FactError: the value is not of the fact's type.
    """
    if value is None or value.__class__ is Gap:
        return value or Gap.ABSENT
    plain = value if value.__class__ in _OWN else _plain(value)
    if plain is None or (isinstance(plain, (float, Decimal)) and _is_nan(plain)):
        return Gap.ABSENT
    found = _READERS.get(kind.kind, _number)(plain, kind, name)
    if found is None:
        raise FactError(name, value, kind.choice_words)
    return (
        Gap.OUT_OF_RANGE
        if within is not ANY and found.__class__ is not Gap and found not in within
        else found
    )


def hidden(day: Any, name: str, as_of: date | None) -> bool:
    """Whether an observation of a day is not yet visible on the date."""
    ordinal = read(day, DATE, name)
    return as_of is not None and ordinal.__class__ is not Gap and bool(ordinal > day_number(as_of))


def refuse_unless_mapping(record: Any) -> None:
    """Refuse a record that facts cannot be got from.

    Raises:
        ArgumentError: it is no mapping.
    """
    if not hasattr(record, "get"):
        raise ArgumentError("facts", record, phrase("errors.expected.mapping-of-facts"))


def day_number(as_of: date | None) -> int:
    """The day of an assessment as expressions see it.

    Raises:
        FactError: there is none.
        ArgumentError: it is not a date.
    """
    if as_of is None:
        raise FactError("as_of", as_of, phrase("errors.expected.day"))
    return a_day("as_of", as_of).toordinal()


def _is_nan(value: float | Decimal) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else math.isnan(value)


_OWN = frozenset({bool, int, float, str, date, Decimal, list, tuple, dict})
# Recognised by class name: importing pandas or NumPy for their nulls would be slow, and they may not be installed.
_NOTHING = {"NAType", "NaTType", "MaskedConstant"}


def _plain(value: Any) -> Any:
    """Convert a scalar of another library to a Python one, or to None if it is that library's null."""
    if value.__class__.__name__ in _NOTHING:
        return None
    if isinstance(value, type):
        return value
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        return _scalar(value)
    return _plain(value.as_py()) if hasattr(value, "as_py") else value


def _scalar(value: Any) -> Any:
    """Convert a NumPy scalar, or a zero-dimensional array of any library."""
    if hasattr(value, "__array_interface__") and hasattr(value, "__setitem__"):
        return _plain(value[()])
    convert = _SCALARS.get(getattr(getattr(value, "dtype", None), "kind", ""))
    return convert(value) if convert else value.item()


def _counted(value: Any) -> Any:
    """Convert a NumPy date or duration exactly: NumPy stores a count of units, for dates since 1970."""
    count, found = int(value.view("int64")), _UNIT.search(value.dtype.str)
    if count == _NOT_A_TIME:
        return None
    if found is None:
        return _Duration(None)
    steps, unit = count * int(found[1] or 1), found[2]
    if value.dtype.kind == "M":
        return _Instant(_days_before(unit, steps))
    return _Duration(None if unit in _MONTHS else steps * _SECONDS[unit])


class _Instant:
    """A point in time as a day number, which may be outside the range of Python's dates."""

    def __init__(self, day: int) -> None:
        self.day = day

    def toordinal(self) -> int:
        """The day number."""
        return self.day


class _Duration:
    """A duration in seconds, which may be outside the range of Python's; None if its length varies, like a month's."""

    def __init__(self, seconds: Fraction | None) -> None:
        self.seconds = seconds


_UNIT = re.compile(r"\[(\d*)([A-Za-z]+)\]")
_NOT_A_TIME = -(2**63)
_MONTHS = {"Y": 12, "M": 1}
_DAY = 86_400
_SECONDS = {
    "W": Fraction(7 * _DAY),
    "D": Fraction(_DAY),
    "h": Fraction(3600),
    "m": Fraction(60),
    "s": Fraction(1),
    **{unit: Fraction(1, 1000**power) for power, unit in enumerate(("ms", "us", "ns", "ps", "fs", "as"), 1)},
}
_EPOCH = date(1970, 1, 1)


def _days_before(unit: str, steps: int) -> int:
    """The day number of that many units after the start of 1970; 0, which is out of range, for an impossible year."""
    if unit not in _MONTHS:
        return _EPOCH.toordinal() + steps * _SECONDS[unit] // _DAY
    year, month = divmod(_EPOCH.year * 12 + steps * _MONTHS[unit], 12)
    return date(year, month + 1, 1).toordinal() if date.min.year <= year <= date.max.year else 0


_SCALARS: Mapping[str, Callable[[Any], Any]] = {
    "b": bool,
    "i": int,
    "u": int,
    "f": float,
    "M": _counted,
    "m": _counted,
}

# One reader for each type of fact: it returns a value, a gap, or None for a value of another type -----------------


def _number(value: Any, kind: Type, _: str) -> Any:
    if value.__class__ is float:  # by far the most frequent case, so it is decided first
        return value if -LARGEST < value < LARGEST else Gap.OUT_OF_RANGE
    if isinstance(value, bool):
        return None
    if isinstance(value, (timedelta, _Duration)):
        return _duration(value, kind)
    if not isinstance(value, (Real, Decimal)):
        return None
    try:
        nearest = float(value)
    except OverflowError:
        return Gap.OUT_OF_RANGE
    if not -LARGEST < nearest < LARGEST:
        return Gap.OUT_OF_RANGE
    return int(value) if isinstance(value, Integral) else nearest


def _duration(value: timedelta | _Duration, kind: Type) -> Any:
    """Convert a duration: days and weeks only from whole days, hours and minutes exactly, other units not at all."""
    seconds = value.seconds if isinstance(value, _Duration) else _seconds(value)
    if seconds is None or kind.kind != "quantity" or kind.unit not in _CLOCK:
        return None
    if kind.unit in ("day", "week") and seconds % _DAY:
        return None
    found = seconds / _CLOCK[kind.unit]
    return found.numerator if found.denominator == 1 else float(found)


_CLOCK = {"week": 7 * _DAY, "day": _DAY, "hour": 3600, "minute": 60}


def _seconds(value: timedelta) -> Fraction:
    """The exact seconds of a duration; durations of pandas have nanoseconds too."""
    small = value.microseconds * 1000 + getattr(value, "nanoseconds", 0)
    return value.days * _DAY + value.seconds + Fraction(small, 10**9)


def _date(value: Any, _kind: Type, _: str) -> Any:
    """The day number of a date or time, in its own time zone; anything with a `toordinal` counts as a date."""
    if not hasattr(value, "toordinal") or isinstance(value, type):
        return None
    day = value.toordinal()
    return day if 1 <= day <= LAST_DAY else Gap.OUT_OF_RANGE


def _truth(value: Any, _kind: Type, _: str) -> Any:
    return value if value.__class__ is bool else None


def _text(value: Any, kind: Type, _: str) -> Any:
    if not isinstance(value, str) or (kind.choices and value not in kind.choices):
        return None
    # A subclass such as numpy.str_ or an enumeration may compare and hash in its own way: keep the plain text.
    text = value if value.__class__ is str else str.__str__(value)
    return MEANINGS[kind.group][text] if kind.group else text


def _texts(value: Any, kind: Type, _: str) -> Any:
    """A list of texts, without absent ones."""
    items = _several(value, (set, frozenset))
    if items is None:
        return None
    there = [plain for item in items if (plain := _plain(item)) is not None]
    if not all(isinstance(item, str) for item in there):
        return None
    texts = [str.__str__(item) for item in there]
    return [MEANINGS[kind.group][text] for text in texts] if kind.group else texts


def _collection(value: Any, _kind: Type, name: str) -> Any:
    items = _several(value)
    for item in items or ():
        if not isinstance(item, (dict, Mapping)):
            raise FactError(name, item, phrase("errors.expected.mapping-of-facts"))
    return items


def _several(value: Any, also: Any = ()) -> Any:
    """The items of a list, a tuple or a one-dimensional array."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, also):
        return list(value)
    return value.tolist() if getattr(value, "ndim", 0) == 1 and hasattr(value, "tolist") else None


_READERS: Mapping[str, Callable[[Any, Type, str], Any]] = {
    "truth": _truth,
    "text": _text,
    "texts": _texts,
    "date": _date,
    "collection": _collection,
}
