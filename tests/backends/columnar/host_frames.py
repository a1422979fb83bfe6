"""Frames with columns of every type that a host may have for a fact, and the same as records.

The facts are those of `backends.host_values`. A table is made in Arrow and handed to each engine as people do it; a
record holds the same cells as scalars of Python or NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from backends.columnar.engines import rows_of
from backends.columnar.made_up import rule_set_of
from backends.host_values import CATALOGUE, CONDITIONS
from coopgov import portfolio
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.ir import Check, Step
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.language.host_values import Gap
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.type_check import check
from coopgov.language.values import NOT_SET
from coopgov.model import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from random import Random

    from coopgov.language.types import Type
    from coopgov.rules import RuleSet

__all__ = [
    "AS_OF",
    "ENGINES",
    "LAZY",
    "Made",
    "answer_of",
    "asked",
    "decided",
    "made",
    "names_of",
    "reference",
    "rules_of",
]

AS_OF = date(2026, 6, 30)
_EPOCH = date(1970, 1, 1).toordinal()
_LARGEST_EXACT = 2**53
_UNITS: tuple[Any, ...] = ("s", "ms", "us", "ns")
_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_CLOCK = {"day": 86_400, "hour": 3_600}


@dataclass
class Made:
    """A table of things, the table of their items, a record for each thing, and marks for cells without a value."""

    table: Any
    items: Any
    records: dict[str, dict[str, Any]]
    places: dict[str, portfolio.Column] = field(default_factory=dict)
    elsewhere: set[tuple[str, str]] = field(default_factory=set)
    """Keys and names of facts that do not apply."""


# Cells of Arrow and what they are in a record ---------------------------------------------------------------


def _integers(rng: Random) -> tuple[Any, Callable[[], Any]]:
    kind, low, high = rng.choice(
        [(f(), a, b) for f, a, b in (
            (pa.int8, -128, 127), (pa.uint8, 0, 255), (pa.int16, -(2**15), 2**15 - 1), (pa.uint32, 0, 2**32 - 1),
            (pa.int64, -(2**63), 2**63 - 1), (pa.uint64, 0, 2**64 - 1),
        )]
    )  # fmt: skip
    small = [each for each in (-1000, -3, -1, 0, 1, 2, 3, 5, 7, 40) if low <= each <= high]
    return kind, lambda: rng.choice([*small, *small, low, high, rng.randint(low, high)])


def _floats(rng: Random) -> tuple[Any, Callable[[], Any]]:
    pool = (-3.0, -1.0, 0.0, -0.0, 0.25, 0.5, 1.0, 1.3, 2.5, 3.0, 7.0, 40.0)
    odd = (float("nan"), float("inf"), float("-inf"))
    if rng.random() < 0.3:
        return pa.float32(), lambda: float(
            np.float32(rng.choice((*pool, *pool, *odd, rng.uniform(-5, 5), 3e38)))
        )
    far = (5e-324, 1e-300, 9e99, -9e99, 1e100, -1e100, 1e308, 1e17)
    return pa.float64(), lambda: rng.choice((*pool, *pool, *odd, *far, rng.uniform(-5, 5)))


def _decimals(rng: Random) -> tuple[Any, Callable[[], Any]]:
    scale = rng.choice((0, 1, 3, 10))
    texts = (
        ("-1000", "-1", "0", "1", "3", "7", "40")
        if scale == 0
        else ("-0.3", "0", "0.1", "0.5", "1.3", "2", "6")
    )
    return pa.decimal128(38, scale), lambda: Decimal(rng.choice(texts))


def _days(rng: Random, kind: Type) -> tuple[Any, Callable[[], Any]]:
    unit = rng.choice(_UNITS)
    step = _CLOCK[kind.unit] * _SECOND[unit]
    broken = rng.random() < 0.15

    def cell() -> Any:
        count = rng.choice((-40, -1, 0, 1, 2, 3, 5, 90)) * step
        return count + (
            rng.choice((1000 if unit == "ns" else 1, step // 2)) if broken and rng.random() < 0.3 else 0
        )

    return pa.duration(unit), cell


def _dates(rng: Random) -> tuple[Any, Callable[[], Any]]:
    days = [
        date(2026, 3, 1),
        date(2026, 6, 29),
        AS_OF,
        date(2026, 7, 1),
        date(1969, 12, 31),
        date(2024, 2, 29),
    ]
    far = [1, 31, 2958465 + 693594 - 30, 3652059, 0, -3, 3652060, 3652060 + 365 * 63000, 2**30]
    if rng.random() < 0.5:
        ordinals = [*(day.toordinal() for day in days * 2), *far]
        return pa.date32(), lambda: rng.choice(ordinals) - _EPOCH
    unit, zone = rng.choice(_UNITS), rng.choice((None, "UTC", "Asia/Shanghai", "America/New_York"))
    near = [day.toordinal() for day in days]
    ordinals = near if unit == "ns" else [*near, *near, *far[:6]]

    def cell() -> Any:
        return ((rng.choice(ordinals) - _EPOCH) * 86_400 + rng.choice((0, 1, 43_200, 86_399))) * _SECOND[unit]

    return pa.timestamp(unit, zone), cell


def _texts(rng: Random, kind: Type) -> tuple[Any, Callable[[], Any]]:
    pool = kind.choices or ("red", "late", "", "points", "%", "项目")
    return rng.choice((pa.string(), pa.large_string())), lambda: rng.choice(pool)


def _sort(rng: Random, kind: Type) -> tuple[Any, Callable[[], Any]]:
    """A type of Arrow for a fact, and where its cells come from: raw, as counts of the unit."""
    if kind.kind == "truth":
        return pa.bool_(), lambda: rng.choice((True, False))
    if kind.kind == "text":
        return _texts(rng, kind)
    if kind.kind == "date":
        return _dates(rng)
    if kind.kind == "quantity" and kind.unit in _CLOCK and rng.random() < 0.5:
        return _days(rng, kind)
    return rng.choice((_integers, _floats, _floats, _decimals))(rng)


def _scalar(cell: Any, kind: Any) -> Any:
    """A cell as a record holds it."""
    if cell is None:
        return None
    if pa.types.is_date32(kind):
        return np.datetime64(cell, "D")
    if pa.types.is_timestamp(kind):
        return np.datetime64(cell, kind.unit)
    if pa.types.is_duration(kind):
        return np.timedelta64(cell, kind.unit)
    large = isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) > _LARGEST_EXACT
    return float(cell) if large else cell


def _array(cells: Sequence[Any], kind: Any) -> Any:
    if pa.types.is_date32(kind):
        return pa.array(cells, pa.int32()).cast(kind)
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        return pa.array(cells, pa.int64()).cast(kind)
    return pa.array(cells, kind)


# Tables -----------------------------------------------------------------------------------------------------


def made(rng: Random, names: Iterable[str], rows: int) -> Made:
    """A table with some facts as columns, and what else a host may say of them."""
    keys = [f"k{number}" for number in range(rows)]
    columns: dict[str, Any] = {"id": pa.array(keys)}
    found = Made(None, None, {key: {} for key in keys})
    for name in sorted({*names} - {"items", "tags"}):
        if rng.random() < 0.9:
            _column(rng, name, keys, columns, found)
    found.table = pa.table(columns)
    _items(rng, keys, found)
    return found


def _column(rng: Random, name: str, keys: Sequence[str], columns: dict[str, Any], found: Made) -> None:
    kind, cell = _sort(rng, CATALOGUE.declared("thing", name))
    gaps = rng.choice((0.0, 0.0, 0.2, 1.0)) if rng.random() < 0.9 else 0.1
    cells = [None if rng.random() < gaps else cell() for _ in keys]
    columns[name] = _array(cells, kind)
    for key, each in zip(keys, cells, strict=True):
        found.records[key][name] = _scalar(each, kind)
    flags: dict[str, Any] = {
        flag: f"{flag} {name}" for flag in ("not_applicable", "unreadable") if rng.random() < 0.15
    }
    found.places[name] = portfolio.Column(name, **flags)
    for flag, column in flags.items():
        decided = [rng.choice((True, False, None)) for _ in keys]
        columns[column] = pa.array(decided, pa.bool_())
        for key in (key for key, each in zip(keys, decided, strict=True) if each):
            if flag == "not_applicable":
                found.elsewhere.add((key, name))
            found.records[key][name] = None if (key, name) in found.elsewhere else Gap.UNREADABLE


def _items(rng: Random, keys: Sequence[str], found: Made) -> None:
    """Items with a number each; what an item lacks is null."""
    kind, cell = _sort(rng, CATALOGUE.declared("item", "x"))
    of = [key for key in keys for _ in range(rng.choice((0, 1, 2, 3)))]
    cells = [None if rng.random() < 0.1 else cell() for _ in of]
    # Sums of engines are not rounded once at the end: what is large must not cancel what is small.
    cells = [abs(each) if isinstance(each, float) and abs(each) > 1e50 else each for each in cells]
    found.items = pa.table({"of": pa.array(of, pa.string()), "x": _array(cells, kind)})
    for key in keys:
        mine = [each for owner, each in zip(of, cells, strict=True) if owner == key]
        found.records[key]["items"] = [{"x": _scalar(each, kind)} for each in mine]


def _numpy(table: Any) -> Any:
    return table.to_pandas(date_as_object=False)


def _arrow_backed(table: Any) -> Any:
    import pandas as pd

    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _polars(table: Any) -> Any:
    import polars as pl

    return pl.from_arrow(table)


def _duckdb(table: Any) -> Any:
    import duckdb

    return duckdb.from_arrow(table)


def _dask(table: Any) -> Any:
    import dask.dataframe as dd

    return dd.from_pandas(_arrow_backed(table), npartitions=2)


def _nullable(table: Any) -> Any:
    import pandas as pd

    kinds: dict[Any, Any] = {
        **{
            getattr(pa, name.lower())(): getattr(pd, f"{name}Dtype")()
            for name in ("Int8", "Int16", "Int64", "UInt64")
        },
        pa.float32(): pd.Float32Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
        pa.string(): pd.StringDtype(),
    }
    return table.to_pandas(types_mapper=kinds.get, date_as_object=False)


def objects_of(values: Sequence[Any]) -> Any:
    """Values as objects of pandas, as they are."""
    import pandas as pd

    array = np.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        array[at] = value
    return pd.Series(array, dtype=object)


def _objects(found: Made) -> Any:
    """The records themselves, as objects of pandas; what a flag says is unreadable is left out."""
    import pandas as pd

    keys, columns = [*found.records], {}
    for name in found.table.column_names:
        flag = name == "id" or " " in name
        cells = found.table[name].to_pylist() if flag else [found.records[key][name] for key in keys]
        columns[name] = objects_of([None if isinstance(cell, Gap) else cell for cell in cells])
    return pd.DataFrame(columns)


ENGINES: Mapping[str, Callable[[Any], Any]] = {
    "polars": _polars,
    "polars-lazy": lambda table: _polars(table).lazy(),
    "pandas": _numpy,
    "pandas-nullable": _nullable,
    "pandas-objects": _numpy,
    "pandas-arrow": _arrow_backed,
    "pyarrow": lambda table: table,
    "duckdb": _duckdb,
    "dask": _dask,
}
LAZY = ("polars-lazy", "duckdb")

# Questions and answers --------------------------------------------------------------------------------------


def rules_of(texts: Iterable[str]) -> RuleSet:
    """A rule for each condition; a comparison of numbers has a measure."""
    return rule_set_of("thing", map(_check, texts), CATALOGUE)


def names_of(rules: RuleSet) -> set[str]:
    """The facts of a thing that rules read, with those that say when it was observed and in which unit."""
    nodes = rules.program("thing", 0).asked
    read = {node.name for node in nodes if isinstance(node, s.Name) and node.about == "thing"}
    return read | {"unit", "seen"}


def asked(rng: Random, most: int) -> list[str]:
    """Some conditions; those about lists of texts are left out, which not every engine has."""
    return rng.sample([text for text in CONDITIONS if "tags" not in text], most)


def _check(text: str) -> Check:
    node = check(parse(text), "thing", CATALOGUE)
    if isinstance(node, s.Comparison) and node.left.type.numeric:
        return Check(text, (Step("minor", node, node.right),), node.left)
    return Check(text, (Step("minor", node),))


Answer = tuple[dict[tuple[str, str], Any], dict[tuple[str, str], Any]]


def reference(rules: RuleSet, found: Made, currency: str, *, lazy: bool) -> Answer:
    """What the interpreter says: hits and what is undetermined, by key and rule.

    Fractions of days cannot be read in lazy frames.
    """
    program, setting = rules.program("thing", 0), Setting(AS_OF, WorkingCalendar(), currency)
    hits: dict[tuple[str, str], Any] = {}
    unsure: dict[tuple[str, str], Any] = {}
    for key, own in found.records.items():
        record = {name: _readable(name, value) if lazy else value for name, value in own.items()}
        supposed = Interpreter(CATALOGUE, setting).supposing(
            *((record, "thing", name, NOT_SET) for of, name in found.elsewhere if of == key)
        )
        decided, open_ = ReferenceBackend().compile(program, setting, supposed)(record)
        hits |= {(key, rule): (severity, value, threshold) for rule, severity, value, threshold in decided}
        unsure |= {(key, rule): (", ".join(missing), because) for rule, missing, because in open_}
    return hits, unsure


def _readable(name: str, value: Any) -> Any:
    broken = (
        isinstance(value, np.timedelta64)
        and name != "talk"
        and value % np.timedelta64(1, "D") != np.timedelta64(0)
    )
    return Gap.UNREADABLE if broken else value


def decided(engine: str, rules: RuleSet, found: Made, currency: str) -> Answer:
    """What an engine says."""
    make = ENGINES[engine]
    frame = _objects(found) if engine == "pandas-objects" else make(found.table)
    children = {"items": portfolio.Children(make(found.items), "of")}
    return answer_of(frame, rules, currency=currency, columns=found.places, children=children)


def answer_of(frame: Any, rules: RuleSet, **options: Any) -> Answer:
    """Hits and what is undetermined in a frame of things, by key and rule."""
    violations = portfolio.check(frame, rules, "thing", as_of=AS_OF, **options)
    hits = {
        (row["id"], row["rule"]): (row["severity"], row["value"], row["threshold"])
        for row in rows_of(violations.hits)
    }
    unsure = {
        (row["id"], row["rule"]): (row["missing"], row["because"]) for row in rows_of(violations.undetermined)
    }
    return hits, unsure
