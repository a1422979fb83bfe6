"""Reads the bytes of a source, within its limits, and its days and faults."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.errors import SourceError
from coopgov.faults import NO_HINT, Fault, Place
from coopgov.locales import phrase, verbatim
from coopgov.source.files import why_unreadable

if TYPE_CHECKING:
    from coopgov.locales import Phrase

__all__ = ["MOST_BYTES", "MOST_TASKS", "Input", "refused"]

MOST_BYTES = 50_000_000
MOST_TASKS = 10_000


class Input:
    """A file of another system: its bytes, and the name that places in it have."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self.data = _bytes(self.path)


def _bytes(path: Path) -> bytes:
    why = why_unreadable(path)
    data = b""
    if not why:
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            why = verbatim(error.strerror or str(error))
    if why:
        raise refused(str(path), "unreadable-file", why, phrase("source.unreadable-file.expected"))
    if len(data) > MOST_BYTES:
        found = phrase("imports.source.too-large", most=f"{MOST_BYTES:,}")
        raise refused(str(path), "file-too-large", found, phrase("imports.source.smaller"))
    return data


def refused(
    file: str,
    code: str,
    found: Phrase,
    expected: Phrase,
    hint: Phrase = NO_HINT,
    *,
    line: int = 1,
    column: int = 1,
) -> SourceError:
    """The error of a file that cannot be read at all."""
    return SourceError([Fault(Place(file, line, column), code, found, expected, hint)])
