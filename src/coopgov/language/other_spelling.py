"""Hints for other spellings of keywords and numbers, such as `more than` for `above`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.hints import figures
from coopgov.language.words import KEYWORDS
from coopgov.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.language.tokens import Token

__all__ = ["other_spelling"]

_LONG_WORDS = ("and", "above", "below", "between", "known", "where", "least", "most")
_CLOSE = 0.8
"""How similar to a keyword a name must be to count as a misspelling of it."""
_OTHER_WORDS = {
    **dict.fromkeys(
        (
            "greater than",
            "more than",
            "larger than",
            "higher than",
            "later than",
            "after",
            "over",
            "exceeds",
            "gt",
        ),
        "above",
    ),
    **dict.fromkeys(
        ("less than", "fewer than", "smaller than", "lower than", "earlier than", "before", "under", "lt"),
        "below",
    ),
    **dict.fromkeys(("no less than", "not less than", "gte", "ge"), "at least"),
    **dict.fromkeys(("no more than", "not more than", "lte", "le"), "at most"),
    **dict.fromkeys(("equals", "equal to", "eq"), "is"),
    **dict.fromkeys(("differs from", "ne", "neq"), "is not"),
    **dict.fromkeys(("且", "并且", "與", "与"), "and"),
    **dict.fromkeys(("或", "或者"), "or"),
    **dict.fromkeys(("business days", "business day", "workdays", "workday"), "working days"),
}
"""Other words for keywords."""


def other_spelling(tokens: Sequence[Token], at: int, text: str) -> tuple[int, int, list[str]]:
    """Return the span of what the parser rejects at a token, and the right spellings, none if none is known."""
    token = tokens[at]
    if token.text == "," and token.kind == "symbol" and 0 < at < len(tokens) - 1:
        before, after = tokens[at - 1], tokens[at + 1]
        if before.kind == after.kind == "number" and before.end == token.start and token.end == after.start:
            return before.start, after.end, [*figures(text[before.start : after.end])]
    for first, length in ((at, 3), (at, 2), (max(0, at - 1), 2), (at, 1)):
        words = tokens[first : first + length]
        said = " ".join(each.text.lower() for each in words)
        word = said if said in KEYWORDS and said != token.text else _OTHER_WORDS.get(said, "")
        if word:
            return words[0].start, words[-1].end, [word]
    near = nearest(token.text, _LONG_WORDS, _CLOSE) if token.kind == "name" else ""
    return token.start, token.end, [near] if near else []
