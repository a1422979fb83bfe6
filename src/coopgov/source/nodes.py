"""The node tree of a file that has been read: scalars, mappings and lists, each with its line and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.faults import NO_HINT, Fault, Place
from coopgov.synonyms import choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.locales import Phrase

__all__ = ["CSV_QUOTED", "Document", "Listing", "Mapping", "Node", "Scalar", "plain", "texts_in"]


CSV_QUOTED = '""'
"""The style of a quoted CSV cell, in which a quote is doubled."""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A text as written; `style` is the quote or block indicator, empty for a plain scalar."""

    text: str
    line: int
    column: int
    style: str = ""

    @property
    def absent(self) -> bool:
        """Whether nothing was written: an empty plain scalar, `~` or `null`."""
        return not self.style and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """Keys and values in file order; a key is always a scalar and occurs once."""

    line: int
    column: int
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """Items in file order."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


_DOUBLED = {"'": "''", CSV_QUOTED: '""'}
"""How each style escapes a quote inside quotes."""

Node = Scalar | Mapping | Listing


def _key_of(node: Mapping, step: str) -> str | None:
    """The key of a mapping that is a step of a path, or a synonym of it."""
    if step in node.entries:
        return step
    return next((key for key in node.entries if choice(key, (step,))), None)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file: its name, its lines and its root node."""

    file: str
    lines: Sequence[str]
    root: Node

    def origin(self, path: Sequence[int | str]) -> tuple[Document | None, tuple[int | str, ...]]:
        """Return the document that has the value at a path, and the value's path there: here, this one."""
        return self, tuple(path)

    @property
    def documents(self) -> Iterator[Document]:
        """The documents of all files: here, this one."""
        yield self

    @property
    def data(self) -> object:
        """Its content as dictionaries, lists and texts, like that of `plain`."""
        return plain(self.root)

    def find(self, path: Sequence[int | str], *, key: bool = False) -> Node:
        """Return the node at a path, or the nearest one above it that exists; with `key`, the last key."""
        node: Node = self.root
        for depth, step in enumerate(path):
            if isinstance(node, Mapping) and (written := _key_of(node, str(step))) is not None:
                name, value = node.entries[written]
                node = name if key and depth == len(path) - 1 else value
            elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
        return node

    def place(self, node: Node, offset: int = 0) -> Place:
        """Where a node begins, or where the character at `offset` of a scalar's text is."""
        line, column = node.line, node.column
        if offset and isinstance(node, Scalar):
            line, column = self._inside(node, offset)
        return Place(self.file, line, column)

    def _inside(self, node: Scalar, offset: int) -> tuple[int, int]:
        """Find a character of a scalar in the file: folding changes only white space, so count everything else."""
        wanted = sum(not c.isspace() for c in node.text[:offset])
        line, column = node.line, node.column
        if node.style in ("|", ">"):
            line, column = line + 1, 1
        elif node.style:
            column += 1
        for number in range(line, len(self.lines) + 1):
            text = self.lines[number - 1]
            doubled = False
            for index in range(column - 1 if number == line else 0, len(text)):
                if text[index].isspace():
                    continue
                doubled = text[index - 1 : index + 1] == _DOUBLED.get(node.style) and not doubled
                if doubled:
                    continue
                if wanted == 0:
                    return number, index + 1
                wanted -= 1
        return node.line, node.column

    def fault(
        self,
        node: Node,
        code: str,
        found: Phrase,
        expected: Phrase,
        hint: Phrase = NO_HINT,
        *,
        start: int = 0,
        width: int | None = None,
    ) -> Fault:
        """Build a fault at a node, or at the text from `start` inside a scalar."""
        place = self.place(node, start)
        source = self.lines[place.line - 1] if place.line <= len(self.lines) else ""
        if width is None:
            width = 1
            if isinstance(node, Scalar) and "\n" not in node.text:
                width = max(1, len(node.text) - start) + (2 if node.style and not start else 0)
        return Fault(place, code, found, expected, hint, source, max(1, width))


def plain(node: Node) -> object:
    """Return a node as dictionaries, lists and texts; an absent value is None."""
    if isinstance(node, Scalar):
        return None if node.absent else node.text
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.entries.items()}


def texts_in(node: Node) -> Iterator[str]:
    """Yield every text below a node, in file order."""
    if isinstance(node, Scalar):
        yield node.text
        return
    for item in node.items if isinstance(node, Listing) else (value for _, value in node.entries.values()):
        yield from texts_in(item)
