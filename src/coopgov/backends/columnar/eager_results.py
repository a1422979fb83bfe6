"""Builds the result frames of eager sheets: the rows of each step, stacked.

A large frame has several sheets, one for each block of rows. Their rows are collected check by check, so that blocks do
not show in the order of results.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from coopgov.backends.columnar.compiled_check import choices_of
from coopgov.backends.columnar.context import HITS, UNDETERMINED
from coopgov.backends.interpreter import ABSENT, OUT_OF_RANGE, REASONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from coopgov.backends.columnar.compiled_check import Rung, Written
    from coopgov.backends.columnar.eager import EagerSheet
    from coopgov.backends.columnar.reasons import Reasons
    from coopgov.backends.columnar.stacking import Mark, Rows, Series

    _Found = defaultdict[Any, list[Rows]]
    """The rows of each step, or of each check, of all blocks."""

__all__ = ["violations"]


def violations(blocks: Iterable[tuple[EagerSheet, Sequence[Written]]]) -> tuple[Any, Any]:
    """Return the frames of hits and of undetermined entries; each block has a sheet, and the checks compiled to it."""
    hits: _Found = defaultdict(list)
    unsure: _Found = defaultdict(list)
    for sheet, checks in blocks:
        _take_hits(sheet, checks, hits)
        _take_undetermined(sheet, checks, unsure)
    choices = choices_of(checks)
    return (
        sheet.stacked(_by_columns(hits), HITS, choices),
        sheet.stacked([rows for each in sorted(unsure) for rows in unsure[each]], UNDETERMINED, choices),
    )


def _take_hits(sheet: EagerSheet, checks: Sequence[Written], found: _Found) -> None:
    for number, one in enumerate(checks):
        for place, fires, rung in _worst(one):
            past = False if one.past is None else one.past
            given = {"value": rung.value, "threshold": rung.threshold, "past": past}
            shared = {"rule": one.check.id, "severity": rung.severity}
            found[number, place].append(sheet.rows(fires, {**shared, **given}))


def _by_columns(found: _Found) -> list[Rows]:
    """The rows of all steps, those with the same columns that vary together."""
    groups: dict[tuple[str, ...], list[Rows]] = {}
    for step in sorted(found):
        filled = [rows for rows in found[step] if rows.length]
        if filled:
            varying = dict.fromkeys(name for name in HITS for rows in found[step] if name in rows.varying)
            groups.setdefault(tuple(varying), []).extend(filled)
    return [rows for group in groups.values() for rows in group]


def _worst(one: Written) -> Iterator[tuple[int, Series, Rung]]:
    """Yield the steps of a check, with the rows where each is the worst that holds."""
    open_: Series | None = None
    for place, rung in enumerate(one.rungs):
        true = rung.condition.true
        if true is None:
            continue
        fires = true if open_ is None else true & open_
        if open_ is None or fires.any():
            yield place, fires, rung
        if rung is not one.rungs[-1]:
            open_ = ~true if open_ is None else open_ & ~true


def _take_undetermined(sheet: EagerSheet, checks: Sequence[Written], found: _Found) -> None:
    asked: list[tuple[int, str, Series, list[tuple[Mark, Series]]]] = []
    for number, one in enumerate(checks):
        undecided = one.undecided()
        if undecided is not None and undecided.any():
            asked.append((number, one.check.id, undecided, _marks(one.reasons)))
    explained = sheet.explained([(undecided, marks) for _, _, undecided, marks in asked], _meaning)
    for (number, rule, undecided, _), (missing, because) in zip(asked, explained, strict=True):
        found[number].append(sheet.rows(undecided, {"rule": rule}, {"missing": missing, "because": because}))


def _marks(reasons: Reasons) -> list[tuple[Mark, Series]]:
    """What can leave a check undetermined, each with rows where it applies."""
    return [
        *(
            (("", name, name in reasons.explained), where)
            for name, columns in sorted(reasons.missing.items())
            for where in columns
        ),
        *(
            ((reason, "", True), where)
            for reason, columns in reasons.because.items()
            if reason in REASONS
            for where in columns
        ),
    ]


def _meaning(marks: Collection[Mark]) -> tuple[str, str]:
    """The names of missing facts, and the first reason."""
    missing = ", ".join(sorted({name for reason, name, _ in marks if not reason}))
    if not all(explained for _, _, explained in marks):
        return missing, ABSENT
    reasons = {reason for reason, _, _ in marks}
    return missing, next((reason for reason in REASONS if reason in reasons), OUT_OF_RANGE)
