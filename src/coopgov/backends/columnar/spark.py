"""Special handling of Spark: column names with dots, and results in a single pass over the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.optional import spark

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = tuple[nw.Expr, tuple[nw.Expr, ...]]

__all__ = ["exploded", "quoted"]


def quoted(frame: Any, name: str) -> str:
    """Quote a column name for a frame: on Spark, an unquoted dot would access a field of a structure."""
    plain = not frame.implementation.is_spark_like() or not {".", "`"} & {*name}
    return name if plain else f"`{name.replace('`', '``')}`"


def exploded(frame: Any, rows: Sequence[Rows], keys: Sequence[str], names: Sequence[str], mark: str) -> Any:
    """Return the results of a Spark frame; each of `rows` says where there is a row, and the values of its `names`.

    Intermediate columns begin with `mark`. Filtering rule by rule and stacking the results would read the data once for
    each rule; exploding an array of results reads it once.
    """
    wide = [where.alias(f"{mark}{number}") for number, (where, _) in enumerate(rows)]
    for number, (_, columns) in enumerate(rows):
        wide += [each.alias(f"{mark}{number}_{name}") for each, name in zip(columns, names, strict=True)]
    each = [
        spark.when(
            spark.col(f"{mark}{number}"),
            spark.struct(*(spark.col(f"{mark}{number}_{name}").alias(name) for name in names)),
        )
        for number in range(len(rows))
    ]
    native: Any = frame.select(*keys, *wide).to_native()
    long = native.select(
        *keys,
        spark.explode(spark.array_compact(spark.array(*each))).alias(f"{mark}each"),
    )
    return nw.from_native(long.select(*keys, *(f"{mark}each.{name}" for name in names)))
