"""What is particular about CSV exports of Jira: epics, which are named in three ways, and sprints with days."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopgov.imports.table import Row, Table

__all__ = ["jira_rows", "sprint_of"]

_KEY, _ID, _TYPE, _NAME = "Issue key", "Issue id", ("Issue Type", "Issue type"), "Summary"
_LINKS = ("Custom field (Epic Link)", "Epic Link")
_PARENTS = ("Parent key", "Parent", "Parent id")
_SPRINT = re.compile(r"[\[,](name|startDate|endDate)=([^,\]]*)")
_TITLE = "Custom field (Epic Name)"
_DEEPEST = 20


def jira_rows(table: Table) -> Table:
    """The table with the epic of each issue: by its epic link, else by its parents, whose keys or ids are given."""
    known: dict[str, Row] = {}
    for row in table.rows:
        for name in (_KEY, _ID):
            for each in table.values(row, name)[:1]:
                known.setdefault(each, row)
    names = dict.fromkeys(("Sprint", "Parent", "Parent summary", *_LINKS, *_PARENTS, *_TYPE))
    present = {each.casefold() for each in table.headers}
    if not present & {each.casefold() for each in names}:
        return table
    rows = tuple(
        replace(
            row,
            groups={"epic": _epics(table, row, known)},
            sprint=sprint_of(table.values(row, "Sprint")) or row.sprint,
        )
        for row in table.rows
    )
    return replace(table, rows=rows)


def _epics(table: Table, row: Row, known: dict[str, Row]) -> tuple[tuple[str, ...], ...]:
    """The names of the epic of an issue: its key, its id and its summary."""
    for _ in range(_DEEPEST):
        link = next((found[0] for name in _LINKS if (found := table.values(row, name))), "")
        above = link or next((found[0] for name in _PARENTS if (found := table.values(row, name))), "")
        if not above:
            return ()
        parent = known.get(above)
        if parent is None:
            titles = table.values(row, "Parent summary") if not link else []
            return ((above, *titles),)
        if link or _is_epic(table, parent) or not _has_parent(table, parent):
            return (_names(table, parent, above),)
        row = parent
    return ()


def _is_epic(table: Table, row: Row) -> bool:
    return any(each.casefold() == "epic" for name in _TYPE for each in table.values(row, name))


def _has_parent(table: Table, row: Row) -> bool:
    return any(table.values(row, name) for name in (*_LINKS, *_PARENTS))


def _names(table: Table, row: Row, above: str) -> tuple[str, ...]:
    named = [each for name in (_KEY, _ID, _NAME, _TITLE) for each in table.values(row, name)]
    return tuple(dict.fromkeys([*named, above]))


def sprint_of(texts: list[str]) -> tuple[str, str] | None:
    """The first and last moment of the newest sprint that an older Jira writes out: `…[id=1,name=S1,startDate=…]`."""
    for text in reversed(texts):
        found = dict(_SPRINT.findall(text))
        if found.get("startDate", "<null>") != "<null>" and found.get("endDate", "<null>") != "<null>":
            return found["startDate"], found["endDate"]
    return None
