"""Histories of a status: the worst counted warning of each day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov import ArgumentError
from coopgov.charts import status_history
from coopgov.charts.status_chart import standings
from coopgov.severities import SEVERITIES
from coopgov.simulation.history import Episode, History, Stretch, UndeterminedPeriod
from drawn import wrong

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

FIRST = date(2026, 1, 1)
DAYS = 60


def day(number: int) -> date:
    """A day of the period, counted from 0."""
    return FIRST + timedelta(number)


def history(*stretches: Stretch, blank: tuple[int, int] | None = None, title: str = "The pier") -> History:
    """A history with an episode for each stretch, and one undetermined period."""
    episodes = tuple(
        Episode("late", f"phase/{number}", "delay", "Late", "A", (each,), before=False, ongoing=False)
        for number, each in enumerate(stretches)
    )
    first, last = map(day, blank or (0, 0))
    period = UndeterminedPeriod(
        "late", "phase/a", "Late", "A", ("x",), "absent data", first, last, ongoing=False
    )
    periods = (period,) if blank else ()
    return History("pier", title, FIRST, day(DAYS - 1), {"pack": "p", "version": "1"}, episodes, periods)


def test_the_worst_warning_of_a_day_is_its_status() -> None:
    """Days with the same status are one stretch; undetermined days show where nothing worse is known."""
    one = history(
        Stretch("minor", False, day(10), day(29)),
        Stretch("critical", False, day(20), day(24)),
        blank=(5, 12),
    )
    assert [
        (each.status, (each.first - FIRST).days, (each.last - FIRST).days) for each in standings(one)
    ] == [
        ("clear", 0, 4),
        ("undetermined", 5, 9),
        ("minor", 10, 19),
        ("critical", 20, 24),
        ("minor", 25, 29),
        ("clear", 30, 59),
    ]


def test_waived_and_past_days_do_not_count() -> None:
    """They do not count for the status of an assessment either."""
    one = history(Stretch("critical", True, day(0), day(9)), Stretch("major", False, day(10), day(19), True))
    assert [each.status for each in standings(one)] == ["clear"]


def test_the_description_counts_the_days() -> None:
    """Worst first, and the status of the last day."""
    chart = status_history(history(Stretch("major", False, day(59), day(59)), blank=(0, 1)))
    assert chart.alt == (
        "The pier, 2026-01-01 to 2026-03-01: 1 day major, 2 days undetermined, 57 days clear; on the last day major."
    )


def test_only_a_history_can_be_drawn() -> None:
    """The error says what makes one."""
    with pytest.raises(ArgumentError, match="expected a history; backtest"):
        status_history("agreement.yaml")  # type: ignore[arg-type]


@st.composite
def stretches(draw: DrawFn) -> Stretch:
    """A stretch within the period."""
    first = draw(st.integers(0, DAYS - 1))
    last = draw(st.integers(first, DAYS - 1))
    return Stretch(
        draw(st.sampled_from(SEVERITIES)), draw(st.booleans()), day(first), day(last), draw(st.booleans())
    )


@given(st.lists(stretches(), max_size=8), st.sampled_from(["en", "zh-Hans"]), st.sampled_from([320, 960]))
def test_the_days_of_a_history_are_covered_once(found: list[Stretch], language: str, width: float) -> None:
    """From the first to the last, without a gap; and the chart is readable."""
    one = history(*found)
    parts = standings(one)
    assert (parts[0].first, parts[-1].last) == (one.first, one.last)
    assert all(b.first - a.last == timedelta(1) and a.status != b.status for a, b in pairwise(parts))
    assert wrong(status_history(one, language=language, width=width)) == []
