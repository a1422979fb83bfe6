"""The document of a workbook: the values of its cells as nodes, whose places are cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.faults import NO_HINT, Fault, Place
from coopgov.source.nodes import Document, Listing, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping as Map
    from collections.abc import Sequence

    from coopgov.locales import Phrase
    from coopgov.source.nodes import Node

__all__ = ["SheetDocument", "cell_of", "moved"]


_ROWS = 1 << 21
"""More rows than a sheet can have: the line of a node is its row, and the number of its sheet times this."""


@dataclass(frozen=True, slots=True, eq=False)
class SheetDocument(Document):
    """A workbook; lines and columns of its nodes are rows and columns of a sheet.

    `sheets` are the names of the sheets; `blanks` are, for the mapping of a row, its line and the columns of all keys
    that it could have, or a node at the place of a key.
    """

    sheets: list[str] = field(default_factory=list)
    blanks: dict[int, tuple[int, Map[str, int]]] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)
    """The numbers of the sheets whose keys are one below the other."""

    def find(self, path: Sequence[int | str], *, key: bool = False) -> Node:  # noqa: ARG002  # cells have no keys
        """Return the node at a path, the blank cell where its value could be, or the nearest node above it."""
        node: Node = self.root
        for depth, step in enumerate(path):
            if isinstance(node, Mapping) and str(step) in node.entries:
                node = node.entries[str(step)][1]
            elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return self.blank(node, path[depth:])
        return node

    def blank(self, node: Node, rest: Sequence[int | str]) -> Node:
        """The blank cell of a key of a row, such as `planned.end`; the row itself where it has no such column."""
        line, columns = self.blanks.get(id(node), (0, {}))
        for key in (".".join(map(str, rest)), str(rest[0])):
            if key in columns:
                at = columns[key]
                turned = line // _ROWS in self.turned
                return Scalar("", line - line % _ROWS + at, line % _ROWS) if turned else Scalar("", line, at)
        return node

    def begin(self, sheet: str, *, turned: bool) -> int:
        """Begin a sheet; return what is added to its rows."""
        self.sheets.append(sheet)
        number = len(self.sheets)
        if turned:
            self.turned.add(number)
        return number * _ROWS

    def place(self, node: Node, offset: int = 0) -> Place:  # noqa: ARG002  # a place is a whole cell
        """The cell of a node."""
        if node is self.root and id(node) in self.blanks:
            node = self.blank(
                node, (min(self.blanks[id(node)][1], key=self.blanks[id(node)][1].__getitem__),)
            )
        number, row = divmod(node.line, _ROWS)
        return Place(self.file, row, node.column, self.sheets[number - 1] if number else "")

    def fault(  # as its base class has it
        self,
        node: Node,
        code: str,
        found: Phrase,
        expected: Phrase,
        hint: Phrase = NO_HINT,
        *,
        start: int = 0,  # noqa: ARG002  # a place is a whole cell
        width: int | None = None,  # noqa: ARG002
    ) -> Fault:
        """Build a fault at the cell of a node."""
        return Fault(self.place(node), code, found, expected, hint)


def cell_of(text: str, at: Node) -> Scalar:
    """Make a node with a text, at the cell of another one; its text is what was written, never YAML."""
    return Scalar(text, at.line, at.column, "'")


def moved(node: Node, at: Node) -> Node:
    """Return a node that was read from YAML in a cell, with the place of that cell."""
    if isinstance(node, Scalar):
        return Scalar(node.text, at.line, at.column, node.style)
    if isinstance(node, Listing):
        return Listing(at.line, at.column, [moved(each, at) for each in node.items])
    entries = {key: (cell_of(name.text, at), moved(value, at)) for key, (name, value) in node.entries.items()}
    return Mapping(at.line, at.column, entries)
