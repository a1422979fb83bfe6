"""Reads cells with several values: dated values, links between tasks, periods, words, days, lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.connect.workbooks.document import cell_of
from coopgov.connect.workbooks.values import SEPARATORS
from coopgov.source import Listing, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Map

    from coopgov.source import Node

__all__ = ["SEVERAL", "entries_of", "several"]

_ENTRIES = re.compile(r"\s*[\n;；]\s*")
_DATED = re.compile(r"([^:：]+?)\s*[:：]\s*(.+)", re.DOTALL)
_LINK = re.compile(r"(\S+)\s+(FS|SS|FF|SF)\s*(?:([+＋−-])\s*(.+))?")
_PERIOD = re.compile(r"(.+?)\s*(?:[–—~～至到]|\bto\b|\s-)\s*(.*)")


def entries_of(cell: Scalar, bare: str) -> Node:
    """The entries of a cell with days, such as `2026-06-30: 40 %` in each line; any other cell is one value."""
    if ":" not in cell.text and "：" not in cell.text:
        return cell
    found: list[Node] = []
    for line in filter(None, _ENTRIES.split(cell.text.strip())):
        match = _DATED.fullmatch(line)
        found.append(_mapping(cell, {"on": match[1], bare: match[2]} if match else {bare: line}))
    return Listing(cell.line, cell.column, found)


def several(form: str, cell: Scalar) -> Listing:
    """The values of a cell of a form that holds several."""
    pattern, read = SEVERAL[form]
    items = (each.strip() for each in pattern.split(cell.text.strip()))
    return Listing(cell.line, cell.column, [read(each, cell) for each in items if each])


def _link(text: str, cell: Scalar) -> Node:
    """A predecessor: its id, and what planners write after it: `SS`, `FS + 2 working days`."""
    match = _LINK.fullmatch(text)
    if match is None:
        return cell_of(text, cell)
    task, kind, sign, lag = match.groups()
    lag = f"-{lag}" if lag and sign not in "+＋" else lag
    return _mapping(cell, {"task": task, "type": kind, **({"lag": lag} if lag else {})})


def _period(text: str, cell: Scalar) -> Node:
    match = _PERIOD.fullmatch(text)
    if match is None:
        return cell_of(text, cell)
    return _mapping(cell, {"from": match[1], **({"to": match[2]} if match[2] else {})})


def _mapping(cell: Scalar, values: Map[str, str]) -> Mapping:
    entries: dict[str, tuple[Scalar, Node]] = {
        key: (cell_of(key, cell), cell_of(value, cell)) for key, value in values.items()
    }
    return Mapping(cell.line, cell.column, entries)


SEVERAL: Map[str, tuple[re.Pattern[str], Callable[[str, Scalar], Node]]] = {
    "words": (SEPARATORS, cell_of),
    "days": (SEPARATORS, cell_of),
    "links": (SEPARATORS, _link),
    "periods": (_ENTRIES, _period),
    "lines": (re.compile("\n"), cell_of),
}
"""The forms of cells that hold several values: what separates these, and how each is read."""
