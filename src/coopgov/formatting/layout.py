"""The layout of a YAML file, for tools that rewrite it: entries with their comments, blank lines, quotes and styles.

A comment belongs to the entry whose line it ends, else to the entry below it; if it is indented deeper than that entry,
it ends the list or mapping above (`foot`). Everything above the first entry is the head of the file.

Unlike the nodes that loaders read, a layout is mutable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from coopgov.faults import display_width
from coopgov.source.compose import line_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BLANK", "Collection", "Entry", "Layout", "Leaf", "read_layout"]

BLANK = ""
"""A blank line among comments."""

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*")
_BLOCK_HEAD = re.compile(r"[|>][-+0-9]*[ \t]+(?P<comment>#.*)")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Leaf:
    """A scalar; `style` is its quote or block indicator, `raw` the lines of a block text, `alias` the repeated anchor.

    Code that rewrites a text sets `changed`; an `expression` may be wrapped at any space.
    """

    text: str
    style: str = ""
    anchor: str = ""
    alias: str = ""
    raw: list[str] = field(default_factory=list)
    changed: bool = False
    expression: bool = False


@dataclass(slots=True)
class Entry:
    """An item of a list, or a key with its value; `lead` has the comments and blank lines above, `trail` those after.

    `column` is the number of columns before its first trailing comment, 0 unless that was aligned on purpose.
    """

    value: Leaf | Collection
    key: Leaf | None = None
    lead: list[str] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    column: int = 0


@dataclass(slots=True)
class Collection:
    """A list or mapping; `foot` has the comments below its last entry."""

    mapping: bool
    flow: bool
    column: int
    anchor: str = ""
    entries: list[Entry] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """A whole file; `head` has the comments and blank lines above its first entry."""

    root: Leaf | Collection
    head: list[str]


class _Remark(NamedTuple):
    """A comment or blank line: its column, the spaces before it, and whether it has a line to itself."""

    text: str
    column: int = 0
    blanks: int = 0
    alone: bool = True
    behind: bool = False

    @classmethod
    def of(cls, text: str, before: str, *, behind: bool) -> _Remark:
        """Create the remark of a comment from the text before it on its line."""
        blanks = len(before) - len(before.rstrip())
        return cls(text.rstrip(), display_width(before), blanks, not before.strip(), behind)


def read_layout(text: str) -> Layout:
    """Read a text that is known to be valid YAML."""
    return _Reader(text).layout()


class _Reader:
    """Reads parser events, and the comments in the gaps between them."""

    def __init__(self, text: str) -> None:
        self.lines = line_texts(text)
        self.events = _nodes(text)
        self.at = (0, 0)
        self.last: Entry | None = None
        self.closed: list[Collection] = []
        self.begun = False
        self.head: list[str] = []

    def layout(self) -> Layout:
        root = self._node(next(self.events), None)
        self._gap((len(self.lines), 0), -1)
        return Layout(root, self.head)

    def _node(self, event: Any, entry: Entry | None) -> Leaf | Collection:
        if isinstance(event, yaml.CollectionStartEvent):
            return self._collection(event)
        self.at = (event.end_mark.line, event.end_mark.column)
        if isinstance(event, yaml.AliasEvent):
            return Leaf("", alias=str(event.anchor))
        style = "" if event.implicit[0] else event.style or ""
        leaf = Leaf(event.value, style, event.anchor or "")
        if style in ("|", ">"):
            self._block(event, leaf, entry)
        return leaf

    def _block(self, event: Any, leaf: Leaf, entry: Entry | None) -> None:
        """The lines of a block text; blank lines after it belong to it only with the indicator `+`."""
        start, end = event.start_mark, event.end_mark
        first = self.lines[start.line][start.column :]
        raw = self.lines[start.line + 1 : end.line + bool(end.column)]
        while raw and not raw[-1].strip(" \t") and "+" not in first.partition("#")[0]:
            raw.pop()
        leaf.raw = raw
        self.at = (start.line + len(raw), len(self.lines[start.line + len(raw)]))
        head = _BLOCK_HEAD.match(first)
        if head and entry is not None:
            before = self.lines[start.line][: start.column + head.start("comment")]
            self._behind(entry, _Remark.of(head["comment"], before, behind=True))

    def _collection(self, start: Any) -> Collection:
        mapping, flow = isinstance(start, yaml.MappingStartEvent), bool(start.flow_style)
        column = start.start_mark.column
        found = Collection(mapping, flow, column, start.anchor or "")
        if flow:
            self.at = (start.start_mark.line, column + 1)
            self.last = None
        following = next(self.events)
        while not isinstance(following, yaml.CollectionEndEvent):
            found.entries.append(self._entry(following, found))
            following = next(self.events)
        if flow:
            mark: Any = following.end_mark
            end = (mark.line, mark.column)
            found.foot += self._gap((mark.line, mark.column - 1), None)
            while found.foot and found.foot[-1] == BLANK:
                found.foot.pop()
            self.at = end
        else:
            self.closed.append(found)
        return found

    def _entry(self, event: Any, above: Collection) -> Entry:
        entry = Entry(Leaf(""))
        mark = event.start_mark
        entry.lead = self._gap((mark.line, mark.column), None if above.flow else above.column)
        self.closed.clear()
        self.begun = True
        self.last = entry
        if above.mapping:
            key = self._node(event, entry)
            assert isinstance(key, Leaf)
            entry.key = key
            event = next(self.events)
            if not isinstance(event, yaml.CollectionStartEvent) or event.flow_style:
                entry.lead += self._gap((event.start_mark.line, event.start_mark.column), None)
        entry.value = value = self._node(event, entry)
        if isinstance(value, Leaf) or value.flow:
            self.last = entry
        return entry

    def _gap(self, until: tuple[int, int], column: int | None) -> list[str]:
        """Read the comments and blank lines up to a place, and return those that belong to the node that begins there.

        `column` is the column of that node in a block; without it, the node is in a flow, or is the value of a key.
        """
        found = [each for each in self._remarks(until) if not self._trails(each)]
        self.at = until
        if not self.begun:
            self.head = [each.text for each in found]
            return []
        deeper = 0
        if column is not None and self.closed:
            for number, each in enumerate(found, 1):
                if each.text != BLANK and (not each.alone or each.column <= column):
                    break
                deeper = number if each.text != BLANK else deeper
            self._foot(found[:deeper])
        return [each.text for each in found[deeper:]]

    def _trails(self, remark: _Remark) -> bool:
        """Attach a comment to the entry whose line it ends; False if it has a line to itself."""
        if not remark.behind or self.last is None:
            return False
        self._behind(self.last, remark)
        return True

    def _behind(self, entry: Entry, remark: _Remark) -> None:
        if not entry.trail and remark.blanks > 2:
            entry.column = remark.column
        entry.trail.append(remark.text)

    def _foot(self, remarks: list[_Remark]) -> None:
        """Attach comments to the collections that end above them, each by its indentation."""
        nearest = 0
        held: list[str] = []
        for each in remarks:
            held.append(each.text)
            if each.text != BLANK:
                fitting = [number for number, one in enumerate(self.closed) if one.column <= each.column]
                nearest = max(nearest, fitting[0] if fitting else len(self.closed) - 1)
                self.closed[nearest].foot += held
                held = []

    def _remarks(self, until: tuple[int, int]) -> Iterator[_Remark]:
        """Read comments and blank lines up to a place."""
        line, column = self.at
        for number in range(line, min(until[0] + 1, len(self.lines))):
            text = self.lines[number]
            start = column if number == line else 0
            match = _COMMENT.search(text, start, until[1] if number == until[0] else len(text))
            if match:
                behind = number == line and self.begun and start > 0
                yield _Remark.of(match[0], text[: match.start()], behind=behind)
            elif not text.strip() and line < number < until[0]:
                yield _Remark(BLANK)


def _nodes(text: str) -> Iterator[Any]:
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
            yield event
