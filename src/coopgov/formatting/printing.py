"""Prints a layout: two spaces a level, quotes only where needed, flow style only where it was used before and fits.

A comment after an entry keeps its column if there is room, so that comments stay aligned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.faults import display_width
from coopgov.formatting.layout import BLANK, Collection, Leaf
from coopgov.formatting.scalars import block_head, block_lines, scalar_text, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.formatting.layout import Entry, Layout

__all__ = ["print_layout"]

_WIDTH = 120
"""The maximum line length of flow style and expressions."""
_STEP = "  "
_NEAREST, _FARTHEST = 2, 72
"""The spaces before a comment that ends a line."""


def print_layout(layout: Layout) -> str:
    """Return the text of a layout."""
    head = _with_blank_lines(layout.head, first=True) if any(layout.head) else []
    root = layout.root
    body = _block(root, "") if isinstance(root, Collection) else [scalar_text(root)]
    return "\n".join([*head, *body]) + "\n"


def _with_blank_lines(remarks: Sequence[str], *, first: bool) -> list[str]:
    """Keep at most one blank line in a row, and none above the first entry of a collection."""
    kept: list[str] = []
    for text in remarks:
        if text or (kept[-1] if kept else not first):
            kept.append(text)
    return kept


def _indented(remarks: Sequence[str], indent: str, *, first: bool) -> list[str]:
    return [(indent + text if text else BLANK) for text in _with_blank_lines(remarks, first=first)]


def _block(node: Collection, indent: str) -> list[str]:
    """Print a collection in block style, with the comments above its first entry."""
    above, lines = _collection(node, indent)
    return [*_indented(above, indent, first=True), *lines]


def _collection(node: Collection, indent: str) -> tuple[list[str], list[str]]:
    """Return the lines above the first entry of a collection in block style, and its lines from there on."""
    first: list[str] = []
    lines: list[str] = []
    for entry in node.entries:
        above, body = _keyed(entry, indent) if entry.key else _item(entry, indent)
        if lines:
            lines += _indented(above, indent, first=False)
        else:
            first = above
        lines += body
    return first, [*lines, *_indented(node.foot, indent, first=not lines)]


def _above(entry: Entry, trail: Sequence[str]) -> list[str]:
    """The comments above an entry, with those after it that do not fit and those inside an empty collection."""
    value = entry.value
    inside = value.foot if isinstance(value, Collection) and not value.entries else []
    return [*entry.lead, *trail, *inside]


def _keyed(entry: Entry, indent: str) -> tuple[list[str], list[str]]:
    assert entry.key is not None
    above = _above(entry, entry.trail[1:])
    name = f"{indent}{scalar_text(entry.key)}:"
    inline, below = _value(entry.value, display_width(name) + 1, indent + _STEP)
    return above, [_remarked(f"{name} {inline}".rstrip(" "), entry), *below]


def _item(entry: Entry, indent: str) -> tuple[list[str], list[str]]:
    """Print an item; if its dash begins the line of an inner entry, comments above that entry go above the item."""
    value, width = entry.value, len(indent) + 2
    if isinstance(value, Collection) and not value.anchor and _flow(value, width) is None:
        inside, lines = _collection(value, indent + _STEP)
        above = [*_above(entry, entry.trail), *filter(None, inside)]
        return above, [f"{indent}- {lines[0].removeprefix(indent + _STEP)}", *lines[1:]]
    above = _above(entry, entry.trail[1:])
    inline, below = _value(value, width, indent + _STEP)
    return above, [_remarked(f"{indent}- {inline}".rstrip(" "), entry), *below]


def _remarked(line: str, entry: Entry) -> str:
    """The first line of an entry with the comment after it."""
    if not entry.trail or not entry.trail[0]:
        return line
    room = entry.column - display_width(line)
    blanks = room if _NEAREST <= room <= _FARTHEST else _NEAREST
    return line + " " * blanks + entry.trail[0]


def _value(node: Leaf | Collection, width: int, indent: str) -> tuple[str, list[str]]:
    """Return the text after a key or dash, and the lines below it; `width` is the column where it begins."""
    anchor = f"&{node.anchor} " if node.anchor else ""
    if isinstance(node, Leaf):
        head = block_head(node)
        if head:
            return anchor + head, [(indent + text if text else "") for text in block_lines(node)]
        text = scalar_text(node)
        if node.expression and width + display_width(text) > _WIDTH:
            parts = wrapped(node.text, _WIDTH - len(indent))
            if len(parts) > 1:
                return anchor + ">-", [indent + part for part in parts]
        return text, []
    flow = _flow(node, width)
    if flow is not None:
        return flow, []
    return anchor.rstrip(" "), _block(node, indent)


def _flow(node: Collection, width: int) -> str | None:
    """Print a collection on one line if it was in flow style, has no comments and fits; None otherwise."""
    if not node.entries:
        node.foot = []  # its comments are printed above the entry
    elif not node.flow:
        return None
    text = _flow_text(node)
    return text if text is not None and (not node.entries or width + display_width(text) <= _WIDTH) else None


def _flow_text(node: Leaf | Collection) -> str | None:
    if isinstance(node, Leaf):
        return None if block_head(node) else scalar_text(node, flow=True)
    if node.foot or (node.entries and not node.flow):
        return None
    parts: list[str] = []
    for entry in node.entries:
        value = _flow_text(entry.value)
        if value is None or entry.trail or any(entry.lead):
            return None
        parts.append(f"{scalar_text(entry.key, flow=True)}: {value}" if entry.key else value)
    anchor = f"&{node.anchor} " if node.anchor else ""
    inside = ", ".join(parts)
    return f"{anchor}{{{inside}}}" if node.mapping else f"{anchor}[{inside}]"
