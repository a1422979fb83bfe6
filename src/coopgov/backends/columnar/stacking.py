"""Stacks rows of results, and finds out why rows are undetermined: with any engine that narwhals knows.

Rules, severities and reasons are numbers until the end, where their texts are looked up once. Polars has its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, groupby
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from coopgov.backends.columnar.values import Column

    Series = nw.Series[Any]
    Mark = tuple[str, str, bool]
    """Something that can leave a check undetermined: a reason, or a missing fact, and whether a reason explains it."""
    Meaning = Callable[[Collection[Mark]], tuple[str, str]]
    """From what applies to a row to its texts: missing facts, and the reason."""
    Asked = tuple[Column, Sequence[tuple[Mark, Column]]]
    """Undetermined rows of a check, and what can be the cause, with the rows where it is."""

__all__ = ["Rows", "explained", "stacked"]

_TYPES = {"value": nw.Float64(), "threshold": nw.Float64(), "past": nw.Boolean()}
"""The types of columns of results; the others are texts."""
_BITS = 16
"""How many reasons one pass can distinguish."""


@dataclass(slots=True)
class Rows:
    """Some rows of a result: columns that vary, the keys among them, and values that all of these rows have."""

    length: int
    varying: dict[str, Column]
    shared: dict[str, Any]


def stacked(parts: Sequence[Rows], columns: Sequence[str]) -> nw.DataFrame[Any]:
    """Return a frame with the rows of all parts, of which there is at least one."""
    groups = (list(some) for _, some in groupby(parts, lambda rows: tuple(rows.varying)))
    return nw.concat([_together(some, columns) for some in groups])


def _together(parts: Sequence[Rows], columns: Sequence[str]) -> nw.DataFrame[Any]:
    """Stack parts with the same varying columns; other columns are the meaning of the number of each row's part."""
    frame = nw.concat([nw.from_dict(rows.varying) for rows in parts])
    number = _numbers(frame.get_column(frame.columns[0]), [rows.length for rows in parts])
    found = {}
    for name in (*(each for each in frame.columns if each not in columns), *columns):
        if name in frame.columns:
            found[name] = frame.get_column(name)
            continue
        table = _table(name, [rows.shared[name] for rows in parts], frame.implementation)
        found[name] = table[number]
    return nw.from_dict(found)


def _table(name: str, values: Sequence[Any], engine: Any) -> Series:
    kind: Any = _TYPES.get(name, nw.String())
    return nw.new_series(name, values, kind, backend=engine)


def _numbers(column: Series, lengths: Sequence[int]) -> Series:
    """The number of its part for each row; `lengths` are those of consecutive parts, none empty unless alone."""
    starts = list(accumulate(lengths))[:-1]
    number = column.is_null().cast(nw.UInt32) * 0
    return number.scatter(starts, [1] * len(starts)).cum_sum() if starts else number


def explained(asked: Sequence[Asked], zeros: Series, meaning: Meaning) -> Iterator[tuple[Series, Series]]:
    """Yield the missing facts and the reason of the undetermined rows of each check."""
    for rows, marks in asked:
        numbers, found = _combinations(rows, marks, zeros.head(int(rows.sum())))
        texts = [meaning(each) for each in found]
        missing, because = (
            _table(name, [each[place] for each in texts], zeros.implementation)[numbers]
            for place, name in enumerate(("missing", "because"))
        )
        yield missing, because


def _combinations(
    rows: Series, marks: Sequence[tuple[Mark, Series]], codes: Series
) -> tuple[Series, list[tuple[Mark, ...]]]:
    """Return a number for each row, and by number what applies there."""
    columns: dict[Mark, list[Series]] = {}
    for mark, where in marks:
        columns.setdefault(mark, []).append(where)
    bits = [(mark, reduce(or_, several)) for mark, several in columns.items()]
    # Each mark is one bit of a number that stays exact in a float. The combinations that occur are few, so they are
    # renumbered after every pass, which leaves room for the bits of the next one.
    found: list[tuple[Mark, ...]] = [()]
    for start in range(0, len(bits), _BITS):
        some = bits[start : start + _BITS]
        codes = codes * float(2 ** len(some))
        for place, (_, where) in enumerate(some):
            codes = codes + where.filter(rows).cast(nw.Float64) * float(2**place)
        seen = sorted(int(code) for code in codes.unique().to_list())
        found = [
            (*found[code >> len(some)], *(mark for place, (mark, _) in enumerate(some) if code >> place & 1))
            for code in seen
        ]
        codes = codes.replace_strict(
            [float(code) for code in seen], [float(n) for n in range(len(seen))], return_dtype=nw.Float64
        )
    return codes.cast(nw.UInt32), found
