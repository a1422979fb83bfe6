"""The machine of signals: what a case becomes by what its rule says on a day, as one closed table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never

from coopgov.assessment.result import worse
from coopgov.cases.case import Case, case_id
from coopgov.cases.clocks import begun, lasted, paused, with_reading
from coopgov.cases.closing import BARRED, closed, not_reopened, opened, without_open_actions
from coopgov.facts.subject import day_after
from coopgov.schema import FrozenMap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cases.case import Clock
    from coopgov.cases.observed import Observed, Seen
    from coopgov.cases.words import NoticeKind, Outcome, Says
    from coopgov.severities import Severity

__all__ = ["TABLE", "Effect", "Judged", "Row", "judged"]

Row = Literal["none", "pending", "firing", "recovering", "no-data", "clear", "closed"]
"""The rows of the table: the signals, and a closed case."""
Effect = Literal[
    "nothing",
    "begin",
    "hold",
    "pause",
    "withdraw",
    "burn",
    "smoulder",
    "ease",
    "wait",
    "lose",
    "starve",
    "relapse",
    "settle",
    "note",
    "again",
    "not-applicable",
    "not-applicable-told",
    "past",
    "resolved",
]
"""What a day does to a case."""


def _row(
    b: Effect, h: Effect, c: Effect, u: Effect, n: Effect, p: Effect, e: Effect
) -> Mapping[Says, Effect]:
    return {"B": b, "H": h, "C": c, "U": u, "N": n, "P": p, "E": e}


_ENDS: tuple[Effect, Effect, Effect] = ("not-applicable", "past", "resolved")
_ENDS_TOLD: tuple[Effect, Effect, Effect] = ("not-applicable-told", "past", "resolved")
# fmt: off
TABLE: Mapping[Row, Mapping[Says, Effect]] = {
    #                    B          H           C           U          N P E
    "none":       _row("begin",   "nothing",  "nothing",  "nothing", "nothing", "nothing", "nothing"),
    "pending":    _row("hold",    "pause",    "withdraw", "pause",   "withdraw", "withdraw", "withdraw"),
    "firing":     _row("burn",    "smoulder", "ease",     "lose",    *_ENDS),
    "recovering": _row("burn",    "smoulder", "wait",     "lose",    *_ENDS),
    "no-data":    _row("burn",    "smoulder", "ease",     "starve",  *_ENDS_TOLD),
    "clear":      _row("relapse", "pause",    "settle",   "pause",   *_ENDS),
    "closed":     _row("again",   "nothing",  "note",     "nothing", "note", "nothing", "nothing"),
}
# fmt: on
"""The effect of a day on a case, by the case's signal and what its rule says."""


class Judged(NamedTuple):
    """A case after a day's outcome; None if it is gone. `what` names the change, and `tell` is a notice to give."""

    case: Case | None
    what: str
    tell: NoticeKind | None = None


def judged(case: Case | None, rule: str, about: str, seen: Seen, day: Observed) -> Judged:
    """What becomes of the case of a rule and subject on a day.

    `case` is the open case, else the last closed one, else None.
    """
    effect = TABLE[_row_of(case)][seen.says]
    if case is None:
        return _begin(rule, about, _band(seen), day) if effect == "begin" else Judged(None, "")
    found = _applied(effect, case, seen, day)
    if found.case is None or found.case.says == seen.says or not found.case.open:
        return found
    return found._replace(case=replace(found.case, says=seen.says))


def _row_of(case: Case | None) -> Row:
    if case is None:
        return "none"
    return "closed" if case.signal == "none" else case.signal


def _applied(effect: Effect, case: Case, seen: Seen, day: Observed) -> Judged:  # noqa: C901, PLR0911, PLR0912  # a table
    match effect:
        case "nothing" | "begin" | "starve":
            return Judged(case, "")
        case "again":
            return _again(case, _band(seen), day)
        case "hold":
            return _hold(case, _band(seen), day)
        case "pause":
            return Judged(replace(case, clock=_clock(case, day, counts=False)), "paused")
        case "withdraw":
            return _withdraw(case)
        case "burn":
            return _burn(case, _band(seen), day)
        case "smoulder":
            return Judged(
                case if case.signal == "firing" else replace(case, signal="firing", clock=None), "firing"
            )
        case "ease":
            return _ease(case, day)
        case "wait":
            return _wait(case, day)
        case "lose":
            return Judged(replace(case, signal="no-data", clock=begun(day.on)), "no-data")
        case "relapse":
            return _relapse(case, _band(seen))
        case "settle":
            return _settle(case, day)
        case "note":
            return Judged(replace(case, cleared=True), "cleared")
        case "not-applicable" | "past" | "resolved":
            return Judged(_ended(case, effect, seen, day), "closed")
        case "not-applicable-told":
            return Judged(_ended(case, "not-applicable", seen, day), "closed", "closed")
        case _:
            assert_never(effect)


def _band(seen: Seen) -> Severity:
    if seen.severity is None:  # pragma: no cover  # only outcome B reaches it, which always has one
        raise ValueError("a band without a severity")
    return seen.severity


def _clock(case: Case, day: Observed, *, counts: bool) -> Clock:
    """The clock of the case after a day that counts towards its span, or does not."""
    clock = case.clock or begun(day.on)
    return with_reading(clock, day.reading(case.about)) if counts else paused(clock, day.on, day.calendar)


