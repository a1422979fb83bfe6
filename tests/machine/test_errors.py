"""What the machine refuses: days, events, other agreements; and each error in three languages."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

from coopgov import (
    Agreement,
    ArgumentError,
    CaseChange,
    CaseError,
    Cases,
    DayBeforeLastError,
    Engine,
    Event,
    GapError,
    Place,
    RefusedEventError,
    Step,
    UnknownCaseError,
    advance,
    answer,
    assess,
    build_agreement,
    catch_up,
    parse_rules,
    replay,
)

RULES = """
coopgov: rules/1
pack: small
version: 1.0.0
rules:
  - id: late
    about: phase
    kind: delay
    title: Late
    message: Late.
    measure: delay
    bands: {minor: above 0 days}
"""
MONDAY = date(2026, 7, 6)
LATE, LATER = "late@phase/one", date(2026, 8, 3)


@cache
def engine() -> Engine:
    """An engine of one rule."""
    return Engine(parse_rules(RULES))


@cache
def agreement(name: str = "small") -> Agreement:
    """An agreement whose phase is late from Tuesday on."""
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": name,
            "title": "Small",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2026-12-31"},
            "parties": [{"id": "port", "name": "Port"}],
            "team": {"members": [{"id": "pm", "name": "PM", "party": "port", "role": "project-manager"}]},
            "phases": [
                {
                    "id": "one",
                    "name": "One",
                    "planned": {"start": "2026-06-01", "end": "2026-07-06"},
                    "actual": {"start": "2026-06-01"},
                }
            ],
        }
    )


def _caught(to: date, *events: Event) -> Step:
    return catch_up(Cases.begin("small", MONDAY), agreement(), engine(), to=to, events=events)


def _advance(cases: Cases, day: date) -> Step:
    return advance(cases, assess(agreement(), engine(), as_of=day), agreement=agreement(), rules=engine())


class TestDays:
    """Exactly the day after the last one."""

    def test_a_gap(self) -> None:
        """A day that was left out is refused, with the one that follows."""
        for cases, day, expected in (
            (Cases.begin("small", MONDAY), date(2026, 7, 7), MONDAY),
            (_caught(MONDAY).cases, date(2026, 7, 8), date(2026, 7, 7)),
        ):
            with pytest.raises(GapError) as refused:
                _advance(cases, day)
            assert (refused.value.day, refused.value.next) == (day, expected)
        assert str(refused.value) == (
            "gap: found 2026-07-08, expected 2026-07-07, the day after the last day seen; catch_up goes day by day"
        )

    def test_before_the_last(self) -> None:
        """A day that was seen is never judged again; nor is one before the first."""
        for cases, day, last in (
            (Cases.begin("small", MONDAY), date(2026, 7, 5), MONDAY),
            (_caught(date(2026, 7, 8)).cases, date(2026, 7, 7), date(2026, 7, 9)),
        ):
            with pytest.raises(DayBeforeLastError) as refused:
                _advance(cases, day)
            assert (refused.value.day, refused.value.last) == (day, last)
        for cases, day, last in (
            (Cases.begin("small", MONDAY), date(2026, 7, 5), MONDAY),
            (_caught(date(2026, 7, 8)).cases, date(2026, 7, 7), date(2026, 7, 8)),
        ):
            with pytest.raises(DayBeforeLastError) as refused:
                catch_up(cases, agreement(), engine(), to=day)
            assert (refused.value.day, refused.value.last) == (day, last)

    def test_the_last_again(self) -> None:
        """The last day again changes nothing, even if the agreement has changed since."""
        cases = _caught(date(2026, 7, 8)).cases
        assert _advance(cases, date(2026, 7, 8)) == Step(cases)
        assert catch_up(cases, agreement(), engine(), to=date(2026, 7, 8)) == Step(cases)

    def test_day_by_day(self) -> None:
        """`catch_up` is `advance` for each day."""
        cases, notices = Cases.begin("small", MONDAY), list[object]()
        for passed in range(4):
            step = _advance(cases, MONDAY + timedelta(passed))
            cases = step.cases
            notices += step.notices
        once = _caught(date(2026, 7, 9))
        assert (once.cases, list(once.notices)) == (cases, notices)
        assert [case.fired_on for case in cases] == [date(2026, 7, 7)]
        assert cases.last == date(2026, 7, 9)


class TestEvents:
    """Events of `catch_up`, on their days."""

    ACKNOWLEDGED = Event(on=date(2026, 7, 7), case=LATE, event="acknowledge", by="pm")

    def test_after_the_assessment_of_their_day(self) -> None:
        """A case can be answered on the day on which it fires."""
        assert _caught(date(2026, 7, 7), self.ACKNOWLEDGED).cases.find(LATE).state == "acknowledged"

    def test_of_the_last_day_seen(self) -> None:
        """Events of the day that was seen last come first."""
        cases = _caught(date(2026, 7, 7)).cases
        for to in (date(2026, 7, 7), date(2026, 7, 9)):
            step = catch_up(cases, agreement(), engine(), to=to, events=[self.ACKNOWLEDGED])
            assert step.cases.find(LATE).state == "acknowledged"

    def test_in_the_order_of_their_days(self) -> None:
        """Events are sorted by day; those of one day stay in their order."""
        later = Event(on=date(2026, 7, 8), case=LATE, event="assign", to="pm", by="pm")
        step = _caught(date(2026, 7, 9), later, self.ACKNOWLEDGED)
        events = [change.what for change in step.changes if change.event is not None]
        assert events == ["acknowledge", "assign"]
        assert replay(step.changes) == step.cases

    @pytest.mark.parametrize("on", [date(2026, 7, 9), date(2026, 7, 12)])
    def test_of_a_later_day(self, on: date) -> None:
        """An event that is dated after the last day is refused."""
        with pytest.raises(RefusedEventError):
            _caught(date(2026, 7, 8), replace(self.ACKNOWLEDGED, on=on))

    def test_of_an_earlier_day(self) -> None:
        """An event of a day before the last day seen is refused."""
        cases = _caught(date(2026, 7, 8)).cases
        with pytest.raises(RefusedEventError):
            catch_up(cases, agreement(), engine(), to=date(2026, 7, 9), events=[self.ACKNOWLEDGED])

    def test_unknown_cases(self) -> None:
        """A case that does not exist, with the nearest one that does."""
        with pytest.raises(UnknownCaseError) as refused:
            _caught(date(2026, 7, 7), replace(self.ACKNOWLEDGED, case="late@phase/on"))
        assert str(refused.value) == (
            'unknown-case: found the case "late@phase/on", expected the id of a case, or rule@subject of one; '
            'did you mean "late@phase/one"?'
        )

    def test_one_event(self) -> None:
        """`answer` applies an event of the last day seen."""
        cases = _caught(date(2026, 7, 7)).cases
        step = answer(cases, self.ACKNOWLEDGED, agreement=agreement(), rules=engine())
        assert step.cases.find(LATE).state == "acknowledged"
        assert [change.what for change in step.changes] == ["acknowledge"]


class TestArguments:
    """Other agreements, other rules."""

    def test_another_agreement(self) -> None:
        """Cases, assessment and agreement are of one agreement."""
        other, day = agreement("other"), MONDAY
        cases = Cases.begin("small", MONDAY)
        assessment = assess(other, engine(), as_of=day)
        with pytest.raises(ArgumentError, match="assessment"):
            advance(cases, assessment, agreement=agreement(), rules=engine())
        with pytest.raises(ArgumentError, match="assessment"):
            advance(cases, assess(agreement(), engine(), as_of=day), agreement=other, rules=engine())
        with pytest.raises(ArgumentError, match="expected the agreement whose cases these are"):
            catch_up(cases, other, engine(), to=day)
        with pytest.raises(ArgumentError, match="expected the agreement whose cases these are"):
            answer(_caught(date(2026, 7, 7)).cases, TestEvents.ACKNOWLEDGED, agreement=other, rules=engine())

    def test_other_rules(self) -> None:
        """The assessment is by the rules that are given."""
        other = parse_rules(RULES.replace("0 days", "1 day"))
        assessment = assess(agreement(), other, as_of=MONDAY)
        with pytest.raises(ArgumentError, match="rules"):
            advance(Cases.begin("small", MONDAY), assessment, agreement=agreement(), rules=engine())

    def test_unknown_events(self) -> None:
        """There are twelve events."""
        event = replace(TestEvents.ACKNOWLEDGED, event="acknowlege")  # type: ignore[arg-type]
        with pytest.raises(ArgumentError, match='did you mean "acknowledge"'):
            answer(_caught(date(2026, 7, 7)).cases, event, agreement=agreement(), rules=engine())

    @pytest.mark.parametrize("wrong", [None, [], "small"])
    def test_wrong_types(self, wrong: object) -> None:
        """What is no value of cases is refused by name."""
        with pytest.raises(ArgumentError, match="cases"):
            catch_up(wrong, agreement(), engine(), to=MONDAY)  # type: ignore[arg-type]
        with pytest.raises(ArgumentError, match="event"):
            answer(_caught(MONDAY).cases, wrong, agreement=agreement(), rules=engine())  # type: ignore[arg-type]


class TestRules:
    """Rules that change between two days."""

    def test_changed_rules(self) -> None:
        """The next day is judged by the new ones; that is in the log, and no error."""
        cases = _caught(date(2026, 7, 7)).cases
        milder = parse_rules(RULES.replace("above 0 days", "above 9 days"))
        step = catch_up(cases, agreement(), milder, to=date(2026, 7, 8))
        assert [change.what for change in step.changes] == ["rules-changed", "closed", "day"]
        assert dict(step.changes[0].fields) == {"rules": milder.digest}
        assert step.cases.rules == milder.digest
        assert "rules-changed" not in [change.what for change in _caught(date(2026, 7, 8)).changes]


class TestReplay:
    """Logs that cannot be replayed."""

    def test_without_a_beginning(self) -> None:
        """A log begins with the first day."""
        changes = _caught(date(2026, 7, 7)).changes
        for log in (list[CaseChange](), [*changes[1:]]):
            with pytest.raises(CaseError, match="from the first day on"):
                replay(log)
        with pytest.raises(CaseError, match="a log without a day"):
            replay(changes, to=date(2026, 7, 5))

    def test_to_a_day(self) -> None:
        """The last day that counts is the one asked for: its changes count, those of the next day do not."""
        changes = _caught(date(2026, 7, 8), TestEvents.ACKNOWLEDGED).changes
        for on in (MONDAY, date(2026, 7, 7), date(2026, 7, 8)):
            assert replay(changes, to=on).last == on
        assert replay(changes, to=MONDAY).cases == ()
        assert replay(changes, to=date(2026, 7, 7)).find(LATE).state == "acknowledged"
        assert replay(changes, to=LATER) == replay(changes)


GOLDEN = {
    "zh-Hans": "unknown-case: 实际为事项“x”，应为事项的编号，或某事项的 rule@subject",
    "zh-Hant": "unknown-case: 實際為事項「x」，應為事項的編號，或某事項的 rule@subject",
}


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_other_languages(language: str) -> None:
    """Errors have a text in each language."""
    assert UnknownCaseError("x").in_language(language) == GOLDEN[language]


def test_an_error_with_its_place() -> None:
    """An error of an events file has a place; a copy of it, and a pickle, has all its facts."""
    with pytest.raises(RefusedEventError) as refused:
        _caught(date(2026, 7, 7), Event(on=date(2026, 7, 7), case=LATE, event="reopen", by="pm", reason="x"))
    located = refused.value.at(Place("events.yaml", 3, 5))
    assert str(located).startswith("events.yaml:3:5: refused-event: found reopen of C-")
    again = pickle.loads(pickle.dumps(located))  # noqa: S301  # made here
    assert (str(again), again.possible, again.state) == (str(located), located.possible, "firing")
    assert refused.value.place is None
