"""Steps to store, made by hand, so that a check of a store needs no agreement and no rules."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from coopgov.cases.case import Case, case_id
from coopgov.cases.cases import Cases
from coopgov.cases.change import CaseChange, Step
from coopgov.cases.json_form import plain
from coopgov.cases.notice import Notice
from coopgov.schema import LocalText

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.cases.words import EventName

__all__ = [
    "AGREEMENT",
    "FIRST",
    "answered",
    "answering",
    "first_day",
    "following",
    "next_day",
    "of",
    "withdrawn",
]

AGREEMENT = "stored"
FIRST = date(2026, 10, 1)
RULES = "sha256:0"


def of(cases: Cases | None) -> Cases:
    """Return the cases of a store that holds some."""
    if cases is None:
        raise LookupError(AGREEMENT)
    return cases


def first_day(count: int, agreement: str = AGREEMENT) -> Step:
    """Return the step of a first day on which some cases fire, each with a notice."""
    cases = tuple(_fired(agreement, f"rule-{number}", FIRST) for number in range(count))
    begun = {"agreement": agreement, "first": FIRST.isoformat()}
    changes = [
        CaseChange(on=FIRST, case="", what="begun", fields=begun),
        _day(FIRST),
        *(_changed(None, case, "fired", FIRST) for case in cases),
    ]
    notices = tuple(_notice(case, FIRST) for case in cases)
    return Step(Cases(agreement, FIRST, FIRST, RULES, cases), notices, tuple(changes))


def next_day(now: Cases, fires: str = "") -> Step:
    """Return the step of the day after the last one; a rule may fire on it."""
    on = (now.last or now.first) + timedelta(1)
    new = [_fired(now.agreement, fires, on)] if fires else []
    changes = _day(on), *(_changed(None, case, "fired", on) for case in new)
    cases = replace(now.having(new), last=on)
    return Step(cases, tuple(_notice(case, on) for case in new), changes)


def answered(now: Cases, at: int, note: str | None = None, event: EventName = "assign") -> Step:
    """Return the step of an event about the case at a position, with a note."""
    return _changing(now, now.cases[at], event, note)


def answering(at: int, note: str | None = None) -> Callable[[Cases | None], Step]:
    """Return what records an event about the case at a position, whatever else happened."""
    return lambda now: answered(of(now), at, note)


def following(fires: str = "") -> Callable[[Cases | None], Step]:
    """Return what records the day after the last one, whatever else happened."""
    return lambda now: next_day(of(now), fires)


def withdrawn(now: Cases, at: int) -> Step:
    """Return the step that removes the case at a position."""
    case = now.cases[at]
    on = now.last or now.first
    gone = CaseChange(on=on, case=case.id, what="withdrawn", was=case.state, revision=case.revision)
    return Step(now.having((), [case.id]), (), (gone,))


def _changing(now: Cases, case: Case, event: EventName, note: str | None) -> Step:
    on = now.last or now.first
    after = replace(case, assignee=f"member-{case.revision}", revision=case.revision + 1)
    said = {"on": on.isoformat(), "case": case.id, "event": event, "by": "pm", "note": note}
    change = replace(_changed(case, after, event, on), by="pm", note=note, event=said)
    return Step(now.having([after]), (_notice(after, on, note or ""),), (change,))


def _fired(agreement: str, rule: str, on: date) -> Case:
    return Case(
        id=case_id(agreement, rule, "phase/core", on),
        rule=rule,
        about="phase/core",
        kind="delay",
        signal="firing",
        handling="new",
        severity="major",
        peak="major",
        since=on,
        fired_on=on,
        round=1,
        step=1,
        told=("pm",),
        openings=1,
        revision=1,
    )


def _day(on: date) -> CaseChange:
    return CaseChange(on=on, case="", what="day", fields={"last": on.isoformat(), "rules": RULES})


def _changed(before: Case | None, after: Case, what: str, on: date) -> CaseChange:
    found: dict[str, Any] = {
        each.name.rstrip("_"): plain(getattr(after, each.name))
        for each in fields(Case)
        if before is None or getattr(before, each.name) != getattr(after, each.name)
    }
    was = None if before is None else before.state
    return CaseChange(
        on=on, case=after.id, what=what, was=was, is_=after.state, revision=after.revision, fields=found
    )


def _notice(case: Case, on: date, quoting: str = "") -> Notice:
    text = LocalText((("en", f"{case.name} {quoting}"), ("zh-Hans", f"{case.name}：{quoting}")))
    return Notice(
        on=on,
        to="pm",
        by=on + timedelta(2),
        case=case.id,
        rule=case.rule,
        about=case.about,
        severity=case.severity,
        round=case.round,
        step=1,
        kind="fired",
        text=text,
    )
