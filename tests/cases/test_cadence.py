"""When something is due again: cycles of months from a month's end, and what falls due on a day off."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coopgov import assess, backtest, load_agreement, load_rules
from coopgov.cli import main
from coopgov.facts import derive
from coopgov.model import Agreement, build_agreement, calendar_of
from coopgov.testing import agreements

CASES = Path(__file__).parent
PILOT = CASES.parents[1] / "examples" / "pilot" / "agreement.yaml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def agreement(start: str = "2026-01-05", end: str = "2027-12-31", **more: Any) -> Agreement:
    """An agreement with a term, and what else is given."""
    base = {"coopgov": "agreement/1", "id": "a", "title": "A", "currency": "CNY", "parties": [{"id": "p"}]}
    return build_agreement({**base, "term": {"start": start, "end": end}, **more})


def due(every: str, *held: str, as_of: date = date.max, **more: Any) -> date | None:
    """The day by which a meeting, a body and a KPI that were held or read on these days are due: one for all three."""
    series = {"every": every, "held": held}
    readings = [{"on": day, "value": 1} for day in dict.fromkeys(held)]
    made = agreement(
        meetings=[{"id": "m", **series}],
        team={"bodies": [{"id": "b", **series}]},
        kpis=[{"id": "k", "every": every, "readings": readings}],
        **more,
    )
    known = derive(made, as_of)
    found = {known.value("meeting/m", "next_due"), known.value("body/b", "next_due")}
    assert found == {known.value("kpi/k", "next_reading_due")}
    day: date | None = found.pop()
    return day


def test_what_is_held_at_each_months_end_is_never_missed(capsys: pytest.CaptureFixture[str]) -> None:
    """The meeting and the readings of the last day of each month are on time on every day."""
    path = CASES / "15-month-ends" / "agreement.yaml"
    history = backtest(load_agreement(path), first=date(2026, 1, 5), last=date(2026, 6, 5))
    assert {one.rule for one in history.episodes}.isdisjoint({"meeting-missed", "reading-overdue"})
    assert main(["backtest", str(path), "--from", "2026-01-05", "--to", "2026-06-05"]) == 0
    assert "missed" not in capsys.readouterr().out


def test_after_the_last_one_it_is_missed_from_the_day_after_the_next_months_end() -> None:
    """Nothing is held in June: the meeting and the reading are due on 30 June."""
    known = load_agreement(CASES / "15-month-ends" / "agreement.yaml")
    late = {"meeting-missed@meeting/m", "reading-overdue@kpi/k"}
    for day, expected in ((date(2026, 6, 30), set()), (date(2026, 7, 1), late)):
        assert late & {one.id for one in assess(known, as_of=day).warnings} == expected


def test_what_falls_due_on_a_holiday_is_due_on_the_next_working_day() -> None:
    """A week after 24 April is a holiday, a Friday: due on Monday, missed from Tuesday."""
    known = load_agreement(CASES / "16-due-on-a-day-off" / "agreement.yaml")
    history = backtest(known, first=date(2026, 4, 24), last=date(2026, 5, 10))
    missed = [one for one in history.episodes if one.id == "meeting-missed@meeting/m"]
    assert [(one.first, one.last) for one in missed] == [(date(2026, 5, 5), date(2026, 5, 10))]
    assert derive(known, date(2026, 5, 10)).value("meeting/m", "next_due") == date(2026, 5, 4)


def test_the_pilot_on_30_june() -> None:
    """The review of 30 April was due on 1 June, the first steering committee on 6 April; both after a Sunday."""
    found = {one.id: one for one in assess(load_agreement(PILOT), as_of=date(2026, 6, 30)).warnings}
    review, steering = found["meeting-missed@meeting/review"], found["body-not-met@body/steering"]
    assert review.measure is not None
    assert steering.measure is not None
    assert (review.measure.value, steering.measure.value) == (29, 85)
    days = [
        next(each.figure.text for each in one.evidence if each.fact == "next_due")
        for one in (review, steering)
    ]
    assert days == ["2026-06-01", "2026-04-06"]


@pytest.mark.parametrize(
    ("every", "held", "expected"),
    [
        ("1 month", "2026-01-30", "2026-03-02"),  # 28 February is a Saturday
        ("1 month", "2026-02-27", "2026-03-27"),  # the last working day of a month is not its last day
        ("1 month", "2026-02-28", "2026-03-31"),
        ("1 month", "2026-04-30", "2026-06-01"),  # 31 May is a Sunday
        ("1 month", "2026-11-30", "2026-12-31"),
        ("3 months", "2026-06-30", "2026-09-30"),
        ("3 months", "2026-02-28", "2026-06-01"),
        ("2 months", "2026-12-31", "2027-03-01"),  # 28 February 2027 is a Sunday
        ("12 months", "2026-02-28", "2027-03-01"),
        ("4 weeks", "2026-01-31", "2026-03-02"),
        ("30 days", "2026-04-30", "2026-06-01"),
        ("28 days", "2026-02-28", "2026-03-30"),  # days are no months: from a month's end, too
        ("3 working days", "2026-04-30", "2026-05-05"),
        ("1 working day", "2026-05-02", "2026-05-04"),
        ("7 days", "2025-12-31", "2026-01-12"),  # held before the term: the term began on 5 January
        ("24 months", "2025-12-31", "2027-12-31"),  # the first cycle ends after the term
        ("24 months", "2026-01-06", None),  # a later one does: not due any more
        ("999999 months", "2025-01-31", "2027-12-31"),  # beyond the year 9999, and so after the term
        ("999999 working days", "2026-01-06", None),
    ],
)
def test_due_days(every: str, held: str, expected: str | None) -> None:
    """Cycles in each unit, of meetings, bodies and readings alike."""
    assert due(every, held) == (expected and date.fromisoformat(expected))


@pytest.mark.parametrize(
    ("held", "expected"),
    [("2027-02-28", "2028-02-29"), ("2028-02-28", "2029-02-28"), ("2028-02-29", "2029-02-28"), ("2031-02-28",
     "2032-03-01")],
)  # fmt: skip
def test_years_from_the_end_of_february(held: str, expected: str) -> None:
    """From the last of February a year leads to the last of February; 29 February 2032 is a Sunday."""
    made = agreement(end="2040-12-31", meetings=[{"id": "m", "every": "12 months", "held": [held]}])
    assert derive(made, date(2035, 1, 1)).value("meeting/m", "next_due") == date.fromisoformat(expected)


def test_a_term_that_begins_at_a_months_end_counts_from_there() -> None:
    """The start of the term is as good as a day on which it was held."""
    made = agreement("2026-02-28", meetings=[{"id": "m", "every": "1 month"}])
    assert derive(made, date(2026, 3, 1)).value("meeting/m", "next_due") == date(2026, 3, 31)


def test_before_the_term_nothing_is_missed() -> None:
    """The first session is due a cycle after the term begins, whatever the day of the assessment."""
    made = agreement(meetings=[{"id": "m", "every": "1 week"}])
    assert derive(made, date(2025, 1, 1)).value("meeting/m", "next_due") == date(2026, 1, 12)
    assert "meeting-missed@meeting/m" not in {one.id for one in assess(made, as_of=date(2025, 1, 1)).warnings}


def test_a_term_that_ends_on_a_day_off() -> None:
    """What is due with the end of the term, on a Sunday, is due on the Monday after it."""
    made = agreement(end="2026-05-31", meetings=[{"id": "m", "every": "12 months"}])
    assert derive(made, date(2026, 6, 1)).value("meeting/m", "next_due") == date(2026, 6, 1)


def test_only_what_is_seen_counts() -> None:
    """A session after the date of the assessment starts no cycle yet."""
    assert due("1 month", "2026-01-31", "2026-02-28", as_of=date(2026, 2, 27)) == date(2026, 3, 2)
    assert due("1 month", "2026-01-31", "2026-02-28", as_of=date(2026, 2, 28)) == date(2026, 3, 31)


def test_working_weekends_and_weekends_of_its_own() -> None:
    """A Saturday that is worked is not a day off, and a Friday may be one."""
    assert due("1 month", "2026-01-31", calendar={"working": ["2026-02-28"]}) == date(2026, 2, 28)
    assert due("1 week", "2026-05-01", calendar={"weekend": ["friday", "saturday"]}) == date(2026, 5, 10)


def test_official_days_of_a_country() -> None:
    """Two weeks after 21 September is in the National Day holidays of China: due when they end."""
    made: dict[str, Any] = {
        "calendar": {"country": "CN"},
        "meetings": [{"id": "m", "every": "2 weeks", "held": ["2025-09-17"]}],
    }
    known = derive(agreement("2025-01-01", **made), date(2025, 12, 1))
    assert known.value("meeting/m", "next_due") == date(2025, 10, 9)


def test_no_working_day_is_left_in_the_calendar() -> None:
    """At the very end of the calendar nobody can say when it is due: out of range, and not fine."""
    off = [date.max - timedelta(days) for days in range(5)]
    made = agreement(
        "9999-12-01", "9999-12-31", calendar={"holidays": off}, meetings=[{"id": "m", "every": "29 days"}]
    )
    assert derive(made, date.max).value("meeting/m", "next_due") is None
    undetermined = {
        (one.about, one.missing): one.because for one in assess(made, as_of=date.max).undetermined
    }
    assert undetermined["meeting/m", ("next_due",)] == "out of range"


def test_a_baseline_at_a_months_end_starts_a_cycle() -> None:
    """The day of the baseline counts as a reading, and readings outweigh it."""
    kpi = {"id": "k", "every": "1 month", "baseline": {"value": 1, "on": "2026-02-28"}}
    for readings, expected in (
        ([], date(2026, 3, 31)),
        ([{"on": "2026-03-30", "value": 2}], date(2026, 4, 30)),
    ):
        known = derive(agreement(kpis=[{**kpi, "readings": readings}]), date(2026, 12, 31))
        assert known.value("kpi/k", "next_reading_due") == expected


def test_a_host_gives_the_day_itself() -> None:
    """In flat records nothing is moved: a Sunday is a Sunday."""
    check = load_rules("cooperation-plan").checker("meeting")
    hits, _ = check({"next_due": date(2026, 5, 31)}, as_of=date(2026, 6, 1))
    assert hits == [("meeting-missed", "minor", 1, 0)]


_EVERY = st.builds(
    lambda count, unit: f"{count} {unit}",
    st.integers(1, 40),
    st.sampled_from(["days", "weeks", "working days", "months"]),
)
_CALENDARS = st.fixed_dictionaries(
    {
        "weekend": st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=6),
        "holidays": st.lists(st.dates(date(2026, 1, 1), date(2029, 1, 1)), max_size=20),
    }
)


@given(_EVERY, _CALENDARS)
def test_a_series_held_on_its_due_days_is_never_missed(every: str, days_off: dict[str, Any]) -> None:
    """Each due day is a working day after the last one, and on it nothing is overdue yet; the day after, it is."""
    held: list[date] = []
    worked = calendar_of(agreement(calendar=days_off))
    for _ in range(4):
        series = {"id": "m", "every": every, "held": list(held)}
        made = agreement(end="2099-12-31", calendar=days_off, meetings=[series])
        day = derive(made, date.max).value("meeting/m", "next_due")
        assert worked.is_working(day)
        assert day > (held[-1] if held else made.term.start)
        assert derive(made, day).value("meeting/m", "overdue") == 0
        assert derive(made, day + timedelta(1)).value("meeting/m", "overdue") == 1
        held.append(day)


@given(st.integers(1, 24), st.integers(0, 200), _CALENDARS)
def test_a_series_held_at_ends_of_months_is_never_missed(
    months: int, first: int, days_off: dict[str, Any]
) -> None:
    """Whichever month it begins in, however many months apart, on whatever days off."""
    index = [2026 * 12 + first + months * number for number in range(4)]
    ends = [date(n // 12, n % 12 + 1, calendar.monthrange(n // 12, n % 12 + 1)[1]) for n in index]
    for day, following in pairwise(ends):
        series = {"id": "m", "every": f"{months} months", "held": [day]}
        made = agreement(end="2099-12-31", calendar=days_off, meetings=[series])
        assert derive(made, following).value("meeting/m", "overdue") == 0


@given(agreements(days=st.dates(date(2026, 1, 1), date(2027, 12, 31))), st.data())
def test_what_is_due_is_never_due_on_a_day_off(made: Agreement, data: st.DataObject) -> None:
    """Of any agreement, on any day."""
    assume(made.meetings or made.kpis or made.team.bodies)
    known = derive(made, data.draw(st.dates(date(2026, 1, 1), date(2027, 12, 31))))
    names = {"meeting": "next_due", "body": "next_due", "kpi": "next_reading_due"}
    for about, name in names.items():
        for subject in known.subjects[about]:
            day = subject.record[name]
            assert day is None or known.calendar.is_working(day)
