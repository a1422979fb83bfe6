"""Finds full-width punctuation in structural positions: what a Chinese keyboard types for `:`, `,`, `[`, `"`, space."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["SYMBOLS", "Mark", "Symbol", "structure_symbols"]

_SPACE = "\u3000"
_COMMAS = "，、；"
_DASHES = "－—–−"
_CLOSING = {"［": "］", "【": "】", "｛": "｝", "（": "）"}
_BRACKETS = {"［": ("[]",), "【": ("[]",), "｛": ("{}",), "（": ("[]", "{}")}
_QUOTES = {"“": "”“", "＂": "＂", "「": "」", "『": "』", "”": "”", "‘": "’‘", "＇": "＇", "’": "’"}
"""The closing quotes that each opening quote accepts."""
_SINGLE = "‘’＇"
_ENDS = set("".join(_QUOTES.values()))
SYMBOLS = re.compile(
    f"[{_SPACE}：＃{_COMMAS}{_DASHES}{''.join(_CLOSING)}{''.join(_CLOSING.values())}{''.join(_ENDS)}「『]"
)
"""Every symbol that is searched for."""

_KEY = re.compile(rf"[\s{_SPACE}]*[\"'“＂]?[^\W\d][\w.$-]*[\"'”＂]?[\s{_SPACE}]*[:：]")
_AFTER_TEXT = re.compile(rf"[\s{_SPACE}]*(?:[,:}}\]：{_COMMAS}］】｝）#＃]|$)")


class Mark(NamedTuple):
    """A range of characters of a line; lines and columns count from 0."""

    line: int
    start: int
    end: int


class Symbol(NamedTuple):
    """A symbol, or an opening symbol and its closing one, with the possible replacements.

    `sure` is false where it may just as well be part of a text.
    """

    marks: tuple[Mark, ...]
    options: tuple[tuple[str, ...], ...]
    sure: bool = True


def structure_symbols(lines: Iterable[str]) -> list[Symbol]:
    """Return the full-width symbols in positions where structure is possible."""
    open_: list[tuple[Mark, str] | None] = []
    found: list[Symbol] = []
    for number, line in enumerate(lines):
        if open_ or SYMBOLS.search(line):
            found += _Line(number, line, open_).symbols()
        elif line.rstrip().endswith(("[", "{")):
            open_.append(None)
    found += [Symbol((held[0],), tuple((pair[0],) for pair in _BRACKETS[held[1]])) for held in open_ if held]
    return sorted(found)


class _Line:
    """One line, read from left to right; `open_` holds the open brackets, with None for an ASCII one."""

    def __init__(self, number: int, text: str, open_: list[tuple[Mark, str] | None]) -> None:
        self.number = number
        self.text = text
        self.open = open_
        self.at = 0
        self.begins = True
        self.keyed = False
        self.inside = 0

    def symbols(self) -> Iterator[Symbol]:
        """Yield the symbols of the line."""
        while self.at < len(self.text):
            letter, start = self.text[self.at], self.at
            if letter in "#＃" and (start == 0 or self.text[start - 1].isspace()):
                if letter == "＃":
                    yield self._symbol(start, "#", sure=not self.text[:start].strip())
                return
            self.at += 1
            if letter == _SPACE:
                yield from self._spaces(start)
            elif not letter.isspace():
                yield from self._letter(letter, start)

    def _letter(self, letter: str, start: int) -> Iterator[Symbol]:
        if self.begins and (letter in "\"'" or letter in _QUOTES):
            yield from self._quoted(letter, start)
        elif letter in _ENDS and _AFTER_TEXT.match(self.text, start + 1):
            yield self._symbol(start, "'" if letter in _SINGLE else '"', sure=False)
        elif letter in "[{" or letter in _CLOSING:
            self._opened(letter, start)
        elif self.open and (letter in "]}" or letter in _CLOSING.values()):
            yield from self._closed(letter, start)
        elif self.open and (letter == "," or letter in _COMMAS):
            yield from self._separator(letter, start)
        else:
            yield from self._in_line(letter, start)

    def _separator(self, letter: str, start: int) -> Iterator[Symbol]:
        """A separator between flow items; unless a key follows or a bracket is open, it may be part of a text."""
        if letter != ",":
            before = self.text[:start].rstrip()[-1:]
            yield self._symbol(
                start, ",", sure=before in "}]\"'" or _KEY.match(self.text, start + 1) is not None
            )
        self.begins, self.keyed = True, False

    def _in_line(self, letter: str, start: int) -> Iterator[Symbol]:
        """A colon after a key, or a dash before an item; any other character is part of a text."""
        following = self.text[start + 1 : start + 2]
        spaced = following.isspace() or not following
        if letter == "：" and not self.keyed:
            yield self._symbol(start, ":" if spaced else ": ")
            self.begins = self.keyed = True
        elif letter == ":" and spaced:
            self.begins = self.keyed = True
        elif self.begins and not self.open and not self.keyed and letter in _DASHES:
            yield self._symbol(start, "-" if following.isspace() else "- ")
        elif not (letter == "-" and self.begins and following.isspace()):
            self.begins = False

    def _symbol(self, start: int, written: str, *, sure: bool = True) -> Symbol:
        return Symbol((Mark(self.number, start, start + 1),), ((written,),), sure)

    def _spaces(self, start: int) -> Iterator[Symbol]:
        """A run of ideographic spaces next to structure; each is as wide as two spaces."""
        while self.text[self.at : self.at + 1] == _SPACE:
            self.at += 1
        if self.begins or _AFTER_TEXT.match(self.text, self.at):
            count = self.at - start
            indents = not self.text[:start].strip()
            options = ((" " * (2 * count),), (" " * count,)) if indents else ((" ",),)
            yield Symbol((Mark(self.number, start, self.at),), options)

    def _quoted(self, letter: str, start: int) -> Iterator[Symbol]:
        """A quoted text: skipped if its quotes are ASCII; otherwise both quotes form one symbol."""
        self.begins = False
        for end in range(start + 1, len(self.text)):
            if self.text[end] in _QUOTES.get(letter, letter) and _AFTER_TEXT.match(self.text, end + 1):
                self.at = end + 1
                if letter in _QUOTES:
                    written = "'" if letter in _SINGLE else '"'
                    marks = Mark(self.number, start, start + 1), Mark(self.number, end, end + 1)
                    yield Symbol(marks, ((written, written),), sure=False)
                return
        if letter in _QUOTES:
            yield self._symbol(start, "'" if letter in _SINGLE else '"', sure=False)

    def _opened(self, letter: str, start: int) -> None:
        """An opening bracket; one inside a text is counted only so that its closing bracket is skipped."""
        if self.begins:
            mark = Mark(self.number, start, start + 1)
            self.open.append((mark, letter) if letter in _CLOSING else None)
            self.keyed = False
        elif letter in _CLOSING:
            self.inside += 1

    def _closed(self, letter: str, start: int) -> Iterator[Symbol]:
        self.begins = False
        if self.inside and letter in _CLOSING.values():
            self.inside -= 1
            return
        held, mark = self.open.pop(), Mark(self.number, start, start + 1)
        if held is None:
            if letter not in "]}":
                yield Symbol(
                    (mark,), (("]",), ("}",)) if letter == "）" else (("}" if letter == "｝" else "]",),)
                )
            return
        pairs = _BRACKETS[held[1]]
        if _KEY.match(self.text, held[0].end) and held[0].line == self.number:
            pairs = pairs[::-1]
        if letter in "]}":
            yield Symbol(
                (held[0],), tuple((pair[0],) for pair in pairs if pair[1] == letter) or ((pairs[0][0],),)
            )
        else:
            yield Symbol((held[0], mark), tuple((pair[0], pair[1]) for pair in pairs))
