"""Turns the errors of engines into `BackendError`: they concern the host's data, not a bug in coopgov."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from coopgov.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["foreign_errors"]

_ENGINES = {
    "polars",
    "pyo3_runtime",
    "pandas",
    "pyarrow",
    "duckdb",
    "dask",
    "distributed",
    "pyspark",
    "py4j",
    "narwhals",
}
_LONGEST = 300


@contextmanager
def foreign_errors() -> Iterator[None]:
    """Turn whatever an engine raises into a BackendError; its panics are no `Exception`.

    Raises:
        BackendError: the engine raised something.
    """
    try:
        yield
    except BaseException as error:
        engine = type(error).__module__.partition(".")[0].lstrip("_")
        if engine not in _ENGINES:
            raise
        told = " ".join(str(error).split())[:_LONGEST]
        why = f"the engine {'polars' if engine == 'pyo3_runtime' else engine} cannot do this: {told}"
        raise BackendError("columnar", "", "", why, ("direct", "interpreter")) from error
