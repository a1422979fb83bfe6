"""Traces faults to the full-width punctuation that causes them, and reports one fault for each such symbol.

A symbol is to blame only if the file cannot be read as written, and can be read, or read further, with the ASCII symbol
in its place. Texts may therefore contain any punctuation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from coopgov.errors import InputError
from coopgov.faults import Fault, Place
from coopgov.locales import all_of, phrase, verbatim
from coopgov.source.compose import Composer, line_texts, scalar_extents
from coopgov.source.full_width_marks import SYMBOLS, Mark, structure_symbols
from coopgov.source.nodes import Document
from coopgov.source.read import decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from coopgov.locales import Phrase
    from coopgov.source.full_width_marks import Symbol

__all__ = ["in_full_width"]

_MOST_READINGS = 60
_MOST_LETTERS = 3_000_000
"""The most times a text is read again, and the most characters read in all."""
_ROUNDS = 6

Choice = dict["Symbol", tuple[str, ...]]
"""The replacement of each symbol."""


def in_full_width(
    data: bytes | str, name: str, faults: Iterable[Fault], check: Callable[[Document], Iterable[Fault]]
) -> InputError | None:
    """Return the error of a file whose full-width symbols cause faults; None where they cause none.

    It has one fault for each such symbol, and the structural faults that remain; its document is the file with ASCII
    symbols in their place. `check` returns the faults of a document that can be read.
    """
    try:
        text = decoded(data, name).removeprefix("\ufeff")
    except InputError:
        return None
    if not SYMBOLS.search(text):
        return None
    lines = line_texts(text)
    symbols = structure_symbols(lines)
    return _Search(name, lines, symbols, check).error(list(faults)) if symbols else None


@dataclass(frozen=True, slots=True)
class _Reading:
    """The result of reading a text: its faults, and the first place where its structure breaks."""

    faults: tuple[Fault, ...]
    broken: Place | None

    def keys(self) -> set[tuple[Place, str]]:
        return {(fault.place, fault.code) for fault in self.faults}

    def lines(self) -> set[int]:
        return {fault.place.line - 1 for fault in self.faults}


class _Search:
    """Searches for the symbols that are to blame by reading the text again with replacements."""

    def __init__(
        self,
        name: str,
        lines: Sequence[str],
        symbols: Sequence[Symbol],
        check: Callable[[Document], Iterable[Fault]],
    ) -> None:
        self.name = name
        self.lines = lines
        self.symbols = symbols
        self.check = check
        self.left = max(4, min(_MOST_READINGS, _MOST_LETTERS // sum(map(len, lines))))

    def error(self, faults: list[Fault]) -> InputError | None:
        """The structural faults that remain, and one fault for each symbol that is to blame."""
        now = self._reading({}, faults)
        chosen, now = self._together(now)
        tried: set[tuple[int, int]] = set()
        while (line := self._suspect(chosen, now, tried)) is not None:
            chosen, now = self._one_line(line, chosen, now)
        if not chosen:
            return None
        document, broken = self._composed(chosen)
        return InputError([*broken, *map(self._fault, chosen.items())], document)

    def _together(self, first: _Reading) -> tuple[Choice, _Reading]:
        """Replace every symbol that is certainly structure, except on lines where that causes new faults."""
        lines, known = None if first.broken else first.lines(), first.keys()
        chosen = {
            symbol: symbol.options[0]
            for symbol in self.symbols
            if symbol.sure and (lines is None or _line(symbol) in lines)
        }
        for _ in range(_ROUNDS):
            if not chosen or self.left < 1:
                break
            now = self._reading(chosen)
            fresh = {fault.place.line - 1 for fault in now.faults if (fault.place, fault.code) not in known}
            broken_up = {symbol for symbol in chosen if now.broken and now.broken.line - 1 == _line(symbol)}
            broken_up = broken_up or {
                symbol for symbol in chosen if _line(symbol) in fresh and not first.broken
            }
            if not broken_up and _further(first, now):
                chosen = self._needed(chosen)
                return chosen, now
            if not broken_up:
                break
            chosen = {symbol: written for symbol, written in chosen.items() if symbol not in broken_up}
        return {}, first

    def _suspect(self, chosen: Choice, now: _Reading, tried: set[tuple[int, int]]) -> int | None:
        """A line with a fault and symbols, or the closest such line above the place where the structure breaks."""
        waiting = {_line(symbol) for symbol in self.symbols if symbol not in chosen}
        suspects = sorted(now.lines() & waiting)
        if now.broken:
            suspects += sorted((line for line in waiting if line < now.broken.line), reverse=True)[:3]
        for line in suspects:
            if (line, len(chosen)) not in tried and self.left > 0:
                tried.add((line, len(chosen)))
                return line
        return None

    def _one_line(self, line: int, chosen: Choice, now: _Reading) -> tuple[Choice, _Reading]:
        """Replace symbols of one line: all of them, else those that are certainly structure, else a single one."""
        here = [symbol for symbol in self.symbols if _line(symbol) == line and symbol not in chosen]
        for more in _choices(here):
            if self.left < 1:
                break
            tried = self._reading({**chosen, **more})
            if _further(now, tried) and not (tried.broken and tried.broken.line - 1 == line):
                return {**chosen, **self._needed(more, chosen)}, tried
        return chosen, now

    def _needed(self, chosen: Choice, others: Mapping[Symbol, tuple[str, ...]] | None = None) -> Choice:
        """The choice without symbols that turn out to be inside a text."""
        whole = {**(others or {}), **chosen}
        extents = scalar_extents(self._repaired(whole))
        return {
            symbol: written for symbol, written in chosen.items() if not self._inside(symbol, whole, extents)
        }

    def _inside(
        self, symbol: Symbol, chosen: Choice, extents: Sequence[tuple[tuple[int, int], tuple[int, int]]]
    ) -> bool:
        mark = symbol.marks[0]
        at = (
            mark.line,
            mark.start
            + sum(
                len(written) - (each.end - each.start)
                for each, written in _edits(chosen)
                if each.line == mark.line and each.start < mark.start
            ),
        )
        return any(start < at < end for start, end in extents if start[0] <= at[0] <= end[0])

    def _reading(self, chosen: Choice, faults: Iterable[Fault] | None = None) -> _Reading:
        self.left -= 1
        document, broken = self._composed(chosen)
        if faults is None:
            faults = [*broken, *(self.check(document) if document else ())]
        edits = {line: list(each) for line, each in groupby(_edits(chosen), lambda edit: edit[0].line)}
        placed = (self._placed(fault, edits.get(fault.place.line - 1, ())) for fault in faults)
        return _Reading(tuple(placed), min((fault.place for fault in broken), default=None))

    def _composed(self, chosen: Choice) -> tuple[Document | None, tuple[Fault, ...]]:
        try:
            return Composer(self.name, self._repaired(chosen)).document(), ()
        except InputError as error:
            return error.document if isinstance(error.document, Document) else None, error.faults

    def _placed(self, fault: Fault, edits: Iterable[tuple[Mark, str]]) -> Fault:
        """The fault at its place in the original text."""
        if fault.place.file != self.name or not fault.place.line:
            return fault
        column = fault.place.column - 1
        for mark, written in edits:
            if mark.start < column:
                column = max(mark.start, column - len(written) + (mark.end - mark.start))
        place = replace(fault.place, column=column + 1)
        return replace(fault, place=place, source=self.lines[place.line - 1])

    def _repaired(self, chosen: Choice) -> str:
        """The text with the replacements made."""
        lines = list(self.lines)
        for mark, written in reversed(list(_edits(chosen))):
            line = lines[mark.line]
            lines[mark.line] = line[: mark.start] + written + line[mark.end :]
        return "\n".join(lines)

    def _fault(self, blamed: tuple[Symbol, tuple[str, ...]]) -> Fault:
        (mark, *_), written = blamed[0].marks, blamed[1]
        line = self.lines[mark.line]
        symbol = line[mark.start]
        space = symbol == "\u3000"
        found = (
            phrase("source.full-width.space") if space else phrase("source.full-width.found", symbol=symbol)
        )
        expected = phrase("source.full-width.spaces" if space else "source.full-width.expected")
        hint = phrase("hints.write", text=all_of(map(_named, written)))
        place = Place(self.name, mark.line + 1, mark.start + 1)
        return Fault(place, "full-width", found, expected, hint, line, mark.end - mark.start)


def _named(written: str) -> Phrase:
    if not written.isspace():
        return verbatim(f"`{written}`")
    count = len(written)
    return phrase(
        "source.full-width.one-space" if count == 1 else "source.full-width.some-spaces", count=count
    )


def _line(symbol: Symbol) -> int:
    return symbol.marks[0].line


def _edits(chosen: Mapping[Symbol, tuple[str, ...]]) -> Iterator[tuple[Mark, str]]:
    """The replacements, in the order of the text."""
    yield from sorted(
        pair for symbol, written in chosen.items() for pair in zip(symbol.marks, written, strict=True)
    )


def _choices(symbols: Sequence[Symbol]) -> Iterator[Choice]:
    """Yield ways to replace symbols, those that replace most first."""
    several = [symbols, [symbol for symbol in symbols if symbol.sure]]
    for each in (*several, *([symbol] for symbol in symbols)):
        most = max((len(symbol.options) for symbol in each), default=0)
        yield from (
            {symbol: symbol.options[min(number, len(symbol.options) - 1)] for symbol in each}
            for number in range(most)
        )


def _further(before: _Reading, after: _Reading) -> bool:
    """Whether a reading is an improvement: the structure breaks later, or faults disappear and no new ones appear."""
    if before.broken:
        return after.broken is None or after.broken > before.broken
    gone, fresh = before.keys() - after.keys(), after.keys() - before.keys()
    return after.broken is None and bool(gone) and len(fresh) <= len(gone)
