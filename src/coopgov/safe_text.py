r"""Escapes invisible and control characters wherever a text leaves the program, so that a file cannot forge output.

A control character moves the cursor of a terminal, a bidirectional override changes the order in which a text is
displayed, and a zero-width character makes two texts look the same. Any of them can come from a file. Letters,
combining marks, variation selectors and emoji stay as they are; a zero-width joiner is escaped even inside an emoji.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring

__all__ = ["MARK", "json_string", "visible"]

MARK = "\ud800"
"""A lone surrogate, which no text of a file can contain: it replaces the escape character of coopgov's own colours
until they are printed."""

_RANGES = (
    ("\x00", "\x08"),  # control characters, except tab and line feed
    ("\x0b", "\x1f"),
    ("\x7f", "\x9f"),
    ("\xad", "\xad"),  # soft hyphen: has no width within a line
    ("\u034f", "\u034f"),  # combining grapheme joiner
    ("\u061c", "\u061c"),  # Arabic letter mark
    ("\u115f", "\u1160"),  # Hangul fillers
    ("\u17b4", "\u17b5"),  # invisible Khmer vowels
    ("\u180e", "\u180e"),  # Mongolian vowel separator
    ("\u200b", "\u200f"),  # zero-width space, joiners, direction marks
    ("\u2028", "\u202e"),  # line and paragraph separators, bidirectional embeddings and overrides
    (
        "\u2060",
        "\u206f",
    ),  # word joiner, invisible operators, bidirectional isolates, deprecated format characters
    ("\u3164", "\u3164"),  # Hangul filler
    ("\ud800", "\udfff"),  # lone surrogates, which cannot be encoded
    ("\ufdd0", "\ufdef"),  # noncharacters
    ("\ufeff", "\ufeff"),  # zero-width no-break space
    ("\uffa0", "\uffa0"),  # half-width Hangul filler
    ("\ufff0", "\ufffb"),  # interlinear annotations, and the unassigned characters before them
    ("\ufffe", "\uffff"),  # noncharacters
    ("\U0001bca0", "\U0001bca3"),  # shorthand format controls
    ("\U0001d173", "\U0001d17a"),  # musical format controls
    ("\U000e0000", "\U000e007f"),  # tags: invisible letters
)
_STEERING = re.compile("[" + "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in _RANGES) + "]")


def visible(text: str) -> str:
    r"""Return the text with every such character as an escape; tabs and line feeds are kept.

    >>> visible("on time\x1b[2K\u202e 期限\u200b")
    'on time\\u001b[2K\\u202e 期限\\u200b'
    """
    return _STEERING.sub(_escape, text) if not text.isascii() or not text.isprintable() else text


def json_string(text: str) -> str:
    """Return a text as a JSON string, with every such character as a JSON escape, which has the same meaning."""
    encoded = encode_basestring(text)
    if encoded.isascii() and "\x7f" not in encoded:  # JSON has escaped the others already
        return encoded
    return _STEERING.sub(_json_escape, encoded)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
