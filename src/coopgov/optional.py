"""Optional libraries that several modules use, each loaded when something in it is first asked for.

A module says `from coopgov.optional import pa`, and PyArrow is imported when it comes to `pa.table`. A library that
one module uses is imported in that module: z3 in `analysis.logic.solver`, holidays in `model.calendar`, the engines of
tables in `portfolio.engines`. The packages `backends.columnar` and `testing` are loaded late themselves, and import
narwhals and Hypothesis as usual.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = [
    "calamine",
    "command",
    "docx",
    "docx_ns",
    "docx_oxml",
    "docx_shared",
    "duckdb",
    "pa",
    "pa_csv",
    "pandas",
    "pc",
    "polars",
    "pq",
    "psycopg",
    "spark",
    "typst",
    "xlsxwriter",
]


def command(extra: str) -> str:
    """Return the command that installs coopgov with an extra, quoted as every shell needs it."""
    return f'pip install "coopgov[{extra}]"'


class Library:
    """A library that is imported when something in it is asked for."""

    def __init__(self, name: str, extra: str) -> None:
        self._name = name
        self._extra = extra

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # tools that look at modules ask every value in them for such names
            raise AttributeError(name)
        try:
            library = import_module(self._name)
        except ModuleNotFoundError as error:
            text = f"{error.name} is not installed; run `{command(self._extra)}`"
            raise ModuleNotFoundError(text, name=error.name) from None
        return getattr(library, name)


calamine: Any = Library("python_calamine", "excel")
docx: Any = Library("docx", "docx")
docx_ns: Any = Library("docx.oxml.ns", "docx")
docx_oxml: Any = Library("docx.oxml", "docx")
docx_shared: Any = Library("docx.shared", "docx")
duckdb: Any = Library("duckdb", "engines")
pa: Any = Library("pyarrow", "portfolio")
pa_csv: Any = Library("pyarrow.csv", "portfolio")
pandas: Any = Library("pandas", "engines")
pc: Any = Library("pyarrow.compute", "portfolio")
polars: Any = Library("polars", "portfolio")
pq: Any = Library("pyarrow.parquet", "portfolio")
psycopg: Any = Library("psycopg", "postgres")
spark: Any = Library("pyspark.sql.functions", "spark")
typst: Any = Library("typst", "pdf")
xlsxwriter: Any = Library("xlsxwriter", "excel")
