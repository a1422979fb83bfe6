"""Histories: an episode is exactly the days on which `assess` gives the warning."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov.assessment.assess import assess
from coopgov.errors import PeriodError
from coopgov.model import Agreement, build_agreement, load_agreement
from coopgov.rules import load_rules, parse_rules
from coopgov.simulation.backtest import MAX_DAYS, backtest
from coopgov.simulation.history import Episode, History, UndeterminedPeriod
from coopgov.simulation.timelines import tallies, tracks
from coopgov.testing import agreements

if TYPE_CHECKING:
    from coopgov.severities import Severity

PILOT = load_agreement(Path(__file__).parents[2] / "examples/pilot/agreement.yaml")
FIRST, LAST = date(2026, 1, 5), date(2026, 7, 31)
HISTORY = backtest(PILOT, first=FIRST, last=LAST)
LATE = """\
coopgov: rules/1
pack: late
version: 1.0.0
rules:
  - id: late
    about: phase
    kind: delay
    title: {en: Late, zh-Hans: 延误}
    measure: delay
    bands: {minor: above 0 days, major: above 5 days}
    message: Late.
"""


def pier(**more: object) -> Agreement:
    """An agreement with one phase that is planned to end on 10 January and ends on 20 January."""
    phase = {
        "id": "piles",
        "name": {"en": "Piles", "zh-Hans": "打桩"},
        "planned": {"start": "2026-01-01", "end": "2026-01-10"},
        "actual": {"start": "2026-01-01"},
    }
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "pier",
            "title": {"en": "The pier", "zh-Hans": "码头"},
            "currency": "CNY",
            "term": {"start": "2026-01-01", "end": "2026-01-31"},
            "parties": [{"id": "port"}],
            "phases": [phase],
            **more,
        }
    )


def on(history: History, day: date) -> tuple[dict[str, tuple[Severity, bool]], dict[str, tuple[str, ...]]]:
    """What a history says of a day: severity and waiver by warning, missing data by undetermined entry."""
    warned = {
        episode.id: (stretch.severity, stretch.waived)
        for episode in history.episodes
        for stretch in episode.stretches
        if stretch.first <= day <= stretch.last
    }
    unsure = {
        period.id: period.missing for period in history.undetermined if period.first <= day <= period.last
    }
    return warned, unsure


def assessed(
    agreement: Agreement, day: date
) -> tuple[dict[str, tuple[Severity, bool]], dict[str, tuple[str, ...]]]:
    """The same from an assessment of that day."""
    assessment = assess(agreement, as_of=day)
    warned = {warning.id: (warning.severity, warning.waived is not None) for warning in assessment.warnings}
    return warned, {f"{entry.rule}@{entry.about}": entry.missing for entry in assessment.undetermined}


@given(day=st.dates(FIRST, LAST))
@settings(max_examples=25, deadline=None)
def test_a_history_says_of_each_day_what_assessing_that_day_says(day: date) -> None:
    """Warnings, severities, waivers and what is undetermined: the same, for any day of the period."""
    assert on(HISTORY, day) == assessed(PILOT, day)


@given(agreement=agreements(), data=st.data())
@settings(max_examples=15, deadline=None)
def test_this_holds_for_any_agreement(agreement: Agreement, data: st.DataObject) -> None:
    """Also for odd agreements, on a few days around any day."""
    first = data.draw(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
    history = backtest(agreement, first=first, last=first + timedelta(2))
    for passed in range(3):
        day = first + timedelta(passed)
        assert on(history, day) == assessed(agreement, day)


def test_episodes_of_one_warning_never_touch() -> None:
    """Between two episodes lies a day without the warning; the stretches of one follow day on day."""
    episodes: dict[str, list[Episode]] = defaultdict(list)
    for episode in HISTORY.episodes:
        episodes[episode.id].append(episode)
        for before, after in pairwise(episode.stretches):
            assert after.first == before.last + timedelta(1)
            states = [(each.severity, each.waived, each.past) for each in (before, after)]
            assert states[0] != states[1]
    for group in episodes.values():
        for before_, after_ in pairwise(group):
            assert after_.first > before_.last + timedelta(1)


def test_a_warning_that_gets_worse_is_one_episode() -> None:
    """Its stretches say since when it has which severity; first and last days belong to it."""
    history = backtest(pier(), parse_rules(LATE))
    (episode,) = history.episodes
    assert [(each.severity, each.first, each.last) for each in episode.stretches] == [
        ("minor", date(2026, 1, 11), date(2026, 1, 15)),
        ("major", date(2026, 1, 16), date(2026, 1, 31)),
    ]
    assert (episode.severity, episode.days, episode.alert_days) == ("major", 21, 21)
    assert (episode.before, episode.ongoing) == (False, True)


def test_the_term_is_the_period_by_default() -> None:
    """Without days, the first and the last of the term."""
    history = backtest(pier(), parse_rules(LATE))
    assert (history.first, history.last, history.days) == (date(2026, 1, 1), date(2026, 1, 31), 31)


def test_an_episode_cut_by_the_period_says_so() -> None:
    """There on the first day: it may have begun before; there on the last: it is ongoing."""
    day = date(2026, 1, 20)
    (episode,) = backtest(pier(), parse_rules(LATE), first=day, last=day).episodes
    assert (episode.first, episode.last, episode.before, episode.ongoing) == (day, day, True, True)


def test_waived_days_are_no_alert_days() -> None:
    """A waiver sets the warning aside until its day; the episode goes on, in a stretch of its own."""
    waiver = {"rule": "late", "about": "phase/piles", "until": "2026-01-13", "reason": "agreed"}
    episodes = backtest(pier(waivers=[waiver]), parse_rules(LATE)).episodes
    (episode,) = [each for each in episodes if each.rule == "late"]
    assert [(each.severity, each.waived, each.days) for each in episode.stretches] == [
        ("minor", True, 3),
        ("minor", False, 2),
        ("major", False, 16),
    ]
    assert (episode.days, episode.alert_days) == (21, 18)


def test_what_could_not_be_told_is_told() -> None:
    """Days without data are blanks with the data missing, never days of silence."""
    (blank,) = [each for each in HISTORY.undetermined if each.id == "kpi-below-floor@kpi/acceptance-rate"]
    assert isinstance(blank, UndeterminedPeriod)
    assert (blank.first, blank.last, blank.missing, blank.because) == (
        date(2026, 2, 5),
        LAST,
        ("value",),
        "absent data",
    )


def test_a_reading_that_is_not_due_is_no_blank() -> None:
    """Satisfaction is first read on the day on which it is due, so nothing was ever missing."""
    assert [each for each in HISTORY.undetermined if each.about == "kpi/satisfaction"] == []


def test_titles_and_names_are_in_the_language() -> None:
    """Those of agreement, rule and subject."""
    history = backtest(pier(), parse_rules(LATE), language="zh-Hans")
    assert (history.title, history.episodes[0].title, history.episodes[0].name) == ("码头", "延误", "打桩")


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (
            date(2026, 1, 2),
            date(2026, 1, 1),
            "found 2026-01-02 to 2026-01-01, expected a last day that is not before the first",
        ),
        (
            date(1, 1, 1),
            date.max,
            "found 0001-01-01 to 9999-12-31, 3,652,059 days, expected at most 40,000 days",
        ),
    ],
)
def test_days_that_make_no_period_are_refused(first: date, last: date, message: str) -> None:
    """A period runs forward, and is not endless."""
    with pytest.raises(PeriodError) as caught:
        backtest(pier(), first=first, last=last)
    assert str(caught.value) == message
    assert MAX_DAYS == 40_000


def test_what_has_no_date_is_named() -> None:
    """It was taken to hold all the time, as on any one day."""
    assert set(HISTORY.undated) >= {"phase/core.budget", "task/core/t2.status"}
    assert HISTORY.undated == tuple(sorted(set(assess(PILOT, as_of=LAST).undated)))


def test_tracks_are_ordered_worst_first() -> None:
    """Everything about one warning is together; warnings that were only undetermined come last."""
    ordered = tracks(HISTORY)
    assert len({track.id for track in ordered}) == len(ordered)
    assert sum(len(track.episodes) for track in ordered) == len(HISTORY.episodes)
    assert sum(len(track.undetermined_periods) for track in ordered) == len(HISTORY.undetermined)
    severities = [track.severity for track in ordered]
    assert severities[0] == "critical"
    assert severities[-1] == "undetermined"
    assert severities == sorted(
        severities, key=["critical", "major", "minor", "notice", "undetermined"].index
    )


def test_tallies_add_up_over_agreements() -> None:
    """Each rule with its episodes, agreements and days; silent rules are there with zeros."""
    rules = load_rules()
    rows = {each.rule: each for each in tallies([HISTORY, HISTORY], [rule.id for rule in rules.rules])}
    assert set(rows) == {rule.id for rule in rules.rules}
    assert sum(row.alert_days for row in rows.values()) == 2 * HISTORY.alert_days
    assert sum(row.undetermined_days for row in rows.values()) == 2 * HISTORY.undetermined_days
    assert (rows["phase-late"].warnings, rows["phase-late"].agreements) == (2, 2)
    assert (rows["buffer-used-up"].warnings, rows["buffer-used-up"].agreements) == (0, 0)


def test_json_has_what_the_history_has() -> None:
    """Plain values, with the days as dates in text."""
    shown = backtest(pier(), parse_rules(LATE)).to_dict()
    (episode,) = shown["episodes"]
    assert (shown["agreement"], shown["first"], shown["days"], shown["alert_days"]) == (
        "pier",
        "2026-01-01",
        31,
        21,
    )
    assert (episode["id"], episode["severity"], episode["first"], episode["ongoing"]) == (
        "late@phase/piles",
        "major",
        "2026-01-11",
        True,
    )
    assert episode["stretches"][0] == {
        "severity": "minor",
        "waived": False,
        "past": False,
        "first": "2026-01-11",
        "last": "2026-01-15",
        "days": 5,
    }


def test_days_on_which_a_warning_is_past_are_no_alert_days() -> None:
    """They are a stretch of their own: from the day on which the phase ends, nothing can change any more."""
    late = next(each for each in HISTORY.episodes if each.id == "phase-late@phase/setup")
    assert [(each.severity, each.past, each.first) for each in late.stretches] == [
        ("minor", False, date(2026, 4, 9)),
        ("major", False, date(2026, 4, 18)),
        ("major", True, date(2026, 4, 20)),
    ]
    assert (late.alert_days, late.stretches[-1].last) == (11, LAST)
    assert late.to_dict()["stretches"][-1]["past"] is True
