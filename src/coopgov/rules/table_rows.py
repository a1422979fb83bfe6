"""Converts all notations of table rows to mappings that keep the places of their cells.

A row of a rule file may be a list, `[above 30 %, -, critical, "message", [overtime]]`: a cell for each condition, then
the severity, the message and the actions. In a CSV file, the conditions are the headers left of `severity`; right of it
are `message`, `title`, `means` (with a language: `message.zh-Hans`) and `actions`; `id` may be anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.faults import NO_HINT, did_you_mean
from coopgov.locales import listed, phrase
from coopgov.nearest import nearest
from coopgov.rules.entry_fields import ANYTHING
from coopgov.schema import quoted
from coopgov.source import Document, Listing, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.source import Node

__all__ = ["SEVERITY", "no_severity", "with_named_cells", "with_named_columns"]

SEVERITY = "severity"
_OUTCOMES = (SEVERITY, "message", "actions")
"""The fields that follow the conditions in a row that is a list."""
_TEXTS = ("message", "title", "means")
_COLUMNS = ("id", *_OUTCOMES, "title", "means")
_NAME = re.compile(r"[^\s,;，；、]+")


def with_named_cells(document: Document) -> tuple[Document, list[Fault]]:
    """Return a rule file with table rows that are lists converted to mappings."""
    faults: list[Fault] = []
    root = document.root
    tables = _below(root, "tables")
    if not isinstance(root, Mapping) or not isinstance(tables, Listing):
        return document, faults
    named = replace(tables, items=[_named_table(document, each, faults) for each in tables.items])
    return Document(document.file, document.lines, _with(root, "tables", named)), faults


def _named_table(document: Document, table: Node, faults: list[Fault]) -> Node:
    rows, conditions = _below(table, "rows"), _below(table, "conditions")
    if not isinstance(table, Mapping) or not isinstance(rows, Listing) or not isinstance(conditions, Listing):
        return table
    names = [*[""] * len(conditions.items), *_OUTCOMES]
    named: list[Node] = []
    for row in rows.items:
        if isinstance(row, Listing) and not len(conditions.items) < len(row.items) <= len(names):
            found = phrase("rules.ragged-row.list.found", cells=len(row.items))
            least = len(conditions.items) + 1
            numbers = {"least": least, "most": len(names), "conditions": least - 1}
            expected = phrase("rules.ragged-row.list.expected", **numbers)
            node = row.items[len(names)] if len(row.items) >= least else row
            faults.append(document.fault(node, "ragged-row", found, expected))
        named.append(_named_row(row, names) if isinstance(row, Listing) else row)
    return _with(table, "rows", replace(rows, items=named))


def _named_row(row: Listing, names: Sequence[str]) -> Mapping:
    cells = list(zip(names, row.items, strict=False))
    when = [cell for name, cell in cells if not name]
    entries: dict[str, Node] = {"when": Listing(row.line, row.column, when)}
    entries |= {name: _names(cell) if name == "actions" else cell for name, cell in cells if name}
    return _mapping(row, entries)


def no_severity() -> Phrase:
    """Return the description of a file that is not a coopgov table; a fault quotes nothing from it."""
    return phrase("rules.unknown-column.no-severity.found")


def with_named_columns(document: Document) -> tuple[Document, list[Fault]]:
    """Return a CSV file in the form of a table of a rule file, with `conditions` and `rows`."""
    rows = [row for row in document.root.items if isinstance(row, Listing)]  # type: ignore[union-attr]
    header, faults = _header(document, rows[0])
    conditions = [cell for cell, name in header if name == "when"]
    has_severity = any(name == SEVERITY for _, name in header)
    named: list[Node] = [_columns(document, header, row, faults) for row in rows[1:] if has_severity]
    root = Mapping(rows[0].line, rows[0].column)
    root = _with(root, "conditions", Listing(rows[0].line, rows[0].column, list(conditions)))
    listing = Listing(rows[0].line, rows[0].column, named)
    return Document(document.file, document.lines, _with(root, "rows", listing)), faults


def _header(document: Document, row: Listing) -> tuple[list[tuple[Scalar, str]], list[Fault]]:
    """Each header with the role of its column: `when`, an outcome, or empty for a column to skip."""
    cells = [cell for cell in row.items if isinstance(cell, Scalar)]
    known = [_outcome(cell.text) for cell in cells]
    header: list[tuple[Scalar, str]] = []
    faults: list[Fault] = []
    last = known.index(SEVERITY) if SEVERITY in known else len(cells)
    if last == len(cells):
        near = nearest(SEVERITY, [cell.text for cell in cells])
        hint = phrase("rules.unknown-column.no-severity.hint", near=near) if near else NO_HINT
        expected = phrase("rules.unknown-column.no-severity.expected", severity=SEVERITY)
        faults.append(document.fault(cells[0], "unknown-column", no_severity(), expected, hint))
    for number, (cell, outcome) in enumerate(zip(cells, known, strict=True)):
        name = outcome or ("when" if cell.text and number < last else "")
        if cell.text and not name:
            expected = phrase("rules.unknown-column.expected", columns=listed(_COLUMNS), severity=SEVERITY)
            hint = did_you_mean(cell.text, _COLUMNS)
            faults.append(document.fault(cell, "unknown-column", quoted(cell.text), expected, hint))
        elif outcome and any(_clash(outcome, other) for _, other in header):
            found = phrase("rules.unknown-column.twice.found", column=cell.text)
            expected = phrase("rules.unknown-column.twice.expected")
            faults.append(document.fault(cell, "unknown-column", found, expected))
            name = ""
        header.append((cell, name))
    return header, faults


def _outcome(header: str) -> str:
    """The outcome that a header names, also in full-width letters; empty for a condition."""
    text = unicodedata.normalize("NFKC", header).strip()
    name, _, language = text.partition(".")
    name = name.strip().lower()
    if language:
        return f"{name}.{language.strip()}" if name in _TEXTS else ""
    return name if name in _COLUMNS else ""


def _clash(a: str, b: str) -> bool:
    return a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.")


def _columns(
    document: Document, header: list[tuple[Scalar, str]], row: Listing, faults: list[Fault]
) -> Mapping:
    cells = [cell for cell in row.items if isinstance(cell, Scalar)]
    faults += _ragged(document, header, row, cells)
    when: list[Node] = []
    entries: dict[str, Node] = {"when": Listing(row.line, row.column, when)}
    for (_, name), cell in zip(header, cells, strict=False):
        if name == "when":
            when.append(cell)
        elif name and cell.text not in ANYTHING:
            _add(entries, name, cell)
        elif name == SEVERITY:
            entries[name] = Scalar("", cell.line, cell.column)
    return _mapping(row, entries)


def _add(entries: dict[str, Node], name: str, cell: Scalar) -> None:
    name, _, language = name.partition(".")
    if language:
        texts = entries.setdefault(name, Mapping(cell.line, cell.column))
        assert isinstance(texts, Mapping)
        texts.entries[language] = (cell, cell)
    else:
        entries[name] = _names(cell) if name == "actions" else cell


def _ragged(
    document: Document, header: list[tuple[Scalar, str]], row: Listing, cells: list[Scalar]
) -> Iterator[Fault]:
    extra = next((cell for cell in cells[len(header) :] if cell.text), None)
    unnamed = next(
        (cell for (top, _), cell in zip(header, cells, strict=False) if cell.text and not top.text), None
    )
    if extra is not None or len(cells) < len(header):
        found = phrase("rules.ragged-row.csv.found", cells=len(cells))
        expected = phrase("rules.ragged-row.csv.expected", cells=len(header))
        hint = phrase("rules.ragged-row.csv.hint") if extra is not None else NO_HINT
        yield document.fault(extra or row, "ragged-row", found, expected, hint)
    elif unnamed is not None:
        found, expected = (
            phrase("rules.ragged-row.unnamed.found"),
            phrase("rules.ragged-row.unnamed.expected"),
        )
        yield document.fault(unnamed, "ragged-row", found, expected)


def _names(cell: Node) -> Node:
    """The names in a cell, each with its place."""
    if not isinstance(cell, Scalar) or cell.absent:
        return cell
    shift = cell.column + bool(cell.style)
    names = [Scalar(each[0], cell.line, shift + each.start()) for each in _NAME.finditer(cell.text)]
    return Listing(cell.line, cell.column, list(names))


def _mapping(row: Listing, entries: dict[str, Node]) -> Mapping:
    keyed = {name: (Scalar(name, node.line, node.column), node) for name, node in entries.items()}
    return Mapping(row.line, row.column, keyed)


def _with(mapping: Mapping, key: str, node: Node) -> Mapping:
    name = mapping.entries[key][0] if key in mapping.entries else Scalar(key, node.line, node.column)
    return replace(mapping, entries={**mapping.entries, key: (name, node)})


def _below(node: Node, key: str) -> Node | None:
    return node.entries[key][1] if isinstance(node, Mapping) and key in node.entries else None
