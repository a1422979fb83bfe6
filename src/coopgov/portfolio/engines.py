"""The engines that can check a portfolio batch by batch: how each takes an Arrow table and returns one."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from coopgov.errors import BackendError
from coopgov.locales import phrase
from coopgov.optional import command, duckdb, pa, pandas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ENGINES", "Engine", "engine_named", "make_sure_of_arrow"]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine: the library that must be installed, and the conversion to its frames and back."""

    library: str
    frame: Callable[[Any], Any]
    table: Callable[[Any], Any]


def _polars_frame(table: Any) -> Any:
    import polars as pl

    return pl.from_arrow(table)


def _polars_table(frame: Any) -> Any:
    return frame.to_arrow()


def _duckdb_frame(table: Any) -> Any:
    return duckdb.from_arrow(table)


def _duckdb_table(relation: Any) -> Any:
    return relation.to_arrow_table()


def _pandas_frame(table: Any) -> Any:
    return table.to_pandas(types_mapper=pandas.ArrowDtype)


def _pandas_table(frame: Any) -> Any:
    return pa.Table.from_pandas(frame, preserve_index=False)


def _same(table: Any) -> Any:
    return table


def _dask_frame(table: Any) -> Any:
    import dask.dataframe as dd

    return dd.from_pandas(_pandas_frame(table), npartitions=os.cpu_count() or 1)


def _dask_table(frame: Any) -> Any:
    return _pandas_table(frame.compute())


def _spark_frame(table: Any) -> Any:
    """A frame of the active session, or of a new one with local settings (`spark-defaults.conf`, `SPARK_REMOTE`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # PySpark warns about new versions of pandas
        from pyspark.sql import SparkSession

        return SparkSession.builder.appName("coopgov").getOrCreate().createDataFrame(table)


def _spark_table(frame: Any) -> Any:
    return frame.toArrow()


ENGINES: Mapping[str, Engine] = {
    "polars": Engine("polars", _polars_frame, _polars_table),
    "duckdb": Engine("duckdb", _duckdb_frame, _duckdb_table),
    "pandas": Engine("pandas", _pandas_frame, _pandas_table),
    "pyarrow": Engine("pyarrow", _same, _same),
    "dask": Engine("dask", _dask_frame, _dask_table),
    "spark": Engine("pyspark", _spark_frame, _spark_table),
}


def make_sure_of_arrow() -> None:
    """Make sure that PyArrow is there to read and write tables.

    Raises:
        BackendError: PyArrow is not installed.
    """
    if find_spec("pyarrow") is None:
        why = phrase("portfolio.engine.not-installed", command=command("portfolio"))
        raise BackendError("pyarrow", "", "", why)


def engine_named(name: str) -> Engine:
    """The engine with a name.

    Raises:
        BackendError: no engine has that name, or it is not installed.
    """
    engine = ENGINES.get(name)
    here = [each for each, one in ENGINES.items() if find_spec(one.library) is not None and each != name]
    if engine is None:
        raise BackendError(name, "", "", phrase("portfolio.engine.unknown"), here)
    if find_spec(engine.library) is None:
        why = phrase("portfolio.engine.not-installed", command=f"pip install {engine.library}")
        raise BackendError(name, "", "", why, here)
    return engine
