"""The page about cases: its table is the code's own."""

from __future__ import annotations

import re
from pathlib import Path

from coopgov.cases.signals import TABLE
from coopgov.cases.words import STATES

PAGE = Path("docs/explanation/cases.md").read_text(encoding="utf-8")


def test_the_table_of_signals() -> None:
    """Each row has its signal, and a dash exactly where nothing happens."""
    rows = re.findall(
        r"^\| (none|pending|firing|recovering|no-data|clear|closed) \| (.*) \|$", PAGE, re.MULTILINE
    )
    assert [name for name, _ in rows] == list(TABLE)
    for name, cells in rows:
        shown = dict(zip("BHCUNPE", cells.split(" | "), strict=True))
        for letter, effect in TABLE[name].items():
            assert (shown[letter] == "–") == (effect == "nothing"), (name, letter)
            assert ("resolved" in shown[letter]) <= (effect in ("resolved", "settle"))
            assert ("not-applicable" in shown[letter]) == effect.startswith("not-applicable")
            assert ("pauses" in shown[letter]) == (effect == "pause")


def test_the_order_of_states() -> None:
    """The page lists the words in the order of their precedence."""
    text = PAGE.partition("the first that applies:")[2].partition("##")[0]
    places = [re.search(rf"\b{state}\b", text) for state in STATES]
    found = [place.start() for place in places if place is not None]
    assert len(found) == len(STATES)
    assert found == sorted(found)
