"""What the YAML parser says about a text that it cannot read, in the languages of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import phrase

if TYPE_CHECKING:
    from coopgov.locales import Phrase

__all__ = ["PROBLEMS", "problem_text"]

PROBLEMS = {
    "mapping values are not allowed in this context": "source.syntax.mapping-here",
    "mapping keys are not allowed in this context": "source.syntax.key-here",
    "block sequence entries are not allowed in this context": "source.syntax.list-here",
    "could not find expected ':'": "source.syntax.no-colon",
    "did not find expected key": "source.syntax.no-key",
    "did not find expected '-' indicator": "source.syntax.no-dash",
    "did not find expected node content": "source.syntax.no-content",
    "did not find expected ',' or ']'": "source.syntax.open-list",
    "did not find expected ',' or '}'": "source.syntax.open-mapping",
    "did not find expected <document start>": "source.syntax.after-end",
    "found unexpected end of stream": "source.syntax.unfinished",
    "found unexpected document indicator": "source.syntax.divided",
    "found character that cannot start any token": "source.syntax.no-token",
    "found unknown escape character": "source.syntax.escape",
    "did not find expected alphabetic or numeric character": "source.syntax.no-name",
    "found a tab character that violates indentation": "source.syntax.tab",
    "found a tab character where an indentation space is expected": "source.syntax.tab-for-space",
}
"""The commonest problems of libyaml; the others are shown in its English."""


def problem_text(problem: str | None) -> Phrase:
    """Return a problem as a phrase, without the word `found` that a fault puts before it."""
    if not problem:
        return phrase("source.syntax.other")
    key = PROBLEMS.get(problem)
    return phrase(key) if key else phrase("source.syntax.problem", problem=problem.removeprefix("found "))
