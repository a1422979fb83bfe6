"""Warnings as the rows of a data frame: the columns and their types, whatever rows there are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.optional import pandas, polars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BACKENDS", "COLUMNS", "Record", "Scalar", "frame_of"]

Scalar = str | float | bool | date | None
Record = dict[str, Scalar]
"""A row: the value of each column."""
BACKENDS = ("polars", "pandas")

COLUMNS: Mapping[str, type] = {
    "agreement": str,
    "as_of": date,
    "id": str,
    "rule": str,
    "about": str,
    "kind": str,
    "severity": str,
    "title": str,
    "message": str,
    "measure": float,
    "measure_unit": str,
    "measure_text": str,
    "threshold": float,
    "threshold_text": str,
    "margin": float,
    "margin_text": str,
    "causes": str,
    "action": str,
    "action_title": str,
    "action_owner": str,
    "action_due": date,
    "actions": int,
    "tell": str,
    "tell_by": date,
    "waived_until": date,
    "waived_reason": str,
    "past": bool,
    "inhibited_by": str,
    "counted": bool,
}
"""The columns of a frame of warnings, and what their cells hold unless they are empty."""


def frame_of(records: Sequence[Mapping[str, Scalar]], backend: str) -> Any:
    """Return records as a frame of an engine; a column has its type even if it is empty.

    Raises:
        ModuleNotFoundError: the engine is not installed; the message has the command that installs it.
    """
    cells = {name: [record[name] for record in records] for name in COLUMNS}
    if backend == "polars":
        types = {
            str: polars.String,
            float: polars.Float64,
            int: polars.Int64,
            bool: polars.Boolean,
            date: polars.Date,
        }
        return polars.DataFrame(cells, schema={name: types[kind] for name, kind in COLUMNS.items()})
    kinds = {str: "string", float: "float64", int: "int64", bool: "bool", date: "datetime64[s]"}
    series = {name: pandas.Series(cells[name], dtype=kinds[kind]) for name, kind in COLUMNS.items()}
    return pandas.DataFrame(series, columns=list(COLUMNS))
