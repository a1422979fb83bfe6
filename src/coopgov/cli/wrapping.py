"""Wrap texts to the width of a terminal, Chinese and Latin ones."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from coopgov.cli.output import one_line
from coopgov.faults import display_width
from coopgov.safe_text import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["shortened", "wrapped"]

_PAINT = rf"{MARK}[0-9;]*m"


_WIDE = r"\u2e80-\uffef"


@cache
def _pattern(wide: str) -> re.Pattern[str]:
    """Pieces between which a line can break: spaces, words, numbers with units, Chinese characters with punctuation."""
    opening, closing = r"[(\[（「『“《]*", r"[，。、；：！？）」』”》)\],.;:!?]*"
    number = (
        r"[-+]?\d[\d,.]*\d(?: ?(?:%|[A-Za-z]+|[\u4e00-\u9fff]{1,3}))?|[-+]?\d(?: "
        r"?(?:%|[A-Za-z]+|[\u4e00-\u9fff]{1,3}))?"
    )
    word = rf"[^\s{wide}]+?(?=[\s{wide}]|$)"
    one = rf"|[{wide}]" if wide else ""
    return re.compile(rf"\s+|{opening}(?:(?:{number})(?![^\s{wide},.;:!?)\]])|{word}{one}){closing}|.")


def _pieces(text: str) -> list[str]:
    # a range of thousands of characters takes milliseconds to compile, which a text in Latin letters can do without
    return _pattern(_WIDE if max(text, default="") >= "\u2e80" else "").findall(text)


def shortened(text: str, width: int) -> str:
    """A text of at most so many columns: its first words, or Chinese characters, and an ellipsis.

    >>> shortened("Farmers have irrigated land and secure titles", 30)
    'Farmers have irrigated land…'
    """
    if display_width(text) <= width:
        return text
    kept = ""
    for piece in _pieces(text):
        if display_width(kept + piece) >= width:
            break
        kept += piece
    return f"{kept.rstrip(' ,;:')}…"


def wrapped(text: str, width: int, indent: str, first: str | None = None) -> Iterator[str]:
    """The lines of a text; Chinese wraps between any two characters, but not before closing punctuation.

    `first` begins the first line instead of the indent; it may be painted.
    """
    line = indent if first is None else first
    start = display_width(re.sub(_PAINT, "", line))
    used = start
    text = one_line(text)
    if start + display_width(text) <= width:
        yield line + text
        return
    for piece in _pieces(text):
        size = display_width(piece)
        if used + size > width and used > start:
            yield line.rstrip()
            line, start, used = indent, display_width(indent), display_width(indent)
            if piece.isspace():
                continue
        line, used = line + piece, used + size
    yield line
