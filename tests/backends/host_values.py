"""Values of every sort that a host may pass as a fact: from Python, NumPy and pandas; valid, odd and invalid.

`POOL` holds the named ones, a value for each thing that can go wrong; `host_values` is a Hypothesis strategy that
draws from it and from numbers, dates and durations in general. `CATALOGUE` has a type of subject with a fact for each
type and each sort of range.
"""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from coopgov.errors import FactError
from coopgov.facts import Catalogue, Fact, SubjectType
from coopgov.facts.catalogue import Range
from coopgov.language.host_values import read
from coopgov.language.types import DATE, MONEY, NUMBER, OWN, PERCENT, TEXT, TRUTH, Type

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["CATALOGUE", "CONDITIONS", "POOL", "SORTS", "fitting", "host_records", "host_values"]


class Colour(enum.StrEnum):
    """An enumeration whose members are texts."""

    RED = "red"
    BLUE = "blue"


class Plain(enum.Enum):
    """An enumeration whose members are no texts, though they hold one."""

    RED = "red"


class Rank(enum.IntEnum):
    """An enumeration whose members are whole numbers."""

    FIRST = 1
    THIRD = 3


_TOKYO = timezone(timedelta(hours=9))
_WHOLE = (0, 1, 2, 3, 5, 7, 40, -1, -1000, 10**6)
_INTEGERS = (
    *(kind(value) for kind in (np.int8, np.int16, np.int32, np.int64) for value in (-1, 0, 1, 3, 7)),
    *(kind(value) for kind in (np.uint8, np.uint16, np.uint32, np.uint64) for value in (0, 1, 5)),
    np.int64(2**63 - 1),
    Rank.FIRST,
    Rank.THIRD,
)
_REALS = (
    *(
        kind(value)
        for kind in (float, np.float16, np.float32, np.float64)
        for value in (-1, 0, 0.5, 1, 1.25, 2.5)
    ),
    *(kind(text) for kind in (Decimal, Fraction) for text in ("0", "0.25", "1", "1.3", "3", "-1000")),
    np.longdouble("0.5"),
    -0.0,
    5e-324,
    1e-300,
    0.1 + 0.2,
    1 + 1e-12,
    1.0000000000000002,
)
_ARRAYS = (
    np.array(3),
    np.array(0.5),
    np.array(True),
    np.array("red"),
    np.array(None),
    np.array(1.5, dtype=object),
)
_LARGE = (9e99, -9e99, 10**99, 1e100, -1e100, 10**101, 2e100, -2e100, 1e308, -1e308, 10**400, -(10**400))
_ENDLESS = (
    *(kind(text) for kind in (float, np.float32, np.float64, Decimal) for text in ("inf", "-inf")),
    Decimal("1e400"),
    Fraction(10**400),
    Fraction(10**101, 3),
    np.longdouble("1e300"),
)
_ABSENT = (
    None,
    *(kind("nan") for kind in (float, np.float16, np.float32, np.float64, Decimal)),
    Decimal("sNaN"),
    np.array(float("nan")),
    np.datetime64("NaT"),
    np.datetime64("NaT", "D"),
    np.timedelta64("NaT"),
    np.timedelta64("NaT", "ns"),
    np.ma.masked,
    np.ma.array(1.0, mask=True),
    pd.NA,
    pd.NaT,
)
_TRUTHS = (True, False, np.True_, np.False_)
_DATES = (
    date(2026, 3, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date.min,
    date.max,
    datetime(2026, 6, 30, 23, 59),  # noqa: DTZ001  # hosts have such
    datetime(2026, 6, 30, 23, 59, tzinfo=UTC),
    datetime(2026, 7, 1, 3, tzinfo=_TOKYO),
    datetime.max,  # noqa: DTZ901  # hosts have such
    pd.Timestamp("2026-03-01 23:00"),
    pd.Timestamp("2026-06-30 23:59", tz="Asia/Shanghai"),
    *(np.datetime64("2026-03-01", unit) for unit in ("D", "h", "s", "ms", "us", "ns")),
    np.datetime64("2026-06", "M"),
    np.datetime64("2026", "Y"),
    np.datetime64("1969-12-31T23:00", "h"),
    np.array("2026-03-01", dtype="datetime64[D]"),
)
_NO_DATES = (
    np.datetime64("10000-01-01"),
    np.datetime64("0000-12-31"),
    np.datetime64("-0044-03-15"),
    np.datetime64(2**62, "Y"),
    np.datetime64(-(2**62), "M"),
    np.datetime64(2**62, "D"),
)
_DURATIONS = (
    timedelta(0),
    timedelta(days=3),
    timedelta(days=-2),
    timedelta.max - timedelta(microseconds=999999, seconds=86399),
    pd.Timedelta(days=3),
    np.timedelta64(3, "D"),
    np.timedelta64(72, "h"),
    np.timedelta64(1, "W"),
    np.timedelta64(2**62, "D"),
)
_PARTS_OF_DAYS = (
    timedelta(hours=36),
    timedelta(microseconds=1),
    pd.Timedelta(days=1, nanoseconds=1),
    np.timedelta64(36, "h"),
    np.timedelta64(1, "ns"),
    np.timedelta64(1, "M"),
    np.timedelta64(3),
)
_TEXTS = (
    "red",
    "blue",
    "green",
    "",
    Colour.RED,
    Colour.BLUE,
    np.str_("red"),
    Plain.RED,
    b"red",
    "3",
    "2026-03-01",
)
_SEVERAL: tuple[Any, ...] = (
    [],
    ["red"],
    ("red", "new"),
    {"red"},
    frozenset({"new"}),
    np.array(["red", "new"]),
    np.array(["red"], dtype=object),
    [np.str_("red"), Colour.BLUE],
    ["red", 3],
    ["red", None],
    [Plain.RED],
    [{"x": 1}, {"x": 2}],
    ({"x": 0.5},),
    [{"x": True}],
    [{"x": np.int64(4)}, {"x": None}],
    [{"x": 9e99}, {"x": 9e99}],
    [{"x": float("inf")}],
    np.array([{"x": 1}], dtype=object),
    np.array([1.0, 2.0]),
    {"red": 1},
)
_STRANGE: tuple[Any, ...] = (1 + 2j, np.complex128(1), object(), date, int)

SORTS: dict[str, tuple[Any, ...]] = {
    "whole": _WHOLE,
    "integers": _INTEGERS,
    "reals": _REALS,
    "arrays": _ARRAYS,
    "large": _LARGE,
    "endless": _ENDLESS,
    "absent": _ABSENT,
    "truths": _TRUTHS,
    "dates": _DATES,
    "no dates": _NO_DATES,
    "durations": _DURATIONS,
    "parts of days": _PARTS_OF_DAYS,
    "texts": _TEXTS,
    "several": _SEVERAL,
    "strange": _STRANGE,
}
POOL: tuple[Any, ...] = tuple(value for sort in SORTS.values() for value in sort)
"""A value of every sort."""

_FITTING = {
    "truth": ("truths",),
    "text": ("texts",),
    "texts": ("several",),
    "collection": ("several",),
    "date": ("dates", "dates", "no dates"),
}
_NUMBERS = ("whole", "whole", "integers", "reals", "reals", "large", "endless")

# Facts ------------------------------------------------------------------------------------------------------

_DAYS, _HOURS = Type("quantity", "day"), Type("quantity", "hour")
_FACTS = (
    Fact("a", "thing", "", TRUTH),
    Fact("c", "thing", "", TRUTH, optional=True),
    Fact("x", "thing", "", NUMBER),
    Fact("y", "thing", "", NUMBER),
    Fact("z", "thing", "", NUMBER, optional=True),
    Fact("done", "thing", "", PERCENT, range=Range(0, 1)),
    Fact("impact", "thing", "", NUMBER, optional=True, range=Range(1, 5, whole=True)),
    Fact("position", "thing", "", NUMBER, range=Range(1, None, whole=True)),
    Fact("spent", "thing", "", MONEY),
    Fact("budget", "thing", "", MONEY, optional=True, range=Range(0)),
    Fact("wait", "thing", "", _DAYS),
    Fact("slack", "thing", "", _DAYS, optional=True),
    Fact("talk", "thing", "", _HOURS),
    Fact("work", "thing", "", Type("quantity", "working day")),
    Fact("term", "thing", "", Type("quantity", "month")),
    Fact("value", "thing", "", OWN, seen_on="seen"),
    Fact("target", "thing", "", OWN, optional=True),
    Fact("unit", "thing", "", TEXT),
    Fact("seen", "thing", "", DATE, seen_on="seen"),
    Fact("met", "thing", "", DATE, optional=True, seen_on="met"),
    Fact("d", "thing", "", DATE),
    Fact("f", "thing", "", DATE, optional=True),
    Fact("colour", "thing", "", Type("text", choices=("red", "blue"))),
    Fact("label", "thing", "", TEXT, optional=True),
    Fact("tags", "thing", "", Type("texts")),
    Fact("items", "thing", "", Type("collection", item="item")),
    Fact("delay", "thing", "", text="max(0 days, (seen else as_of) - d)"),
    Fact("over", "thing", "", text="(spent - budget) / budget"),
    Fact("power", "thing", "", text="x * x * x * x"),
    Fact("x", "item", "", NUMBER),
)
CATALOGUE = Catalogue(
    {"thing": SubjectType("thing"), "item": SubjectType("item")},
    {(fact.about, fact.name): fact for fact in _FACTS},
)
CONDITIONS = (
    "a",
    "not a",
    "c",
    "a and x above 1",
    "a or c",
    "x above 1",
    "x at most y",
    "x is y",
    "x is not 3",
    "x between y and z",
    "z above 0",
    "z else 3 above 2",
    "x else z above 2",
    "x is known",
    "z is known",
    "impact is known",
    "(x + y) is known",
    "x + y above 2",
    "x - y below 0",
    "x * y above 3",
    "x / y above 10 %",
    "x / y else 3 above 2",
    "1 / (x / y) above 0",
    "-x above 0",
    "abs(x) above 1",
    "power above 1",
    "power - power at least 1",
    "0 * power is 0",
    "max(power, 1) above 0",
    "min(power, x) below 0",
    "power else 3 above 2",
    "power is known",
    "x * x * x - y * y * y above 0",
    "x * y * x * y / z above 0",
    "done below 100 %",
    "done above 100 %",
    "done else 50 % at least 50 %",
    "impact above 3",
    "impact else 3 above 2",
    "impact * done above 1",
    "position is 1",
    "spent above budget",
    "spent above 3 money",
    "spent above 3 USD",
    "spent - budget above 1 CNY",
    "over above 15 %",
    "wait above 2 days",
    "wait + slack above 2 days",
    "talk above 1 hour",
    "work above 1 working day",
    "term above 1 month",
    "value above target",
    "value above 80 points",
    "value is known",
    "seen is known",
    "seen above d",
    "met above d",
    "met is known",
    "met else d below as_of",
    "d below as_of",
    "d - f above 3 days",
    "d + 30 days above as_of",
    "d - 30 days below as_of",
    "d + wait above as_of",
    "d + wait is known",
    "d + 1 month above as_of",
    "d + term above as_of",
    "d + 3 working days above as_of",
    "d - work below as_of",
    "working_days(d, as_of) above 3 working days",
    "delay above 3 days",
    'colour is "red"',
    'label is "red"',
    'label in ["red", "blue"]',
    'label else "red" is "red"',
    '"red" in tags',
    "tags is known",
    "count(items where x above 1) at least 1",
    "sum(x of items) above 1",
    "sum(x * x * x of items) above 1",
    "mean(x * x * x * 90000000 of items) above 1",
    "max(x of items) above 1",
    "any(items where x * x * x * x above 1)",
)


def host_values(kind: Type) -> SearchStrategy[Any]:
    """Values for a fact of a type: mostly of that type, in all the forms that a host has them in.

    Some absent, some wrong.
    """
    sorts = _FITTING.get(kind.kind, _NUMBERS)
    sorts = (*sorts, "durations", "parts of days") if kind in (_DAYS, _HOURS) else sorts
    fit: list[SearchStrategy[Any]] = [_one_of(SORTS[sort]) for sort in sorts]
    if kind.numeric:
        fit += [
            st.floats(),
            st.integers(),
            st.floats(-10, 10).map(np.float64),
            st.decimals(),
            st.fractions(),
        ]
    if kind.kind == "date":
        fit += [st.dates(), st.datetimes(), st.dates().map(np.datetime64)]
    return st.one_of(*fit, *fit, _one_of(_ABSENT), _one_of(POOL))


@cache
def fitting(name: str) -> tuple[Any, ...]:
    """Values of the pool that a fact of the catalogue can be read from, absent and out of range ones included."""
    kind = CATALOGUE.declared("thing", name)
    sorts = {
        *_FITTING.get(kind.kind, _NUMBERS),
        "absent",
        *(("durations",) if kind in (_DAYS, _HOURS) else ()),
    }
    values = tuple(value for sort in sorted(sorts) for value in SORTS[sort])
    if name == "unit":
        return ("points", "point", "", None, np.str_("points"), float("nan"))
    return tuple(value for value in values if _readable(value, kind))


def _readable(value: Any, kind: Type) -> bool:
    try:
        read(value, kind, "")
    except FactError:
        return False
    return True


def _one_of(values: tuple[Any, ...]) -> SearchStrategy[Any]:
    """One of some values, by number: Hypothesis hashes what it samples from, which some of NumPy's refuse."""
    return st.integers(0, len(values) - 1).map(lambda number: values[number])


@st.composite
def host_records(draw: DrawFn) -> dict[str, Any]:
    """Records of a thing; each fact may be left out."""
    facts = [fact for fact in _FACTS if fact.about == "thing" and fact.type is not None]
    named = draw(st.lists(st.sampled_from(facts), unique_by=lambda fact: fact.name, min_size=1))
    return {fact.name: draw(host_values(fact.type)) for fact in named if fact.type is not None}
