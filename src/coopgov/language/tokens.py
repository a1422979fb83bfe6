"""Splits the text of an expression into tokens, each with its place."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple, NoReturn

from coopgov.errors import ExpressionError
from coopgov.hints import days, figures, quantities
from coopgov.language.words import KEYWORDS
from coopgov.locales import Phrase, one_of, phrase, verbatim

__all__ = ["MAX_LENGTH", "Token", "code", "is_word", "tokens", "write"]

MAX_LENGTH = 4000

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w.])
    | (?P<dated>(?:19|20)[0-9]{2}(?:年[0-9]{1,2}月[0-9]{1,2}日?|(?P<between>[-/.])[0-9]{1,2}(?P=between)[0-9]{1,2}))(?![\w.])
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?P<glued>[\w.]*)
    | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)?)
    | (?P<text>"[^"\n]*"|'[^'\n]*')
    | (?P<symbol><=|>=|==(?!=)|!=(?!=)|<(?!>)|[-+*/>()\[\],%])
    )""",  # noqa: E501  # its lines cannot be broken
    re.VERBOSE,
)
_FOREIGN = {
    "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "¬": "not", "===": "==", "!==": "!=", "=": "==",
    "<>": "!=", "=>": ">=", "=<": "<=",
    "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'",
    "’": "'",
    "【": "[", "】": "]", "「": '"', "」": '"', "『": '"', "』": '"', "、": ",", "。": ".", "；": ",",
}  # fmt: skip
"""Symbols of other languages and keyboards, with the spelling of the rule language."""
_SYMBOLS = re.compile(
    r"\"[^\"\n]*\"|'[^'\n]*'|(?P<own>==(?!=)|!=(?!=)|>=|<=(?!>))|"
    rf"(?P<foreign>{'|'.join(map(re.escape, sorted(_FOREIGN, key=len, reverse=True)))}|[\uff01-\uff5e])"
)


_WIDE = re.compile("[\u2018-\u201d\u3000-\u301f\uff01-\uff5e]")
_GROUPED = re.compile(r"(?<![\w.])[0-9]{1,3}(?:[ ,'’_][0-9]{3})+(?:\.[0-9]+)?(?![0-9A-Za-z_.])")
_YEN = re.compile("[¥￥] ?[0-9][0-9,]*(?:[.][0-9]+)?(?:[万萬亿億]?)")
_WORD = re.compile(r"[^\W\d]\w*")


class Token(NamedTuple):
    """A piece of text; `kind` is date, number, name, word (a keyword), text, symbol or end."""

    kind: str
    text: str
    start: int
    end: int


def is_word(text: str) -> bool:
    """Whether a text can be written without quotes where a name is allowed."""
    return _WORD.fullmatch(text) is not None and text not in KEYWORDS


def code(text: str) -> Phrase:
    """Return a piece of an expression as errors quote it."""
    return verbatim(f"`{text}`")


def write(*spellings: str) -> Phrase:
    """Return the hint to write one of several pieces of an expression instead; empty if there is none."""
    return phrase("errors.write", spelling=one_of(map(code, spellings))) if spellings else verbatim("")


def tokens(text: str, start: int = 0) -> list[Token]:
    """Split a text, from `start` on, into tokens; the last one has the kind `end`.

    Raises:
        ExpressionError: the text contains something that is not a token of the language.
    """
    found: list[Token] = []
    position = start
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            rest = text[position:]
            if not rest.strip():
                break
            _no_token(text, position + len(rest) - len(rest.lstrip()))
        assert match.lastgroup is not None
        kind = "number" if match.lastgroup == "glued" else match.lastgroup
        start, end = match.span(kind)
        word = match[kind]
        if kind == "name" and word in KEYWORDS:
            kind = "word"
        if kind == "dated":
            expected, hint = phrase("language.date-as"), write(*days(word))
            raise ExpressionError("not-a-date", code(word), expected, start=start, end=end, hint=hint)
        if kind == "number":
            _check_number(match)
            end = match.end("number")
        found.append(Token(kind, word, start, end))
        position = end
    found.append(Token("end", "", len(text), len(text)))
    return found


def _check_number(match: re.Match[str]) -> None:
    digits, glued = match["number"], match["glued"]
    start, end = match.span("number")
    whole = digits.split(".")[0]
    if len(whole) > 1 and whole.startswith("0") and whole.isdigit():
        _no_number(match.string, start, end, phrase("language.number-without-zeros"))
    if glued[:1] in ("_", ".") or glued[:1].isdigit():
        _no_number(match.string, start, match.end("glued"), phrase("language.number-such-as"))


def _no_number(text: str, start: int, end: int, expected: Phrase) -> NoReturn:
    """Report a malformed number; groups of thousands around it count as part of it."""
    for group in _GROUPED.finditer(text):
        if group.start() <= start < group.end():
            start, end = group.span()
    found, hint = code(text[start:end]), write(*figures(text[start:end]))
    raise ExpressionError("not-a-number", found, expected, start=start, end=end, hint=hint)


def _no_token(text: str, start: int) -> NoReturn:
    letter = text[start]
    if letter in "\"'":
        found, expected = phrase("language.open-text"), phrase("language.closing-quote")
        raise ExpressionError("syntax", found, expected, start=start, end=len(text))
    amount = _YEN.match(text, start)
    if amount:
        found, hint = code(amount[0]), write(*quantities(amount[0]))
        raise ExpressionError(
            "syntax", found, phrase("language.symbol"), start=start, end=amount.end(), hint=hint
        )
    end, written = _translated(text, start)
    fault = "full-width" if _WIDE.match(letter) else "syntax"
    expected = phrase("language.symbol")
    if written is None:
        raise ExpressionError(fault, code(letter), expected, start=start, end=start + 1)
    hint = write(written)
    raise ExpressionError(fault, code(text[start:end]), expected, start=start, end=end, hint=hint)


def _translated(text: str, start: int) -> tuple[int, str | None]:
    """Return the end of a run of foreign symbols and its spelling in the rule language; None if it has none."""
    symbols = [match for match in _SYMBOLS.finditer(text, start) if match["foreign"]]
    if not symbols or symbols[0].start() != start:
        return start + 1, None
    written, position = "", start
    for match in symbols:
        symbol = match["foreign"]
        own = (
            _FOREIGN.get(unicodedata.normalize("NFKC", symbol))
            or _FOREIGN.get(symbol)
            or unicodedata.normalize("NFKC", symbol)
        )
        written += text[position : match.start()]
        if own == "not" and not text[match.end() :].strip():
            return start + 1, None
        if own == "," and not _in_brackets(text[:start] + written):
            return start + 1, None
        if own.isalpha() or own == "-":
            before = (text[:start] + written)[-1:]
            own = (
                " " * (not before.isspace() and bool(before))
                + own
                + " " * (not text[match.end() : match.end() + 1].isspace())
            )
        written += own
        position = match.end()
    return position, written


def _in_brackets(text: str) -> bool:
    """Whether a bracket is open at the end of a text: a comma between values is allowed only there."""
    return sum((letter in "([") - (letter in ")]") for letter in text) > 0
