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
