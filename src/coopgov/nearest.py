"""Finds the closest of several known names, ignoring case and character width."""

from __future__ import annotations

import difflib
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["nearest"]

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


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
