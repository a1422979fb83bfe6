"""The long form on Spark: one pass over the frame, however many rules there are; a scan for each rule would be a job for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["exploded"]


def exploded(
    frame: Any, rows: Sequence[tuple[nw.Expr, tuple[nw.Expr, ...]]], keys: Sequence[str], names: Sequence[str]
) -> Any:
    """A row for each of `rows` (where there is one, and its columns) and each row of a frame of Spark."""
    from pyspark.sql import functions as sql

    wide = [
        (where.alias(f"_{number}"), *(each.alias(f"_{number}_{name}") for each, name in zip(columns, names, strict=True)))
        for number, (where, columns) in enumerate(rows)
    ]
    native: Any = frame.select(*keys, *(column for columns in wide for column in columns)).to_native()
    each = [
        sql.when(sql.col(f"_{number}"), sql.struct(*(sql.col(f"_{number}_{name}").alias(name) for name in names)))
        for number in range(len(rows))
    ]
    long = native.select(*keys, sql.explode(sql.array_compact(sql.array(*each))).alias("_each"))
    return nw.from_native(long.select(*keys, *(f"_each.{name}" for name in names)))
