"""Markdown by hand: what people wrote must change neither a table nor the page around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgov.model import LocalText

__all__ = ["code", "languages", "prose", "table"]

_BLANKS = re.compile(r"\s+")
_TICKS = re.compile("`+")


def prose(text: object) -> str:
    """A text in one line, without HTML of its own."""
    return _BLANKS.sub(" ", str(text)).strip().replace("&", "&amp;").replace("<", "&lt;")


def code(text: str) -> str:
    """A text as code, in one line."""
    line = _BLANKS.sub(" ", text).strip()
    ticks = "`" * (1 + max((len(found) for found in _TICKS.findall(line)), default=0))
    edge = " " if line[:1] == "`" or line[-1:] == "`" else ""
    return f"{ticks}{edge}{line}{edge}{ticks}"


def _cell(text: str) -> str:
    """A text that is Markdown already, in the cell of a table."""
    return text.replace("|", "\\|")


def languages(text: LocalText) -> str:
    """A text in all its languages, the same one once."""
    return " · ".join(dict.fromkeys(prose(each) for _, each in text.entries))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table; its cells are Markdown."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
