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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.backends.columnar.context import Items
    from coopgov.backends.ir import Program
    from coopgov.language.interpreter import Setting
    from coopgov.model import WorkingCalendar

__all__ = ["violations"]


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
    if isinstance(frame, nw.DataFrame):
        held = EagerSheet(frame, keys, children)
        writer = Writer(held, program.about, surroundings)
        return eager_rows.violations([Written(check, writer) for check in program.checks], held)
    planned = LazySheet(frame, keys, children)
    writer = Writer(planned, program.about, surroundings)
    return lazy_rows.violations([Written(check, writer) for check in program.checks], planned)
