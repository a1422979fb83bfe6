"""Text → tokens, with their places."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from coopgov.errors import ExpressionError

__all__ = ["KEYWORDS", "MAX_LENGTH", "Token", "is_word", "tokens"]

MAX_LENGTH = 4000

KEYWORDS = frozenset(
    [
        "above",
        "below",
        "at",
        "least",
        "most",
        "between",
        "and",
        "or",
        "not",
        "is",
        "in",
        "known",
        "else",
        "where",
        "of",
        "true",
        "false",
    ]
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?![\w.])
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?P<glued>[\w.]*)
    | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)?)
    | (?P<text>"[^"\n]*"|'[^'\n]*')
    | (?P<sign><=|>=|==|!=|[-+*/<>()\[\],%])
    )""",
    re.VERBOSE,
)
_FULL_WIDTH = dict(
    zip(
        "（），＞＜＋－×÷＊／％“”‘’［］【】＝！。；：、",
        "(),><+-*/*/%\"\"''[][]=!.;:,",
        strict=True,
    )
)


_WORD = re.compile(r"[^\W\d]\w*")


class Token(NamedTuple):
    """A piece of text: `kind` is date, number, name, word (a keyword), text, sign or end."""

    kind: str
    text: str
    start: int
    end: int


def is_word(text: str) -> bool:
    """Whether a text stands for itself where a name can stand, without quotes."""
    return _WORD.fullmatch(text) is not None and text not in KEYWORDS


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens, the last of which is the end.

    Raises:
        ExpressionError: something is no token of the language.
    """
    found: list[Token] = []
    position = 0
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
        raise ExpressionError(
            "not-a-number", f"`{digits}`", "a number without leading zeros", start=start, end=end
        )
    if glued[:1] in ("_", ".") or glued[:1].isdigit():
        found = f"`{digits}{glued}`"
        raise ExpressionError(
            "not-a-number", found, "a number such as 1000 or 0.5", start=start, end=match.end("glued")
        )


def _no_token(text: str, start: int) -> NoReturn:
    letter = text[start]
    if letter in "\"'":
        raise ExpressionError(
            "syntax", "a text without its closing quote", "a closing quote", start=start, end=len(text)
        )
    hint = ""
    if letter in _FULL_WIDTH:
        hint = f"the full-width {letter} is written {_FULL_WIDTH[letter]}"
    elif letter == "=":
        hint = "equality is written `is` or `==`"
    raise ExpressionError(
        "syntax", f"`{letter}`", "a sign of the language", start=start, end=start + 1, hint=hint
    )
