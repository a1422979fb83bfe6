"""Print cases, their timelines and notices as text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coopgov.assessment.result import worse
from coopgov.cases.change import CaseChange
from coopgov.cases.notice import Notice
from coopgov.cases.words import EVENTS
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from coopgov.cases.case import Case, CaseAction
    from coopgov.cases.cases import Cases
    from coopgov.cases.change import Step
    from coopgov.cases.store.chain import Head
    from coopgov.cases.store.protocol import LogEntry
    from coopgov.cli.case_store import Names
    from coopgov.cli.text import Terminal

__all__ = [
    "advanced_text",
    "answered_text",
    "list_text",
    "log_text",
    "notices_text",
    "recorded_text",
    "show_text",
    "verified_text",
]


def list_text(terminal: Terminal, names: Names, cases: Cases, found: Sequence[Case]) -> str:
    """Cases, worst first, each with what is expected of whom."""
    counts = Counter(case.severity for case in found)
    said = (f"{counts[each]} {terminal.term(each)}" for each in reversed(SEVERITIES) if counts[each])
    number = terminal.counted("cases.number", len(found))
    text = terminal.say("cases.counts", number=number, counts=terminal.listed(said)) if found else number
    day = cases.last or cases.first
    head = f"{cases.agreement} · {terminal.say('as-of', date=day)} · {text}"
    lines = [*terminal.lines(head, "  ", "")]
    for case in sorted(found, key=_order):
        lines += ("", *_case(terminal, names, case, day))
    return "\n".join(lines)


def _order(case: Case) -> tuple[bool, int, str, str]:
    return not case.open, -worse(case.severity), case.rule, case.about


def _case(terminal: Terminal, names: Names, case: Case, day: date) -> Iterator[str]:
    """A case: severity, what, state; then the answer that is expected, actions, who was notified, how to answer."""
    severity = terminal.paint(terminal.term(case.severity).upper(), case.severity)
    yield from terminal.lines(
        terminal.say("cases.line", case=names.case(case.rule, case.about), state=_state(terminal, case)),
        "  ",
        f"{severity} ",
    )
    for text in _details(terminal, names, case, day):
        yield from terminal.lines(text, "    ", "  ")


def _state(terminal: Terminal, case: Case) -> str:
    """What a case is, and since when."""
    if case.state == "closed" and case.outcome is not None:
        outcome = terminal.say(f"cases.outcomes.{case.outcome}")
        return terminal.say("cases.closed", outcome=outcome, date=case.closed_on)
    return terminal.say(
        "cases.state-since", state=terminal.say(f"cases.states.{case.state}"), date=case.since
    )


def _details(terminal: Terminal, names: Names, case: Case, day: date) -> Iterator[str]:
    if case.unanswered(day):
        yield terminal.paint(terminal.say("cases.unanswered", date=case.deadline), "major")
    elif case.deadline is not None and case.open and case.climbing:
        yield terminal.say("cases.answer-by", date=case.deadline)
    if case.acknowledged:
        who = (names.person(each) for each in case.acknowledged)
        yield terminal.say("cases.acknowledged-by", names=terminal.listed(who))
    if case.waived_until is not None:
        yield terminal.say("cases.waived-until", date=case.waived_until)
    if case.inhibited_by is not None:
        yield terminal.say("cases.hidden-by", case=case.inhibited_by)
    if case.assignee is not None:
        yield terminal.say("cases.assigned", who=names.person(case.assignee))
    for action in case.current_actions:
        yield _action(terminal, names, action, day)
    if case.told:
        yield terminal.say("cases.notified", names=terminal.listed(names.holder(each) for each in case.told))
    yield terminal.paint(terminal.say("cases.name", id=case.id, name=case.name), "dim")


def _action(terminal: Terminal, names: Names, action: CaseAction, day: date) -> str:
    state = terminal.say(f"cases.action-states.{action.state}")
    title = names.action(action.id, action.title)
    values = {"title": title, "who": names.person(action.owner), "date": action.due, "state": state}
    late = action.open and action.due < day
    return terminal.say("cases.action-late" if late else "cases.action", **values)


def show_text(terminal: Terminal, names: Names, case: Case, log: Iterable[LogEntry]) -> str:
    """A case and its timeline."""
    lines = [*_case(terminal, names, case, case.closed_on or case.since), "", terminal.say("cases.timeline")]
    for cause in case.causes:
        values = {"word": terminal.term(cause.is_)} | ({"note": cause.note} if cause.note else {})
        said = terminal.say("cases.cause-noted" if cause.note else "cases.cause", **values)
        lines[-2:-2] = terminal.lines(said, "    ", "  ")
    for entry in sorted(log, key=_day):  # within one run, all changes are logged before all notices
        lines += _entry(terminal, names, entry, named=False)
    return "\n".join(lines)


def log_text(terminal: Terminal, names: Names, log: Iterable[LogEntry], cases: Cases) -> str:
    """The rows of the log that a reader can use, by their numbers."""
    lines = [*terminal.lines(f"{cases.agreement} · {terminal.say('as-of', date=cases.last)}", "  ", ""), ""]
    for entry in log:
        lines += _entry(terminal, names, entry, named=True)
    return "\n".join(lines)


def _entry(terminal: Terminal, names: Names, entry: LogEntry, *, named: bool) -> Iterator[str]:
    """A row of the log as people read it; what only the machine remembers has none."""
    text = _said(terminal, names, entry)
    if not text:
        return
    what = entry.what
    about = getattr(what, "case", "") if named else ""
    number = terminal.paint(f"{entry.seq:>5} ", "dim") if named else "  "
    on = getattr(what, "on", entry.at)
    parts = [str(on), about, text]
    yield from terminal.lines("  ".join(filter(None, parts)), " " * (18 if not named else 8), number)


def _day(entry: LogEntry) -> str:
    """The day that a row is about; of a redaction, the one on which it was recorded."""
    return str(getattr(entry.what, "on", entry.at))[:10]


def _said(terminal: Terminal, names: Names, entry: LogEntry) -> str:
    match entry.what:
        case Notice() as notice:
            kind = terminal.say(f"cases.kinds.{notice.kind}")
            who = names.person(notice.to)
            if notice.by is None:
                return terminal.say("cases.row.notified", who=who, kind=kind)
            return terminal.say("cases.row.notified-by", who=who, kind=kind, date=notice.by)
        case CaseChange() as change:
            return _change(terminal, names, change)
    return terminal.say("cases.row.redacted", row=entry.what.row, who=entry.what.by, reason=entry.what.reason)


def _change(terminal: Terminal, names: Names, change: CaseChange) -> str:
    """What somebody said, or how the state changed."""
    if change.what in ("begun", "rules-changed"):
        return terminal.say(f"cases.row.{change.what}")
    if change.what in EVENTS:
        said = terminal.say(f"cases.events.{change.what}")
        text = terminal.say("cases.row.event", who=names.person(change.by), event=said) if change.by else said
        details = [
            _detail(terminal, names, key, str(value))
            for key, value in (change.event or {}).items()
            if key in _SAID
        ]
        return (
            terminal.say("cases.row.details", text=text, details=terminal.listed(details))
            if details
            else text
        )
    if change.was == change.is_ or not change.case:
        return ""
    states = [terminal.say(f"cases.states.{each}") if each else "—" for each in (change.was, change.is_)]
    return terminal.say("cases.row.state", was=states[0], now=states[1])


def _detail(terminal: Terminal, names: Names, key: str, value: str) -> str:
    """A field of an event as people say it."""
    match key:
        case "action":
            return names.action(value)
        case "to" | "owner":
            return names.person(value)
        case "about":
            return names.subject(value)
        case "is":
            return terminal.term(value)
        case "outcome":
            return terminal.say(f"cases.outcomes.{value}")
    return value


_SAID = ("action", "to", "owner", "due", "until", "is", "outcome", "about", "evidence", "reason", "note")
"""The fields of an event that its row shows."""


def advanced_text(
    terminal: Terminal, names: Names, step: Step, before: Cases | None, unanswered: Sequence[Case]
) -> str:
    """What the days brought: the notices, and the cases that nobody answered in time."""
    cases = step.cases
    if before is not None and before.last == cases.last and not step.changes:
        return terminal.say("cases.nothing-new", agreement=cases.agreement, date=cases.last)
    days = ((cases.last or cases.first) - ((before and before.last) or cases.first)).days
    days += before is None or before.last is None
    seen = terminal.counted("cases.days", days)
    head = f"{cases.agreement} · {terminal.say('as-of', date=cases.last)} · {seen}"
    number = terminal.counted("cases.number", len(cases.open()))
    lines = [*terminal.lines(f"{head} · {number}", "  ", "")]
    if step.notices:
        lines += ("", *_notices(terminal, names, step.notices))
    else:
        lines += ("", terminal.say("cases.nobody"))
    if unanswered:
        lines += ("", terminal.paint(terminal.counted("cases.late", len(unanswered)), "major"))
        lines += (
            line
            for case in unanswered
            for line in terminal.lines(
                terminal.say(
                    "cases.late-line", case=names.case(case.rule, case.about), date=case.deadline, id=case.id
                ),
                "    ",
                "  ",
            )
        )
    return "\n".join(lines)


def notices_text(terminal: Terminal, names: Names, notices: Sequence[Notice]) -> str:
    """Notices, by day and receiver."""
    if not notices:
        return terminal.say("cases.no-notice")
    return "\n".join(_notices(terminal, names, notices, whole=True))


def _notices(
    terminal: Terminal, names: Names, notices: Iterable[Notice], *, whole: bool = False
) -> Iterator[str]:
    """Each notice: who is notified of what, and by when to answer; `whole` adds the rest of its text."""
    for notice in notices:
        severity = terminal.paint(terminal.term(notice.severity).upper(), notice.severity)
        head, *rest = notice.text.in_language(terminal.language).splitlines()
        values = {"date": notice.on, "who": names.person(notice.to), "text": head}
        text = terminal.say("cases.notice", **values)
        if notice.by is not None and not whole:
            text = terminal.say("cases.notice-by", text=text, date=notice.by)
        yield from terminal.lines(text, "    ", f"{severity} ")
        for line in rest if whole else ():
            yield from terminal.lines(line, "    ", "  ")


def answered_text(terminal: Terminal, names: Names, case: Case, notices: Sequence[Notice]) -> str:
    """A case after an answer, and who is notified of it."""
    lines = [*_case(terminal, names, case, case.closed_on or case.since)]
    if notices:
        lines += ("", *_notices(terminal, names, notices))
    return "\n".join(lines)


def recorded_text(terminal: Terminal, names: Names, step: Step, total: int) -> str:
    """How many events of a file were recorded, how many the log had already, and who is notified of them."""
    new = sum(change.event is not None for change in step.changes)
    text = terminal.counted("cases.recorded", new)
    if total > new:
        text = terminal.say("cases.recorded-before", text=text, number=total - new)
    lines = [text]
    if step.notices:
        lines += ("", *_notices(terminal, names, step.notices))
    return "\n".join(lines)


def verified_text(terminal: Terminal, head: Head) -> str:
    """The log is as it was written."""
    return terminal.say("cases.verified", rows=head.seq, head=head.hash)
