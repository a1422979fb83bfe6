"""Turns the errors of engines into `BackendError`: they concern the host's data, not a bug in coopgov."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from coopgov.errors import BackendError, CoopgovError
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["foreign_errors"]

_ENGINES = {
    **{name: name for name in ("polars", "pandas", "pyarrow", "duckdb", "dask", "pyspark", "narwhals")},
    "pyo3_runtime": "polars",
    "distributed": "dask",
    "py4j": "pyspark",
}
"""Libraries by the modules of their errors."""
_LONGEST = 300
"""How many characters of an engine's own message are shown."""


@contextmanager
def foreign_errors(library: str = "") -> Iterator[None]:
    """Turn whatever an engine raises into a BackendError; its panics are no `Exception`.

    Engines raise errors of Python too. Where nothing but a `library` is at work, those are its own as well.

    Raises:
        BackendError: the engine gave up.
    """
    try:
        yield
    except (CoopgovError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        module = type(error).__module__.partition(".")[0].lstrip("_")
        engine = library or _ENGINES.get(module)
        if engine is None:
            raise
        text = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
        raise BackendError(engine, "", "", phrase("backends.columnar.gave-up", error=text)) from error
