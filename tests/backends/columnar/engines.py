"""Convert columns to frames of every engine and back; the tests of an engine that is not installed are skipped."""

from __future__ import annotations

import importlib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["ENGINES", "ENGINE_NAMES", "at_once", "frame_of", "needs", "rows_of"]

Columns = "Mapping[str, tuple[str, Sequence[Any]]]"


def _arrow(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "truth": pa.bool_(),
        "date": pa.date32(),
        "time": pa.timestamp("us"),
        "number": pa.float64(),
        "whole": pa.int64(),
        "decimal": pa.decimal128(18, 3),
        "texts": pa.list_(pa.string()),
    }
    return pa.table({name: pa.array(list(values), types[kind]) for name, (kind, values) in columns.items()})


def _polars(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    import polars as pl

    types: dict[str, Any] = {
        "text": pl.String,
        "truth": pl.Boolean,
        "date": pl.Date,
        "time": pl.Datetime("us"),
        "number": pl.Float64,
        "whole": pl.Int64,
        "decimal": pl.Decimal(18, 3),
        "texts": pl.List(pl.String),
    }
    return pl.DataFrame(
        {name: pl.Series(name, list(values), types[kind]) for name, (kind, values) in columns.items()}
    )


def _pandas(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    """As people make them: NaN for numbers, objects for what has gaps."""
    import pandas as pd

    types = {"number": "float64", "date": "datetime64[s]", "time": "datetime64[us]"}
    return pd.DataFrame(
        {
            name: pd.Series(
                list(values), dtype=_whole(values) if kind == "whole" else types.get(kind, "object")
            )
            for name, (kind, values) in columns.items()
        }
    )


def _whole(values: Sequence[Any]) -> str:
    return "float64" if None in values else "int64"


def _pandas_nullable(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    import pandas as pd
    import pyarrow as pa

    types: dict[str, Any] = {
        "number": "Float64",
        "whole": "Int64",
        "text": "string",
        "truth": "boolean",
        "date": "datetime64[s]",
        "time": "datetime64[us]",
        "decimal": pd.ArrowDtype(pa.decimal128(18, 3)),  # pandas has no decimals of its own
    }
    return pd.DataFrame(
        {
            name: pd.Series(list(values), dtype=types.get(kind, "object"))
            for name, (kind, values) in columns.items()
        }
    )


def _pandas_arrow(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    import pandas as pd

    return _arrow(columns).to_pandas(types_mapper=pd.ArrowDtype)


def _duckdb(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    import duckdb

    return duckdb.from_arrow(_arrow(columns))


def _dask(make: Callable[..., Any]) -> Callable[..., Any]:
    def made(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
        import dask.dataframe as dd

        return dd.from_pandas(make(columns), npartitions=2)

    return made


def _spark(columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    """In two partitions, in the session that the fixture `spark` has begun."""
    from pyspark.sql import SparkSession

    session = SparkSession.active()
    return session.createDataFrame(_arrow(columns)).repartition(2)


ENGINES: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "polars": ("polars", _polars),
    "polars-lazy": ("polars", lambda columns: _polars(columns).lazy()),
    "pandas": ("pandas,pyarrow", _pandas),
    "pandas-nullable": ("pandas,pyarrow", _pandas_nullable),
    "pandas-arrow": ("pandas,pyarrow", _pandas_arrow),
    "pyarrow": ("pyarrow", _arrow),
    "duckdb": ("duckdb,pyarrow", _duckdb),
    "dask": ("dask,pandas,pyarrow", _dask(_pandas_nullable)),
    "dask-arrow": ("dask,pandas,pyarrow", _dask(_pandas_arrow)),
    "spark": ("pyspark,pyarrow", _spark),
}
ENGINE_NAMES = tuple(name for name in ENGINES if name != "spark")
"""All but Spark, whose tests share one session: see test_spark."""


def needs(*modules: str) -> None:
    """Skip the test where narwhals or one of these modules is not installed."""
    for module in ("narwhals", *modules):
        try:
            importlib.import_module(module)
        except ImportError:
            reason = f"needs coopgov[columnar] and {', '.join(modules) or 'narwhals'}"
            pytest.skip(reason, allow_module_level=True)


def frame_of(engine: str, columns: Mapping[str, tuple[str, Sequence[Any]]]) -> Any:
    """A frame of an engine; `columns` gives each column the kind of its values and the values."""
    modules, make = ENGINES[engine]
    needs(*modules.split(","))
    return make(columns)


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame of any engine: nulls as None, dates as dates."""
    import narwhals.stable.v2 as nw

    found: Any = nw.from_native(*at_once([frame]))
    eager: Any = found.lazy().collect("polars" if found.implementation.is_polars() else "pyarrow")
    return [{name: _plain(value) for name, value in row.items()} for row in eager.rows(named=True)]


def at_once(frames: Sequence[Any]) -> Sequence[Any]:
    """The same frames; those of Dask are computed together, since they have their steps in common."""
    if type(frames[0]).__module__.partition(".")[0] != "dask":
        return frames
    import dask

    computed: Sequence[Any] = dask.compute(*frames)
    return computed


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value != value:  # noqa: PLR0124  # NaN
        return None
    return value.date() if isinstance(value, datetime) else value


def day(text: str) -> date:
    """A date from its ISO text."""
    return date.fromisoformat(text)
