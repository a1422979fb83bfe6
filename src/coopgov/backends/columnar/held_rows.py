"""The long form of a held sheet: the rows of each step, stacked; rules, severities and reasons are numbers until the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.sheet import HITS, UNDETERMINED
from coopgov.backends.columnar.written import choices_of
from coopgov.backends.reference import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.backends.columnar.held import HeldSheet
    from coopgov.backends.columnar.reasons import Reasons
    from coopgov.backends.columnar.written import Rung, Written

    Series = nw.Series[Any]

__all__ = ["violations"]

_NUMBERS = ("value", "threshold")
_BITS = 16
"""How many reasons are told apart at once."""


def violations(checks: Sequence[Written], sheet: HeldSheet) -> tuple[Any, Any]:
    """The frames of hits and of what is undetermined."""
    choices = choices_of(checks)
    return _hits(checks, sheet, choices), _undetermined(checks, sheet, choices)


@dataclass(slots=True)
class _Parts:
    """Rows of one step after another, with the same columns; `told` is what is the same in all rows of a step."""

    frames: list[nw.DataFrame[Any]] = field(default_factory=list)
    told: list[tuple[Any, ...]] = field(default_factory=list)


def _hits(
    checks: Sequence[Written], sheet: HeldSheet, choices: Mapping[str, Sequence[str]]
) -> nw.DataFrame[Any]:
    parts: dict[tuple[str, ...], _Parts] = {}
    for one in checks:
        for fires, rung in _worst(one):
            numbers = {"value": rung.value, "threshold": rung.threshold}
            varying = {
                name: each.filter(fires) for name, each in numbers.items() if isinstance(each, nw.Series)
            }
            rows = nw.from_dict({**_keys(sheet, fires), **varying})
            if len(rows):
                some = parts.setdefault(tuple(varying), _Parts())
                some.frames.append(rows)
                same = (None if name in varying else each for name, each in numbers.items())
                some.told.append((one.check.id, rung.severity, *same))
    found = [
        _looked_up(sheet, _numbered(sheet, some.frames), some.told, HITS, choices) for some in parts.values()
    ]
    return nw.concat(found) if found else _empty(sheet, HITS, choices)


def _numbered(sheet: HeldSheet, frames: list[nw.DataFrame[Any]]) -> nw.DataFrame[Any]:
    """Frames, none of them empty, on top of each other, each with its number: one more where each begins."""
    stacked = nw.concat(frames)
    starts = list(accumulate(map(len, frames)))[:-1]
    number = stacked.get_column(stacked.columns[0]).is_null().cast(nw.UInt32) * 0
    if starts:
        number = number.scatter(starts, [1] * len(starts)).cum_sum()
    return stacked.with_columns(number.alias(_number(sheet)))


def _worst(one: Written) -> Iterator[tuple[Series, Rung]]:
    """The steps of a check, with the rows where each is the worst that holds."""
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


def _number(sheet: HeldSheet) -> str:
    """The column that says which of the texts are told of a row."""
    return f"{sheet.mark}number"


def _keys(sheet: HeldSheet, rows: Series) -> dict[str, Series]:
    return {key: sheet.column(key).filter(rows) for key in sheet.keys}


def _undetermined(
    checks: Sequence[Written], sheet: HeldSheet, choices: Mapping[str, Sequence[str]]
) -> nw.DataFrame[Any]:
    parts: list[nw.DataFrame[Any]] = []
    told: list[tuple[Any, ...]] = []
    for one in checks:
        undecided = one.undecided()
        if undecided is not None and undecided.any():
            codes, meanings = _reasons(one.reasons, undecided, sheet.zeros.head(int(undecided.sum())))
            parts.append(nw.from_dict({**_keys(sheet, undecided), _number(sheet): codes + float(len(told))}))
            told += [(one.check.id, ", ".join(missing), because) for missing, because in meanings]
    if not parts:
        return _empty(sheet, UNDETERMINED, choices)
    return _looked_up(sheet, nw.concat(parts), told, UNDETERMINED, choices)


def _reasons(
    reasons: Reasons, rows: Series, codes: Series
) -> tuple[Series, list[tuple[tuple[str, ...], str]]]:
    """For each row a number, and what it means: the absent data, and the first of the reasons."""
    absent = [(name, reduce(or_, where)) for name, where in sorted(reasons.absent.items())]
    others = [(name, reduce(or_, reasons.others[name])) for name in REASONS if name in reasons.others]
    bits = [*absent, *others]
    found: list[tuple[str, ...]] = [()]
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
    return codes, [_meaning(names, {name for name, _ in absent}) for names in found]


def _together(before: list[tuple[str, ...]], code: int, names: list[str]) -> tuple[str, ...]:
    earlier = before[code >> len(names)]
    return (*earlier, *(name for place, name in enumerate(names) if code >> place & 1))


def _meaning(names: tuple[str, ...], absent: set[str]) -> tuple[tuple[str, ...], str]:
    missing = tuple(name for name in names if name in absent)
    if missing:
        return missing, REASONS[0]
    return (), names[0] if names else REASONS[-1]


def _empty(
    sheet: HeldSheet, columns: tuple[str, ...], choices: Mapping[str, Sequence[str]]
) -> nw.DataFrame[Any]:
    never = ~sheet.always
    rows = nw.from_dict({**_keys(sheet, never), _number(sheet): sheet.zeros.filter(never)})
    return _looked_up(sheet, rows, [], columns, choices)


def _looked_up(
    sheet: HeldSheet,
    frame: nw.DataFrame[Any],
    told: list[tuple[Any, ...]],
    columns: tuple[str, ...],
    choices: Mapping[str, Sequence[str]],
) -> nw.DataFrame[Any]:
    """Rows with what is told of each number, and the columns of a result."""
    number = frame.get_column(_number(sheet)).cast(nw.UInt32)
    looked_up = []
    for place, name in enumerate(columns):
        if name not in frame.columns:
            kind: Any = nw.Float64() if name in _NUMBERS else nw.String()
            values = [row[place] for row in told]
            table = nw.new_series(name, values, kind, backend=sheet.frame.implementation)
            if name in choices:
                table = sheet.enumerated(table, choices[name])
            looked_up.append(table[number])
    return frame.with_columns(*looked_up).select(*sheet.keys, *columns)
