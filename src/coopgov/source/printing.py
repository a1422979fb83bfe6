"""A layout → its text: two blanks a level, quotes only where they are needed, flow style only where it was and fits.

Comments that end consecutive lines stand below each other.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from coopgov.errors import display_width
from coopgov.source.layout import BLANK, Collection, Leaf
from coopgov.source.scalars import block_head, block_lines, scalar_text, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.source.layout import Entry, Layout

__all__ = ["WIDTH", "print_layout"]

WIDTH = 120
"""Columns that a list or mapping in flow style, or an expression, may reach."""
_STEP = "  "
_FARTHEST = 40
"""How far a comment is moved so that it stands below another."""

Line = tuple[str, str]
"""What stands in a line, and the comment behind it."""


def print_layout(layout: Layout) -> str:
    """Print a file."""
    head = [(text, "") for text in _with_blanks(layout.head, first=True)]
    if not any(text for text, _ in head):
        head = []
    root = layout.root
    body = _collection(root, "") if isinstance(root, Collection) else [(scalar_text(root), "")]
    return "\n".join(_aligned([*head, *body])).rstrip("\n") + "\n"


def _with_blanks(remarks: Sequence[str], *, first: bool) -> list[str]:
    """Remarks with at most one blank line in a row, and none above the first thing of a collection."""
    kept: list[str] = []
    for text in remarks:
        if text or (kept[-1] if kept else not first):
            kept.append(text)
    return kept


def _collection(node: Collection, indent: str) -> list[Line]:
    """The entries of a collection in block style."""
    lines: list[Line] = []
    for entry in node.entries:
        remarks = _with_blanks([*entry.lead, *_hoisted(node, entry), *entry.trail[1:]], first=not lines)
        lines += [(indent + text if text else BLANK, "") for text in remarks]
        lines += _keyed(entry, indent) if entry.key else _item(entry, indent)
    foot = _with_blanks(node.foot, first=not lines)
    return [*lines, *((indent + text if text else BLANK, "") for text in foot)]


def _hoisted(node: Collection, entry: Entry) -> list[str]:
    """What stands above the first entry inside an item goes above the item, whose dash begins the same line."""
    found: list[str] = []
    value = entry.value
    if not node.mapping and entry.trail and isinstance(value, Collection):
        found += entry.trail[:1] if _flow(value, 0) is None else []
        entry.trail = entry.trail if not found else ["", *entry.trail[1:]]
    while not node.mapping and isinstance(value, Collection) and value.entries:
        first = value.entries[0]
        found += [text for text in first.lead if text]
        first.lead = []
        node, value = value, first.value
    return found


def _keyed(entry: Entry, indent: str) -> list[Line]:
    assert entry.key is not None
    name = f"{indent}{scalar_text(entry.key)}:"
    inline, below = _value(entry.value, display_width(name) + 1, indent + _STEP)
    return [(f"{name} {inline}".rstrip(), _trail(entry)), *below]


def _item(entry: Entry, indent: str) -> list[Line]:
    inline, below = _value(entry.value, len(indent) + 2, indent + _STEP)
    if inline or not below:
        return [(f"{indent}- {inline}".rstrip(), _trail(entry)), *below]
    (first, remark), *rest = below
    return [(f"{indent}- {first.lstrip()}", remark or _trail(entry)), *rest]


def _trail(entry: Entry) -> str:
    return entry.trail[0] if entry.trail else ""


def _value(node: Leaf | Collection, width: int, indent: str) -> tuple[str, list[Line]]:
    """What stands behind a key or dash, and the lines below it; `width` is where it begins."""
    anchor = f"&{node.anchor} " if node.anchor else ""
    if isinstance(node, Leaf):
        head = block_head(node)
        if head:
            return anchor + head, [(indent + text if text else "", "") for text in block_lines(node)]
        text = scalar_text(node)
        if node.expression and width + display_width(text) > WIDTH:
            parts = wrapped(node.text, WIDTH - len(indent))
            if len(parts) > 1:
                return anchor + ">-", [(indent + part, "") for part in parts]
        return text, []
    flow = _flow(node, width)
    if flow is not None:
        return flow, []
    return anchor.rstrip(), _collection(node, indent)


def _flow(node: Collection, width: int) -> str | None:
    """A collection in one line, where it was in flow style, holds no comments and fits."""
    if node.entries and not node.flow:
        return None
    text = _flow_text(node)
    return text if text is not None and (not node.entries or width + display_width(text) <= WIDTH) else None


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


def _aligned(lines: Sequence[Line]) -> Iterator[str]:
    """Lines with their comments, those of consecutive lines below each other."""
    for remarked, group in groupby(lines, key=lambda line: bool(line[1])):
        run = list(group)
        widths = [display_width(text) for text, _ in run]
        near = max(widths) - min(widths) <= _FARTHEST
        for (text, remark), width in zip(run, widths, strict=True):
            pad = max(widths) - width if near else 0
            yield f"{text}{' ' * pad}  {remark}" if remarked else text
