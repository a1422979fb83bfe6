"""`coopgov whatif`: what is printed where, in which language, with which exit code."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov.faults import display_width

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

OWN = ("whatif", "pier.yaml", "--rules", "own.yaml", "--as-of", "2026-06-30")
END = ("--set", "phase/piles.actual_end=2026-04-20")

_ENGLISH = """\
pier · The pier · as of 2026-06-30 · own 1.0.0
  phase/piles.actual_end: unknown → 2026-04-20
  kpi/noise.value: unknown → 90 dB
status: major → minor; gained 1, lost 0, changed 1, unchanged 1

GAINED MINOR loud@kpi/noise  90 % (above 80 %)
  noise is loud: 90 %.

CHANGED MAJOR → MINOR late@phase/piles  81.8 % → 10.1 % (above 10 %)
  Piles is late by 10.1 %.

DECIDED loud@kpi/noise
"""


@pytest.mark.usefixtures("pier")
def test_what_follows_is_reported(run: Run) -> None:
    """The facts, the status, then the warnings gained, lost and changed."""
    ran = run(*OWN, *END, "--set", "kpi/noise.value=90 dB")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == _ENGLISH


@pytest.mark.usefixtures("pier")
def test_what_became_unknown_is_reported(run: Run) -> None:
    """With the data that are missing."""
    ran = run(*OWN, "--set", "phase/piles.planned_end=unknown")
    assert "LOST MAJOR late@phase/piles" in ran.out
    assert ran.out.endswith("UNDETERMINED late@phase/piles: absent data (missing: planned_end)\n")


@pytest.mark.usefixtures("pier")
def test_a_later_observation_says_that_it_is_not_seen(run: Run) -> None:
    """Nothing follows from it on that date."""
    ran = run(*OWN, "--set", "phase/piles.actual_end=2026-07-01")
    assert "unknown → 2026-07-01 (after 2026-06-30: not visible on that date)\n" in ran.out


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize(
    ("language", "word"), [("zh-Hans", "变化 严重 → 轻微"), ("zh-Hant", "變化 嚴重 → 輕微")]
)
@pytest.mark.parametrize("columns", [40, 80])
def test_text_is_in_the_language_and_fits(run: Run, language: str, word: str, columns: int) -> None:
    """All words are of one language, and no line is wider than the terminal."""
    out = run(*OWN, *END, "--lang", language, "--color", "never", columns=columns).out
    assert word in out
    assert [line for line in out.splitlines() if display_width(line) > columns] == []


@pytest.mark.usefixtures("pier")
def test_json_is_what_the_library_answers(run: Run) -> None:
    """The whole of it."""
    agreement, rules = coopgov.load_agreement("pier.yaml"), coopgov.load_rules("own.yaml")
    changes = {"phase/piles.actual_end": "2026-04-20"}
    expected = coopgov.what_if(agreement, rules, changes, as_of=date(2026, 6, 30))
    assert json.loads(run(*OWN, *END, "--format", "json").out) == expected.to_dict()


@pytest.mark.usefixtures("pier")
def test_changes_that_cannot_be_made_end_with_2(run: Run) -> None:
    """All of them are reported on stderr, and nothing is printed."""
    ran = run(*OWN, "--set", "phase/piles.delay=3 days", "--set", "phase/pile.spent=3")
    assert (ran.code, ran.out) == (2, "")
    assert [line.split(": ")[:2] for line in ran.err.splitlines()] == [
        ["phase/pile.spent", "unknown-subject"],
        ["phase/piles.delay", "derived-fact"],
    ]
    ran = run(*OWN, *END, *END)
    assert (ran.code, ran.err) == (
        2,
        "phase/piles.actual_end: duplicate-key: found two values, expected each fact once\n",
    )


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize("text", ["phase/piles", "phase/piles.end", "phase/piles=3", "=3", ".end=3"])
def test_a_change_has_a_subject_a_fact_and_a_value(run: Run, text: str) -> None:
    """What is not of that form is wrong usage."""
    ran = run(*OWN, "--set", text)
    assert ran.code == 2
    expected = "SUBJECT.FACT=VALUE such as phase/core.forecast_end=2026-11-30"
    assert f'found "{text}", expected {expected}' in ran.err


@pytest.mark.usefixtures("pier")
def test_without_a_date_it_is_today(run: Run) -> None:
    """And the headline says so."""
    ran = run("whatif", "pier.yaml", "--rules", "own.yaml", *END)
    assert f"as of {date.today()} (today)" in ran.out  # noqa: DTZ011  # the day where the test is
