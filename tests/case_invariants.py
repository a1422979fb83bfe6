"""What must be true of cases after every day and every event, whatever happened before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from coopgov import Case, Cases, Event, replay
from coopgov.assessment.result import worse
from coopgov.cases.flags import flagged
from coopgov.cases.refusal import possible
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from coopgov import CaseChange, Notice, Step
    from coopgov.model import WorkingCalendar
    from coopgov.testing.scripted_cases import DayScript

BY_EVENT = ("assigned", "action-agreed", "action-overdue")
"""Notices of events: they are unique by action and day."""
BY_TIME = (
    "escalated",
    "reminder",
    "no-data",
    "action-overdue",
    "treat-overdue",
    "waiver-ended",
    "acknowledgement-ended",
)
"""Notices that time alone makes."""
TO_ALL = ("closed", "clear-with-open-actions", "informed")


class Invariants:
    """Remembers the log and the notices of a history, and checks each step against them."""

    def __init__(self, first: Cases, calendar: WorkingCalendar) -> None:
        self.cases = first
        self.calendar = calendar
        self.log: list[CaseChange] = []
        self.seen: set[tuple[object, ...]] = set()

    def day(self, step: Step, script: DayScript) -> None:
        """Check a day."""
        before = self.cases
        self._step(step)
        for case in before:
            after = step.cases.get(case.id)
            says = script.says.get((case.rule, case.about))
            letter = "N" if says is None else says.says
            latest = before.of(case.rule, case.about) == case
            if after is None:
                assert case.signal == "pending", "only what never fired disappears"
                assert letter in "CNPE"
                continue
            if not latest or case.signal == "none":
                continue
            if letter == "H":
                assert after.severity == case.severity, "between bands the severity stays"
            if letter in "UH":
                assert after.open, "what nobody knows closes nothing"
                assert after.signal != "clear" or case.signal == "clear", "what nobody knows clears nothing"
                assert after.signal != "firing" or case.signal in ("firing", "recovering", "no-data")
            if after.handling == "closed" and case.handling != "closed":
                self._closed_by_the_rule(case, after, letter)
        for notice in step.notices:
            self._of_a_day(notice, before.get(notice.case), step.cases.find(notice.case))

    def _closed_by_the_rule(self, before: Case, after: Case, letter: str) -> None:
        outcomes = {"C": "resolved", "E": "resolved", "N": "not-applicable", "P": "past"}
        assert after.outcome == outcomes[letter]
        assert not any(each.open for each in after.current_actions), (
            "closings by the rule leave no open action"
        )
        if letter == "C":
            assert not any(each.open for each in before.current_actions)

    def _of_a_day(self, notice: Notice, before: Case | None, after: Case) -> None:
        if notice.kind in BY_TIME:
            assert self.calendar.is_working(notice.on), "what time alone makes falls on a working day"
        if notice.kind == "escalated":
            assert before is not None
            assert before.climbing or after.climbing, "who was answered climbs no further"
            assert notice.step is not None
            ladder = after.ladder or before.ladder
            deadline = ladder[notice.step - 2].by
            assert deadline is not None
            assert deadline < notice.on, "a step waits for the deadline before it"
        if notice.kind in TO_ALL and before is not None:
            assert notice.by is None
        if notice.kind == "worsened":
            assert before is not None
            assert worse(notice.severity) > worse(before.peak)
        if notice.kind == "reminder":
            assert before is not None
            assert before.climbing
            assert before.step == len(before.ladder)

    def event(self, step: Step, event: Event) -> None:
        """Check an event that was not refused."""
        before = self.cases.find(event.case)
        assert event.event in possible(before)
        self._step(step)
        after = step.cases.find(before.id)
        if event.event == "close":
            assert after.outcome == event.outcome
            if event.outcome == "resolved":
                assert before.signal == "clear"
                assert not any(each.open for each in before.current_actions)
        for change in step.changes[:1]:
            assert (change.what, change.by, change.note) == (event.event, event.by, event.note)

    def _step(self, step: Step) -> None:
        """Check what holds of days and events alike."""
        self.log += step.changes
        for notice in step.notices:
            self._notice(notice, step.cases)
        keys = [(case.rule, case.about) for case in step.cases if case.open]
        assert len(keys) == len(set(keys)), "one open case for each rule and subject"
        for case in step.cases:
            self._case(case)
        for change in step.changes:
            was = self.cases.get(change.case)
            assert not change.case or change.revision > (
                0 if was is None or change.is_ is None else was.revision
            )
        self.cases = step.cases

    def _notice(self, notice: Notice, cases: Cases) -> None:
        case = cases.find(notice.case)
        assert not flagged(case), "nothing is told under a flag"
        assert case.signal != "pending", "nothing is told while it is pending"
        if notice.kind != "closed":
            assert case.open
            assert notice.to in case.told or notice.kind == "clear-with-open-actions"
        key: tuple[object, ...] = (notice.case, notice.round, notice.step, notice.kind, notice.to)
        if notice.kind in BY_EVENT:
            return
        assert key not in self.seen, key
        self.seen.add(key)

    def _case(self, case: Case) -> None:
        assert case.severity in SEVERITIES
        assert (case.signal == "none") == (not case.open)
        if case.handling == "closed":
            assert case.outcome is not None
            assert case.closed_on is not None
        else:
            assert case.outcome is None
        if case.open and case.handling != "closed":
            assert (case.fired_on is None) == (case.signal == "pending")
        if case.handling == "new" and case.open and case.signal != "pending":
            assert case.climbing, "what nobody answered climbs"
        if case.handling == "acknowledged":
            assert case.acknowledged
            assert not case.climbing
        if case.outcome == "resolved" and case.handling == "closed":
            assert not any(each.open for each in case.current_actions)
        if case.handling == "verifying":
            assert not any(each.open for each in case.current_actions)

    def finish(self) -> None:
        """Check the whole history: its log makes the cases again, and their JSON, too."""
        assert replay(self.log) == self.cases
        assert Cases.from_dict(json.loads(json.dumps(self.cases.to_dict()))) == self.cases
