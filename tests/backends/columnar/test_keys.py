"""Columns that name subjects: any distinguishable values do; other values are a coopgov error that names the column."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from backends.columnar.engines import needs, rows_of

needs("polars", "pandas", "pyarrow", "duckdb", "dask")
import pyarrow as pa  # noqa: E402

from backends.columnar.host_frames import ENGINES  # noqa: E402
from coopgov import portfolio  # noqa: E402
from coopgov.backends.columnar.engine_errors import foreign_errors  # noqa: E402

if TYPE_CHECKING:
    from coopgov.portfolio import Violations

AS_OF = date(2026, 6, 30)
RULES = coopgov.parse_rules("""
coopgov: rules/1
pack: keys
version: 1.0.0
rules:
  - {id: large, about: phase, kind: overspend, when: spent above 1 money, severity: minor, message: m}
  - {id: shown, about: phase, kind: overspend, when: spent below 1 money, severity: minor, message: m}
""")
NAMING: dict[str, Any] = {
    "int8": pa.array([1, 2, 3], pa.int8()),
    "uint64": pa.array([2**64 - 1, 2, 3], pa.uint64()),
    "float32": pa.array([1.5, 2, 3], pa.float32()),
    "float64": pa.array([1.5, 2, 3]),
    "decimal": pa.array([Decimal("1.50"), Decimal(2), Decimal(3)], pa.decimal128(38, 10)),
    "truth": pa.array([True, False, None]),
    "text": pa.array(["a", "b", "c"]),
    "large text": pa.array(["a", "b", "c"], pa.large_string()),
    "category": pa.array(["a", "b", "c"]).dictionary_encode(),
    "date": pa.array([date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]),
    "moment": pa.array([datetime(2026, 1, day, 12) for day in (1, 2, 3)], pa.timestamp("us", "Asia/Tokyo")),  # noqa: DTZ001
    "time": pa.array([time(1), time(2), time(3)]),
    "duration": pa.array([timedelta(1), timedelta(2), timedelta(3)]),
    "nothing": pa.nulls(3),
}
NESTED: dict[str, Any] = {
    "list": pa.array([[1], [2, 3], [4]]),
    "struct": pa.array([{"p": 1}, {"p": 2}, {"p": 3}]),
    "map": pa.array([[("a", 1)], [("b", 2)], [("c", 3)]], pa.map_(pa.string(), pa.int64())),
}
IN_MEMORY = [name for name in ENGINES if name not in ("dask", "pandas-objects", "pandas-nullable")]


def found(frame: Any, **options: Any) -> Violations:
    """What the rules say of phases."""
    return portfolio.check(frame, RULES, "phase", as_of=AS_OF, **options)


@pytest.mark.parametrize("engine", IN_MEMORY)
@pytest.mark.parametrize("kind", NAMING)
def test_distinct_keys_of_any_type_name_subjects(kind: str, engine: str) -> None:
    """Numbers, texts, dates, times and truth values, of any width; a subject without a key is still checked."""
    frame = ENGINES[engine](pa.table({"id": NAMING[kind], "spent": [2.0, 0.5, None]}))
    shown = found(frame)
    (hit,) = [row for row in rows_of(shown.hits) if row["rule"] == "large"]
    (first,) = rows_of(ENGINES[engine](pa.table({"id": NAMING[kind].slice(0, 1)})))
    assert hit["id"] == first["id"]
    assert [row["rule"] for row in rows_of(shown.undetermined)] == ["large", "shown"]


@pytest.mark.parametrize("engine", IN_MEMORY)
@pytest.mark.parametrize("kind", NESTED)
def test_what_has_parts_names_nobody(kind: str, engine: str) -> None:
    """Lists, structures and maps are refused by name, in every engine, with collections and without."""
    frame = ENGINES[engine](pa.table({"id": NESTED[kind], "spent": [2.0, 0.5, None]}))
    with pytest.raises(coopgov.BackendError, match='the key column "id" is a'):
        found(frame)


def test_objects_that_have_parts_name_nobody() -> None:
    """Lists among the objects of pandas are not keys; numbers beside texts are."""
    import pandas as pd

    spent = [2.0, 0.5]
    with pytest.raises(coopgov.BackendError, match='the key column "id" is a Object'):
        found(pd.DataFrame({"id": pd.Series([[1], [2]], dtype=object), "spent": spent}))
    mixed = found(pd.DataFrame({"id": pd.Series([1, "b"], dtype=object), "spent": spent}))
    assert mixed.hits["id"].tolist() == [1, "b"]


@pytest.mark.parametrize("doubled", ["id", "spent"])
def test_doubled_columns_are_reported_by_name(doubled: str) -> None:
    """Two columns with the same name are ambiguous, and are reported by that name."""
    import pandas as pd

    frame = pd.DataFrame([["a", 1.0, 2.0]], columns=["id", "spent", doubled])
    table = pa.Table.from_arrays(
        [pa.array(["a"]), pa.array([1.0]), pa.array([2.0])], ["id", "spent", doubled]
    )
    for each in (frame, table):
        with pytest.raises(coopgov.BackendError, match=f'it has two columns named "{doubled}"'):
            found(each)


def test_errors_of_an_engine_become_errors_of_coopgov() -> None:
    """Panics of Polars are not exceptions, but become a coopgov error; errors of other origin stay as they are."""
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})
    with (
        pytest.raises(
            coopgov.BackendError,
            match="the backend polars cannot be used: it gave up: PanicException: out of cheese",
        ),
        foreign_errors(),
    ):
        raise panic("out of\n cheese")
    with pytest.raises(ZeroDivisionError), foreign_errors():
        raise ZeroDivisionError
