"""What Spark does its own way: names with dots, and the long form in one pass, however many rules there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = tuple[nw.Expr, tuple[nw.Expr, ...]]

__all__ = ["exploded", "quoted"]


def quoted(frame: Any, name: str) -> str:
    """How a frame wants to be asked for a column: on Spark a dot would lead into a structure."""
    plain = not frame.implementation.is_spark_like() or not {".", "`"} & {*name}
    return name if plain else f"`{name.replace('`', '``')}`"


def exploded(frame: Any, rows: Sequence[Rows], keys: Sequence[str], names: Sequence[str], mark: str) -> Any:
    """The long form of a frame of Spark; each of `rows` says where there is one, and what stands in its columns `names`.

    `mark` is what the names of columns on the way begin with.
    Frames that are filtered rule by rule and put together would read the data once for each rule.
    """
    from pyspark.sql import functions as sql

    wide = [where.alias(f"{mark}{number}") for number, (where, _) in enumerate(rows)]
    for number, (_, columns) in enumerate(rows):
        wide += [each.alias(f"{mark}{number}_{name}") for each, name in zip(columns, names, strict=True)]
    each = [
        sql.when(
            sql.col(f"{mark}{number}"),
            sql.struct(*(sql.col(f"{mark}{number}_{name}").alias(name) for name in names)),
        )
        for number in range(len(rows))
    ]
    native: Any = frame.select(*keys, *wide).to_native()
    long = native.select(*keys, sql.explode(sql.array_compact(sql.array(*each))).alias(f"{mark}each"))
    return nw.from_native(long.select(*keys, *(f"{mark}each.{name}" for name in names)))
