"""Comparing two histories: gained, lost, earlier, later, changed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import PeriodError
from coopgov.model import load_agreement
from coopgov.rules import load_rules
from coopgov.simulation.backtest import backtest
from coopgov.simulation.comparison import SORTS, compare
from coopgov.simulation.history import Episode, History, Stretch, UndeterminedPeriod

if TYPE_CHECKING:
    from coopgov.severities import Severity

EXAMPLES = Path(__file__).parents[2] / "examples/pilot"
START = date(2026, 1, 1)


def day(number: int) -> date:
    """A day of the period, counted from 0."""
    return START + timedelta(number)


def episode(*parts: tuple[Severity, int, int], rule: str = "late") -> Episode:
    """An episode from severities with their first and last days."""
    stretches = tuple(
        Stretch(severity, False, day(first), day(last)) for severity, first, last in parts
    )  # a value in a table
    return Episode(rule, "phase/a", "delay", "Late", "A", stretches, before=False, ongoing=False)


def history(
    *episodes: Episode, undetermined_periods: tuple[UndeterminedPeriod, ...] = (), last: int = 99
) -> History:
    """A history of a hundred days."""
    return History(
        "pier", "The pier", START, day(last), {"pack": "p", "version": "1"}, episodes, undetermined_periods
    )


def one_change(new: History, old: History) -> tuple[str, int | None, int | None, int]:
    """The only change: its sort, by how many days it begins and ends later, and its alert days."""
    (change,) = compare(new, old).changes
    return change.sort, change.begins, change.ends, change.alert_days


def test_a_warning_that_only_one_side_gives_is_gained_or_lost() -> None:
    """All its days are more, or fewer."""
    some = history(episode(("minor", 10, 19)))
    assert one_change(some, history()) == ("gained", None, None, 10)
    assert one_change(history(), some) == ("lost", None, None, -10)


def test_a_warning_that_begins_on_another_day_is_earlier_or_later() -> None:
    """Whatever becomes of its end and severity."""
    early, late = history(episode(("minor", 10, 19))), history(episode(("major", 13, 25)))
    assert one_change(early, late) == ("earlier", -3, -6, -3)
    assert one_change(late, early) == ("later", 3, 6, 3)


@pytest.mark.parametrize(
    ("new", "shift"),
    [
        (episode(("minor", 10, 15)), -4),
        (episode(("major", 10, 19)), 0),
        (episode(("minor", 10, 14), ("major", 15, 19)), 0),
    ],
)
def test_the_same_beginning_with_another_course_is_changed(new: Episode, shift: int) -> None:
    """Another end, another severity, or the same one later."""
    assert one_change(history(new), history(episode(("minor", 10, 19)))) == ("changed", 0, shift, shift)


def test_episodes_that_share_days_belong_together() -> None:
    """One long episode against two short ones is one change, described by its first and last days."""
    long = history(episode(("minor", 5, 40)))
    short = history(episode(("minor", 10, 19)), episode(("minor", 30, 35)))
    assert one_change(long, short) == ("earlier", -5, 5, 20)
    assert len(compare(long, short).changes[0].old) == 2


def test_episodes_on_different_days_are_one_lost_and_one_gained() -> None:
    """Even where one ends the day before the other begins."""
    comparison = compare(history(episode(("minor", 10, 19))), history(episode(("minor", 20, 25))))
    assert [change.sort for change in comparison.changes] == ["gained", "lost"]


def test_a_lost_warning_that_could_not_be_decided_says_so() -> None:
    """Undetermined is not silence."""
    period = UndeterminedPeriod(
        "late", "phase/a", "Late", "A", ("actual_end",), "absent data", day(15), day(30), ongoing=False
    )
    old = history(episode(("minor", 10, 19)))
    assert compare(history(undetermined_periods=(period,)), old).lost[0].undetermined
    assert compare(old, history(undetermined_periods=(period,))).gained[0].undetermined
    assert not compare(history(), old).lost[0].undetermined


def test_histories_must_cover_the_same() -> None:
    """Another period, or another agreement, is not a comparison."""
    with pytest.raises(PeriodError, match="expected one agreement and period"):
        compare(history(), history(last=98))


def cut(days: set[int]) -> list[tuple[int, int]]:
    """The runs of a set of days."""
    runs: list[tuple[int, int]] = []
    for each in sorted(days):
        if runs and runs[-1][1] == each - 1:
            runs[-1] = (runs[-1][0], each)
        else:
            runs.append((each, each))
    return runs


def histories() -> st.SearchStrategy[History]:
    """Histories of one warning on any days."""
    return st.sets(st.integers(0, 20)).map(
        lambda days: history(*(episode(("minor", first, last)) for first, last in cut(days)))
    )


@given(new=histories(), old=histories())
def test_every_episode_is_reported_once(new: History, old: History) -> None:
    """Changes and unchanged episodes together are all there are; days add up; the mirror image exchanges the sorts."""
    comparison = compare(new, old)
    assert sum(len(change.new) for change in comparison.changes) + comparison.unchanged == len(new.episodes)
    assert sum(len(change.old) for change in comparison.changes) + comparison.unchanged == len(old.episodes)
    assert sum(change.alert_days for change in comparison.changes) == comparison.alert_days
    mirror = {
        "gained": "lost",
        "lost": "gained",
        "earlier": "later",
        "later": "earlier",
        "changed": "changed",
    }
    turned = compare(old, new)
    assert sorted(mirror[change.sort] for change in comparison.changes) == sorted(
        change.sort for change in turned.changes
    )


@given(same=histories())
def test_a_history_against_itself_has_no_changes(same: History) -> None:
    """Nothing is gained or lost, and all is unchanged."""
    comparison = compare(same, same)
    assert (comparison.changes, comparison.unchanged) == ((), len(same.episodes))


def test_the_pilot_with_tighter_tolerances() -> None:
    """The changes of a real pair of rule sets, in the order of their sorts, and as JSON."""
    pilot = load_agreement(EXAMPLES / "agreement.yaml")
    last = date(2026, 6, 30)
    new = backtest(pilot, load_rules(EXAMPLES / "tolerances.yaml"), last=last)
    old = backtest(pilot, last=last)
    comparison = compare(new, old)
    assert [(change.sort, change.id) for change in comparison.changes] == [
        ("gained", "budget-burns-too-fast@phase/core"),
        ("gained", "delays-spreading@agreement"),
        ("gained", "phase-late@phase/core"),
        ("earlier", "phase-late@phase/setup"),
    ]
    assert [len(comparison.of(sort)) for sort in SORTS] == [3, 0, 1, 0, 0]
    shown = comparison.to_dict()
    assert (shown["alert_days"], shown["undetermined_days"], shown["unchanged"]) == (57, 114, 35)
    assert shown["changes"][-1]["begins"] == -4
    assert (shown["new"]["rules"]["pack"], shown["old"]["rules"]["pack"]) == (
        "harbour-tolerances",
        "cooperation-plan",
    )
