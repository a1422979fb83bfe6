"""Reads plans in Microsoft's XML of projects (MSPDI), which MS Project and most planning programs write."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from coopgov.imports.bytes_of import MOST_TASKS, refused
from coopgov.imports.dates import iso_day
from coopgov.imports.mspdi_links import Durations, link_of
from coopgov.imports.mspdi_plan import Plan, PlanTask
from coopgov.locales import phrase
from coopgov.schema import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.imports.bytes_of import Input
    from coopgov.imports.result import Log
    from coopgov.imports.xml_source import Element

__all__ = ["day_of", "file_day", "last_day_of", "lose_summary", "moment_of", "plan_of"]

_NO_DAY = date(1984, 1, 1)
_CONSTRAINTS = {
    "0": "as soon as possible",
    "1": "as late as possible",
    "2": "must start on",
    "3": "must finish on",
    "4": "start no earlier than",
    "5": "start no later than",
    "6": "finish no earlier than",
    "7": "finish no later than",
}


def plan_of(source: Input, root: Element, log: Log) -> Plan:
    """Read a plan from its root element; blank and inactive tasks are left out.

    Raises:
        SourceError: it has too many tasks.
    """
    holder = root.first("Tasks")
    elements = list(holder.all("Task")) if holder else []
    if len(elements) > MOST_TASKS:
        found = phrase("imports.source.too-many-tasks", count=f"{len(elements):,}")
        raise refused(source.name, "too-many-tasks", found, phrase("imports.source.split-by-phase"))
    name = root.value("Title") or root.value("Name") or source.path.stem
    tasks = [task for element in elements if (task := _task(element, source.name, log))]
    tasks = _once(tasks, log)
    _outline(tasks)
    plan = Plan(
        source.name,
        root,
        name.removesuffix(".mpp").removesuffix(".xml") or "plan",
        [each for each in tasks if each.level > 0],
        root.value("CurrencyCode"),
    )
    for each in tasks:
        if each.level <= 0:
            lose_summary(each, log)
    _owners(plan)
    _links(plan, log)
    _lose_calendars(root, source.name, log)
    return plan


def _once(tasks: list[PlanTask], log: Log) -> list[PlanTask]:
    """The tasks without those whose UID another has; they are rejected."""
    first: dict[str, PlanTask] = {}
    for task in tasks:
        if first.setdefault(task.uid, task) is not task:
            expected = phrase("imports.rows.first-at", place=first[task.uid].place)
            log.reject(task.place, "duplicate-id", quoted(task.uid), expected)
            assert task.element is not None
            task.element.settle()
    return list(first.values())


def lose_summary(task: PlanTask, log: Log) -> None:
    """Account for a summary task as a whole: an agreement has phases and tasks, and nothing between."""
    log.lose(phrase("imports.lost.summaries"), task.place)
    assert task.element is not None
    task.element.settle()


def _links(plan: Plan, log: Log) -> None:
    durations = Durations(plan.root)
    by_uid = {each.uid: each for each in plan.tasks}
    for task in plan.tasks:
        assert task.element is not None
        for element in task.element.all("PredecessorLink"):
            link, place = link_of(element, by_uid, durations), f"{plan.file}:{element.line}"
            after = task.keys.setdefault("after", {})
            if link is None or link["task"] in after:
                log.lose(phrase(f"imports.lost.{'second-' if link else ''}links"), place)
                element.settle()
            else:
                after[link["task"]] = {**link, "place": place}


def file_day(root: Element, log: Log) -> date | None:
    """The day on which the plan was observed: its status date, else its current date."""
    status = root.parsed("StatusDate", day_of)
    if status:
        return status
    current = root.parsed("CurrentDate", day_of)
    if current:
        log.tell("current-date")
    return current


def day_of(text: str) -> date | None:
    """The day of a moment; the first day that the format can hold means that there is none."""
    day = iso_day(text)
    return None if day == _NO_DAY else day


def last_day_of(text: str) -> date | None:
    """The day of a moment that is an end."""
    day = iso_day(text, end=True)
    return None if day == _NO_DAY else day


def _task(element: Element, file: str, log: Log) -> PlanTask | None:
    place = f"{file}:{element.line}"
    uid = element.value("UID")
    if element.value("IsNull") == "1":
        return None
    if not re.fullmatch("[0-9]{1,12}", uid):
        log.reject(place, "missing-id", quoted(uid), phrase("imports.rows.uid"))
        element.settle()
        return None
    if element.value("Active") == "0":
        log.leave_out("inactive", element.value("Name") or uid, place)
        element.settle()
        return None
    level = element.parsed("OutlineLevel", _level)
    task = PlanTask(
        uid,
        element.value("Name"),
        place,
        1 if level is None else level,
        element.value("Summary") == "1",
        element.value("Milestone") == "1",
        element=element,
    )
    task.keys = dict(_keys(element))
    return task


def _level(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else None


def _keys(element: Element) -> Iterator[tuple[str, Any]]:
    for key, names in (("planned", ("Start", "Finish")), ("actual", ("ActualStart", "ActualFinish"))):
        window = _window(element, *names)
        if window:
            yield key, window
    kind = element.parsed("ConstraintType", _CONSTRAINTS.get)
    if kind == "as late as possible":
        yield "constraint", {"type": kind}
    elif kind and kind != "as soon as possible":
        day = element.parsed("ConstraintDate", day_of)
        if day:
            yield "constraint", {"type": kind, "on": day}
    deadline = element.parsed("Deadline", last_day_of)
    if deadline:
        yield "deadline", deadline
    share = element.parsed("PercentComplete", _share)
    if share:
        yield "progress", share
    yield from _baselines(element)


def _share(text: str) -> str | None:
    return f"{text} %" if re.fullmatch("[0-9]{1,3}", text) and int(text) <= 100 else None


def _window(element: Element, start: str, end: str) -> dict[str, date]:
    first, last = element.parsed(start, day_of), element.parsed(end, last_day_of)
    if first and last and last < first:
        last = first if day_of(element.peek(end)) == first else last
    return {key: day for key, day in (("start", first), ("end", last)) if day}


def _baselines(element: Element) -> Iterator[tuple[str, Any]]:
    found: list[dict[str, Any]] = []
    numbers: set[str] = set()
    for each in element.all("Baseline"):
        number = each.peek("Number") or "0"
        if number in numbers or not re.fullmatch("[0-9]|10", number):
            continue
        numbers.add(each.value("Number") or "0")
        window = _window(each, "Start", "Finish")
        amount = each.parsed("Cost", money)
        whole = number == "0" and {"start", "end"} <= set(window)
        if whole:
            yield "original", window
        if (window and not whole) or amount:
            kept: dict[str, Any] = {"id": f"b{number}", **window}
            if amount:
                kept["budget"] = f"{amount:f}"
            found.append(kept)
    if found:
        yield "baselines", found


def money(text: str) -> Decimal | None:
    """An amount, also 0; the format has hundredths of the currency."""
    try:
        amount = Decimal(text) / 100
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < Decimal(10) ** 15 else None


def _outline(tasks: list[PlanTask]) -> None:
    """Find the task of level 1 above each; what has tasks below it is a summary, whatever it says."""
    top: PlanTask | None = None
    for task, after in zip_longest(tasks, tasks[1:]):
        if after and after.level > task.level:
            task.summary = True
        if task.level <= 1:
            top = task if task.level == 1 else None
        task.top = top


def _owners(plan: Plan) -> None:
    """Give each task the names of the resources that are assigned to it; what is assigned to nothing stays unread."""
    holder = plan.root.first("Resources")
    resources = {each.peek("UID"): each for each in (holder.all("Resource") if holder else ())}
    by_uid = {each.uid: each for each in plan.tasks}
    assignments = plan.root.first("Assignments")
    for each in assignments.all("Assignment") if assignments else ():
        task, resource = by_uid.get(each.peek("TaskUID")), resources.get(each.peek("ResourceUID"))
        if task and resource and resource.value("Name"):
            for key in ("TaskUID", "ResourceUID"):
                each.value(key)
            resource.value("UID")
            if resource.value("Name") not in task.owners:
                task.owners.append(resource.value("Name"))


def _lose_calendars(root: Element, file: str, log: Log) -> None:
    used = root.value("CalendarUID")
    calendars = root.first("Calendars")
    for each in calendars.all("Calendar") if calendars else ():
        if each.peek("UID") != used and each.peek("IsBaseCalendar") != "1":
            log.lose(phrase("imports.lost.calendars"), f"{file}:{each.line}")
            each.settle()


def moment_of(day: date, hour: int) -> str:
    """A moment as the format writes it."""
    return datetime(day.year, day.month, day.day, hour).isoformat()  # noqa: DTZ001  # the format has local times
