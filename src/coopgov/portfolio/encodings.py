"""Decode CSV files: mark invalid bytes, and suggest encodings that a file could be in.

No file is read in a guessed encoding: a wrong guess would give wrong names without a fault.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codecs import IncrementalDecoder

__all__ = ["BROKEN", "candidates", "chosen", "decoded", "decoder", "without_marks"]

BROKEN = "\ufdd0"
"""The mark for bytes that are invalid in their encoding: a code point that Unicode reserves, so no text contains it."""
_MARKING = "coopgov.broken"
codecs.register_error(_MARKING, lambda error: (BROKEN, error.end))  # type: ignore[attr-defined]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = (
    "gb18030",
    "big5",
    "windows-1252",
    "shift_jis",
    "euc_kr",
    "windows-1251",
    "windows-1250",
    "latin-1",
)
_PAIRS = {
    "gb18030": re.compile(rb"[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]"),
    "big5": re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]"),
}
"""The common characters of two-byte encodings; what comes between them distinguishes Western encodings."""
_HIGH = re.compile(rb"[\x80-\xff]")
_MOST = 0.9
"""The least share of the bytes beyond ASCII that common characters make up."""
_PLAIN = re.compile(r"[\n\r,;\t|0-9]")
"""Characters that every table has."""


def decoded(data: bytes, encoding: str) -> str:
    """The text of some bytes, without marks; what is no letter becomes `BROKEN`."""
    return without_marks(data.decode(encoding, errors=_MARKING))


def decoder(encoding: str) -> IncrementalDecoder:
    """The same for bytes that come in parts, with their marks."""
    return codecs.getincrementaldecoder(encoding)(_MARKING)


def without_marks(text: str) -> str:
    """A text without byte order marks, which are in the middle of files that were joined, too."""
    return text.replace("\ufeff", "")


def chosen(stated: str, data: bytes) -> str:
    """The stated encoding; for UTF-16 and UTF-32 without a byte-order mark, with the order of their bytes."""
    name = codecs.lookup(stated).name
    if name not in {"utf-16", "utf-32"} or data.startswith(tuple(mark for mark, _ in _MARKS[1:])):
        return stated
    return _order(name, data)


def _order(name: str, data: bytes) -> str:
    """The byte order that gives more characters of a table."""
    counts = {each: len(_PLAIN.findall(decoded(data, each))) for each in (f"{name}-le", f"{name}-be")}
    return max(counts, key=lambda each: counts[each])


def candidates(data: bytes) -> list[str]:
    """The encodings that the beginning of a file can be in, the most likely first.

    >>> candidates("编号,已用".encode("gb18030"))[0], candidates("Größe,Café".encode("latin-1"))[0]
    ('gb18030', 'windows-1252')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return [name]
    names = [_order("utf-16", data)] if b"\x00" in data else ["utf-8", *_by_letters(data)]
    return [name for name in names if _is_table(data, name)]


def _by_letters(data: bytes) -> list[str]:
    high = len(_HIGH.findall(data))
    shares = {
        name: sum(len(_HIGH.findall(pair)) for pair in pattern.findall(data)) / max(1, high)
        for name, pattern in _PAIRS.items()
    }
    likely = next((name for name, share in shares.items() if share >= _MOST), "windows-1252")
    return sorted(_OTHERS, key=lambda name: name != likely)


def _is_table(data: bytes, name: str) -> bool:
    """Whether all bytes are valid, except a character cut at the end, and include characters of a table."""
    try:
        text = codecs.getincrementaldecoder(name)("strict").decode(data)
    except UnicodeDecodeError:
        return False
    return _PLAIN.search(text) is not None and "\x00" not in text
