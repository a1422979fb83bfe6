"""Read the comments with which the author of a file suppresses findings, each with a code and a reason.

    # coopgov: ignore missing-language until 2026-12-31: the translation is being made

At the end of a line, a comment is about findings on that line. On a line of its own, it is about the entry that
follows: the next line and everything indented below it. A comment without a reason, or whose last day has passed, has
no effect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from coopgov.source.comments import comments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgov.finding import Finding
    from coopgov.rules.expanded import ExpandedSource
    from coopgov.source import Document
    from coopgov.source.comments import Comment

__all__ = ["IgnoreComment", "Ignored", "Ignores", "ignore_comments"]

_IGNORE = re.compile(r"#\s*(?i:coopgov\s*[:：]\s*ignore)\b(?P<what>[^:：]*)(?:[:：](?P<reason>.*))?")
_SLIP = re.compile(r"#\s*(?i:coopgov)(?:\s*[:：]\s*忽略|\s+(?:(?i:ignore)|忽略)(?=\s*[:：]?\s*[a-z]+-[a-z]))")
"""Without the colon, only what a code follows: other texts can begin with the same words."""
_CODE = re.compile(r"[^\s,，、]+")
_ITEM = re.compile(r"\s*-(?:\s|$)")
_UNTIL = re.compile(r"(?P<codes>.*?)(?:(?<!\S)until(?!\S)(?P<until>.*))?")


@dataclass(frozen=True, slots=True)
class IgnoreComment:
    """A comment that ignores findings: their codes, the lines, the reason and the last day.

    `codes` have the offset of each in the comment. `until` is the text after that word, `day` the date it means, if
    any. `slip` is the beginning of a comment that is only nearly in this form; it has no codes.
    """

    comment: Comment
    codes: tuple[tuple[str, int], ...]
    lines: range
    reason: str
    until: str | None = None
    day: date | None = None
    slip: str = ""

    @property
    def readable(self) -> bool:
        """Whether it says what it ignores, and its last day, if any, exists."""
        return bool(self.codes) and (self.until is None or self.day is not None)

    def holds(self, as_of: date | None) -> bool:
        """Whether it has an effect: it has a reason, and its last day has not passed."""
        return self.readable and bool(self.reason) and not self.expired(as_of)

    def expired(self, as_of: date | None) -> bool:
        """Whether its last day has passed; without a date of analysis, none has."""
        return as_of is not None and self.day is not None and as_of > self.day

    def about(self, code: str, line: int) -> bool:
        """Whether it names the code of a finding on a line."""
        return line in self.lines and any(code == each for each, _ in self.codes)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that the file ignores, and why; `until` is the last day on which it does."""

    finding: Finding
    reason: str
    until: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON, with the reason."""
        until = self.until.isoformat() if self.until else None
        return {**self.finding.to_dict(), "reason": self.reason, "until": until}


@dataclass(frozen=True, slots=True, eq=False)
class Ignores:
    """All comments that ignore findings, by file: of the files of a rule set, or of an agreement.

    `beside` maps a file without comments to the place where they are: a CSV file to the line that names it.
    """

    comments: Mapping[str, Sequence[IgnoreComment]]
    beside: Mapping[str, tuple[str, int]]

    @classmethod
    def of(cls, sources: Iterable[ExpandedSource]) -> Ignores:
        """The comments of rule files."""
        sources = tuple(sources)
        beside = {
            row.source.document.file: (
                source.document.file,
                source.document.find((*table.field.path, "csv")).line,
            )
            for source in sources
            for table in source.tables
            for row in table.rows
            if table.field.value.csv
        }
        return cls({each.document.file: ignore_comments(each.document) for each in sources}, beside)

    @classmethod
    def of_document(cls, document: Document) -> Ignores:
        """The comments of one file, such as an agreement, and of its parts."""
        return cls({each.file: ignore_comments(each) for each in document.documents}, {})

    def set_aside(
        self, found: Iterable[Finding], as_of: date | None
    ) -> tuple[tuple[Finding, ...], tuple[Ignored, ...]]:
        """Divide findings into those that count and those that a comment ignores."""
        kept: list[Finding] = []
        ignored: list[Ignored] = []
        for each in found:
            comment = next((one for one in self.about(each) if one.holds(as_of)), None)
            if comment is None:
                kept.append(each)
            else:
                ignored.append(Ignored(each, comment.reason, comment.day))
        return tuple(kept), tuple(ignored)

    def about(self, found: Finding) -> Iterator[IgnoreComment]:
        """The comments that are about a finding, whether or not they have an effect."""
        place = found.fault.place
        file, line = self.beside.get(place.file, (place.file, place.line))
        return (each for each in self.comments.get(file, ()) if each.about(found.fault.code, line))


def ignore_comments(document: Document) -> list[IgnoreComment]:
    """The comments of a file that ignore findings."""
    if not any("#" in line and (_IGNORE.search(line) or _SLIP.search(line)) for line in document.lines):
        return []
    return [found for found in (_read(document, each) for each in comments(document)) if found]


def _read(document: Document, comment: Comment) -> IgnoreComment | None:
    match = _IGNORE.match(comment.text)
    if match is None:
        slip = _SLIP.match(comment.text)
        return IgnoreComment(comment, (), range(0), "", slip=slip[0]) if slip else None
    what = _UNTIL.fullmatch(match["what"])
    assert what is not None
    start = match.start("what")
    codes = tuple((each[0], start + each.start()) for each in _CODE.finditer(what["codes"]))
    until = None if what["until"] is None else what["until"].strip()
    reason = (match["reason"] or "").strip()
    return IgnoreComment(comment, codes, _lines(document.lines, comment), reason, until, _day(until or ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        return None


def _lines(lines: Sequence[str], comment: Comment) -> range:
    """The lines that a comment is about: its own, or the entry below it."""
    if not comment.alone:
        return range(comment.line, comment.line + 1)
    written = _written(lines, comment.line)
    first, indent = next(written, (0, 0))
    if not first:
        return range(0)
    item = _ITEM.match(lines[first - 1])
    for number, depth in written:
        if depth < indent or (depth == indent and (item or not _ITEM.match(lines[number - 1]))):
            return range(first, number)
    return range(first, len(lines) + 1)


def _written(lines: Sequence[str], after: int) -> Iterator[tuple[int, int]]:
    """The lines after a line that have more than a comment, with their indents."""
    for number in range(after + 1, len(lines) + 1):
        text = lines[number - 1].lstrip()
        if text and not text.startswith("#"):
            yield number, len(lines[number - 1]) - len(text)
