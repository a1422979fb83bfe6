"""Builds the result frames of an eager sheet: the rows of each step, stacked.

Rules, severities and reasons are numbers until the end, where their texts are looked up once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.compiled_check import choices_of
from coopgov.backends.columnar.context import HITS, UNDETERMINED
from coopgov.backends.interpreter import ABSENT, OUT_OF_RANGE, REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.backends.columnar.compiled_check import Rung, Written
    from coopgov.backends.columnar.eager import EagerSheet
    from coopgov.backends.columnar.reasons import Reasons

    Series = nw.Series[Any]
    _Explained = tuple[str, str]
    """A reason, or the name of a missing fact."""

__all__ = ["violations"]

_NUMBER = "_number"
_TYPES = {"value": nw.Float64(), "threshold": nw.Float64(), "past": nw.Boolean()}
"""The types of columns of results; the others are texts."""
_BITS = 16
"""How many reasons one pass can distinguish."""


def violations(checks: Sequence[Written], sheet: EagerSheet) -> tuple[Any, Any]:
    """Return the frames of hits and of undetermined entries."""
    choices = choices_of(checks)
    return _hits(checks, sheet, choices), _undetermined(checks, sheet, choices)


@dataclass(slots=True)
class _Parts:
    """Rows of one step after another, with the same columns; `shared` holds the values common to all rows of a step."""

    frames: list[nw.DataFrame[Any]] = field(default_factory=list)
    shared: list[tuple[Any, ...]] = field(default_factory=list)


def _hits(
    checks: Sequence[Written], sheet: EagerSheet, choices: Mapping[str, Sequence[str]]
) -> nw.DataFrame[Any]:
    parts: dict[tuple[str, ...], _Parts] = {}
    for one in checks:
        for fires, rung in _worst(one):
            past = False if one.past is None else one.past
            given = {"value": rung.value, "threshold": rung.threshold, "past": past}
            varying = {
                name: each.filter(fires) for name, each in given.items() if isinstance(each, nw.Series)
            }
            rows = nw.from_dict({**_keys(sheet, fires), **varying})
            if len(rows):
                some = parts.setdefault(tuple(varying), _Parts())
                some.frames.append(rows)
                same = (None if name in varying else each for name, each in given.items())
                some.shared.append((one.check.id, rung.severity, *same))
    found = []
    for some in parts.values():
        stacked = nw.concat(some.frames)
        number = _numbers(stacked.get_column(sheet.keys[0]), [len(rows) for rows in some.frames])
        found.append(_looked_up(sheet, stacked, number, some.shared, HITS, choices))
    return nw.concat(found) if found else _empty(sheet, HITS, choices)


def _numbers(column: Series, lengths: list[int]) -> Series:
    """The number of its part for each row; `lengths` are those of consecutive parts, none of them empty."""
    starts = list(accumulate(lengths))[:-1]
    number = column.is_null().cast(nw.UInt32) * 0
    return number.scatter(starts, [1] * len(starts)).cum_sum() if starts else number


def _worst(one: Written) -> Iterator[tuple[Series, Rung]]:
    """Yield the steps of a check, with the rows where each is the worst that holds."""
    open_: Series | None = None
    for rung in one.rungs:
        true = rung.condition.true
        if true is None:
            continue
        fires = true if open_ is None else true & open_
        if open_ is None or fires.any():
            yield fires, rung
        if rung is not one.rungs[-1]:
            open_ = ~true if open_ is None else open_ & ~true


def _keys(sheet: EagerSheet, rows: Series) -> dict[str, Series]:
    return {key: sheet.column(key).filter(rows) for key in sheet.keys}


def _undetermined(
    checks: Sequence[Written], sheet: EagerSheet, choices: Mapping[str, Sequence[str]]
) -> nw.DataFrame[Any]:
    parts: list[nw.DataFrame[Any]] = []
    numbers: list[nw.DataFrame[Any]] = []
    shared: list[tuple[Any, ...]] = []
    for one in checks:
        undecided = one.undecided()
        if undecided is not None and undecided.any():
            codes, meanings = _reasons(one.reasons, undecided, sheet.zeros.head(int(undecided.sum())))
            parts.append(nw.from_dict(_keys(sheet, undecided)))
            numbers.append((codes + float(len(shared))).alias(_NUMBER).to_frame())
            shared += [(one.check.id, ", ".join(missing), because) for missing, because in meanings]
    if not parts:
        return _empty(sheet, UNDETERMINED, choices)
    number = nw.concat(numbers).get_column(_NUMBER).cast(nw.UInt32)
    return _looked_up(sheet, nw.concat(parts), number, shared, UNDETERMINED, choices)


def _reasons(
    reasons: Reasons, rows: Series, codes: Series
) -> tuple[Series, list[tuple[tuple[str, ...], str]]]:
    """Return a number for each row, and the meaning of each number: the missing facts and the first reason."""
    missing, because = sorted(reasons.missing), [each for each in REASONS if each in reasons.because]
    bits = [
        *((("", name), reduce(or_, reasons.missing[name])) for name in missing),
        *(((name, ""), reduce(or_, reasons.because[name])) for name in because),
    ]
    # Each reason is one bit of a number that stays exact in a float. The combinations that occur are few, so they are
    # renumbered after every pass, which leaves room for the bits of the next one.
    found: list[tuple[_Explained, ...]] = [()]
    for start in range(0, len(bits), _BITS):
        some = bits[start : start + _BITS]
        codes = codes * float(2 ** len(some))
        for place, (_, where) in enumerate(some):
            codes = codes + where.filter(rows).cast(nw.Float64) * float(2**place)
        seen = sorted(int(code) for code in codes.unique().to_list())
        found = [_together(found, code, [name for name, _ in some]) for code in seen]
        codes = codes.replace_strict(
            [float(code) for code in seen], [float(n) for n in range(len(seen))], return_dtype=nw.Float64
        )
    return codes, [_meaning(each, reasons.explained) for each in found]


def _together(
    before: list[tuple[_Explained, ...]], code: int, names: list[_Explained]
) -> tuple[_Explained, ...]:
    earlier = before[code >> len(names)]
    return (*earlier, *(name for place, name in enumerate(names) if code >> place & 1))


def _meaning(shared: tuple[_Explained, ...], explained: set[str]) -> tuple[tuple[str, ...], str]:
    missing = tuple(name for _, name in shared if name)
    if not explained.issuperset(missing):
        return missing, ABSENT
    return missing, next((reason for reason, _ in shared if reason), OUT_OF_RANGE)


def _empty(
    sheet: EagerSheet, columns: tuple[str, ...], choices: Mapping[str, Sequence[str]]
) -> nw.DataFrame[Any]:
    never = ~sheet.always
    number = sheet.zeros.filter(never).cast(nw.UInt32)
    return _looked_up(sheet, nw.from_dict(_keys(sheet, never)), number, [], columns, choices)


def _looked_up(
    sheet: EagerSheet,
    frame: nw.DataFrame[Any],
    number: Series,
    shared: list[tuple[Any, ...]],
    columns: tuple[str, ...],
    choices: Mapping[str, Sequence[str]],
) -> nw.DataFrame[Any]:
    """The columns of a result: those of a frame, and the meaning of each row's number."""
    found = {key: frame.get_column(key) for key in sheet.keys}
    for place, name in enumerate(columns):
        if name in frame.columns:
            found[name] = frame.get_column(name)
            continue
        kind: Any = _TYPES.get(name, nw.String())
        table = nw.new_series(name, [row[place] for row in shared], kind, backend=sheet.frame.implementation)
        found[name] = (sheet.enumerated(table, choices[name]) if name in choices else table)[number]
    return nw.from_dict(found)
