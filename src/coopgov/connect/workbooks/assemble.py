"""Puts the rows of all sheets together: an agreement, or a part of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.connect.workbooks.document import cell_of
from coopgov.connect.workbooks.rows import LISTS
from coopgov.connect.workbooks.tables import TABLES
from coopgov.faults import Fault, did_you_mean
from coopgov.locales import phrase
from coopgov.schema.problems import quoted
from coopgov.source import Listing, Mapping, Scalar

if TYPE_CHECKING:
    from coopgov.connect.workbooks.read import Row, Sheets
    from coopgov.source import Node

__all__ = ["assemble"]

_CHILDREN = (
    ("readings", "kpis", "kpi", "readings"),
    ("milestones", "phases", "phase", "milestones"),
    ("deliverables", "phases", "phase", "deliverables"),
    ("tasks", "phases", "phase", "tasks"),
    ("responses", "risks", "risk", "responses"),
)
"""The sheets of things that belong to others: the sheet of these, the column with their id, and the key there."""


def assemble(sheets: Sheets, *, partial: bool) -> Mapping:
    """Return the tree of an agreement; in a part, `partial`, things that others belong to need no row of their own."""
    run = _Assembly(sheets, partial)
    run.run()
    return run.root


@dataclass(slots=True)
class _Assembly:
    """One workbook."""

    sheets: Sheets
    partial: bool

    @property
    def root(self) -> Mapping:
        """The tree."""
        root = self.sheets.document.root
        assert isinstance(root, Mapping)
        return root

    def run(self) -> None:
        """Put everything at its place."""
        for row in self.sheets.rows.get("agreement", [])[:1]:
            self.root.entries.update(row.node.entries)
            self.sheets.document.blanks[id(self.root)] = self.sheets.document.blanks[id(row.node)]
        for name, keys in LISTS.items():
            rows = self.sheets.rows.get(name, [])
            if rows:
                self._list(self.root, keys, rows[0].node).items.extend(each.node for each in rows)
        for name, above, parent, key in _CHILDREN:
            for row in self.sheets.rows.get(name, []):
                holder = self._parent(above, row, parent)
                if holder is not None:
                    self._list(holder, (key,), row.node).items.append(row.node)
        self._spending()
        self._decisions()

    def _list(self, holder: Mapping, keys: tuple[str, ...], at: Node) -> Listing:
        """The list below some keys, made at a place if there is none."""
        for step in keys[:-1]:
            found = holder.entries.get(step)
            inner = found[1] if found else None
            if not isinstance(inner, Mapping):
                inner = Mapping(at.line, at.column)
                holder.entries[step] = (cell_of(step, at), inner)
            holder = inner
        found = holder.entries.get(keys[-1])
        if found is not None and isinstance(found[1], Listing):
            return found[1]
        made = Listing(at.line, at.column)
        holder.entries[keys[-1]] = (cell_of(keys[-1], at), made)
        return made

    def _parent(self, table: str, row: Row, column: str) -> Mapping | None:
        """The thing that a row belongs to; an unknown one is a fault at the cell that names it."""
        name = row.text(column)
        known = self._known(table)
        if name in known:
            return known[name]
        if name and self.partial:
            return self._made(table, row.cells[column])
        cell: Node = row.cells.get(column) or self.sheets.document.blank(row.node, (column,))
        found = quoted(name) if name else phrase("common.nothing")
        expected, hint = phrase(f"workbook.parent.{table}"), did_you_mean(name, list(known))
        place = self.sheets.document.place(cell)
        self.sheets.faults.append(Fault(place, "unknown-parent", found, expected, hint))
        return None

    def _known(self, table: str) -> dict[str, Mapping]:
        found: Node | None = self.root
        for step in LISTS[table]:
            entry = found.entries.get(step) if isinstance(found, Mapping) else None
            found = entry[1] if entry else None
        items = found.items if isinstance(found, Listing) else []
        return {_id_of(each): each for each in items if isinstance(each, Mapping)}

    def _made(self, table: str, cell: Scalar) -> Mapping:
        """The mention of a thing of the agreement in a part."""
        made = Mapping(cell.line, cell.column, {"id": (cell_of("id", cell), cell)})
        self._list(self.root, LISTS[table], cell).items.append(made)
        return made

    def _spending(self) -> None:
        for row in self.sheets.rows.get("spending", []):
            phase = self._parent("phases", row, "phase")
            if phase is None:
                continue
            holder: Mapping | None = phase
            if row.text("task"):
                holder = self._task(phase, row)
            if holder is not None:
                self._list(holder, ("spending",), row.node).items.append(row.node)

    def _task(self, phase: Mapping, row: Row) -> Mapping | None:
        tasks = self._list(phase, ("tasks",), row.node)
        known = {_id_of(each): each for each in tasks.items if isinstance(each, Mapping)}
        name, cell = row.text("task"), row.cells["task"]
        if name in known:
            return known[name]
        document = self.sheets.document
        if self.partial:
            made = Mapping(cell.line, cell.column, {"id": (cell_of("id", cell), cell)})
            tasks.items.append(made)
            return made
        expected, hint = phrase("workbook.parent.tasks"), did_you_mean(name, list(known))
        fault = Fault(document.place(cell), "unknown-parent", quoted(name), expected, hint)
        self.sheets.faults.append(fault)
        return None

    def _decisions(self) -> None:
        """Decisions, grouped by the day of their minutes; a row without a decision means minutes without any."""
        document = self.sheets.document
        for row in self.sheets.rows.get("decisions", []):
            meeting = self._parent("meetings", row, "meeting")
            if meeting is None:
                continue
            minutes = self._list(meeting, ("minutes",), row.node)
            day = row.cells.get("on")
            entry = next((each for each in minutes.items if _text_of(each, "on") == row.text("on")), None)
            if not isinstance(entry, Mapping):
                entry = Mapping(row.node.line, row.node.column)
                document.blanks[id(entry)] = document.blanks[id(row.node)]
                if day is not None:
                    entry.entries["on"] = (cell_of("on", day), day)
                minutes.items.append(entry)
            if row.cells.keys() - set(TABLES["decisions"].parents):
                self._list(entry, ("decisions",), row.node).items.append(row.node)


def _id_of(node: Mapping) -> str:
    return _text_of(node, "id")


def _text_of(node: Node, key: str) -> str:
    entry = node.entries.get(key) if isinstance(node, Mapping) else None
    return entry[1].text.strip() if entry and isinstance(entry[1], Scalar) else ""
