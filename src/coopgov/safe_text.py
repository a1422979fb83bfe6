r"""Signs that steer a reader instead of being read: shown as escapes wherever a text leaves the program.

A control character moves the cursor of a terminal, a bidirectional override shows a text in another order than it is
written in, a zero-width sign makes two texts look like one. Any of them can come from a file. Letters, marks that combine,
variation selectors and emoji stay as they are; a zero-width joiner is a zero-width sign inside an emoji, too.
"""

from __future__ import annotations

import re

__all__ = ["MARK", "json_escaped", "visible"]

MARK = "\ud800"
"""What no text of a file can hold, a lone surrogate: it stands for the escape character of our own colours until they are
printed."""

_RANGES = (
    ("\x00", "\x08"),  # control characters, but for the tab and the line feed
    ("\x0b", "\x1f"),
    ("\x7f", "\x9f"),
    ("\xad", "\xad"),  # soft hyphen: without a width inside a line
    ("\u034f", "\u034f"),  # combining grapheme joiner
    ("\u061c", "\u061c"),  # Arabic letter mark
    ("\u115f", "\u1160"),  # Hangul fillers
    ("\u17b4", "\u17b5"),  # Khmer vowels that are not shown
    ("\u180e", "\u180e"),  # Mongolian vowel separator
    ("\u200b", "\u200f"),  # zero-width space, joiners, marks of direction
    ("\u2028", "\u202e"),  # line and paragraph separators, bidirectional embeddings and overrides
    (
        "\u2060",
        "\u206f",
    ),  # word joiner, invisible operators, bidirectional isolates, deprecated signs of format
    ("\u3164", "\u3164"),  # Hangul filler
    ("\ud800", "\udfff"),  # lone surrogates, which cannot be written
    ("\ufdd0", "\ufdef"),  # noncharacters
    ("\ufeff", "\ufeff"),  # zero-width no-break space
    ("\uffa0", "\uffa0"),  # half-width Hangul filler
    ("\ufff0", "\ufffb"),  # interlinear annotations, and what is not assigned before them
    ("\ufffe", "\uffff"),  # noncharacters
    ("\U0001bca0", "\U0001bca3"),  # shorthand: signs of format
    ("\U0001d173", "\U0001d17a"),  # music: signs of format
    ("\U000e0000", "\U000e007f"),  # tags: letters that are not shown
)
_STEERING = re.compile("[" + "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in _RANGES) + "]")


def visible(text: str) -> str:
    r"""The text with every sign that steers as an escape; tabs and line feeds stay.

    >>> visible("on time\x1b[2K\u202e 期限\u200b")
    'on time\\u001b[2K\\u202e 期限\\u200b'
    """
    return _STEERING.sub(_escape, text) if not text.isascii() or not text.isprintable() else text


def json_escaped(text: str) -> str:
    """A text of JSON in which such signs are escapes of JSON: it means the same."""
    return _STEERING.sub(_json_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
