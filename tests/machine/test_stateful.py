"""Random histories: days of any outcome, events of any kind, in the order that Hypothesis finds."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from case_invariants import Invariants
from coopgov import Case, Cases, Engine, Event, RefusedEventError, Step, UnknownCaseError, parse_rules
from coopgov.cases.refusal import possible
from coopgov.testing import CaseHistory, DayScript, case_histories
from coopgov.testing.scripted_cases import FIRST_DAY, PEOPLE, PlayedDay, played, replied
from coopgov.testing.strategies.case_histories import case_events, day_scripts

if TYPE_CHECKING:
    from coopgov.cases.words import EventName

RULES = """
coopgov: rules/1
pack: histories
version: 1.0.0
cases:
  reopen: 5 working days
  no_data: 2 working days
  effective_after: 3 working days
  remind: 2 working days
  max_waiver: 10 days
inhibit: [{by: swift, hides: [slow], about: children}]
rules:
  - id: swift
    about: phase
    kind: delay
    title: Swift
    message: Late.
    measure: delay
    bands: {minor: above 1 days, major: above 2 days, critical: above 3 days}
    escalate:
      minor: owner within 1 working day
      major: [joint-lead within 1 working day, steering within 2 working days]
    treat: {major: 2 working days}
  - id: slow
    about: phase
    kind: delay
    title: Slow
    message: Late.
    measure: delay
    bands: {minor: above 1 days, major: above 2 days}
    for: 2 working days
    keep: 2 days
    acknowledge: each party
    escalate: {minor: [joint-lead within 1 day, quality-officer within 1 day, steering within 1 working day]}
  - id: read
    about: kpi
    kind: quality
    title: Read
    message: Low.
    measure: score
    bands: {minor: below 80 points, major: below 70 points}
    for: 2 readings
    keep: 1 reading
    treat: {minor: 3 working days}
"""
DETAILS: dict[EventName, dict[str, Any]] = {
    "assign": {"to": "tech"},
    "cause": {"is_": "technical"},
    "agree": {"action": "night-shift"},
    "start": {"action": "night-shift"},
    "done": {"action": "night-shift"},
    "verify": {"action": "night-shift"},
    "drop": {"action": "night-shift", "reason": "not needed"},
    "waive": {"reason": "known"},
    "close": {"reason": "known"},
    "reopen": {"reason": "not over"},
    "move": {},
    "acknowledge": {},
}
"""What makes an event likely to be possible."""


@cache
def engine() -> Engine:
    """An engine of the rules of histories."""
    return Engine(parse_rules(RULES))


RULED = [each for each in engine().rules.rules if each.about != "role"]
"""All rules but `role-vacant`, which makes no cases."""


class Histories(RuleBasedStateMachine):
    """Days and events, as they come, with what must hold after each."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """The first day."""
        self.cases = Cases.begin("scripted", FIRST_DAY)
        self.script = DayScript({})
        day = PlayedDay(engine(), FIRST_DAY, self.cases, self.script)
        self.held = Invariants(self.cases, day.calendar)
        self.day(data)

    @rule(data=st.data())
    def day(self, data: st.DataObject) -> None:
        """A day of any outcomes."""
        on = FIRST_DAY if self.cases.last is None else self.cases.last + timedelta(1)
        self._play(on, data.draw(day_scripts(RULED, on)))

    @rule(number=st.integers(1, 12))
    def days_alike(self, number: int) -> None:
        """Several days like the last one."""
        assert self.cases.last is not None
        for _ in range(number):
            self._play(self.cases.last + timedelta(1), self.script)

    def _play(self, on: Any, script: DayScript) -> None:
        step = played(self.cases, engine(), on, script)
        self.script, self.cases = script, step.cases
        self.held.day(step, script)

    @rule(data=st.data())
    def any_event(self, data: st.DataObject) -> None:
        """An event that may well be refused."""
        assert self.cases.last is not None
        keys = [(each.id, f"{each.about}/{name}") for each in RULED for name in ("one", "two")]
        self._reply(data.draw(case_events(keys, self.cases.last)))

    @precondition(lambda self: len(self.cases))
    @rule(data=st.data())
    def likely_event(self, data: st.DataObject) -> None:
        """An event that the state of a case allows, and mostly with what it needs."""
        on = self.cases.last
        assert on is not None
        case: Case = data.draw(st.sampled_from(self.cases.cases))
        name = data.draw(st.sampled_from(possible(case)))
        more = dict(DETAILS[name])
        later = on + timedelta(data.draw(st.integers(0, 9)))
        if name == "waive" or (name in ("acknowledge", "agree") and data.draw(st.booleans())):
            more["due" if name == "agree" else "until"] = later
        if name == "close":
            more["outcome"] = data.draw(
                st.sampled_from(["resolved", "accepted", "not-confirmed", "duplicate"])
            )
        if name == "move":
            more["about"] = case.about.partition("/")[0] + data.draw(st.sampled_from(["/one", "/two"]))
        by = data.draw(st.sampled_from(PEOPLE))
        self._reply(Event(on=on, case=case.id, event=name, by=by, force=True, **more))

    def _reply(self, event: Event) -> None:
        try:
            step = replied(self.cases, engine(), event, self.script)
        except RefusedEventError as error:
            refused = error
        except UnknownCaseError:
            assert all(event.case not in (case.id, case.name) for case in self.cases)
            return
        else:
            self.cases = step.cases
            self.held.event(step, event)
            return
        assert refused.possible == possible(self.cases.find(event.case))
        assert refused.in_language("zh-Hans")

    def teardown(self) -> None:
        """The whole history."""
        if hasattr(self, "held"):
            self.held.finish()


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=case_histories(engine().rules))
def test_histories(history: CaseHistory) -> None:
    """A history of the strategy raises nothing but refusals, and keeps what must hold."""
    cases = Cases.begin("scripted", FIRST_DAY)
    invariants = Invariants(cases, PlayedDay(engine(), FIRST_DAY, cases, DayScript({})).calendar)
    for each, found in zip(history.steps, history.run(), strict=True):
        if isinstance(found, Step) and isinstance(each, Event):
            invariants.event(found, each)
        elif isinstance(found, Step):
            assert isinstance(each, DayScript)
            invariants.day(found, each)
    invariants.finish()
