"""Lazy frames of Polars: one node of the plan checks the collected rows, as an eager frame is checked.

Expressions would give the same results, but planning them takes longer than checking a hundred thousand rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.context import HITS, UNDETERMINED
from coopgov.backends.columnar.polars import PolarsSheet
from coopgov.optional import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coopgov.backends.columnar.values import Column
    from coopgov.locales import Phrase

    Evaluate = Callable[[nw.DataFrame[Any], set[str]], tuple[Any, Any]]
    """From a frame in memory to the frames of hits and undetermined entries; the set gets the names of columns read."""

__all__ = ["LenientSheet", "planned"]


class LenientSheet(PolarsSheet):
    """The sheet of rows that a plan has collected: wrong cells are unreadable, and raise no error any more."""

    def __init__(self, frame: nw.DataFrame[Any], keys: Sequence[str], read: set[str]) -> None:
        self.read = read
        super().__init__(frame, keys)

    def column(self, name: str) -> nw.Series[Any]:
        """A column of the frame, which counts as read."""
        self.read.add(name)
        return super().column(name)

    def refused(self, column: str, wrong: Column, expected: Callable[[], Phrase]) -> Column | None:  # noqa: ARG002  # raises nothing
        """Where cells of a column are wrong; None if nowhere."""
        return self.somewhere(wrong)


def planned(frame: nw.LazyFrame[Any], keys: Sequence[str], evaluate: Evaluate) -> tuple[Any, Any]:
    """Return the lazy frames of hits and of undetermined entries; Polars runs their common node once.

    `evaluate` is called once without rows, so that faults in the types of columns or in a rule are raised at once, and
    to find out which columns are read.
    """
    native: Any = frame.to_native()
    empty = pl.DataFrame(schema=native.collect_schema())
    read = set(keys)
    results = evaluate(nw.from_native(empty, eager_only=True), read)
    # A name with a dot says that there is a subject above, even if nothing else is read from that column.
    used = [name for name in empty.columns if name in read or "." in name]

    def whole(rows: Any) -> Any:
        """Hits and undetermined entries in one frame; the latter have no severity."""
        return _together(evaluate(nw.from_native(rows, eager_only=True), set()))

    options = {"predicate_pushdown": False, "projection_pushdown": False, "slice_pushdown": False}
    node = native.select(used).map_batches(whole, schema=_together(results).schema, **options)
    hit = pl.col("severity").is_not_null()
    return (
        nw.from_native(node.filter(hit).select(*keys, *HITS)),
        nw.from_native(node.filter(~hit).select(*keys, *UNDETERMINED)),
    )


def _together(results: tuple[Any, Any]) -> Any:
    return pl.concat([each.to_native() for each in results], how="diagonal")
