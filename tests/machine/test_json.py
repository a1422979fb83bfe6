"""The JSON of cases, notices, events and changes: without loss, and as the published schemas say."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from coopgov import Case, CaseChange, Cases, Clock, Event, Notice, Step
from coopgov.cases.case import CaseAction, CaseWaiver
from coopgov.cases.words import ACTION_STATES, FREE_TEXTS, NOTICE_KINDS, STATES
from coopgov.cli.schemas import schema_of
from coopgov.testing import CaseHistory, case_histories
from playing import MONDAY, Play, engine, histories

if TYPE_CHECKING:
    from collections.abc import Mapping


def _again(value: Any) -> Any:
    """What is left after a way through a file."""
    return json.loads(json.dumps(value.to_dict(), ensure_ascii=False))


def _valid(name: str, data: Mapping[str, Any]) -> None:
    jsonschema.validate(data, schema_of(name), format_checker=jsonschema.FormatChecker())


def _full() -> Play:
    """A case with everything that a case can have."""
    play = Play(
        engine(
            "escalate: {minor: [pm within 1 day, tech within 2 days]}\ntreat: {minor: 9 days}\nkeep: 9 days"
        )
    )
    play.day("b").event("cause", is_="technical", note="pump").event("assign", to="tech")
    play.event("acknowledge", until=date(2026, 7, 20)).event(
        "agree", action="night-shift", due=date(2026, 8, 1)
    )
    play.event("waive", until=date(2026, 7, 9), reason="known").day("C")
    return play


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=case_histories(histories().rules))
def test_without_loss(history: CaseHistory) -> None:
    """Cases, notices, changes and events come back as they were, and fit their schemas."""
    last: Cases | None = None
    for step in history.run():
        if isinstance(step, Step):
            last = step.cases
            for notice in step.notices:
                assert Notice.from_dict(_again(notice)) == notice
                _valid("notice", _again(notice))
            for change in step.changes:
                assert CaseChange.from_dict(_again(change)) == change
    for event in history.steps:
        if isinstance(event, Event):
            assert Event.from_dict(_again(event)) == event
    if last is not None:
        assert Cases.from_dict(_again(last)) == last
        for case in last:
            _valid("case", _again(case))


def test_a_full_case() -> None:
    """A case with everything fits the schema, and comes back as it was."""
    case = _full().case
    assert Case.from_dict(_again(case)) == case
    _valid("case", _again(case))
    assert isinstance(case.clock, Clock)
    assert isinstance(case.waiver, CaseWaiver)
    assert isinstance(case.actions[0], CaseAction)


EMPTY: dict[str, Any] = {
    "id": "C-e468aa76475b",
    "rule": "late",
    "about": "phase/one",
    "kind": "delay",
    "fired_on": None,
    "deadline": None,
    "round": 0,
    "step": 0,
    "told": [],
    "acknowledged": {},
    "assignee": None,
    "causes": [],
    "actions": [],
    "waived_until": None,
    "inhibited_by": None,
    "openings": 0,
    "outcome": None,
    "closed_on": None,
    "clock": None,
    "ladder": [],
    "climbing": False,
    "round_on": None,
    "told_on": None,
    "acknowledged_until": None,
    "treat_by": None,
    "treat_told": False,
    "owed": None,
    "unsaid": False,
    "assignee_told": True,
    "no_data_round": 0,
    "clear_round": 0,
    "waiver": None,
    "cleared": False,
    "closed_severity": None,
    "inhibited_since": None,
    "late": False,
}
"""The fields of a case of which nothing is known but what it is about."""


def test_a_pending_case() -> None:
    """A case that waits for `for` is about something, and nothing else is known of it."""
    assert Play(engine("for: 3 days")).day("b").case.to_dict() == EMPTY | {
        "signal": "pending",
        "handling": "new",
        "state": "pending",
        "severity": "minor",
        "peak": "minor",
        "since": "2026-07-06",
        "revision": 1,
        "says": "B",
        "clock": {"since": "2026-07-06", "paused": 0, "paused_working": 0, "readings": 0, "reading": None},
    }


def test_a_closed_case() -> None:
    """A closed case keeps what happened, and owes nothing to anybody."""
    closed = {"signal": "none", "handling": "closed", "state": "closed"}
    rules = engine("escalate: {minor: [pm within 1 day, tech within 2 days]}\ntreat: {minor: 9 days}")
    play = Play(rules).day("b").event("acknowledge", until=date(2026, 7, 20))
    play.event("waive", until=date(2026, 7, 8), reason="known").day("!")
    play.event("close", outcome="accepted", reason="known")
    assert play.case.to_dict() == EMPTY | closed | {
        "severity": "critical",
        "peak": "critical",
        "since": "2026-07-06",
        "fired_on": "2026-07-06",
        "round": 1,
        "told": ["pm"],
        "openings": 1,
        "outcome": "accepted",
        "closed_on": "2026-07-07",
        "revision": 7,
        "says": "B",
        "round_on": "2026-07-06",
        "told_on": "2026-07-06",
        "waiver": {"until": "2026-07-08", "reason": "known", "by": "pm"},
        "closed_severity": "critical",
    }
    play = Play(rules).days("bUC")
    assert play.case.to_dict() == EMPTY | closed | {
        "severity": "minor",
        "peak": "minor",
        "since": "2026-07-06",
        "fired_on": "2026-07-06",
        "round": 1,
        "told": ["pm"],
        "openings": 1,
        "outcome": "resolved",
        "closed_on": "2026-07-08",
        "revision": 4,
        "says": "C",
        "round_on": "2026-07-06",
        "told_on": "2026-07-06",
        "cleared": True,
        "closed_severity": "minor",
    }


def test_a_case_that_opened_again() -> None:
    """An opening knows nothing of the one before but how often its ladder began."""
    play = Play(engine("escalate: {minor: pm within 1 day}")).days("bb").event("acknowledge")
    assert play.days("Cb").case.to_dict() == EMPTY | {
        "signal": "firing",
        "handling": "new",
        "state": "firing",
        "severity": "minor",
        "peak": "minor",
        "since": "2026-07-09",
        "fired_on": "2026-07-09",
        "deadline": "2026-07-10",
        "round": 2,
        "step": 1,
        "told": ["pm"],
        "openings": 2,
        "revision": 6,
        "says": "B",
        "ladder": [{"to": "pm", "within": "1 day", "by": "2026-07-10"}],
        "climbing": True,
        "round_on": "2026-07-09",
        "told_on": "2026-07-09",
    }


def test_the_schema_has_every_field() -> None:
    """Fields and schema are the same, in the same order; `state` follows `handling`, and the list adds a last one."""
    *case, added = schema_of("case")["properties"]
    assert added == "undeliverable"
    assert case == list(_full().case.to_dict())
    assert [name for name in case if name != "state"] == [each.name for each in fields(Case)]
    assert list(schema_of("notice")["properties"]) == [each.name for each in fields(Notice)]


def test_the_schema_has_every_word() -> None:
    """The words of the code are those of the schemas."""
    assert schema_of("case")["properties"]["state"]["enum"] == list(STATES)
    assert schema_of("notice")["properties"]["kind"]["enum"] == list(NOTICE_KINDS)
    assert schema_of("case")["$defs"]["action"]["properties"]["state"]["enum"] == list(ACTION_STATES)


@pytest.mark.parametrize(
    "wrong",
    [{"state": "odd"}, {"severity": "bad"}, {"openings": -1}, {"id": "C-1"}, {"odd": 1}, {"since": "soon"}],
)
def test_the_schema_refuses(wrong: dict[str, object]) -> None:
    """What is no case does not fit."""
    with pytest.raises(jsonschema.ValidationError):
        _valid("case", {**_again(_full().case), **wrong})


def test_older_json() -> None:
    """A field that an older version did not write has its default; one that it does not know is ignored."""
    data = _again(_full().case)
    del data["late"], data["unsaid"]
    assert Case.from_dict({**data, "newer": 1}) == replace(_full().case, late=False, unsaid=False)


def test_an_event_says_only_what_it_has() -> None:
    """The JSON of an event has no empty fields, and `is` without an underscore."""
    event = Event(on=MONDAY, case="late@phase/one", event="cause", is_="technical")
    assert event.to_dict() == {
        "on": "2026-07-06",
        "case": "late@phase/one",
        "event": "cause",
        "is": "technical",
    }


def test_free_texts_are_named() -> None:
    """Free text is under the keys that `FREE_TEXTS` names, so that a store can redact it."""
    play = _full()
    play.event("drop", action="night-shift", reason="secret-1", note="secret-2")
    play.event("close", outcome="accepted", reason="secret-3")
    found: set[str] = set()

    def walk(value: Any, key: str) -> None:
        if isinstance(value, dict):
            for name, item in value.items():
                walk(item, name)
        elif isinstance(value, list):
            for item in value:
                walk(item, key)
        elif isinstance(value, str) and ("secret" in value or value in ("known", "pump")):
            found.add(key)

    for step in play.steps:
        for change in step.changes:
            walk(_again(change), "")
    walk(_again(play.case), "")
    assert found <= set(FREE_TEXTS)
    assert found == {"reason", "note"}
