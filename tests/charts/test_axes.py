"""Axes and glyphs: marks that people would choose, and texts that are never wider than thought."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.charts.axes import Days, Numbers, number_text, steps_between
from coopgov.charts.glyphs import shortened, width_of
from coopgov.safe_text import visible

NUMBERS = st.floats(-1e12, 1e12).map(lambda number: round(number, 3))


@given(NUMBERS, NUMBERS, st.integers(2, 8))
def test_marks_of_numbers_are_round_and_few(one: float, other: float, most: int) -> None:
    """They enclose the values in equal steps of 1, 2 or 5 times a power of ten."""
    low, high = sorted((one, other))
    marks = steps_between(low, high, most)
    room = max(abs(low), abs(high)) * 1e-6 + 1e-9
    assert marks[0] <= low + room
    assert marks[-1] >= high - room
    assert 2 <= len(marks) <= most + 2
    step = (marks[-1] - marks[0]) / (len(marks) - 1)
    assert f"{step:.4e}"[0] in "1259"[:3] + "9"
    assert all(b - a == pytest.approx(step, rel=1e-3) for a, b in pairwise(marks))


def test_a_higher_number_is_higher() -> None:
    """The lowest mark is at the bottom."""
    axis = Numbers.around([78, 92], 10, 110)
    assert (axis.y(75), axis.y(95)) == (110, 10)


@given(
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.integers(0, 3_000_000),
    st.sampled_from([200, 320, 700]),
    st.sampled_from(["en", "zh-Hans"]),
)
def test_marks_of_days_have_room(first: date, days: int, width: int, language: str) -> None:
    """From a single day to ten thousand years, no two marks overlap, and none leaves the axis."""
    last = date.fromordinal(min(first.toordinal() + days, date.max.toordinal()))
    axis = Days.around([first, last], 0.0, float(width), language)
    for marks in axis.marks():
        ends = [(mark.x + 2, mark.x + 2 + width_of(mark.text, 10, bold=True)) for mark in marks]
        assert all(a[1] <= b[0] for a, b in pairwise(ends))
        assert all(start >= -0.01 and end <= width + 0.01 for start, end in ends)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 5000), st.integers(1, 4000))
def test_a_later_day_is_further_right(first: date, days: int, later: int) -> None:
    """All days of the period are on the axis."""
    axis = Days.around([first, first + timedelta(days)], 100.0, 500.0, "en")
    assert 100 <= axis.x(first) < axis.x(first, later)
    assert axis.x(first + timedelta(days), 1) <= 500.01


@pytest.mark.parametrize(
    ("last", "upper", "lower"),
    [
        (date(2026, 1, 20), ["Jan 2026"], ["5", "12", "19", "26"]),
        (date(2026, 6, 30), ["2026"], ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]),
        (date(2027, 12, 31), ["2026", "2027"], ["Jan", "Apr", "Jul", "Oct"] * 2),
        (date(2060, 12, 31), ["2030", "2035", "2040", "2045", "2050", "2055"], []),
    ],
)
def test_marks_are_as_dense_as_there_is_room(last: date, upper: list[str], lower: list[str]) -> None:
    """Weeks, months, quarters, years."""
    marks = Days.around([date(2026, 1, 1), last], 0.0, 330.0, "en").marks()
    assert [[mark.text for mark in line] for line in marks] == [upper, lower]


@given(st.text(), st.floats(0, 400), st.booleans())
def test_a_shortened_text_fits(text: str, room: float, bold: bool) -> None:  # noqa: FBT001  # drawn
    """It ends with an ellipsis where something is missing, and is the text itself if that has room."""
    cut = shortened(text, room, 12, bold=bold)
    assert width_of(cut, 12, bold=bold) <= room + 0.01
    written = visible(text)
    if width_of(text, 12, bold=bold) <= room - 0.01:
        assert cut == written
    elif cut:
        assert cut.endswith("…")
        assert written.startswith(cut[:-1])


def test_numbers_have_at_most_two_decimals() -> None:
    """Tiny ones have two digits, so that they are not shown as nothing."""
    assert [number_text(each) for each in (1234567.891, 0.5, -0.0, 0.00123)] == [
        "1,234,567.89",
        "0.5",
        "0",
        "0.0012",
    ]
