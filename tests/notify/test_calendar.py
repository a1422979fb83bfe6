"""Calendars: events of whole days that calendars read, the same bytes for the same data."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import assess, load_agreement, load_rules
from coopgov.cases.answer import answer
from coopgov.cases.cases import Cases
from coopgov.cases.catch_up import catch_up
from coopgov.cases.event import Event
from coopgov.errors import UnknownNameError
from coopgov.notify import calendar_text
from coopgov.notify.ics import DayEvent, calendar_of_events, uid

if TYPE_CHECKING:
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

icalendar = pytest.importorskip("icalendar", reason="needs icalendar: pip install icalendar")

DAY = date(2026, 11, 9)


@pytest.fixture(scope="module")
def pilot() -> Agreement:
    """The pilot."""
    return load_agreement("examples/pilot/agreement.yaml")


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """The shipped pack."""
    return load_rules()


@pytest.fixture(scope="module")
def cases(pilot: Agreement, rules: RuleSet) -> Cases:
    """The cases of the pilot on a day."""
    return catch_up(Cases.begin(pilot.id, date(2026, 11, 2)), pilot, rules, to=DAY).cases


def _events(text: str) -> dict[str, Any]:
    """The events by their titles; the file is read by a library of calendars."""
    made = icalendar.Calendar.from_ical(text)
    assert made.errors == []
    events = list(made.walk("VEVENT"))
    assert all(each.errors == [] for each in events)
    return {str(each["SUMMARY"]): each for each in events}


@pytest.mark.parametrize("name", ["pilot", "full", "large"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_calendars_are_read_and_the_same_in_each_run(name: str, language: str, rules: RuleSet) -> None:
    """No line is longer than 75 octets, each event is unique, and a second run gives the same bytes."""
    agreement = load_agreement(f"examples/{name}/agreement.yaml")
    assessment = assess(agreement, rules, as_of=DAY, language=language)
    text = calendar_text(agreement, as_of=DAY, language=language, assessment=assessment)
    again = load_agreement(f"examples/{name}/agreement.yaml")
    assert text == calendar_text(again, as_of=DAY, language=language, assessment=assessment)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert len({str(each["UID"]) for each in events}) == len(events) > 5
    for each in events:
        assert each["DTEND"].dt - each["DTSTART"].dt == timedelta(1)
        assert each["DTSTART"].params["VALUE"] == "DATE"


def test_what_is_met_is_cancelled(pilot: Agreement) -> None:
    """It stays in the file, so that calendars that have it remove it; before it was met, it is confirmed."""
    met = _events(calendar_text(pilot, as_of=DAY))["Due: Resources in place"]
    assert (str(met["STATUS"]), met["SEQUENCE"]) == ("CANCELLED", 1)
    assert met["DTSTAMP"].dt.date() == date(2026, 4, 10)
    before = _events(calendar_text(pilot, as_of=date(2026, 4, 9)))["Due: Resources in place"]
    assert (str(before["STATUS"]), before["SEQUENCE"], before["UID"]) == ("CONFIRMED", 0, met["UID"])


def test_the_next_meeting_moves_when_one_is_held(pilot: Agreement) -> None:
    """One event a series, with the same id, whose sequence counts the meetings that were held."""
    june, july = (
        _events(calendar_text(pilot, as_of=day))["Meet by now: Weekly meeting"]
        for day in (date(2026, 6, 15), date(2026, 6, 30))
    )
    assert (june["DTSTART"].dt, june["SEQUENCE"]) == (date(2026, 6, 22), 2)
    assert (july["DTSTART"].dt, july["SEQUENCE"], july["UID"]) == (date(2026, 7, 6), 4, june["UID"])


def test_deadlines_of_an_assessment(pilot: Agreement, rules: RuleSet) -> None:
    """Who must hear of which warning by when."""
    events = _events(calendar_text(pilot, as_of=DAY, assessment=assess(pilot, rules, as_of=DAY)))
    found = [title for title in events if title.startswith("Answer: Phase late")]
    assert found == [
        "Answer: Phase late (Joint leads (Project manager of the port, Technical liaison of the university))"
    ]
    assert events[found[0]]["DTSTART"].dt == date(2026, 11, 11)


def test_deadlines_of_cases_follow_their_revisions(pilot: Agreement, rules: RuleSet, cases: Cases) -> None:
    """An acknowledged case needs no answer any more: its event is cancelled, and an agreed action has its own."""
    case = cases.find("phase-late@phase/core")
    text = calendar_text(pilot, as_of=DAY, cases=cases, rules=rules, link="https://example.org/{case}")
    (answer_by,) = [
        each for title, each in _events(text).items() if title.startswith("Answer: Phase late: Core")
    ]
    assert (answer_by["DTSTART"].dt, answer_by["SEQUENCE"]) == (case.deadline, case.revision)
    assert str(answer_by["URL"]) == f"https://example.org/{case.id}"
    said = {"on": DAY.isoformat(), "case": case.id, "by": "pm"}
    after = answer(
        cases, Event.from_dict({**said, "event": "acknowledge"}), agreement=pilot, rules=rules
    ).cases
    agreed = {**said, "event": "agree", "action": "night-shift", "owner": "tech", "due": "2026-11-17"}
    after = answer(after, Event.from_dict(agreed), agreement=pilot, rules=rules).cases
    events = _events(calendar_text(pilot, as_of=DAY, cases=after, rules=rules))
    (answered,) = [each for title, each in events.items() if title.startswith("Answer: Phase late: Core")]
    assert str(answered["STATUS"]) == "CANCELLED"
    assert answered["SEQUENCE"] > answer_by["SEQUENCE"]
    closed = answer(
        cases,
        Event.from_dict({**said, "event": "close", "outcome": "accepted", "reason": "known"}),
        agreement=pilot,
        rules=rules,
    ).cases
    events_of_closed = _events(calendar_text(pilot, as_of=DAY, cases=closed, rules=rules)).values()
    (gone,) = [each for each in events_of_closed if each["UID"] == answer_by["UID"]]
    assert str(gone["STATUS"]) == "CANCELLED"
    action = events["Second shift (Technical liaison of the university)"]
    assert (action["DTSTART"].dt, str(action["STATUS"])) == (date(2026, 11, 17), "CONFIRMED")


def test_the_days_of_one_owner(pilot: Agreement) -> None:
    """What belongs to a member, its role or its bodies; a name that nobody has is an error."""
    titles = set(_events(calendar_text(pilot, as_of=DAY, owner="tech")))
    assert "End of task: Interface" in titles
    assert "Meet by now: Steering committee" in titles
    assert "Goal: Customer satisfaction rises from 85 to 92 points." not in titles
    with pytest.raises(UnknownNameError):
        calendar_text(pilot, as_of=DAY, owner="nobody")


@settings(max_examples=150)
@given(
    st.text(max_size=120),
    st.text(max_size=300),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.integers(0, 9),
)
def test_any_text_is_read_back(title: str, said: str, day: date, sequence: int) -> None:
    """Commas, line ends, emoji and control characters neither break a line nor begin a new one."""
    text = calendar_of_events(title, [DayEvent(uid("x"), day, day, title, said, sequence)])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    made = icalendar.Calendar.from_ical(text)
    (event,) = made.walk("VEVENT")
    assert event.errors == []
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (day, sequence)
    if title.isprintable() and title.strip():
        assert str(event["SUMMARY"]) == title