def _ended(case: Case, outcome: Outcome, seen: Seen, day: Observed) -> Case:
    return closed(without_open_actions(case, day.on), outcome, seen.says, day.on)


# ---- a case begins, or begins again


def _begin(rule: str, about: str, severity: Severity, day: Observed) -> Judged:
    """A new case: pending where the rule has `for`, else firing."""
    case = Case(
        id=case_id(day.agreement.id, rule, about, day.on),
        rule=rule,
        about=about,
        kind=day.by_id[rule].kind,
        signal="pending",
        handling="new",
        severity=severity,
        peak=severity,
        since=day.on,
    )
    return _held(case, begun(day.on, day.reading(about)), severity, day, "fired")


def _again(case: Case, severity: Severity, day: Observed) -> Judged:
    """A closed case whose rule holds again: nothing, the same case, or a new one."""
    barred = case.outcome in BARRED and not case.cleared
    if barred and worse(severity) <= worse(case.severity):
        return Judged(case, "")
    last = day_after(case.closed_on or day.on, day.settings.reopen, day.calendar)
    if day.on > last:
        return _begin(case.rule, case.about, severity, day)
    again = replace(case, signal="pending", severity=severity, says="B", late=day.held_before(case))
    return _held(again, begun(day.on, day.reading(case.about)), severity, day, "re-opened")


def _hold(case: Case, severity: Severity, day: Observed) -> Judged:
    kind: NoticeKind = "re-opened" if case.handling == "closed" else "fired"
    return _held(replace(case, severity=severity), _clock(case, day, counts=True), severity, day, kind)


def _held(case: Case, clock: Clock, severity: Severity, day: Observed, kind: NoticeKind) -> Judged:
    """A pending case, or one that fires because its rule has held for long enough."""
    span = day.by_id[case.rule].holds_for
    case = replace(case, clock=clock)
    if span is None or lasted(clock, span, day.on, day.calendar):
        return Judged(opened(case, severity, day.on), kind, kind)
    return Judged(case if case.handling == "closed" else replace(case, peak=severity), "pending")


def _withdraw(case: Case) -> Judged:
    """A pending case whose rule no longer holds: gone, or closed as before."""
    if case.handling != "closed":
        return Judged(None, "withdrawn")
    before = case.closed_severity or case.severity
    return Judged(not_reopened(replace(case, severity=before)), "not-re-opened")


# ---- the rule goes on holding, or does not


def _burn(case: Case, band: Severity, day: Observed) -> Judged:
    """A band holds: the case fires, at the severity of the band or at one that it has not left yet."""
    severity = day.held(case, band)
    if (case.signal, case.severity) == ("firing", severity):
        return Judged(case, "")
    found = replace(case, signal="firing", clock=None, severity=severity)
    if worse(severity) > worse(case.peak):
        return Judged(_unanswered(replace(found, peak=severity)), "worsened", "worsened")
    if worse(severity) < worse(case.severity):
        return Judged(found, "milder")
    return Judged(found, "firing")


def _unanswered(case: Case) -> Case:
    """The case without its acknowledgement; while it is treated, its handling stays."""
    return replace(
        case,
        handling="new" if case.handling == "acknowledged" else case.handling,
        acknowledged=FrozenMap(),
        acknowledged_until=None,
        climbing=True,
    )


def _ease(case: Case, day: Observed) -> Judged:
    """It is clear for the first day: it recovers for as long as its rule says in `keep`."""
    clock = begun(day.on, day.reading(case.about))
    keep = day.by_id[case.rule].keep
    if keep is None or lasted(clock, keep, day.on, day.calendar):
        return _cleared(case, day)
    return Judged(replace(case, signal="recovering", clock=clock), "recovering")


def _wait(case: Case, day: Observed) -> Judged:
    clock = _clock(case, day, counts=True)
    keep = day.by_id[case.rule].keep
    if keep is None or lasted(clock, keep, day.on, day.calendar):
        return _cleared(case, day)
    return Judged(replace(case, clock=clock), "recovering")


def _cleared(case: Case, day: Observed) -> Judged:
    """It counts as clear from today: closed at once if no action was agreed."""
    return _settle(replace(case, signal="clear", clock=begun(day.on)), day, first=True)


def _settle(case: Case, day: Observed, *, first: bool = False) -> Judged:
    """A clear case is closed once its actions have proved to work; while one is open, it stays open."""
    actions = case.current_actions
    if any(each.open for each in actions):
        return Judged(case, "clear", "clear-with-open-actions" if first else None)
    clock = case.clock or begun(day.on)
    if not actions or lasted(clock, day.settings.effective_after, day.on, day.calendar):
        return Judged(closed(case, "resolved", "C", day.on), "closed")
    return Judged(case, "clear")


def _relapse(case: Case, severity: Severity) -> Judged:
    """It was clear and holds again: what was done did not work."""
    actions = tuple(
        replace(each, ineffective=True) if each.finished and each.opening == case.openings else each
        for each in case.actions
    )
    in_vain = any(each.finished for each in case.current_actions)
    found = replace(
        case, signal="firing", handling="treating", clock=None, severity=severity, actions=actions
    )
    if worse(severity) > worse(case.peak):
        return Judged(_unanswered(replace(found, peak=severity)), "worsened", "worsened")
    if in_vain:
        return Judged(replace(found, climbing=False), "ineffective", "ineffective")
    return Judged(_unanswered(found), "fired", "fired")
