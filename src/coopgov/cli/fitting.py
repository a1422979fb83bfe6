"""Fit the parts of a text into a number of lines: what is left out is counted, and no part goes without a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["fitted"]


def fitted(
    sizes: Sequence[Sequence[int]], shares: Sequence[float], room: int, rest: Sequence[int] = ()
) -> list[int]:
    """How many entries of each part are shown.

    The part that is furthest above its share of the room loses its last entry first; the first entry of a part stays.

    Args:
        sizes: for each part, the number of lines of each of its entries.
        shares: for each part, the share of the room that it may take where there is not enough for all.
        room: the number of lines.
        rest: for each part, the number of lines that say how many entries are left out, if any are; 1 by default.

    >>> fitted([[1] * 9, [1] * 9, [2]], [0.6, 0.3, 0.1], 12)
    [6, 2, 1]
    """
    shown = [len(part) for part in sizes]
    rest = rest or [1] * len(sizes)

    def used(at: int) -> int:
        return sum(sizes[at][: shown[at]]) + (rest[at] if shown[at] < len(sizes[at]) else 0)

    while sum(map(used, range(len(sizes)))) > room:
        above = [used(at) - shares[at] * room if shown[at] > 1 else float("-inf") for at in range(len(sizes))]
        most = max(above)
        if most == float("-inf"):
            break
        shown[above.index(most)] -= 1
    for at, part in enumerate(sizes):
        if shown[at] == len(part) - 1 and part[-1] <= rest[at]:  # it fits where that would be said
            shown[at] += 1
    return shown
