"""Find comments that should ignore findings but have no effect: nothing to ignore, no reason, a day that has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from coopgov.analysis.scope import finding
from coopgov.faults import Fault, Place, did_you_mean
from coopgov.locales import phrase, verbatim
from coopgov.schema import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from coopgov.analysis.ignores import IgnoreComment, Ignores
    from coopgov.finding import Finding
    from coopgov.locales import Phrase
    from coopgov.source import Document

__all__ = ["wrong_ignores"]

_OWN_CODES = ("expired-ignore", "ignore-without-reason", "unreadable-ignore", "unused-ignore")
"""Findings about comments, which no comment can ignore."""


class _Wrong(NamedTuple):
    """A fault of a comment, or of the part of it that begins at `offset`."""

    code: str
    found: Phrase
    expected: Phrase
    hint: Phrase
    part: str = ""
    offset: int = 0


def wrong_ignores(
    document: Document,
    ignores: Ignores,
    found: Iterable[Finding],
    codes: Collection[str],
    as_of: date | None,
    unsure: Collection[str] = (),
) -> Iterator[Finding]:
    """The findings about the comments of a file, given all findings that they could ignore.

    `codes` are those that its findings can have; comments about those that are `unsure` are not checked.
    """
    needed = {(id(comment), each.fault.code) for each in found for comment in ignores.about(each)}
    for comment in ignores.comments[document.file]:
        wrong = _not_holding(comment, as_of)
        here = {code for code, _ in comment.codes if code in unsure or (id(comment), code) in needed}
        for each in [wrong] if wrong else _unused(comment, here, codes):
            yield _at(document, comment, each)


def _not_holding(comment: IgnoreComment, as_of: date | None) -> _Wrong | None:
    """The reason why a comment has no effect, if it has none."""
    if comment.slip:
        found = _text("slip", text=comment.slip)
        return _Wrong("unreadable-ignore", found, _text("form"), _text("hint"), comment.slip)
    if not comment.codes:
        return _Wrong("unreadable-ignore", _text("no-code"), _text("a-code"), _text("hint"))
    if not comment.readable:
        found = _text("until", day=shown(comment.until or None))
        return _Wrong("unreadable-ignore", found, _text("a-day"), _text("hint"))
    if not comment.reason:
        return _Wrong("ignore-without-reason", _text("no-reason"), _text("a-reason"), _text("hint"))
    if comment.expired(as_of):
        found = _text("expired", day=comment.day)
        return _Wrong("expired-ignore", found, _text("to-come"), _text("counts-again"))
    return None


def _text(part: str, **values: object) -> Phrase:
    return phrase(f"analysis.ignore.{part}", **values)


def _unused(comment: IgnoreComment, here: set[str], codes: Collection[str]) -> Iterator[_Wrong]:
    """The codes of a comment that ignore nothing."""
    where = "below" if comment.comment.alone else "on-line"
    for code, offset in comment.codes:
        if code in _OWN_CODES:
            found, expected = _text("own", code=code), _text("another-code")
            yield _Wrong("unused-ignore", found, expected, verbatim(""), code, offset)
        elif code not in codes:
            near = did_you_mean(code, [each for each in codes if each not in _OWN_CODES])
            yield _Wrong("unused-ignore", _text("unknown", code=code), _text("a-code"), near, code, offset)
        elif code not in here:
            found = _text(where, code=code)
            yield _Wrong("unused-ignore", found, _text("a-finding"), _text("remove"), code, offset)


def _at(document: Document, comment: IgnoreComment, wrong: _Wrong) -> Finding:
    where = comment.comment
    place = Place(document.file, where.line, where.column + wrong.offset)
    line, width = document.lines[where.line - 1], len(wrong.part or where.text)
    return finding(Fault(place, wrong.code, wrong.found, wrong.expected, wrong.hint, line, width))
