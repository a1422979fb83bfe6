"""The log in words: which changes a history leaves, in order."""

from __future__ import annotations

from datetime import date

import pytest

from playing import MONDAY, Play, engine

LADDER = "escalate: {minor: [pm within 1 day, tech within 1 day]}"
LATER = date(2026, 8, 3)


def _words(play: Play) -> str:
    """What happened to cases, without days and notes about them all."""
    return " ".join(change.what for step in play.steps for change in step.changes if change.case)


@pytest.mark.parametrize(
    ("keys", "letters", "words"),
    [
        ("for: 1 day", "bb", "pending fired told"),
        ("for: 2 days", "bbHUbC", "pending paused paused fired told closed"),
        ("for: 2 days", "bC", "pending withdrawn"),
        ("for: 2 days", "bbbCbC", "pending fired told closed pending not-re-opened"),
        (
            f"{LADDER}\nkeep: 2 days",
            "bCHCCC",
            "fired told recovering firing escalated recovering closed",
        ),
        (
            f"{LADDER}\nkeep: 9 days",
            "BbBCbCUC!",
            "fired told milder firing escalated recovering milder recovering no-data recovering worsened told",
        ),
        (LADDER, "bUH", "fired told no-data firing escalated"),
        (LADDER, "bCb", "fired told closed re-opened told"),
        (LADDER, "bPbCb", "fired told closed cleared re-opened told"),
    ],
)
def test_days(keys: str, letters: str, words: str) -> None:
    """Each change of a signal has a word, and so has each notice of the ladder."""
    assert _words(Play(engine(keys)).days(letters)) == words


@pytest.mark.parametrize(
    ("top", "letters", "words"),
    [
        ("cases: {remind: 1 day}", "bbbbbbbb", "fired told escalated reminder escalated"),
        ("cases: {no_data: 1 day}", "bUUU", "fired told no-data escalated no-data-told"),
    ],
)
def test_what_time_makes(top: str, letters: str, words: str) -> None:
    """A reminder, and that data are missing."""
    assert _words(Play(engine(LADDER, top)).days(letters)) == words


def test_answers() -> None:
    """An event is its own word; what follows from it comes after it."""
    play = Play(engine(LADDER)).day("b").event("acknowledge", until=MONDAY).days("bb")
    assert _words(play) == "fired told acknowledge acknowledgement-ended"
    play = Play(engine(f"{LADDER}\ntreat: {{minor: 1 day}}")).days("bbb")
    assert _words(play) == "fired told escalated treat-overdue"
    play = Play(engine(LADDER)).day("b").event("agree", action="night-shift", due=MONDAY).day("b")
    assert _words(play) == "fired told agree told action-overdue"


@pytest.mark.parametrize(
    ("letter", "words"), [("B", "worsened told"), ("b", "ineffective told"), ("C", ""), ("H", "paused")]
)
def test_after_it_was_clear(letter: str, words: str) -> None:
    """Clear with an action that was agreed, then another day."""
    play = Play(engine(LADDER)).day("b").event("agree", action="night-shift", due=LATER).day("C")
    play.event("start", action="night-shift").event("done", action="night-shift").day(letter)
    before = "fired told agree told clear clear-with-open-actions start done"
    assert _words(play) == f"{before} {words}".strip()


def test_flags() -> None:
    """What nobody is notified of under a flag is in the log all the same."""
    play = Play(engine(LADDER)).day("b").event("waive", until=date(2026, 7, 7), reason="x").days("Bb")
    assert _words(play) == "fired told waive worsened untold milder waiver-ended told"
