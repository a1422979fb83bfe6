"""Builds the result frames of a lazy sheet: one filter for each check, and the results stacked."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.compiled_check import choices_of
from coopgov.backends.columnar.context import HITS, UNDETERMINED
from coopgov.backends.columnar.duckdb import united
from coopgov.backends.columnar.spark import exploded
from coopgov.backends.columnar.values import Column, any_of
from coopgov.backends.interpreter import ABSENT, OUT_OF_RANGE, REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.backends.columnar.compiled_check import Written
    from coopgov.backends.columnar.duckdb import Rows
    from coopgov.backends.columnar.lazy import LazySheet
    from coopgov.backends.columnar.reasons import Reasons

__all__ = ["violations"]


def violations(checks: Sequence[Written], sheet: LazySheet) -> tuple[Any, Any]:
    """Return the frames of hits and of undetermined entries."""
    hits = [rows for one in checks for rows in _hits(one)]
    unsure = [rows for one in checks for rows in _undetermined(one)]
    prepared, choices = (
        sheet.run(),
        choices_of(checks),
    )  # only after all columns that the frame needs have been added
    return _stacked(hits, sheet, prepared, HITS, choices), _stacked(
        unsure, sheet, prepared, UNDETERMINED, choices
    )


def _stacked(
    parts: list[Rows],
    sheet: LazySheet,
    frame: Any,
    columns: tuple[str, ...],
    choices: Mapping[str, Sequence[str]],
) -> Any:
    if not parts:
        values = {"value": 0.0, "threshold": 0.0, "past": False}
        empty = (nw.lit(values.get(each, "")).alias(each) for each in columns)
        never = nw.col(sheet.keys[0]).is_null() & ~nw.col(sheet.keys[0]).is_null()
        stacked = frame.filter(never).select(*sheet.keys, *empty)
    elif frame.implementation.is_pyspark():
        stacked = exploded(frame, [_named(rows) for rows in parts], sheet.keys, columns, sheet.mark)
    elif frame.implementation.is_duckdb():
        stacked = united(frame, parts, sheet.keys, sheet.mark)
    else:
        named = map(_named, parts)
        stacked = nw.concat(
            [frame.filter(where).select(*sheet.keys, *each) for where, each in named], how="vertical"
        )
    return stacked.with_columns(
        *(sheet.enumerated(nw.col(name), choices[name]) for name in columns if name in choices)
    )


def _hits(one: Written) -> Iterator[Rows]:
    """The rows where a step holds, with the worst such step."""
    ladder = [(rung.condition.true, rung) for rung in one.rungs if rung.condition.true is not None]
    fires = any_of(true for true, _ in ladder)
    if fires is not None:
        yield (
            fires,
            {
                "rule": one.check.id,
                "severity": _chain([(true, rung.severity) for true, rung in ladder]),
                "value": _chain([(true, rung.value) for true, rung in ladder]),
                "threshold": _chain([(true, rung.threshold) for true, rung in ladder]),
                "past": False if one.past is None else one.past,
            },
        )


def _undetermined(one: Written) -> Iterator[Rows]:
    rows = one.undecided()
    if rows is not None:
        yield (
            rows,
            {"rule": one.check.id, "missing": _missing(one.reasons), "because": _because(one.reasons)},
        )


def _named(rows: Rows) -> tuple[nw.Expr, tuple[nw.Expr, ...]]:
    """The same rows, with a value that all of them have as an expression."""
    where, columns = rows
    return where, tuple(_expression(each).alias(name) for name, each in columns.items())


def _expression(value: Column) -> nw.Expr:
    if isinstance(value, nw.Expr):
        return value
    return nw.lit(None, nw.Float64) if value is None else nw.lit(value)


def _missing(reasons: Reasons) -> nw.Expr:
    """The names of missing facts in alphabetical order, joined by `, `."""
    parts = [
        nw.when(reduce(or_, where)).then(nw.lit(f", {name}")).otherwise(nw.lit(""))
        for name, where in sorted(reasons.missing.items())
    ]
    return nw.concat_str(*parts).str.slice(2) if parts else nw.lit("")


def _because(reasons: Reasons) -> nw.Expr:
    """The first reason that applies."""
    reason_column: nw.Expr = nw.lit(OUT_OF_RANGE)
    absent = [
        each for name, where in reasons.missing.items() if name not in reasons.explained for each in where
    ]
    found = {**reasons.because, ABSENT: [*reasons.because.get(ABSENT, ()), *absent]}
    for reason in reversed(REASONS):
        here = any_of(found.get(reason, ()))
        if here is not None:
            reason_column = nw.when(here).then(nw.lit(reason)).otherwise(reason_column)
    return reason_column


def _chain(rows: list[tuple[nw.Expr, Column]]) -> Column:
    """The first value whose condition holds; one of the conditions always holds."""
    result = rows[-1][1]
    for condition, value in reversed(rows[:-1]):
        result = nw.when(condition).then(_expression(value)).otherwise(_expression(result))
    return result
