"""How wide a text is, from a table of glyphs, so that labels can be placed without a font.

The widths are the largest of those in DejaVu Sans, Liberation Sans (as wide as Arial and Helvetica) and Noto Sans CJK,
rounded up to a twentieth of the font size: whichever of them a reader has, no text is wider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from coopgov.faults import display_width
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BOLD", "shortened", "width_of"]

BOLD = 1.16
"""How much wider a bold text is."""

_TWENTIETHS: Mapping[int, str] = {
    6: "'Iijl",
    7: " ,.:;|",
    8: "()-/[\\]ft",
    9: "!r",
    10: '"*',
    11: "Jcsz–",
    12: "?L_kvxy",
    13: "$0123456789FT`abdeghnopqu{}",
    14: "ABEKPSVXYZ",
    15: "CNRU",
    16: "&DGHOQ",
    17: "#+<=>^w~",
    18: "M",
    20: "%Wm",
    21: "@",
}
_OTHER_SMALL, _OTHER = 0.8, 1.1
"""Letters of other alphabets: the widest of Greek and Cyrillic."""


class _Widths(dict[str, float]):
    """The width of each letter in font sizes, worked out once."""

    def __missing__(self, letter: str) -> float:
        columns = display_width(letter)
        if columns != 1:
            width = float(columns > 1)
        elif east_asian_width(letter) == "A":  # a Chinese font gives it a square
            width = 1.0
        else:
            width = _OTHER_SMALL if letter.islower() else _OTHER
        self[letter] = width
        return width


_WIDTHS = _Widths({letter: width / 20 for width, letters in _TWENTIETHS.items() for letter in letters})


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in a font size, at most: its room, never less than it takes.

    >>> width_of("合作", 12), width_of("plan", 10)
    (24.0, 22.5)
    """
    return sum(map(_WIDTHS.__getitem__, visible(text))) * size * (BOLD if bold else 1.0)


def shortened(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """A text cut to a width, with an ellipsis where something is missing; nothing if not even that has room.

    >>> shortened("Data model", 46, 10), shortened("数据模型", 30, 10)
    ('Data …', '数据…')
    """
    text = visible(text)  # as it will be written
    each = size * (BOLD if bold else 1.0)
    left, kept = room / each + 1e-9, 0
    if len(text) * _OTHER <= left:
        return text
    with_mark = 0.0
    for position, letter in enumerate(text):
        if with_mark + 1.0 <= left:
            kept = position
        with_mark += _WIDTHS[letter]
        if with_mark > left:
            return f"{text[:kept]}…" if left >= 1.0 else ""
    return text
