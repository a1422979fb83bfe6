"""Split long messages at whole lines, by the bytes of UTF-8 that a service accepts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.notify.brief import PLACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Measure = Callable[[str], int]

__all__ = ["size", "split_blocks"]

_CONTACT = 64
"""The most bytes of an address that mentions somebody: a user id of WeCom has at most 64."""
_WIDEST = "(1000/1000)"
"""The longest number of a part."""


def size(text: str) -> int:
    r"""Return the most bytes that a text takes in UTF-8, once each secret address in it is in its place.

    >>> size("risk \u98ce\u9669")
    11
    """
    return len(text.encode("utf-8", "replace")) + _CONTACT * text.count(PLACE[0])


def split_blocks(
    blocks: Iterable[str], limit: int, dress: Callable[[str, str], str], measure: Measure = size
) -> tuple[str, ...]:
    r"""Join blocks of lines into as few texts as fit; a block, then a line, then a word is cut only if it must be.

    Args:
        blocks: what belongs together, such as the lines of one notice.
        limit: the most bytes of a text, all included.
        dress: makes a whole text of a number such as `(2/3)`, empty if there is one text only, and its lines. What it
            adds must not depend on the lines.
        measure: the bytes that lines take in such a text.

    >>> split_blocks(["one\ntwo", "three", "fourteen"], 25, lambda number, lines: f"# {number}\n{lines}")
    ('# \none\ntwo\nthree\nfourteen',)
    >>> split_blocks(["one\ntwo", "three", "fourteen"], 24, lambda number, lines: f"# {number}\n{lines}")
    ('# (1/3)\none\ntwo', '# (2/3)\nthree', '# (3/3)\nfourteen')
    """
    whole = list(blocks)
    single = dress("", "\n".join(whole))
    if size(single) <= limit:
        return (single,)
    room = limit - size(dress(_WIDEST, ""))
    texts = list(_packed(_pieces(whole, max(room, 4), measure), max(room, 4), measure))
    return tuple(dress(f"({number}/{len(texts)})", text) for number, text in enumerate(texts, 1))


def _packed(pieces: Iterable[str], room: int, measure: Measure) -> Iterator[str]:
    """Fill one text after another with whole pieces."""
    held: list[str] = []
    used, joint = 0, measure("\n")
    for piece in pieces:
        needed = measure(piece)
        if held and used + joint + needed > room:
            yield "\n".join(held)
            held, used = [], 0
        used += needed + (joint if held else 0)
        held.append(piece)
    if held:
        yield "\n".join(held)


def _pieces(blocks: Sequence[str], room: int, measure: Measure) -> Iterator[str]:
    """The blocks; the lines of those that do not fit, and parts of lines that do not."""
    for block in blocks:
        if measure(block) <= room:
            yield block
            continue
        for line in block.split("\n"):
            yield from _cut(line, room, measure)


def _cut(line: str, room: int, measure: Measure) -> Iterator[str]:
    """A line in parts that fit, cut after a space or a mark of punctuation where there is one, never in a character."""
    while measure(line) > room:
        end = _longest(line, room, measure)
        breaks = [match.end() for match in re.finditer(r"[\s,;.\u3001\u3002\uff0c\uff1b]", line[:end])]
        at = breaks[-1] if breaks and breaks[-1] > end // 2 else end
        yield line[:at].rstrip()
        line = line[at:].lstrip()
    yield line


def _longest(line: str, room: int, measure: Measure) -> int:
    """How many characters of a line fit; at least one."""
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(line[:middle]) <= room else (low, middle - 1)
    return low
