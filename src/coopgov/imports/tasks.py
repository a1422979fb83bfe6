"""Turns the rows of a table into tasks of a part, by an import mapping; whatever is left over is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from coopgov.imports.bytes_of import MOST_TASKS, refused
from coopgov.imports.columns import Columns
from coopgov.imports.dates import is_empty_day
from coopgov.imports.phases import Phases
from coopgov.imports.values import hours_of, share_of, status_of
from coopgov.locales import phrase
from coopgov.model import STANDARD_ROLES, Agreement
from coopgov.schema import defects_of, parse_identifier, parse_label, problem, quoted, shown, zone_of
from coopgov.synonyms import meant

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.result import Log
    from coopgov.imports.table import Row, Table

__all__ = ["TaskReader", "zone_for"]

_WINDOWS = {
    "planned_start": ("planned", "start"),
    "planned_end": ("planned", "end"),
    "actual_start": ("actual", "start"),
    "actual_end": ("actual", "end"),
}
_ROUND = {50, 100, 200, 250, 500}
_DAYS = (*_WINDOWS, "forecast_end", "deadline")


def zone_for(mapping: ImportMapping | None, agreement: Agreement | None) -> tzinfo:
    """The time zone in which moments become days: of the mapping, else of the agreement, else UTC."""
    name = (mapping and mapping.time_zone) or (agreement and agreement.time_zone) or "UTC"
    return zone_of(name)


@dataclass(slots=True)
class TaskReader:
    """One import of a table."""

    table: Table
    mapping: ImportMapping
    agreement: Agreement
    on: date
    log: Log

    def phases(self) -> list[dict[str, Any]]:
        """The phases of the part, with their tasks.

        Raises:
            MappingError: the mapping does not fit the table or the agreement.
            SourceError: there are too many tasks.
        """
        if len(self.table.rows) > MOST_TASKS:
            found = phrase("imports.source.too-many-tasks", count=f"{len(self.table.rows):,}")
            raise refused(self.table.file, "too-many-tasks", found, phrase("imports.source.split-by-phase"))
        self._note_round_count()
        rows = [row for row in self.table.rows if self._is_task(row)]
        columns = Columns(self.table, self.mapping, zone_for(self.mapping, self.agreement), rows)
        phases = Phases(self.mapping, self.agreement, self.table)
        seen: dict[str, str] = {}
        made: dict[str, list[dict[str, Any]]] = {}
        people = _People(self.agreement, self.mapping)
        for row in rows:
            try:
                phase = phases.of(row)
                task = self._task(row, columns, people)
                if task["id"] in seen:
                    expected = phrase("imports.rows.first-at", place=seen[task["id"]])
                    raise problem("duplicate-id", quoted(task["id"]), expected)
            except PydanticCustomError as error:
                each = defects_of(error)[0]
                self.log.reject(row.place, each.code, each.found, each.expected)
                continue
            seen[task["id"]] = row.place
            made.setdefault(phase, []).append(task)
            self._count(task)
        columns.account(self.log, phases.names)
        order = [each.id for each in self.agreement.phases]
        return [{"id": phase, "tasks": made[phase]} for phase in order if phase in made]

    def _note_round_count(self) -> None:
        count = len(self.table.rows)
        if count in _ROUND or (count and count % 1000 == 0):
            self.log.tell("round-count", count=count)

    def _is_task(self, row: Row) -> bool:
        for name, texts in self.mapping.tasks.only.items():
            if not {*texts} & {*self._column(name, row, "only")}:
                self.log.tell("left-out")
                return False
        for name, texts in self.mapping.tasks.skip.items():
            if {*texts} & {*self._column(name, row, "skip")}:
                self.log.tell("left-out")
                return False
        return True

    def _column(self, name: str, row: Row, key: str) -> list[str]:
        if not self.table.knows(name):
            raise self.table.unknown([name], self.mapping, ("tasks", key, name))
        return self.table.values(row, name)

    def _task(self, row: Row, columns: Columns, people: _People) -> dict[str, Any]:
        written = columns.text("id", row)
        if not written:
            raise problem("missing-id", phrase("common.nothing"), phrase("imports.rows.id"))
        task: dict[str, Any] = {"id": parse_identifier(written.strip())}
        task["source"] = parse_label(written)
        name = columns.text("name", row)
        if name:
            task["name"] = parse_label(name)
        self._owner(task, row, columns, people)
        self._days(task, row, columns)
        self._status(task, row, columns)
        self._progress(task, row, columns)
        for key, value in row.given.items():
            task.setdefault(key, value)
        self._custom(task, row, columns)
        self._plan(task, row)
        return task

    def _owner(self, task: dict[str, Any], row: Row, columns: Columns, people: _People) -> None:
        texts = columns.texts("owner", row)
        found = dict.fromkeys(people.of(each) for each in texts if each.casefold() not in {"closed", ""})
        for each in texts:
            if people.of(each) is None and each.casefold() != "closed":
                self.log.tell("unknown-person", each)
                self.log.lose(phrase("imports.lost.owner"), row.place)
        known = [each for each in found if each]
        if len(known) == 1:
            task["owner"] = known[0]
        elif known:
            self.log.tell("several-owners", task["id"])
            self.log.lose(phrase("imports.lost.owner"), row.place)

    def _days(self, task: dict[str, Any], row: Row, columns: Columns) -> None:
        for field in _DAYS:
            text = columns.text(field, row)
            if is_empty_day(text):
                continue
            day = columns.day(field, row, text)
            if day is None:
                expected = phrase("imports.rows.a-day", column=columns.column(field, row))
                raise problem("not-a-date", shown(text), expected)
            if field == "forecast_end":
                task["forecast"] = [{"end": day, "on": self.on}]
            elif field == "deadline":
                task["deadline"] = day
            else:
                window, end = _WINDOWS[field]
                task.setdefault(window, {})[end] = day
                if window == "actual" and day > self.on:
                    self.log.tell("after-the-day", task["id"])

    def _status(self, task: dict[str, Any], row: Row, columns: Columns) -> None:
        text = columns.text("status", row)
        entry = columns.entry("status")
        said = (entry.values.get(text) if entry and not row.decided else None) or row.status
        status = status_of(said or self.table.statuses.get(text, "") or text)
        if status:
            task["status"] = [{"is": status, "on": self.on}]
        elif text:
            self.log.tell("unknown-status", text)
            self.log.lose(phrase("imports.lost.status"), row.place)

    def _progress(self, task: dict[str, Any], row: Row, columns: Columns) -> None:
        text = columns.text("progress", row)
        if text:
            task["progress"] = [{"is": share_of(text), "on": self.on}]

    def _custom(self, task: dict[str, Any], row: Row, columns: Columns) -> None:
        custom = dict(task.get("custom", {}))
        for name, entry in self.mapping.custom.items():
            text = columns.text(name, row, custom=True)
            if text:
                custom[name] = hours_of(text) if entry.unit else entry.values.get(text, text)
        if custom:
            task["custom"] = custom

    def _plan(self, task: dict[str, Any], row: Row) -> None:
        planned = task.get("planned", {})
        if {"start", "end"} <= set(planned):
            return
        choice = self.mapping.no_dates
        if choice == "sprint":
            window = self._sprint(row)
            if window:
                task["planned"] = {**window, **planned}
                return
        if choice != "keep-without-plan" and not planned:
            expected = phrase("imports.rows.planned")
            raise problem("not-scheduled", quoted(task["id"]), expected)
        self.log.tell("not-scheduled", task["id"])

    def _sprint(self, row: Row) -> dict[str, date] | None:
        for name in reversed(self.table.values(row, "Sprint")):
            window = self.mapping.sprints.get(name)
            if window and window.start and window.end:
                return {"start": window.start, "end": window.end}
        if row.sprint is None:
            return None
        zone = zone_for(self.mapping, self.agreement)
        start, end = (Columns.moment(text, zone) for text in row.sprint)
        return {"start": start, "end": end} if start and end else None

    def _count(self, task: dict[str, Any]) -> None:
        self.log.kept["tasks"] += 1
        for key in task:
            if key not in {"id", "source"}:
                self.log.kept[key] += 1


class _People:
    """Who the people of a source are: by the mapping, else by the id of a member, role or body."""

    def __init__(self, agreement: Agreement, mapping: ImportMapping) -> None:
        team = agreement.team
        self.known = {each.id for each in (*team.members, *team.bodies, *agreement.parties)} | set(
            STANDARD_ROLES
        )
        self.known |= {each.role for each in team.members if each.role}
        entry = mapping.fields.get("owner")
        self.values = dict(entry.values) if entry else {}

    def of(self, text: str) -> str | None:
        """The owner that a text means; None for somebody unknown."""
        said = self.values.get(text, text)
        found = said if said in self.known else meant(said, "role")
        return found if found in self.known else None
