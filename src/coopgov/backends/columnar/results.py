"""Runs checks over a frame: the results have one row for each hit, and one for each undetermined check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar import eager_results as eager_rows
from coopgov.backends.columnar import lazy_results as lazy_rows
from coopgov.backends.columnar.compiled_check import Written
from coopgov.backends.columnar.compiler import Writer
from coopgov.backends.columnar.context import Surroundings
from coopgov.backends.columnar.eager import EagerSheet
from coopgov.backends.columnar.lazy import LazySheet
from coopgov.backends.columnar.polars import PolarsSheet
from coopgov.backends.columnar.polars_lazy import LenientSheet, planned
from coopgov.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from coopgov.backends.columnar.context import Items
    from coopgov.backends.columnar.fact_columns import FactSheet
    from coopgov.backends.ir import Program
    from coopgov.language.interpreter import Setting
    from coopgov.model import WorkingCalendar

__all__ = ["violations"]

BLOCK = 500_000
"""How many rows of a Polars frame are checked at once; what is computed for them is dropped before the next ones."""


def violations(
    frame: Any,
    program: Program,
    keys: Sequence[str],
    setting: Setting,
    calendar: WorkingCalendar,
    children: Mapping[str, Items] | None = None,
) -> tuple[Any, Any]:
    """Return the frames of hits and of undetermined entries; lazy if the frame is.

    Raises:
        BackendError: a rule cannot be expressed in columns, or needs a frame that was not given.
        FactError: a column cannot hold the values of its fact.
    """
    surroundings = Surroundings(program.catalogue, setting, calendar)

    def compiled(sheet: FactSheet) -> list[Written]:
        writer = Writer(sheet, program.about, surroundings)
        return [Written(check, writer) for check in program.checks]

    if isinstance(frame, nw.DataFrame):
        kind = PolarsSheet if frame.implementation.is_polars() else EagerSheet
        whole = bool(children) or kind is EagerSheet
        return _held(frame, lambda rows: kind(rows, keys, children), compiled, whole=whole)
    if frame.implementation.is_polars() and not children:
        return planned(
            frame, keys, lambda rows, read: _held(rows, lambda some: LenientSheet(some, keys, read), compiled)
        )
    sheet = LazySheet(frame, keys, children)
    return lazy_rows.violations(compiled(sheet), sheet)


def _held(
    frame: nw.DataFrame[Any],
    sheet: Callable[[nw.DataFrame[Any]], EagerSheet],
    compiled: Callable[[FactSheet], list[Written]],
    *,
    whole: bool = False,
) -> tuple[Any, Any]:
    """The results of a frame in memory, in blocks if it is large; collections need all of their subjects at once."""

    def checked(rows: nw.DataFrame[Any]) -> tuple[EagerSheet, list[Written]]:
        made = sheet(rows)
        return made, compiled(made)

    if whole or len(frame) <= BLOCK:
        return eager_rows.violations([checked(frame)])
    blocks = (frame[start : start + BLOCK] for start in range(0, len(frame), BLOCK))
    try:
        return eager_rows.violations(map(checked, blocks))
    except FactError:  # names the least of all wrong cells, wherever it is
        return eager_rows.violations([checked(frame)])
