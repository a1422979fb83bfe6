"""Finds out why rows of a Polars frame are undetermined: a word of bits for each row says what applies to it.

A word is made once and serves many checks, each of which looks at its own bits. The combinations that occur are few;
their texts are looked up once for all these checks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from coopgov.backends.interpreter import REASONS
from coopgov.optional import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgov.backends.columnar.stacking import Asked, Mark, Meaning
    from coopgov.backends.columnar.values import Column

    Bit = tuple[Mark, int]
    """What can apply, and the identity of the column that says where."""

__all__ = ["explained"]

_BITS = 16
"""Bits of a word, and of the index of a table that stays small."""


def explained(asked: Iterable[Asked], meaning: Meaning) -> Iterator[tuple[Column, Column]]:
    """Yield the missing facts and the reason of the undetermined rows of each check."""
    group = _Group()
    for rows, marks in asked:
        bits = {(mark, id(where)): where for mark, where in marks}
        if group.asked and len(group.bits | bits) > _BITS:
            yield from group.texts(meaning)
            group = _Group()
        group.bits |= bits
        group.asked.append((rows, list(bits)))
    if group.asked:
        yield from group.texts(meaning)


@dataclass(slots=True)
class _Group:
    """Consecutive checks with the same word of bits; only a single check can have more bits than one word."""

    bits: dict[Bit, Column] = field(default_factory=dict)
    asked: list[tuple[Column, list[Bit]]] = field(default_factory=list)

    def texts(self, meaning: Meaning) -> Iterator[tuple[Column, Column]]:
        """Yield the missing facts and the reason of the undetermined rows of each check."""
        codes, found = self._combinations()
        texts = {code: meaning(marks) for code, marks in found.items()}
        missing = _looked_up({code: each[0] for code, each in texts.items()}, codes, pl.String)
        because = _looked_up({code: each[1] for code, each in texts.items()}, codes, pl.Enum(REASONS))
        start = 0
        for rows, _ in self.asked:
            length = rows.sum()
            yield missing.slice(start, length), because.slice(start, length)
            start += length

    def _combinations(self) -> tuple[Column, dict[int, tuple[Mark, ...]]]:
        """Return a code for each row of each check, and by code what applies there."""
        bits = list(self.bits)
        codes, found = self._by_word(bits[:_BITS])
        for start in range(_BITS, len(bits), _BITS):
            others, more = self._by_word(bits[start : start + _BITS])
            pairs = codes.cast(pl.UInt64) * (1 << _BITS) + others
            seen = pairs.unique().to_list()
            codes = pairs.replace_strict(seen, range(len(seen)), return_dtype=pl.UInt32)
            found = {
                code: (*found[pair >> _BITS], *more[pair & (1 << _BITS) - 1])
                for code, pair in enumerate(seen)
            }
        return codes, found

    def _by_word(self, bits: Sequence[Bit]) -> tuple[Column, dict[int, tuple[Mark, ...]]]:
        """The same for the bits of one word, which is the code."""
        places = {bit: 1 << place for place, bit in enumerate(bits)}
        columns = [self.bits[bit].cast(pl.UInt16) * place for bit, place in places.items()]
        word = reduce(or_, columns) if columns else self.asked[0][0].cast(pl.UInt16) * 0
        codes = pl.concat(
            [word.filter(rows) & sum(places.get(bit, 0) for bit in own) for rows, own in self.asked]
        )
        seen = codes.unique().to_list()
        return codes, {
            code: tuple(mark for (mark, _), place in places.items() if code & place) for code in seen
        }


def _looked_up(texts: Mapping[int, str], codes: Column, kind: Any) -> Column:
    """The text of each code."""
    different = {*texts.values()}
    if len(different) == 1:
        return pl.Series([*different], dtype=kind).new_from_index(0, len(codes))
    places = pl.Series([0], dtype=pl.UInt32).new_from_index(0, max(texts) + 1)
    table = pl.Series([*texts.values()], dtype=kind).gather(places.scatter([*texts], range(len(texts))))
    return table.gather(codes)
