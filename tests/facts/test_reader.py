"""Facts on one day after another: the same as when they are read on that day alone."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov.facts import derive
from coopgov.facts.derive import facts_of, reader_of
from coopgov.facts.reader import Reader
from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.testing import agreements
from pilot import pilot
from work import calls_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.facts.subject import Subject
    from coopgov.model import Agreement

FIRST = date(2026, 1, 1)
DAYS = st.dates(FIRST, FIRST + timedelta(30))
LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)


def flat(subjects: Mapping[str, tuple[Subject, ...]]) -> dict[str, Any]:
    """The facts of all subjects by their ids; records are replaced by the ids of their subjects."""
    names = {id(one.record): one.id for group in subjects.values() for one in group}

    def shown(value: Any) -> Any:
        if isinstance(value, list):
            return [shown(each) for each in value]
        return names.get(id(value), "a subject that is not there") if isinstance(value, dict) else value

    return {
        one.id: ({name: shown(value) for name, value in one.record.items()}, one.places, one.path)
        for group in subjects.values()
        for one in group
    }


@LOOSE
@given(agreements(days=DAYS) | agreements(days=DAYS, strict=False), st.data())
def test_facts_of_a_later_day_are_those_of_that_day(agreement: Agreement, data: st.DataObject) -> None:
    """Base facts, their places, collections and what is undated, on every day and after any gap."""
    reader = reader_of(agreement, default_catalogue(), FIRST - timedelta(3))
    before: dict[int, Any] = {}
    until: dict[int, int] = {}
    steps = data.draw(st.lists(st.sampled_from([1, 1, 1, 2, 9]), max_size=30))
    for step in steps:
        reader.advance(reader.as_of + timedelta(step))
        facts, alone = facts_of(reader), derive(agreement, reader.as_of)
        assert list(facts.subjects) == list(alone.subjects)
        assert [one.id for one in facts] == [one.id for one in alone]
        now = flat(facts.subjects)
        assert now == flat(alone.subjects)
        assert set(facts.undated) == set(alone.undated)
        for one in facts:
            known = {k: v for k, v in now[one.id][0].items() if k not in todays(reader, one)}
            if until.get(id(one.record), 0) > reader.as_of.toordinal():
                assert {name: known.get(name) for name in before[id(one.record)]} == before[id(one.record)]
            before[id(one.record)] = known
            until[id(one.record)] = reader.until.get(id(one.record), date.max.toordinal())


def todays(reader: Reader, one: Subject) -> list[str]:
    """The facts of a subject that are the date itself."""
    return reader.todays.get(id(one.record), ({}, []))[1]


def test_a_quiet_day_reads_nothing_again() -> None:
    """Only subjects are read again of which something is different on that day."""
    reader = reader_of(pilot(), default_catalogue(), date(2026, 1, 1))
    quiet = 0
    for day in (date(2026, 1, 2) + timedelta(passed) for passed in range(365)):
        expected = sum(until == day.toordinal() for until in reader.until.values())
        read = calls_of(partial(reader.advance, day), Reader._read)
        assert read <= 2 * expected  # with one that is new
        quiet += not read
    assert quiet > 200
