"""Working days, counted and added."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import AgreementError
from coopgov.model import (
    WorkingCalendar,
    build_agreement,
    calendar_of,
    months_after,
    parse_agreement,
    span_after,
)
from coopgov.schema import Span
from coopgov.testing.strategies.scalars import days

BASE = (
    "coopgov: agreement/1\nid: a\ntitle: A\ncurrency: CNY\nparties: [{id: p}]\nterm: {start: "
    "2026-01-05, end: 2026-12-31}\n"
)
near = st.dates(date(2026, 1, 1), date(2026, 4, 1))
calendars = st.builds(
    WorkingCalendar,
    st.frozensets(st.integers(0, 6), max_size=6),
    st.frozensets(near, max_size=30),
    st.frozensets(near, max_size=10),
)


def test_two_working_days_after_tuesday_is_thursday() -> None:
    """Weekends and holidays do not count."""
    calendar = WorkingCalendar(holidays=frozenset({date(2026, 1, 12)}))
    assert calendar.add(date(2026, 1, 6), 2) == date(2026, 1, 8)
    assert calendar.add(date(2026, 1, 9), 1) == date(2026, 1, 13)
    assert calendar.add(date(2026, 1, 13), -1) == date(2026, 1, 9)
    assert calendar.add(date(2026, 1, 10), 0) == date(2026, 1, 10)
    assert calendar.count(date(2026, 1, 6), date(2026, 1, 8)) == 2
    assert calendar.count(date(2026, 1, 8), date(2026, 1, 6)) == -2


def test_working_weekends_count() -> None:
    """A Saturday named as working is worked."""
    calendar = WorkingCalendar(working=frozenset({date(2026, 2, 14)}))
    assert calendar.is_working(date(2026, 2, 14))
    assert not calendar.is_working(date(2026, 2, 15))
    assert calendar.count(date(2026, 2, 13), date(2026, 2, 16)) == 2


@given(calendars, near, near)
def test_counting_agrees_with_looking_at_each_day(calendar: WorkingCalendar, start: date, end: date) -> None:
    """`count(a, b)` is the number of working days in (a, b]."""
    low, high = min(start, end), max(start, end)
    looked = sum(calendar.is_working(low + timedelta(step)) for step in range(1, (high - low).days + 1))
    assert calendar.count(start, end) == (looked if start <= end else -looked)


@given(calendars, near, st.integers(1, 400))
def test_adding_lands_on_the_first_day_that_counts(calendar: WorkingCalendar, day: date, number: int) -> None:
    """The day found is worked, and so many working days away, in both directions."""
    after, before = calendar.add(day, number), calendar.add(day, -number)
    assert calendar.is_working(after)
    assert calendar.is_working(before)
    assert calendar.count(day, after) == number
    assert calendar.count(before - timedelta(1), day - timedelta(1)) == number


def test_a_calendar_without_working_days_is_refused() -> None:
    """Seven days of weekend leave nothing to count, as a value and in a file."""
    with pytest.raises(ValueError, match="seven days"):
        WorkingCalendar(frozenset(range(7)))
    with pytest.raises(AgreementError, match="no-working-day"):
        parse_agreement(
            BASE + "calendar: {weekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]}"
        )


def test_time_ends_with_the_year_9999() -> None:
    """Days outside the calendar are an overflow, as in the standard library."""
    with pytest.raises(OverflowError):
        WorkingCalendar().add(date(9999, 12, 30), 5)
    with pytest.raises(OverflowError):
        WorkingCalendar().add(date(1, 1, 2), -5)
    with pytest.raises(OverflowError):
        months_after(date(9999, 12, 1), 1)


@given(days, st.integers(-500, 500))
def test_months_keep_the_day_where_they_can(day: date, count: int) -> None:
    """A month step lands in the right month, on the same day or the month's last."""
    after = months_after(day, count)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == count
    assert after.day == day.day or (after.day < day.day and (after + timedelta(1)).day == 1)


def test_spans_step_in_their_own_unit() -> None:
    """Several months are one step from the start, so the 31st comes back."""
    calendar = WorkingCalendar()
    assert span_after(date(2026, 1, 31), Span(1, "months"), calendar) == date(2026, 2, 28)
    assert span_after(date(2026, 1, 31), Span(1, "months"), calendar, 2) == date(2026, 3, 31)
    assert span_after(date(2026, 1, 9), Span(2, "working days"), calendar) == date(2026, 1, 13)
    assert span_after(date(2026, 1, 9), Span(14, "days"), calendar, -1) == date(2025, 12, 26)
    assert span_after(date(2026, 1, 9), Span(2, "hours"), calendar) == date(2026, 1, 9)


def test_an_agreement_has_its_own_calendar() -> None:
    """Weekend, holidays and working days come from the agreement; the default weekend is Saturday and Sunday."""
    calendar = calendar_of(
        parse_agreement(BASE + "calendar: {weekend: [friday], holidays: [2026-05-01], working: [2026-05-08]}")
    )
    assert calendar == WorkingCalendar(
        frozenset({4}), frozenset({date(2026, 5, 1)}), frozenset({date(2026, 5, 8)})
    )
    assert calendar_of(parse_agreement(BASE)) == WorkingCalendar()


def test_a_day_is_a_holiday_or_worked() -> None:
    """The same day in both lists is a contradiction."""
    with pytest.raises(AgreementError, match="holiday-and-working"):
        parse_agreement(BASE + "calendar: {holidays: [2026-05-01], working: [2026-05-01]}")


def test_official_days_need_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the optional library, the error says what to install."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    agreement = parse_agreement(BASE + "calendar: {country: FI}", "a.yaml")
    with pytest.raises(AgreementError) as caught:
        calendar_of(agreement)
    assert str(caught.value) == (
        'a.yaml:7:21: missing-library: found the country "FI", expected the library holidays, '
        "which knows official days; "
        'pip install "coopgov[calendars]"\n'
        "    calendar: {country: FI}\n"
        "                        ^^"
    )


def test_official_days_and_working_weekends_are_added() -> None:
    """China works some weekends; the agreement's own lists outweigh the official days."""
    pytest.importorskip("holidays")
    own = {"country": "CN", "working": ["2026-10-01"], "holidays": ["2026-10-10"]}
    mapping = {"coopgov": "agreement/1", "id": "a", "title": "A", "currency": "CNY", "parties": [{"id": "p"}]}
    term = {"start": "2026-01-05", "end": "2026-12-31"}
    calendar = calendar_of(build_agreement({**mapping, "term": term, "calendar": own}))
    assert not calendar.is_working(date(2026, 10, 2))
    assert calendar.is_working(date(2026, 10, 1))
    assert not calendar.is_working(date(2026, 10, 10))
    assert calendar.is_working(date(2026, 2, 14))


def test_an_unknown_country_is_reported() -> None:
    """A country that the library does not know is a fault, not an empty calendar."""
    pytest.importorskip("holidays")
    with pytest.raises(AgreementError, match="unknown-country"):
        calendar_of(parse_agreement(BASE + "calendar: {country: XX}"))
