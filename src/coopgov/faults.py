"""A fault: what is wrong in a file, where, what was expected, and a hint; and how it is displayed."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from coopgov.locales import Phrase, phrase, verbatim
from coopgov.nearest import nearest
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "MOST_ALIKE",
    "NO_HINT",
    "Fault",
    "Place",
    "column_letters",
    "counted",
    "did_you_mean",
    "display_width",
    "sentence",
]

_LONGEST, _BEFORE = 200, 80
"""The most characters of a long line that are shown, and how many of them before the caret."""
MOST_ALIKE = 200
"""How many faults of one code are reported for a file; the last of them says how many more there are."""
NO_HINT = verbatim("")
"""The hint of a fault that has none."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; lines and columns count from 1, columns in characters.

    In a workbook, `sheet` is the name of the sheet, and line and column are those of a cell: `form.xlsx:Tasks!G17`.
    """

    file: str
    line: int
    column: int
    sheet: str = ""

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the position; a place that is no file, such as a column of a frame, is named in the language."""
        file = verbatim(self.file).in_language(language)
        if self.sheet:
            return f"{file}:{self.sheet}!{column_letters(self.column)}{self.line}"
        return f"{file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: its place, its code, what was found, what was expected, and a hint.

    `source` is the line of the file, and `width` the number of characters that the caret marks. A fault in a
    Python object has no file: its place is the path of the value, with line and column 0. `more` is the number of
    further faults of the same code in the file that are not reported one by one.
    """

    place: Place
    code: str
    found: Phrase
    expected: Phrase
    hint: Phrase = NO_HINT
    source: str = ""
    width: int = 1
    more: int = 0

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the fault as text in a language: place, code and sentence, and the line of the file with a caret."""
        at = (
            self.place.in_language(language)
            if self.place.line
            else verbatim(self.place.file).in_language(language)
        )
        said = sentence(self.found, self.expected, self.hint).in_language(language)
        more = phrase("common.more", more=f"{self.more:,}").in_language(language) if self.more else ""
        return visible(f"{at}: {self.code}: {said}") + self._quoted() + (f"\n    {more}" if more else "")

    def _quoted(self) -> str:
        """The line of the file with a caret below the marked characters."""
        if not self.source.strip():
            return ""
        start = max(0, self.place.column - 1 - _BEFORE) if len(self.source) > _LONGEST else 0
        shown = self.source[start : start + _LONGEST]
        caret = self._caret(shown, start)
        return f"\n    {'…' * bool(start)}{visible(shown)}\n    {' ' * bool(start)}{caret}"

    def _caret(self, shown: str, start: int) -> str:
        at = self.place.column - 1 - start
        before = visible(shown[:at])
        marked = visible(shown[at : at + self.width])
        indent = "".join("\t" if letter == "\t" else " " * display_width(letter) for letter in before)
        return indent + "^" * max(1, display_width(marked))


def column_letters(number: int) -> str:
    """Return the letters of a column of a sheet, counted from 1: 28 is AB."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sentence(found: Phrase, expected: Phrase, hint: Phrase) -> Phrase:
    """Return what was found and expected, and the hint if there is one."""
    if hint:
        return phrase("common.fault", found=found, expected=expected, hint=hint)
    return phrase("common.found", found=found, expected=expected)


def display_width(text: str) -> int:
    """Return the number of terminal columns of a text: two for each wide East Asian character."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def counted(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the first faults of each code in each file, in order; the rest are only counted."""
    kept: list[Fault] = []
    last: dict[tuple[str, str], int] = {}
    seen: Counter[tuple[str, str]] = Counter()
    left: Counter[tuple[str, str]] = Counter()
    for fault in sorted(faults, key=lambda each: (each.place.file, each.place.sheet, each.place, each.code)):
        sort = (fault.place.file, fault.code) if fault.place.line else ("", fault.code)
        seen[sort] += 1
        if seen[sort] > MOST_ALIKE:
            left[sort] += 1 + fault.more
        else:
            last[sort] = len(kept)
            kept.append(fault)
    for sort, more in left.items():
        fault = kept[last[sort]]
        kept[last[sort]] = replace(fault, more=fault.more + more)
    return tuple(kept)


def did_you_mean(name: str, known: Iterable[str], called: Mapping[str, str] | None = None) -> Phrase:
    """Return `did you mean "…"?` with the closest known name; empty if none is close.

    `called` has display names, each with the known name that it means.

    >>> did_you_mean("bugdet", ["budget", "buffer"])
    'did you mean "budget"?'
    """
    near = nearest(name, known) or (called or {}).get(nearest(name, called or ()), "")
    return phrase("common.did-you-mean", near=near) if near else NO_HINT
