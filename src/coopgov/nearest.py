"""Finds the closest of several known names, and counts the letters in which two words differ."""

from __future__ import annotations

import difflib
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["edits", "nearest"]

_MOST_KNOWN = 1000
"""Among how many names the nearest one is looked for; among more of them it would take long, and mean little."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the closest known name, ignoring case and character width; empty if none is close.

    >>> nearest("ＳＴＡＲＴ", ["start", "end"])
    'start'
    """
    names = list(islice(known, _MOST_KNOWN + 1))
    plain = {_plain(each): each for each in names if len(names) <= _MOST_KNOWN}
    near = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=cutoff)
    return plain[near[0]] if near else ""


def edits(one: str, other: str) -> int:
    """Return how many letters have to be changed, added, left out or swapped with the next to get another word.

    >>> edits("manger", "manager"), edits("proejct", "project"), edits("product", "project")
    (1, 1, 2)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one):
        before, row, above = row, [at + 1], before
        for number, wanted in enumerate(other):
            found = min(row[-1] + 1, before[number + 1] + 1, before[number] + (letter != wanted))
            if above and number and letter == other[number - 1] and one[at - 1] == wanted:
                found = min(found, above[number - 1] + 1)
            row.append(found)
    return row[-1]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
