"""Restricts batches to rules that decide each row on its own, since a batch has no items of collections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.errors import BackendError
from coopgov.language import syntax as s
from coopgov.language.dependencies import with_formulas
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.backends.ir import Check, Program

__all__ = ["row_local"]


def row_local(program: Program) -> Program:
    """The same program, of which no check counts items.

    Raises:
        BackendError: a check does; the message names it, its expression and the collection.
    """
    for check in program.checks:
        for part, node in _parts(check):
            for each in with_formulas([node], program.catalogue):
                if isinstance(each, s.Aggregate):
                    why = phrase("backends.columnar.batch", name=each.collection.name)
                    raise BackendError("columnar", check.id, part, why, ("direct", "interpreter"))
    return program


def _parts(check: Check) -> Iterator[tuple[str, s.Expr]]:
    if check.measure is not None:
        yield "measure", check.measure
    if check.where is not None:
        yield "where", check.where
    for step in check.steps:
        yield step.severity, step.condition
    if check.ends is not None:
        yield "ends", check.ends
