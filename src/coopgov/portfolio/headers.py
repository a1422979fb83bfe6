"""The columns that a mapping file names, found in the header of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.errors import MappingError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgov.portfolio.binding import Header
    from coopgov.source import Document

__all__ = ["found_at"]

_SHOWN, _LONGEST = 10, 40
"""How many columns are told, and how much of each name."""


def found_at(
    document: Document, headers: Iterable[Header], there: Sequence[str], name: str
) -> dict[Header, int]:
    """The position of each column in the header of a table; blanks around and between words do not count.

    Raises:
        MappingError: columns are not there, or a name fits several, with every one of them.
    """
    positions: dict[Header, int] = {}
    faults = []
    for header in dict.fromkeys(headers):
        exact = [at for at, each in enumerate(there) if each == header.name]
        alike = exact or [at for at, each in enumerate(there) if _plain(each) == _plain(header.name)]
        if len(alike) == 1:
            positions[header] = alike[0]
            continue
        found = f'the column "{header.name}"' + (f", {len(alike)} times" if alike else "")
        node = document.find(header.path, key=header.path[:1] in (("only",), ("skip",)))
        hint = "" if alike else did_you_mean(header.name, [_plain(each) for each in there])
        hint = hint or f"columns: {', '.join(_plain(each)[:_LONGEST] for each in there[:_SHOWN])}"
        faults.append(document.fault(node, "unknown-header", found, f"one column of {name}", hint))
    if faults:
        raise MappingError(faults)
    return positions


def _plain(name: str) -> str:
    return " ".join(name.split())
