"""Reads plans in Microsoft's XML of projects (MSPDI), which MS Project and most planning programs write."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from coopgov.imports.bytes_of import MOST_TASKS, refused
from coopgov.imports.mspdi_links import Durations, link_of
from coopgov.imports.mspdi_plan import Plan, PlanTask
from coopgov.imports.xml_source import xml_of
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.imports.bytes_of import Input
    from coopgov.imports.result import Log
    from coopgov.imports.xml_source import Element

__all__ = ["day_of", "file_day", "moment_of", "money", "plan_of"]

_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::[0-9.]+)?(?:Z|[-+][0-9:]+)?)?"
)
_CONSTRAINTS = {
    "1": "as late as possible",
    "2": "must start on",
    "3": "must finish on",
    "4": "start no earlier than",
    "5": "start no later than",
    "6": "finish no earlier than",
    "7": "finish no later than",
}


def plan_of(source: Input, log: Log) -> Plan:
    """Read a plan; blank and inactive tasks are left out.

    Raises:
        SourceError: the file is no such plan, or has too many tasks.
    """
    root = xml_of(source, "Project")
    holder = root.first("Tasks")
    elements = list(holder.all("Task")) if holder else []
    if len(elements) > MOST_TASKS:
        found = phrase("imports.source.too-many-tasks", count=f"{len(elements):,}")
        raise refused(source.name, "too-many-tasks", found, phrase("imports.source.split-by-phase"))
    name = root.value("Title") or root.value("Name") or source.path.stem
    tasks = [task for element in elements if (task := _task(element, source.name, log))]
    _outline(tasks)
    tasks = [each for each in tasks if each.level > 0]
    plan = Plan(
        source.name,
        root,
        name.removesuffix(".mpp").removesuffix(".xml") or "plan",
        tasks,
        root.value("CurrencyCode"),
    )
    _owners(plan, log)
    durations = Durations(root)
    by_uid = {each.uid: each for each in tasks}
    for task in tasks:
        assert task.element is not None
        for element in task.element.all("PredecessorLink"):
            link = link_of(element, by_uid, durations)
            if link is None:
                log.lose(phrase("imports.lost.links"), f"{source.name}:{element.line}")
            else:
                task.keys.setdefault("after", {}).setdefault(link["task"], link)
    _lost(root, source.name, log)
    return plan


def file_day(root: Element, log: Log) -> date | None:
    """The day on which the plan was observed: its status date, else its current date."""
    status = day_of(root.value("StatusDate"))
    if status:
        return status
    current = day_of(root.value("CurrentDate"))
    if current:
        log.tell("current-date")
    return current


def day_of(text: str, *, end: bool = False) -> date | None:
    """The day of a moment; an end at midnight belongs to the day before."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if end and found[4] and (found[4], found[5]) == ("00", "00"):
            day -= timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return None if day.year in {1, 1984} and day == date(1984, 1, 1) else day


def _task(element: Element, file: str, log: Log) -> PlanTask | None:
    place = f"{file}:{element.line}"
    uid = element.value("UID")
    if element.value("IsNull") == "1" or not re.fullmatch("[0-9]{1,12}", uid):
        return None
    if element.value("Active") == "0":
        log.tell("inactive", element.value("Name") or uid)
        return None
    level = element.value("OutlineLevel")
    task = PlanTask(
        uid,
        element.value("Name"),
        place,
        int(level) if re.fullmatch("[0-9]{1,4}", level) else 1,
        element.value("Summary") == "1",
        element.value("Milestone") == "1",
        element=element,
    )
    task.keys = dict(_keys(element, place, log))
    return task


def _keys(element: Element, place: str, log: Log) -> Iterator[tuple[str, Any]]:
    for key, names in (("planned", ("Start", "Finish")), ("actual", ("ActualStart", "ActualFinish"))):
        window = _window(element, *names)
        _unread(element, names, window, place, log)
        if window:
            yield key, window
    kind = _CONSTRAINTS.get(element.value("ConstraintType"))
    if kind:
        day = day_of(element.value("ConstraintDate"))
        if day and kind != "as late as possible":
            yield "constraint", {"type": kind, "on": day}
        elif kind == "as late as possible":
            yield "constraint", {"type": kind}
    deadline = day_of(element.value("Deadline"), end=True)
    if deadline:
        yield "deadline", deadline
    share = element.value("PercentComplete")
    if re.fullmatch("[0-9]{1,3}", share) and int(share) <= 100:
        yield "progress", f"{share} %"
    yield from _baselines(element)


def _window(element: Element, start: str, end: str) -> dict[str, date]:
    first, last = day_of(element.value(start)), day_of(element.value(end), end=True)
    if first and last and last < first:
        last = first if day_of(element.value(end)) == first else last
    return {key: day for key, day in (("start", first), ("end", last)) if day}


def _unread(element: Element, names: tuple[str, str], window: dict[str, date], place: str, log: Log) -> None:
    for key, name in zip(("start", "end"), names, strict=True):
        if element.value(name) and key not in window and element.value(name) != "NA":
            log.lose(phrase("imports.lost.unread"), place)


def _baselines(element: Element) -> Iterator[tuple[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in element.all("Baseline"):
        number = each.value("Number") or "0"
        window = _window(each, "Start", "Finish")
        budget = money(each.value("Cost"))
        whole = number == "0" and {"start", "end"} <= set(window)
        if whole:
            yield "original", window
        if (window and not whole) or budget is not None:
            kept: dict[str, Any] = {"id": f"b{number}", **window}
            if budget is not None:
                kept["budget"] = budget
            if all(one["id"] != kept["id"] for one in found):
                found.append(kept)
    if found:
        yield "baselines", found


def money(text: str) -> str | None:
    """An amount; the format has hundredths of the currency. None for nothing and for 0."""
    try:
        amount = Decimal(text) / 100
    except InvalidOperation:
        return None
    return f"{amount:f}" if amount.is_finite() and 0 < amount < Decimal(10) ** 15 else None


def _outline(tasks: list[PlanTask]) -> None:
    """Find the task of level 1 above each; what has tasks below it is a summary, whatever it says."""
    top: PlanTask | None = None
    for task, after in zip(tasks, [*tasks[1:], None], strict=True):
        if after and after.level > task.level:
            task.summary = True
        if task.level <= 1:
            top = task if task.level == 1 else None
        task.top = top


def _owners(plan: Plan, log: Log) -> None:
    resources = plan.root.first("Resources")
    names = {
        each.value("UID"): each.value("Name") for each in (resources.all("Resource") if resources else ())
    }
    by_uid = {each.uid: each for each in plan.tasks}
    assignments = plan.root.first("Assignments")
    for each in assignments.all("Assignment") if assignments else ():
        task, name = by_uid.get(each.value("TaskUID")), names.get(each.value("ResourceUID"), "")
        if task and name and name not in task.owners:
            task.owners.append(name)
            log.lose(phrase("imports.lost.assignments"), f"{plan.file}:{each.line}")


def _lost(root: Element, file: str, log: Log) -> None:
    used = root.value("CalendarUID")
    calendars = root.first("Calendars")
    for each in calendars.all("Calendar") if calendars else ():
        if each.value("UID") != used and each.value("IsBaseCalendar") != "1":
            log.lose(phrase("imports.lost.calendars"), f"{file}:{each.line}")


def moment_of(day: date, hour: int) -> str:
    """A moment as the format writes it."""
    return datetime(day.year, day.month, day.day, hour).isoformat()  # noqa: DTZ001  # the format has local times
