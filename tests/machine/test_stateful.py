"""Random histories: days of any outcome, events of any kind, in the order that Hypothesis finds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from case_invariants import Invariants
from coopgov import Case, Cases, Event, RefusedEventError, Step, UnknownCaseError
from coopgov.cases.refusal import possible
from coopgov.testing import CaseHistory, DayScript, case_histories
from coopgov.testing.scripted_cases import FIRST_DAY, PEOPLE, PlayedDay, played, replied
from coopgov.testing.strategies.case_histories import case_events, day_scripts
from playing import histories

if TYPE_CHECKING:
    from coopgov.cases.words import EventName

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


RULED = [each for each in histories().rules.rules if each.about != "role"]
"""All rules but `role-vacant`, which makes no cases."""


class Histories(RuleBasedStateMachine):
    """Days and events, as they come, with what must hold after each."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """The first day."""
        self.cases = Cases.begin("scripted", FIRST_DAY)
        self.script = DayScript({})
        day = PlayedDay(histories(), FIRST_DAY, self.cases, self.script)
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
        step = played(self.cases, histories(), on, script)
        self.script, self.cases = script, step.cases
        self.held.day(step, script)

    @rule(data=st.data())
    def any_event(self, data: st.DataObject) -> None:
        """An event that may well be refused."""
        assert self.cases.last is not None
        keys = [(each.id, f"{each.about}/{name}") for each in RULED for name in ("one", "two")]
        self._reply(data.draw(case_events(keys, self.cases.last)))

    @precondition(lambda self: len(self.cases) > 0)
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
            step = replied(self.cases, histories(), event, self.script)
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
@given(history=case_histories(histories().rules))
def test_histories(history: CaseHistory) -> None:
    """A history of the strategy raises nothing but refusals, and keeps what must hold."""
    cases = Cases.begin("scripted", FIRST_DAY)
    invariants = Invariants(cases, PlayedDay(histories(), FIRST_DAY, cases, DayScript({})).calendar)
    for each, found in zip(history.steps, history.run(), strict=True):
        if isinstance(found, Step) and isinstance(each, Event):
            invariants.event(found, each)
        elif isinstance(found, Step):
            assert isinstance(each, DayScript)
            invariants.day(found, each)
    invariants.finish()
