"""The days of an agreement as an iCalendar file: due dates, meetings, and when answers and actions are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day, a_tag, checked
from coopgov.assessment.people import People
from coopgov.facts import derive
from coopgov.locales import text
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.notify.ics import DayEvent, calendar_of_events, uid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from coopgov.assessment.result import Assessment
    from coopgov.cases.case import Case, Rung
    from coopgov.cases.cases import Cases
    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

__all__ = ["calendar_text"]

_DUE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "phase": ("planned_end", ("actual_end",)),
    "milestone": ("due", ("met",)),
    "deliverable": ("due", ("delivered", "accepted")),
    "task": ("planned_end", ("actual_end",)),
    "goal": ("due", ()),
    "report": ("due", ("signed",)),
    "decision": ("due", ("done",)),
    "risk": ("review_by", ()),
}
"""For each type of subject, the fact that is its due date, and the facts one of which says that it is met."""
_REPEATED = ("meeting", "body", "response", "kpi")
_NEXT = {"kpi": "next_reading_due"}


@checked(agreement=AN_AGREEMENT, as_of=a_day, language=a_tag)
def calendar_text(  # noqa: PLR0913  # what a calendar can be made of
    agreement: Agreement,
    *,
    as_of: date,
    language: str = "en",
    cases: Cases | None = None,
    assessment: Assessment | None = None,
    rules: RuleSet | None = None,
    owner: str | None = None,
    link: str | None = None,
) -> str:
    """Return the days of an agreement as iCalendar: events of whole days, with the same bytes whenever it is made.

    It has the due dates of phases, milestones, deliverables, tasks, goals, reports, decisions and reviews of risks; the
    next day of everything that repeats; and, if given, the deadlines of cases and of their actions, or those of an
    assessment. What is met, done or closed by the date is cancelled.

    Args:
        agreement: whose days they are.
        as_of: the date; observations after it are not seen.
        language: of the titles.
        cases: the cases of the agreement.
        assessment: its assessment on that date; only without cases.
        rules: give the titles of the rules of cases.
        owner: only the days of this member, role or body.
        link: a web page on which a case is answered, with `{case}` in place of its id.

    Raises:
        ArgumentError: an argument is not what the function takes.
        UnknownNameError: nobody in the agreement has the name of the owner.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> made = calendar_text(load_agreement("examples/pilot/agreement.yaml"), as_of=date(2026, 6, 30))
    >>> [line for line in made.splitlines() if "First results" in line]
    ['SUMMARY:Due: First results delivered']
    """
    days = _Days(agreement, derive(agreement, as_of), language, rules, link)
    events = [*days.due(), *days.repeated()]
    if cases is not None:
        events += days.of_cases(cases)
    elif assessment is not None:
        events += days.of_assessment(assessment)
    if owner is not None:
        names = days.people.meant(owner)
        events = [each for each in events if set(each.names) & names]
    return calendar_of_events(agreement.title.in_language(language), (each.event for each in events))


@dataclass(frozen=True, slots=True)
class _Owned:
    """An event, and the names of those whose it is."""

    event: DayEvent
    names: tuple[str, ...]


class _Days:
    """Makes the events of an agreement on a date."""

    def __init__(
        self, agreement: Agreement, facts: Facts, language: str, rules: RuleSet | None, link: str | None
    ) -> None:
        self.agreement = agreement
        self.facts = facts
        self.language = language
        self.people = People(facts, language)
        self.link = link
        self.titles = {rule.id: rule.title for rule in rules.rules} if rules else {}
        self.start = agreement.term.start or facts.as_of

    def due(self) -> Iterator[_Owned]:
        """The due dates."""
        for about, (fact, met) in _DUE.items():
            for subject in self.facts.subjects[about]:
                day = subject.record.get(fact)
                if day is not None:
                    yield self._due(subject, day, self._met_on(subject, met))

    def _due(self, subject: Subject, day: date, met: Any) -> _Owned:
        return self._owned(
            subject,
            uid(self.agreement.id, subject.id, "due"),
            day,
            text(f"notify.calendar.{subject.about}", self.language, what=self._label(subject)),
            sequence=1 if met else 0,
            off=bool(met),
            stamp=met if met and met is not True else self.start,
        )

    def _met_on(self, subject: Subject, facts: Iterable[str]) -> Any:
        """The day on which it was met, or True where only that it was is known; None if it is not."""
        record = subject.record
        if subject.about == "risk":
            return record.get("status") in ("closed", "occurred") or None
        if subject.about == "report":
            signed = [day for day in subject.part.signed_by.values() if day <= self.facts.as_of]
            return max(signed) if signed and len(signed) >= len(self.agreement.parties) else None
        return next((record[fact] for fact in facts if record.get(fact) is not None), None)

    def repeated(self) -> Iterator[_Owned]:
        """The next day of each meeting, body, response and reading."""
        for about in _REPEATED:
            for subject in self.facts.subjects[about]:
                day = subject.record.get(_NEXT.get(about, "next_due"))
                if day is not None:
                    said = text(f"notify.calendar.{about}", self.language, what=self._label(subject))
                    held = [each for each in _sessions(subject.part) if each <= self.facts.as_of]
                    name = uid(self.agreement.id, subject.id, "next")
                    stamp = max(held, default=self.start)
                    yield self._owned(subject, name, day, said, sequence=len(held), stamp=stamp)

    def of_cases(self, cases: Cases) -> Iterator[_Owned]:
        """The deadlines of cases and of their actions."""
        for case in cases:
            stamp = max(filter(None, (case.since, case.fired_on, case.told_on, case.closed_on)))
            rung = case.ladder[case.step - 1] if 0 < case.step <= len(case.ladder) else None
            # an answer ends the deadline, and the step still has it; a closed case has neither
            by = case.deadline or (rung and rung.by) or (case.closed_on if case.told else None)
            if by is not None:
                yield self._answer(case, by, rung, stamp)
            for action in case.actions:
                said = text(
                    "notify.calendar.action", self.language, what=action.title, who=self._called(action.owner)
                )
                event = DayEvent(
                    uid(self.agreement.id, case.id, action.id, str(action.opening)),
                    action.due,
                    action.ended_on or action.agreed_on,
                    said,
                    self._rule(case.rule, case.about),
                    case.revision,
                    not action.open,
                    self._page(case.id),
                )
                yield _Owned(event, (action.owner,))

    def _answer(self, case: Case, by: date, rung: Rung | None, stamp: date) -> _Owned:
        to = rung.to if rung else (case.told[-1] if case.told else "project-manager")
        rule = self._rule(case.rule, case.about)
        event = DayEvent(
            uid(self.agreement.id, case.id, "answer"),
            by,
            stamp,
            text("notify.calendar.answer", self.language, what=rule, who=self._called(to)),
            case.id,
            case.revision,
            not (case.open and case.climbing),
            self._page(case.id),
        )
        return _Owned(event, (to,))

    def of_assessment(self, assessment: Assessment) -> Iterator[_Owned]:
        """The escalations of an assessment."""
        for warning in assessment.warnings:
            if warning.counted and warning.escalation is not None:
                to = warning.escalation.to
                said = text("notify.calendar.answer", self.language, what=warning.title, who=self._called(to))
                name = uid(self.agreement.id, warning.id, "answer")
                event = DayEvent(name, warning.escalation.by, assessment.as_of, said, warning.message)
                yield _Owned(event, (to,))

    def _owned(self, subject: Subject, name: str, day: date, title: str, **more: Any) -> _Owned:
        names = (
            subject.record.get("owner"),
            getattr(subject.part, "owner", None),
            subject.record.get("body"),
        )
        own = (subject.part.id,) if subject.about == "body" else ()
        found = tuple(dict.fromkeys(self.people.holders.of(each) for each in filter(None, (*names, *own))))
        who = text("common.comma", self.language).join(map(self._called, found))
        return _Owned(DayEvent(name, day, more.pop("stamp"), title, who, **more), found)

    def _label(self, subject: Subject) -> str:
        return subject.label.in_language(self.language)

    def _called(self, name: str) -> str:
        return self.people.called(name)

    def _rule(self, rule: str, about: str) -> str:
        title = self.titles.get(rule)
        known = {subject.id: subject for subject in self.facts}
        what = self._label(known[about]) if about in known else about
        said = title.in_language(self.language) if title else rule
        return text("notify.calendar.warning", self.language, rule=said, what=what)

    def _page(self, case: str) -> str:
        return self.link.replace("{case}", case) if self.link else ""


def _sessions(part: Any) -> Iterable[date]:
    """The days on which something that repeats was held, or read."""
    if hasattr(part, "readings"):
        return [each.on for each in part.readings]
    held: Iterable[date] = getattr(part, "held", ())
    return getattr(part, "sessions", held)
