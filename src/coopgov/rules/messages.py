"""Messages with placeholders: checked when a rule is loaded, and filled in without evaluating code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError, FollowingError
from coopgov.faults import NO_HINT
from coopgov.hints import followed
from coopgov.language import syntax as s
from coopgov.language.parser import parse
from coopgov.language.tokens import write
from coopgov.language.type_check import check
from coopgov.locales import listed, phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgov.facts.catalogue import Catalogue
    from coopgov.schema import LocalText

__all__ = ["OWN_WORDS", "Message", "check_message", "placeholders"]

OWN_WORDS = ("measure", "threshold", "severity", "about")
"""Placeholders other than facts: the measure, what it is compared with, the severity, the subject's name."""

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")

_WIDE_BRACES = re.compile(r"(?:｛|\{(?=[^{}]*｝))\s*([A-Za-z_][\w.]*)\s*(?:｝|(?<=[\w\s])\})")


@dataclass(frozen=True, slots=True)
class Message:
    """A text in all its languages, and the facts that its placeholders name."""

    text: LocalText
    facts: dict[str, s.Expr]

    def render(self, language: str, show: Callable[[str], str]) -> str:
        """Fill in the placeholders; `show` returns the text for each."""
        parts = _parts(self.text.in_language(language))
        return "".join([show(part) if named else part for part, named in parts])


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[tuple[str, bool], ...]:
    """The parts of a text: what stays as it is, and the names of placeholders, which are marked."""
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in _PLACEHOLDER.finditer(text):
        own = match[0] in ("{{", "}}")
        parts += ((text[end : match.start()], False), (match[0][0] if own else match[1].strip(), not own))
        end = match.end()
    return (*parts, (text[end:], False))


def check_message(
    text: LocalText, about: str, catalogue: Catalogue, *, measured: bool
) -> tuple[Message, list[tuple[str, ExpressionError]]]:
    """Check the placeholders of every language; each fault comes with its language."""
    facts: dict[str, s.Expr] = {}
    faults: list[tuple[str, ExpressionError]] = []
    for language, written in text.entries:
        wide = list(_in_wide_braces(written))
        faults += ((language, wrong) for wrong in wide)
        for name, start, end in placeholders(written):
            if any(wrong.start <= start < wrong.end for wrong in wide):
                continue
            if name in ("measure", "threshold") and not measured:
                found, expected = verbatim(f"{{{name}}}"), phrase("rules.placeholder.no-measure")
                wrong = ExpressionError("unknown-placeholder", found, expected, start=start, end=end)
                faults.append((language, wrong))
            elif name is None or name not in (*OWN_WORDS, *facts):
                try:
                    facts[str(name)] = _fact(name, about, catalogue, start, end)
                except ExpressionError as error:
                    faults.append((language, error))
    return Message(text, facts), faults


def placeholders(text: str) -> Iterator[tuple[str | None, int, int]]:
    """Return the placeholders of a text: name (None for an unmatched brace), start and end."""
    for match in _PLACEHOLDER.finditer(text):
        if match[0] not in ("{{", "}}"):
            yield (match[1].strip() if match[1] is not None else None), match.start(), match.end()


def _fact(name: str | None, about: str, catalogue: Catalogue, start: int, end: int) -> s.Expr:
    if name is None:
        found, expected = phrase("rules.placeholder.brace"), phrase("rules.placeholder.brace-expected")
        raise ExpressionError("unknown-placeholder", found, expected, start=start, end=end)
    hint = NO_HINT
    try:
        node = parse(name)
        if isinstance(node, s.Name) and (fact := check(node, about, catalogue)).type.kind != "collection":
            return fact
    except FollowingError:
        raise
    except ExpressionError as error:
        near = followed(error.hint, name, error.start, error.end)
        hint = write(f"{{{near}}}") if near else NO_HINT
    found, expected = (
        verbatim(f"{{{name}}}"),
        phrase("rules.placeholder.expected", about=about, words=listed(OWN_WORDS)),
    )
    raise ExpressionError("unknown-placeholder", found, expected, start=start, end=end, hint=hint)


def _in_wide_braces(text: str) -> Iterator[ExpressionError]:
    """Names of facts in full-width braces, which are not placeholders; other texts in such braces are allowed."""
    for match in _WIDE_BRACES.finditer(text):
        start, end = match.span()
        expected, hint = phrase("rules.placeholder.full-width"), write(f"{{{match[1]}}}")
        yield ExpressionError("full-width", verbatim(match[0]), expected, start=start, end=end, hint=hint)
