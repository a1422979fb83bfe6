"""An observation after a date is absent on that date, whatever it says."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov.assessment.assess import assess
from coopgov.facts import derive
from coopgov.model import build_agreement, load_agreement, plain_agreement
from coopgov.rules import RuleSet, load_rules
from coopgov.testing import agreement_mappings, agreements
from coopgov.testing.strategies.scalars import days, numbers

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject, SearchStrategy

    from coopgov.model import Agreement

PILOT = Path(__file__).parents[2] / "examples" / "pilot" / "agreement.yaml"
FULL = Path(__file__).parents[2] / "examples" / "full" / "agreement.yaml"
slow = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def pack() -> RuleSet:
    """The shipped pack, loaded once."""
    return load_rules()


def shown(agreement: Agreement, as_of: date) -> dict[str, Any]:
    """The whole assessment but for what names lines of files, and which values carry no date."""
    assessment: dict[str, Any] = json.loads(assess(agreement, pack(), as_of=as_of).to_json())
    del assessment["undated"]
    for warning in assessment["warnings"]:
        for each in warning["evidence"]:
            del each["at"]
    return assessment


class Later:
    """Adds observations dated after a date to an agreement, as Python objects."""

    def __init__(self, data: DataObject, as_of: date) -> None:
        self.data = data
        self.day = st.integers(1, 4000).map(lambda count: as_of + timedelta(count))
        self.as_of = as_of

    def add(self, mapping: dict[str, Any]) -> dict[str, Any]:
        """The same agreement, with more that is not yet to be seen."""
        later = copy.deepcopy(mapping)
        for kpi in later.get("kpis") or ():
            scale = kpi.get("scale") or {}
            values = st.sampled_from(list(scale.values())) if scale else numbers
            self._more(kpi, "readings", partial(self._reading, values))
            once = {str(reading["on"]): reading for reading in reversed(kpi["readings"])}
            kpi["readings"] = list(reversed(once.values()))
        for meeting in (*(later.get("meetings") or ()), *((later.get("team") or {}).get("bodies") or ())):
            self._more(meeting, "held", self._day)
        for meeting in later.get("meetings") or ():
            self._minutes(meeting)
        for report in later.get("reports") or ():
            report["signed_by"] = self._signatures(later, report.get("signed_by"))
        for response in (each for risk in later.get("risks") or () for each in risk.get("responses") or ()):
            self._more(response, "held", self._day)
        for goal in later.get("goals") or ():
            goal["agreed_by"] = self._signatures(later, goal.get("agreed_by"))
        for phase in later.get("phases") or ():
            self._phase(phase)
        for risk in later.get("risks") or ():
            self._dated(risk, "status", {"is": "closed"})
            self._dated(risk, "probability", {"is": "99 %"})
            self._dated(risk, "impact", {"is": 5})
        return later

    def _signatures(self, later: dict[str, Any], signed: Any) -> dict[str, Any]:
        return {**{party["id"]: self._day() for party in later["parties"]}, **(signed or {})}

    def _minutes(self, meeting: dict[str, Any]) -> None:
        """Carry out what was decided, and write further minutes with a decision of their own."""
        written = list(meeting.get("minutes") or ())
        for decision in (each for minutes in written for each in minutes.get("decisions") or ()):
            decision["done"] = decision.get("done") or self._day()
        on, known = self._day(), {str(minutes["on"]) for minutes in written}
        if str(on) not in known:
            written.append({"on": on, "decisions": [{"id": "zzz", "what": "W", "due": self.as_of}]})
        meeting["minutes"] = written

    def _phase(self, phase: dict[str, Any]) -> None:
        self._more(phase, "spending", lambda: {"on": self._day(), "amount": 10**6})
        self._dated(phase, "forecast", {"end": self._day(), "cost": 10**7}, bare="end")
        self._dated(phase, "budget", {"amount": 1}, bare="amount", again=False)
        self._actual(phase)
        for milestone in phase.get("milestones") or ():
            milestone["met"] = milestone.get("met") or self._day()
            self._dated(milestone, "status", {"is": "partially met"})
        for deliverable in phase.get("deliverables") or ():
            deliverable["delivered"] = deliverable.get("delivered") or self._day()
        for task in phase.get("tasks") or ():
            self._actual(task)
            self._dated(task, "status", {"is": "done"})
            self._dated(task, "progress", {"is": "100 %"})
            self._dated(task, "forecast", {"end": self._day()}, bare="end")

    def _day(self) -> date:
        return self.data.draw(self.day)

    def _reading(self, values: SearchStrategy[Any]) -> dict[str, Any]:
        return {"on": self._day(), "value": self.data.draw(values)}

    def _more(self, part: dict[str, Any], key: str, made: Any) -> None:
        part[key] = [*(part.get(key) or ()), made(), made()]

    def _actual(self, part: dict[str, Any]) -> None:
        actual = dict(part.get("actual") or {})
        if "end" not in actual or actual["end"] is None:
            start = actual.get("start")
            actual["end"] = max(self._day(), _day(start) if start else date.min)
        part["actual"] = {"start": actual["end"], **{key: value for key, value in actual.items() if value}}

    def _dated(
        self, part: dict[str, Any], key: str, entry: dict[str, Any], bare: str = "is", *, again: bool = True
    ) -> None:
        """Add an entry after all others.

        A budget is only ever raised where there is one, as its first is the original.
        """
        given = part.get(key)
        entries = [] if given is None else given if isinstance(given, list) else [given]
        entries = [each if isinstance(each, dict) else {bare: each} for each in entries]
        if not entries and not again:
            return
        known = [_day(each["on"]) for each in entries if each.get("on") is not None]
        on = max([self._day(), *(day + timedelta(1) for day in known)])
        part[key] = [*entries, {**entry, "on": on}]


def _day(written: object) -> date:
    return written if isinstance(written, date) else date.fromisoformat(str(written))


@slow
@given(agreement_mappings(), days, st.data())
def test_later_observations_change_nothing(mapping: dict[str, Any], as_of: date, data: DataObject) -> None:
    """Readings, spending, dates and forecasts after the date leave every byte of the assessment alone."""
    before = build_agreement(mapping)
    after = build_agreement(Later(data, as_of).add(mapping))
    assert shown(after, as_of) == shown(before, as_of)


@pytest.mark.parametrize("path", [PILOT, FULL], ids=["pilot", "full"])
@settings(max_examples=15, deadline=None)
@given(as_of=st.dates(date(2025, 12, 1), date(2027, 12, 31)), data=st.data())
def test_later_observations_change_nothing_in_the_examples(path: Path, as_of: date, data: DataObject) -> None:
    """The examples, which fire most rules, have the same assessment whatever happens later."""
    mapping = plain_agreement(load_agreement(path))
    assert shown(build_agreement(Later(data, as_of).add(mapping)), as_of) == shown(
        build_agreement(mapping), as_of
    )


@slow
@given(agreements(), st.dates() | days)
def test_facts_are_derived_for_every_agreement_on_every_date(agreement: Agreement, as_of: date) -> None:
    """Every fact of every subject has a value or none; nothing is raised."""
    known = derive(agreement, as_of)
    for subject in known:
        for name in known.catalogue.names(subject.about):
            known.value(subject.id, name)


@pytest.mark.parametrize(
    ("key", "observation", "fact"),
    [
        ("actual", {"end": "2026-06-30"}, "actual_end"),
        ("forecast", {"end": "2026-12-31", "on": "2026-06-30"}, "forecast_end"),
        ("forecast", {"cost": 1, "on": "2026-06-30"}, "forecast_cost"),
        ("budget", {"amount": 1, "on": "2026-06-30"}, "budget"),
        ("spending", [{"amount": 1, "on": "2026-06-30"}], "spent"),
    ],
)
def test_an_observation_is_seen_from_its_own_day_on(key: str, observation: Any, fact: str) -> None:
    """The day before it is not there, on the day it is."""
    window = {"start": "2026-01-01", "end": "2026-12-31"}
    mapping = {"coopgov": "agreement/1", "id": "a", "title": "A", "currency": "CNY", "term": window}
    phase = {"id": "x", "planned": window, key: observation}
    agreement = build_agreement({**mapping, "parties": [{"id": "p"}], "phases": [phase]})
    seen = [derive(agreement, date(2026, 6, day)).value("phase/x", fact) for day in (29, 30)]
    assert seen[0] is None
    assert seen[1] is not None
