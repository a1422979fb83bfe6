"""A YAML file as it is laid out: entries with their comments, blank lines, quotes and flow signs. For tools that rewrite files.

A comment belongs to the entry whose line it ends, or else to the entry below it; where it is indented deeper than that entry,
it ends the list or mapping above (`foot`). What stands above the first entry is the head of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Collection", "Entry", "Layout", "Leaf", "read_layout"]

BLANK = ""
"""Among comments, a blank line."""

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*")
_BLOCK_HEAD = re.compile(r"[|>][-+0-9]*[ \t]+(?P<comment>#.*)")
_TRAILING = 1_000_000
"""In place of a column: the comment ends the line of what stands before it."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Leaf:
    """A scalar; `style` is its quote or block sign, `raw` the lines of a block as written, `alias` the anchor it repeats.

    Who rewrites a text sets `changed`; an `expression` may be wrapped wherever it has a blank.
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
    """An item of a list, or a key with its value; `lead` are the comments and blank lines above, `trail` those behind it."""

    value: Leaf | Collection
    key: Leaf | None = None
    lead: list[str] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Collection:
    """A list or mapping; `foot` are comments below its last entry."""

    mapping: bool
    flow: bool
    column: int
    anchor: str = ""
    entries: list[Entry] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)

    def get(self, key: str) -> Leaf | Collection | None:
        """The value of a key of a mapping."""
        return next((each.value for each in self.entries if each.key and each.key.text == key), None)


@dataclass(slots=True)
class Layout:
    """A whole file; `head` are the comments and blank lines above its first entry."""

    root: Leaf | Collection
    head: list[str]


def read_layout(text: str) -> Layout:
    """Read a text that is known to be sound YAML; its lines end in a line feed."""
    return _Reader(text).layout()


class _Reader:
    """Goes through parser events, and through the gaps between them, where comments are."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
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
            return Leaf("", alias=event.anchor)
        style = "" if event.implicit[0] else event.style or ""
        leaf = Leaf(event.value, style, event.anchor or "")
        if style in ("|", ">"):
            self._block(event, leaf, entry)
        return leaf

    def _block(self, event: Any, leaf: Leaf, entry: Entry | None) -> None:
        """The lines of a block; blank lines behind it are its own only where it keeps them (`+`)."""
        start, end = event.start_mark, event.end_mark
        first = self.lines[start.line][start.column :]
        raw = self.lines[start.line + 1 : end.line + bool(end.column)]
        while raw and not raw[-1].strip() and "+" not in first.partition("#")[0]:
            raw.pop()
        leaf.raw = raw
        self.at = (start.line + len(raw), len(self.lines[start.line + len(raw)]))
        head = _BLOCK_HEAD.match(first)
        if head and entry is not None:
            entry.trail.append(head["comment"].rstrip())

    def _collection(self, event: Any) -> Collection:
        mapping, flow = isinstance(event, yaml.MappingStartEvent), bool(event.flow_style)
        column = event.start_mark.column
        found = Collection(mapping, flow, column, event.anchor or "")
        if flow:
            self.at = (event.start_mark.line, column + 1)
            self.last = None
        while not isinstance(event := next(self.events), yaml.CollectionEndEvent):
            found.entries.append(self._entry(event, found))
        if flow:
            end = (event.end_mark.line, event.end_mark.column)
            found.foot += self._gap(end, None)
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
            key = self._node(event, None)
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
        """The comments and blank lines up to a place, as far as they belong to what begins there, in a column of a block.

        Without a column, what begins there is in a flow, or is the value of a key.
        """
        found = [each for each in self._remarks(until) if not self._trails(each)]
        self.at = until
        if not self.begun:
            self.head = [text for _, text in found]
            return []
        split = 0
        if column is not None and self.closed:
            deep = [text != BLANK and at > column for at, text in found]
            shallow = [number for number, (at, text) in enumerate(found) if text != BLANK and at <= column]
            deeper = [
                number for number, each in enumerate(deep) if each and number < (shallow or [len(deep)])[0]
            ]
            split = deeper[-1] + 1 if deeper else 0
            self._foot(found[:split])
        return [text for _, text in found[split:]]

    def _trails(self, remark: tuple[int, str]) -> bool:
        """Put a comment behind the entry whose line it ends; False for any other."""
        if remark[0] != _TRAILING or self.last is None:
            return False
        self.last.trail.append(remark[1])
        return True

    def _foot(self, remarks: list[tuple[int, str]]) -> None:
        """Put comments below the collections that ended above them, each by its indentation."""
        nearest = 0
        held: list[str] = []
        for at, text in remarks:
            held.append(text)
            if text != BLANK:
                fitting = [number for number, each in enumerate(self.closed) if each.column <= at]
                nearest = max(nearest, fitting[0] if fitting else len(self.closed) - 1)
                self.closed[nearest].foot += held
                held = []

    def _remarks(self, until: tuple[int, int]) -> Iterator[tuple[int, str]]:
        """Comments with their columns, and blank lines, up to a place."""
        line, column = self.at
        for number in range(line, min(until[0] + 1, len(self.lines))):
            text = self.lines[number]
            start = column if number == line else 0
            match = _COMMENT.search(text, start, until[1] if number == until[0] else len(text))
            if match:
                alone = not text[: match.start()].strip()
                same = number == line and self.begun and start > 0
                at = match.start() if alone else _TRAILING if same else -1
                yield at, match[0].rstrip()
            elif not text.strip() and line < number < until[0]:
                yield 0, BLANK


def _nodes(text: str) -> Iterator[Any]:
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, (yaml.NodeEvent, yaml.CollectionEndEvent)):
            yield event
