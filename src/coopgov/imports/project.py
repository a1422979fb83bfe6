"""Reads a plan in MSPDI as a part of an agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.arguments import checked
from coopgov.imports.mspdi import file_day, lose_summary, plan_of
from coopgov.imports.readers import ARGUMENTS, finished, opened, resolved_day
from coopgov.imports.result import Log
from coopgov.imports.table import Row, table_of
from coopgov.imports.tasks import TaskReader
from coopgov.imports.xml_source import lose_unread, xml_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from coopgov.imports.mapping import ImportMapping
    from coopgov.imports.mspdi_plan import Plan, PlanTask
    from coopgov.imports.result import Import
    from coopgov.model import Agreement

__all__ = ["linked", "observed_keys", "read_mspdi"]

_COLUMNS = frozenset(("UID", "Name", "Resource names"))


@checked(**ARGUMENTS)
def read_mspdi(
    path: str | Path, mapping: ImportMapping, agreement: Agreement, *, as_of: date | None = None
) -> Import:
    """Read a plan of MS Project in XML (MSPDI).

    Args:
        path: the file.
        mapping: which phase and owner its tasks have; `load_import_mapping` reads one.
        agreement: the agreement whose phases and members the mapping names.
        as_of: the day on which the plan was observed; by default, its status date, else its current date.

    Raises:
        MappingError: the mapping does not fit the file or the agreement.
        SourceError: the file cannot be read, has a DOCTYPE, or does not say its day.
    """
    source, log = opened(path, mapping, agreement, "mspdi"), Log()
    root = xml_of(source, "Project")
    plan = plan_of(source, root, log)
    on = resolved_day(source.name, as_of, file_day(root, log))
    for each in plan.tasks:
        if each.summary:
            lose_summary(each, log)
    leaves = [each for each in plan.tasks if not each.summary]
    things = [(_row(each, plan, on, log), _values(each)) for each in leaves]
    phases = TaskReader(table_of(source.name, things, known=_COLUMNS), mapping, agreement, on, log).phases()
    where = {task["id"]: phase["id"] for phase in phases for task in phase["tasks"]}
    for phase in phases:
        for task in phase["tasks"]:
            linked(task, phase["id"], where, log)
    lose_unread(root, source.name, log)
    return finished(source.name, mapping, {"phases": phases}, on, log, agreement)


def _values(task: PlanTask) -> list[tuple[str, str]]:
    return [
        each
        for each in (
            ("UID", task.id),
            ("Name", task.name),
            *(("Resource names", owner) for owner in task.owners),
        )
        if each[1]
    ]


def _row(task: PlanTask, plan: Plan, on: date, log: Log) -> Row:
    if task.top is None or task.top is task:
        log.tell("project-phase", task.name or task.id)
        names: tuple[str, ...] = (plan.name,)
    else:
        names = tuple(each for each in (task.top.name, task.top.id) if each)
    given = observed_keys(task, on, log)
    status = given.pop("status")
    return Row(task.place, (), given, status, groups={"outline level 1": (names,)})


def observed_keys(task: PlanTask, on: date, log: Log) -> dict[str, Any]:
    """The keys of a task with the day of its progress, and its status by its actual days and its progress."""
    keys = dict(task.keys)
    share = keys.get("progress", "")
    actual = keys.get("actual", {})
    started = "start" in actual or share not in {"", "0 %"}
    keys["status"] = (
        "done" if "end" in actual or share == "100 %" else "in progress" if started else "not started"
    )
    if share:
        keys["progress"] = [{"is": share, "on": on}]
    if any(day > on for day in actual.values()):
        log.tell("after-the-day", task.name or task.id)
    return keys


def linked(task: dict[str, Any], phase: str, where: dict[str, str], log: Log) -> None:
    """Give the links of a task the names of its predecessors: their ids, or `phase/id` in another phase."""
    found: list[str | dict[str, Any]] = []
    for link in _links(task.pop("after", None)):
        there, place = f"u{link['task']}", link.pop("place")
        if there not in where or there == task["id"]:
            log.lose(phrase("imports.lost.links"), place)
            continue
        name = there if where[there] == phase else f"{where[there]}/{there}"
        plain = set(link) == {"task", "type"} and link["type"] == "FS"
        found.append(name if plain else {**link, "task": name})
    if found:
        task["after"] = found


def _links(after: dict[str, dict[str, Any]] | None) -> Iterable[dict[str, Any]]:
    return (after or {}).values()
