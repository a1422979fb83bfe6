"""Find the columns that a mapping file names in the header of a table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coopgov.errors import MappingError
from coopgov.faults import NO_HINT
from coopgov.hints import Hints
from coopgov.locales import listed, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgov.locales import Phrase
    from coopgov.portfolio.bind_mapping import Header
    from coopgov.source import Document

__all__ = ["found_at"]

_SHOWN, _LONGEST = 10, 40
"""How many columns of a header a fault names, and how many characters of each."""
_TIMES = {0: "column", 1: "column-once"}
"""The names of the texts about a column that a header has so often."""


def found_at(
    document: Document, headers: Iterable[Header], there: Sequence[str], name: str
) -> dict[Header, int]:
    """The position of each column in the header of a table; spaces around and between words do not count.

    Raises:
        MappingError: columns are missing, or names fit several columns; it reports all of them.
    """
    positions: dict[Header, int] = {}
    faults = []
    hints = Hints(_plain(each) for each in there)
    exact, alike = _positions(there), _positions(_plain(each) for each in there)
    for header in dict.fromkeys(headers):
        places = [] if header.which else exact.get(header.name, [])  # as it is written, or with other blanks
        places = places or alike.get(_plain(header.name), [])
        which = header.which or (1 if len(places) == 1 else 0)
        if 1 <= which <= len(places):
            positions[header] = places[which - 1]
            continue
        found = _text(_TIMES.get(len(places), "column-times"), column=header.name, times=len(places))
        one = _text("one-column", table=name)
        expected = _text("which-column", which=header.which) if places and header.which else one
        node = document.find(header.path, key=header.path[:1] in (("only",), ("skip",)))
        faults.append(
            document.fault(node, "unknown-header", found, expected, _hint(header, places, there, hints))
        )
    if faults:
        raise MappingError(faults)
    return positions


def _positions(names: Iterable[str]) -> dict[str, list[int]]:
    """Return the positions of each name."""
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        positions[name].append(at)
    return positions


def _hint(header: Header, places: Sequence[int], there: Sequence[str], hints: Hints) -> Phrase:
    """Which of several columns to write; else the nearest one, or the first of those that are there."""
    if places and not header.which and header.path[:1] not in (("only",), ("skip",)):
        return _text("which-hint", column=header.name, last=len(places))
    near = NO_HINT if places else hints.near(header.name)
    return near or _text("columns", columns=listed(_plain(each)[:_LONGEST] for each in there[:_SHOWN]))


def _text(part: str, **values: object) -> Phrase:
    return phrase(f"portfolio.table.{part}", **values)


def _plain(name: str) -> str:
    return " ".join(name.split())
