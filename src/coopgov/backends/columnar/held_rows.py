"""The long form of a held sheet: the rows of each step, stacked; rules, severities and reasons are numbers until the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from coopgov.backends.columnar.parts import Column, any_of
from coopgov.backends.columnar.sheet import HITS, UNDETERMINED
from coopgov.backends.reference import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.backends.columnar.held import HeldSheet
    from coopgov.backends.columnar.reasons import Reasons
    from coopgov.backends.columnar.written import Written

    Series = nw.Series[Any]

__all__ = ["violations"]

_NUMBER = "_number"
_BITS = 16
"""How many reasons are told apart at once."""


def violations(checks: Sequence[Written], sheet: HeldSheet) -> tuple[Any, Any]:
    """The frames of hits and of what is undetermined."""
    return _hits(checks, sheet), _undetermined(checks, sheet)


def _hits(checks: Sequence[Written], sheet: HeldSheet) -> nw.DataFrame[Any]:
    parts, told = [], []
    for one in checks:
        for fires, rung in _worst(one):
            columns = _keys(sheet, fires)
            columns[_NUMBER] = sheet.zeros.head(int(fires.sum())) + float(len(told))
            for name, column in (("value", rung.value), ("threshold", rung.threshold)):
                columns[name] = _filtered(sheet, column, fires)
            parts.append(nw.from_dict(columns))
            told.append((one.check.id, rung.severity))
    return _stacked(sheet, parts, told, HITS)


def _worst(one: Written) -> Iterator[tuple[Series, Any]]:
    """The steps of a check, with the rows where each is the worst that holds."""
    open_: Series | None = None
    for rung in one.rungs:
        true = rung.condition.true
        if true is None:
            continue
        fires = true if open_ is None else true & open_
        if fires.any():
            yield fires, rung
        if len(one.rungs) > 1:
            open_ = ~true if open_ is None else open_ & ~true


def _filtered(sheet: HeldSheet, column: Column | None, rows: Series) -> Series:
    if isinstance(column, nw.Series):
        return column.filter(rows)
    number = int(rows.sum())
    return sheet.nothing.head(number) if column is None else sheet.zeros.head(number) + column


def _keys(sheet: HeldSheet, rows: Series) -> dict[str, Series]:
    return {key: sheet.column(key).filter(rows) for key in sheet.keys}


def _undetermined(checks: Sequence[Written], sheet: HeldSheet) -> nw.DataFrame[Any]:
    parts, told = [], []
    for one in checks:
        undecided = one.undecided()
        if undecided is None or not undecided.any():
            continue
        codes, meanings = _reasons(one.reasons, undecided, sheet.zeros.head(int(undecided.sum())))
        parts.append(nw.from_dict({**_keys(sheet, undecided), _NUMBER: codes + float(len(told))}))
        told += [(one.check.id, ", ".join(missing), because) for missing, because in meanings]
    return _stacked(sheet, parts, told, UNDETERMINED)


def _reasons(reasons: Reasons, rows: Series, codes: Series) -> tuple[Series, list[tuple[tuple[str, ...], str]]]:
    """For each row a number, and what it means: the absent data, and the first of the reasons."""
    absent = [(name, any_of(where)) for name, where in sorted(reasons.absent.items())]
    others = [(name, any_of(reasons.others[name])) for name in REASONS if name in reasons.others]
    bits = [*absent, *others]
    found: list[tuple[str, ...]] = [()]
    for start in range(0, len(bits), _BITS):
        some = bits[start : start + _BITS]
        codes = codes * float(2 ** len(some))
        for place, (_, where) in enumerate(some):
            codes = codes + where.filter(rows).cast(nw.Float64) * float(2**place)
        seen = sorted(int(code) for code in codes.unique().to_list())
        found = [_together(found, code, [name for name, _ in some]) for code in seen]
        codes = codes.replace_strict([float(code) for code in seen], [float(n) for n in range(len(seen))], return_dtype=nw.Float64)
    return codes, [_meaning(names, {name for name, _ in absent}) for names in found]


def _together(before: list[tuple[str, ...]], code: int, names: list[str]) -> tuple[str, ...]:
    earlier = before[code >> len(names)]
    return (*earlier, *(name for place, name in enumerate(names) if code >> place & 1))


def _meaning(names: tuple[str, ...], absent: set[str]) -> tuple[tuple[str, ...], str]:
    missing = tuple(name for name in names if name in absent)
    if missing:
        return missing, REASONS[0]
    return (), names[0] if names else REASONS[-1]


def _stacked(
    sheet: HeldSheet, parts: list[nw.DataFrame[Any]], told: list[tuple[str, ...]], columns: tuple[str, ...]
) -> nw.DataFrame[Any]:
    """The rows of all checks, their numbers exchanged for texts."""
    never = sheet.always & ~sheet.always
    empty = {**_keys(sheet, never), _NUMBER: sheet.zeros.filter(never)}
    numbers = {name: sheet.zeros.filter(never) for name in columns if name in ("value", "threshold")}
    stacked = nw.concat(parts) if parts else nw.from_dict({**empty, **numbers})
    number = stacked.get_column(_NUMBER).cast(nw.Int64)
    texts = {
        name: nw.new_series(name, [row[place] for row in told], nw.String(), backend=sheet.frame.implementation)[number]
        for place, name in enumerate(name for name in columns if name not in numbers)
    }
    return stacked.with_columns(*texts.values()).select(*sheet.keys, *columns)
