"""Comments that ignore findings and do not do it: nothing to ignore, no reason, a day that has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.codes import FINDING_CODES
from coopgov.analysis.scope import finding
from coopgov.errors import Fault, Place, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.analysis.finding import Finding
    from coopgov.analysis.ignores import IgnoreComment
    from coopgov.analysis.scope import NotDecided, Scope

__all__ = ["IGNORE_CODES", "wrong_ignores"]

IGNORE_CODES = ("expired-ignore", "ignore-without-reason", "unreadable-ignore", "unused-ignore")
"""Findings about comments; none of them can be ignored by another."""

_SHAPE = "# coopgov: ignore CODE until 2026-12-31: reason"


def wrong_ignores(
    scope: Scope,
    comments: Iterable[IgnoreComment],
    found: Iterable[Finding],
    undecided: Iterable[NotDecided],
    as_of: date | None,
) -> Iterator[Finding]:
    """What is wrong with the comments of the file itself, once all that they could ignore is known."""
    open_codes = {each.code for each in undecided}
    if not scope.solver:
        open_codes |= {code for code, each in FINDING_CODES.items() if each.logic}
    found = list(found)
    for comment in comments:
        if not comment.readable:
            yield _unreadable(scope, comment)
        elif not comment.reason:
            yield _at(
                scope,
                comment,
                "ignore-without-reason",
                "no reason",
                "a reason after a colon",
                f"write {_SHAPE}",
            )
        elif comment.expired(as_of):
            told = f"an end on {comment.day}, which has passed"
            yield _at(
                scope,
                comment,
                "expired-ignore",
                told,
                "a day to come, or no comment",
                "the finding counts again",
            )
        else:
            yield from _unused(scope, comment, found, open_codes)


def _unreadable(scope: Scope, comment: IgnoreComment) -> Finding:
    if not comment.codes:
        return _at(scope, comment, "unreadable-ignore", "no code", "the code of a finding", f"write {_SHAPE}")
    found = comment.until if comment.until == "nothing" else f'"{comment.until}"'
    return _at(
        scope,
        comment,
        "unreadable-ignore",
        f"{found} after until",
        "a day such as 2026-12-31",
        f"write {_SHAPE}",
    )


def _unused(
    scope: Scope, comment: IgnoreComment, found: list[Finding], open_codes: set[str]
) -> Iterator[Finding]:
    here = {each.fault.code for each in found if comment.about(each)}
    for code, offset in comment.codes:
        if code not in FINDING_CODES or code in IGNORE_CODES:
            known = [each for each in FINDING_CODES if each not in IGNORE_CODES]
            expected = "the code of a finding that can be ignored"
            yield _at(
                scope,
                comment,
                "unused-ignore",
                f'"{code}"',
                expected,
                did_you_mean(code, known),
                code,
                offset,
            )
        elif code not in here and code not in open_codes:
            expected = (
                "a finding of that code on this line"
                if not comment.comment.alone
                else "a finding of that code in the entry below"
            )
            yield _at(
                scope,
                comment,
                "unused-ignore",
                f'"{code}", which is not found there',
                expected,
                "take it away",
                code,
                offset,
            )


def _at(
    scope: Scope,
    comment: IgnoreComment,
    code: str,
    found: str,
    expected: str,
    hint: str = "",
    part: str = "",
    offset: int = 0,
) -> Finding:
    """A finding at a comment, or at a part of it."""
    document, where = scope.source.document, comment.comment
    place = Place(document.file, where.line, where.column + offset)
    line = document.lines[where.line - 1]
    return finding(Fault(place, code, found, expected, hint, line, len(part or where.text)))
