"""The columns that a mapping file names, found in the header of a table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coopgov.errors import Hints, MappingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgov.portfolio.bind_mapping import Header
    from coopgov.source import Document

__all__ = ["found_at"]

_SHOWN, _LONGEST = 10, 40
"""How many columns are named, and how much of each name."""


def found_at(
    document: Document, headers: Iterable[Header], there: Sequence[str], name: str
) -> dict[Header, int]:
    """The position of each column in the header of a table; blanks around and between words do not count.

    Raises:
        MappingError: columns are not there, or a name fits several, with every one of them.
    """
    positions: dict[Header, int] = {}
    faults = []
    hints = Hints(_plain(each) for each in there)
    exact, alike = _positions(there), _positions(_plain(each) for each in there)
    for header in dict.fromkeys(headers):
        places = [] if header.which else exact.get(header.name, [])  # as it is written, or with other blanks
        places = places or alike.get(_plain(header.name), [])
        if len(places) == 1 or 1 <= (header.which or 0) <= len(places):
            positions[header] = places[(header.which or 1) - 1]
            continue
        found = f'the column "{header.name}"' + (f", {len(places)} times" if places else "")
        expected = (
            f"column {header.which} of that name" if places and header.which else f"one column of {name}"
        )
        node = document.find(header.path, key=header.path[:1] in (("only",), ("skip",)))
        faults.append(
            document.fault(node, "unknown-header", found, expected, _hint(header, places, there, hints))
        )
    if faults:
        raise MappingError(faults)
    return positions


def _positions(names: Iterable[str]) -> dict[str, list[int]]:
    """Where each name stands."""
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(names):
        positions[name].append(at)
    return positions


def _hint(header: Header, places: Sequence[int], there: Sequence[str], hints: Hints) -> str:
    if places and not header.which and header.path[:1] not in (("only",), ("skip",)):
        return f"write which one: {{from: {header.name}, which: {len(places)}}} is the last"
    near = "" if places else hints.near(header.name)
    return near or f"columns: {', '.join(_plain(each)[:_LONGEST] for each in there[:_SHOWN])}"


def _plain(name: str) -> str:
    return " ".join(name.split())
