"""Who is notified and who may answer in agreements with few people: parties without members, data that others bring."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from coopgov import (
    Agreement,
    Cases,
    Engine,
    Event,
    RefusedEventError,
    Step,
    answer,
    assess,
    build_agreement,
    catch_up,
    parse_rules,
)

if TYPE_CHECKING:
    from coopgov.cases.words import EventName

MONDAY = date(2026, 7, 6)
RULES = """
coopgov: rules/1
pack: few
version: 1.0.0
cases: {no_data: 1 day}
rules:
  - id: late
    about: phase
    kind: delay
    title: Late
    message: Late.
    measure: delay
    bands: {minor: above 0 days, major: above 2 days}
"""
LOW = """
  - id: low
    about: kpi
    kind: quality
    title: Low
    message: Low.
    measure: value
    bands: {minor: below 80 points}
"""
COLLECT = """
actions:
  - {id: collect, answers: [data], title: Collect, owner: tech}
"""


def _agreement(*, owners: tuple[str | None, ...] = (), **more: Any) -> Agreement:
    """Two parties, the city without members; a late phase; a KPI for each owner, read until Monday."""
    reading = {"on": str(MONDAY), "value": 70}
    kpis = [
        {
            "id": f"k{number}",
            "name": f"K{number}",
            "unit": "points",
            "direction": "up",
            "every": "1 day",
            "readings": [reading],
            **({} if owner is None else {"owner": owner}),
        }
        for number, owner in enumerate(owners)
    ]
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "few",
            "title": "Few people",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2026-12-31"},
            "parties": [{"id": "port", "name": "Port"}, {"id": "city", "name": "City"}],
            "team": {
                "members": [
                    {"id": "pm", "name": "PM", "party": "port", "role": "project-manager"},
                    {"id": "tech", "name": "Tech", "party": "port"},
                ]
            },
            "phases": [
                {
                    "id": "one",
                    "name": "One",
                    "planned": {"start": "2026-06-01", "end": "2026-07-03"},
                    "actual": {"start": "2026-06-01"},
                }
            ],
            "kpis": kpis,
            **more,
        }
    )


class TestPartyWithoutMembers:
    """Nobody of the team belongs to it; it has a name all the same."""

    KEYS = "    escalate: {minor: [city within 1 day, pm within 1 day]}\n"

    def _fired(self, keys: str = "") -> tuple[Step, Engine]:
        engine = Engine(parse_rules(RULES + self.KEYS + keys))
        return catch_up(Cases.begin("few", MONDAY), _agreement(), engine, to=MONDAY), engine

    def _acknowledged(self, step: Step, engine: Engine, by: str) -> Step:
        event = Event(on=MONDAY, case="late@phase/one", event="acknowledge", by=by)
        return answer(step.cases, event, agreement=_agreement(), rules=engine)

    def test_it_is_notified(self) -> None:
        """It is not vacant: somebody there opens the letters."""
        step, _ = self._fired()
        assert [(each.to, each.vacant_for) for each in step.notices] == [("city", None)]

    @pytest.mark.parametrize("keys", ["", "    acknowledge: each party\n"])
    def test_it_answers_by_its_name(self, keys: str) -> None:
        """It can answer for itself, and counts as a party."""
        step, engine = self._fired(keys)
        step = self._acknowledged(step, engine, "city")
        assert dict(step.cases.find("late@phase/one").acknowledged) == {"city": MONDAY}

    def test_each_party(self) -> None:
        """The answer of the other party is not its own."""
        step, engine = self._fired("    acknowledge: each party\n")
        step = self._acknowledged(step, engine, "tech")
        assert step.cases.find("late@phase/one").state == "firing"
        assert self._acknowledged(step, engine, "city").cases.find("late@phase/one").state == "acknowledged"

    def test_it_is_another_than_the_other_party(self) -> None:
        """What it did, the other party verifies, and not it itself."""
        agreement = _agreement(plans=[{"id": "mend", "answers": ["delay"], "title": "Mend"}])
        step, engine = self._fired()

        def event(name: EventName, by: str, **more: Any) -> Step:
            happened = Event(on=MONDAY, case="late@phase/one", event=name, by=by, action="mend", **more)
            return answer(step.cases, happened, agreement=agreement, rules=engine)

        step = event("agree", "pm", owner="city", due=MONDAY)
        step = event("start", "city")
        step = event("done", "city")
        with pytest.raises(RefusedEventError, match="city did the action"):
            event("verify", "city")
        assert event("verify", "port").cases.find("late@phase/one").state == "verifying"


class TestDatumOwner:
    """Who hears that data are missing."""

    def _told(self, agreement: Agreement, more: str = "") -> list[tuple[str, str]]:
        """Who is notified of missing data, by subject: its only reading is gone from Tuesday on."""
        engine = Engine(parse_rules(RULES + LOW + more))
        cases = catch_up(Cases.begin("few", MONDAY), agreement, engine, to=MONDAY).cases
        without = agreement.model_copy(
            update={"kpis": tuple(each.model_copy(update={"readings": ()}) for each in agreement.kpis)}
        )
        step = catch_up(cases, without, engine, to=MONDAY + timedelta(3))
        return [(each.about, each.to) for each in step.notices if each.kind == "no-data"]

    def test_the_owner_of_the_subject(self) -> None:
        """The owner of the subject, by the name that the agreement has."""
        assert self._told(_agreement(owners=("tech",)), COLLECT) == [("kpi/k0", "tech")]
        assert self._told(_agreement(owners=("pm", "tech"))) == [("kpi/k0", "pm"), ("kpi/k1", "tech")]

    def test_who_collects_data(self) -> None:
        """Without an owner, who has the action that answers missing data; for each subject that lacks them."""
        assert self._told(_agreement(owners=(None, None)), COLLECT) == [
            ("kpi/k0", "tech"),
            ("kpi/k1", "tech"),
        ]

    def test_nobody(self) -> None:
        """Without anybody who collects data, the project manager."""
        assert self._told(_agreement(owners=(None, None))) == [
            ("kpi/k0", "project-manager"),
            ("kpi/k1", "project-manager"),
        ]


class TestRecommendedActions:
    """What a notice recommends depends on what is short."""

    ACTIONS = """
actions:
  - {id: overtime, answers: [delay], strains: [people], title: Overtime, within: 1 day}
  - {id: trim, answers: [delay], title: Trim, within: 9 days}
"""
    VACANT = "    escalate: {minor: [pm within 1 day, lawyer within 1 day]}\n"
    ROLES = """
  - {id: nobody, about: role, kind: resource-conflict, severity: minor, title: N, message: N., when: vacant}
"""

    @pytest.mark.parametrize(
        ("more", "first"),
        [(VACANT + ROLES, "Trim, Overtime"), (VACANT, "Overtime, Trim")],
    )
    def test_a_vacant_role_strains_people(self, more: str, first: str) -> None:
        """Where a role is vacant, what needs no people comes first, as in an assessment."""
        engine = Engine(parse_rules(RULES + more + self.ACTIONS))
        step = catch_up(Cases.begin("few", MONDAY), _agreement(), engine, to=MONDAY)
        assert first in step.notices[0].text.in_language("en")
        assessment = assess(_agreement(), engine, as_of=MONDAY)
        (late,) = [each for each in assessment.warnings if each.rule == "late"]
        assert ", ".join(each.title for each in late.actions) == first
