"""Finds which column is which: by the hidden row of keys, else by titles in any language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.connect.workbooks.tables import TABLES
from coopgov.languages import LANGUAGES, TAG
from coopgov.locales import text
from coopgov.nearest import nearest
from coopgov.schema.forms import narrow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.connect.workbooks.grid import Grid
    from coopgov.connect.workbooks.tables import Table

__all__ = ["HIDDEN", "NOTES", "Header", "column_title", "header_of", "is_vertical", "sheet_title"]

HIDDEN = "coopgov"
"""The name of the hidden sheet with what coopgov has to know, and with the lists to choose from."""
NOTES = "notes"
"""The own value of a task that holds the remarks of a form."""
_KEY = re.compile(r"([a-z]+)/(\S+)")
_TAGGED = re.compile(rf"(.+?)\s*\(({TAG})\)")
_FIRST_ROWS = 30
_FEWEST = 2
"""How many titles make a row the row of titles."""


@dataclass(slots=True)
class Header:
    """The columns of a sheet by key; `unknown` are titles without one, with the nearest title or nothing."""

    table: Table
    row: int
    columns: dict[int, str] = field(default_factory=dict)
    unknown: dict[int, tuple[str, str]] = field(default_factory=dict)
    repeated: list[int] = field(default_factory=list)


def sheet_title(table: str, language: str) -> str:
    """Return the name of a sheet in a language."""
    return text(f"workbook.sheets.{table}", language)


def column_title(table: str, key: str, language: str) -> str:
    """Return the title of a column in a language; that of a text in another language, or of a key of a map, says so."""
    plain, _, part = key.partition(":")
    name = plain.replace(".", "-").replace("_", "-")
    known = f"workbook.columns.{table}-{name}"
    title = _said(known, language) or text(f"workbook.columns.{name}", language)
    if not part:
        return title
    if plain == "custom":
        return text("workbook.columns.note", language) if part == NOTES else part
    return f"{title} ({part})"


def _said(key: str, language: str) -> str:
    try:
        return text(key, language)
    except KeyError:
        return ""


def is_vertical(grid: Grid) -> bool:
    """Whether the keys of a grid are in its first column, one below the other."""
    return any(str(grid.values.get((row, 1), "")).startswith("agreement/") for row in range(1, 9)) or (
        grid.sheet in {sheet_title("agreement", language) for language in LANGUAGES}
    )


def header_of(grid: Grid) -> Header | None:
    """Return the header of a grid; None for a sheet that is none of coopgov's."""
    if grid.sheet in {sheet_title("words", language) for language in LANGUAGES}:
        return None
    for row in range(1, min(grid.height, _FIRST_ROWS) + 1):
        found = {at: _KEY.fullmatch(str(value).strip()) for at, value in grid.row(row).items()}
        keys = {at: (match[1], match[2]) for at, match in found.items() if match and match[1] in TABLES}
        if keys:
            return _by_keys(grid, row, keys)
    return _by_titles(grid)


def _by_keys(grid: Grid, row: int, keys: Mapping[int, tuple[str, str]]) -> Header:
    names = [name for name, _ in keys.values()]
    table = TABLES[max(set(names), key=names.count)]
    header = Header(table, row)
    titles = _titles(table)
    below = grid.row(row + 1)
    for at in range(min(keys), grid.width + 1):
        if at in keys:
            _add(header, at, keys[at][1])
        elif at in below and isinstance(below[at], str):
            _add_title(header, at, below[at], titles)
    header.row = row + 1  # the row of titles is below the row of keys
    return header


def _by_titles(grid: Grid) -> Header | None:
    named = [
        table
        for table in TABLES.values()
        if grid.sheet in {sheet_title(table.name, each) for each in LANGUAGES}
    ]
    best: tuple[int, int, Table] | None = None
    for table in named or TABLES.values():
        titles = _titles(table)
        for row in range(1, min(grid.height, _FIRST_ROWS) + 1):
            values = [value for value in grid.row(row).values() if isinstance(value, str)]
            count = sum(_key_of(value, titles) is not None for value in values)
            if count >= max(1 if named else _FEWEST, len(values) / 2) and (best is None or count > best[0]):
                best = count, row, table
    if best is None:
        return None
    _, row, table = best
    header, titles = Header(table, row), _titles(table)
    cells = grid.row(row)
    first = min(at for at, value in cells.items() if _key_of(str(value), titles) is not None)
    for at, value in cells.items():
        if at >= first:
            _add_title(header, at, str(value), titles)
    return header


def _add(header: Header, at: int, key: str) -> None:
    if key in header.columns.values():
        header.repeated.append(at)
    header.columns[at] = key


def _add_title(header: Header, at: int, title: str, titles: Mapping[str, str]) -> None:
    if not title.strip():
        return
    key = _key_of(title, titles)
    if key is not None:
        _add(header, at, key)
    else:
        header.unknown[at] = title.strip(), nearest(_folded(title), list(titles)) or ""


def _titles(table: Table) -> dict[str, str]:
    """The key of each title of a table, in all languages."""
    found: dict[str, str] = {}
    for column in table.columns:
        for language in LANGUAGES:
            found.setdefault(_folded(column_title(table.name, column.key, language)), column.key)
            found.setdefault(_folded(column.key), column.key)
            if column.bare:
                dated = f"{column.key}.on"
                found.setdefault(_folded(column_title(table.name, dated, language)), dated)
    return found


def _key_of(title: str, titles: Mapping[str, str]) -> str | None:
    key = titles.get(_folded(title))
    match = _TAGGED.fullmatch(title.strip().replace("（", "(").replace("）", ")"))
    if key is None and match and (found := titles.get(_folded(match[1]))):
        return f"{found}:{match[2]}"
    return key


def _folded(title: Any) -> str:
    return re.sub(r"[\s*＊]+", "", narrow(str(title))).casefold()
