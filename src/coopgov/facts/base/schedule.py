"""Base facts of phases and of their milestones, deliverables and tasks."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from coopgov.facts.base.table import WARNINGS, facts, named
from coopgov.facts.subject import Context, Subject, day_after, plain_number
from coopgov.language.host_values import Gap
from coopgov.model import money_of, newest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from coopgov.model import Deliverable, Link, Milestone, Phase, PlanBaseline, Spending, Task

__all__ = [
    "FACTS",
    "NAMED",
    "buffer_start",
    "done_by",
    "met_by",
    "milestone_status",
    "original_day",
    "read_deliverable",
    "read_link",
    "read_milestone",
    "read_phase",
    "read_task",
    "task_status",
]

_WINDOW = (
    ("planned_start", "date"),
    ("planned_end", "date"),
    ("original_start", "date?"),
    ("original_end", "date?"),
    ("actual_start", "date @"),
    ("actual_end", "date @"),
    ("forecast_end", "date?"),
)
_NAMED = (
    ("id", "text"),
    ("name", "text"),
    ("has_owner", "truth"),
)

FACTS = (
    *facts(
        "phase",
        *_NAMED,
        *_WINDOW,
        ("position", "number [1.. whole]"),
        ("budget", "money? [0..]"),
        ("original_budget", "money? [0..]"),
        ("spent", "money"),
        ("forecast_cost", "money? [0..]"),
        ("progress", "percent [0..1]"),
        ("buffer_start", "date?"),
        ("has_buffer", "truth?"),
        ("milestones", "subjects of milestone"),
        ("deliverables", "subjects of deliverable"),
        ("tasks", "subjects of task"),
        ("payments", "subjects of payment"),
        *WARNINGS,
    ),
    *facts(
        "milestone",
        *_NAMED,
        ("due", "date"),
        ("met", "date @"),
        ("status", "text: not met | partially met | met?"),
        ("met_by", "date?"),
        *WARNINGS,
    ),
    *facts(
        "deliverable",
        *_NAMED,
        ("due", "date"),
        ("delivered", "date @"),
        ("accepted", "date @"),
        *WARNINGS,
    ),
    *facts(
        "task",
        *_NAMED,
        *_WINDOW,
        ("owner", "holder?"),
        ("status", "text: not started | in progress | done | cancelled"),
        ("done_by", "date?"),
        ("progress", "percent [0..1]"),
        ("load", "percent? [0..]"),
        ("deadline", "date?"),
        ("budget", "money? [0..]"),
        ("spent", "money"),
        ("total_float", "working days"),
        ("predecessor_links", "number [0.. whole]"),
        ("successor_links", "number [0.. whole]"),
        ("predecessors", "subjects of task"),
        ("links", "subjects of link"),
        *WARNINGS,
    ),
    *facts(
        "link",
        ("id", "text"),
        ("name", "text"),
        ("type", "text: FS | SS | FF | SF?"),
        ("lag_days", "days?"),
        ("lag_working_days", "working days?"),
        ("predecessors", "subjects of task"),
        *WARNINGS,
    ),
)

NAMED = tuple(named(about, "baseline_end", "name", "date?") for about in ("phase", "task"))
"""The facts of one of several baselines, by its id."""


def read_phase(subject: Subject, phase: Phase, context: Context) -> None:
    """Record the base facts of a phase."""
    _named(subject, phase.owner)
    _window(subject, phase, context)
    _forecast(subject, phase, context)
    _money(subject, phase, context)
    progress, path = context.newest(subject, "progress", phase.progress)
    subject.put("progress", plain_number(progress and progress.value), *path, "is")
    subject.put("has_buffer", phase.buffer is not None, "buffer")
    subject.put("buffer_start", buffer_start(subject, context), "buffer")


def buffer_start(phase: Subject, context: Context) -> date | Gap | None:
    """The first day of a phase's buffer."""
    end, buffer = phase.record["planned_end"], phase.part.buffer
    if buffer is None:
        return None
    return Gap.UNSTATED if end is None else day_after(end, buffer, context.calendar, times=-1)


def _named(subject: Subject, owner: str | None) -> None:
    subject.record["has_owner"] = owner is not None


def _window(subject: Subject, part: Phase | Task, context: Context) -> None:
    planned, actual = part.planned.sound, part.actual and part.actual.sound
    for end in ("start", "end"):
        key = "original" if getattr(part.original, end, None) else "planned"
        subject.put(f"planned_{end}", getattr(planned, end), "planned", end)
        subject.put(f"original_{end}", original_day(subject, part, end), key, end)
        subject.put(f"actual_{end}", context.visible(getattr(actual, end, None)), "actual", end)
    for at, kept in enumerate(part.baselines):
        if kept.on is None or context.seen(kept.on):
            subject.put(f'baseline_end("{kept.id}")', _baseline_end(kept), "baselines", at, "end")


def _baseline_end(kept: PlanBaseline) -> date | Gap | None:
    return Gap.UNSTATED if kept.wrong_order() else kept.end


def original_day(subject: Subject, part: Phase | Task, end: str) -> date | Gap:
    """The start or end of the original baseline, or of the current one if the plan never changed."""
    original = part.original if getattr(part.original, end, None) else None
    found: date | None = getattr(original.sound, end) if original else subject.record[f"planned_{end}"]
    return found or Gap.UNSTATED


def _forecast(subject: Subject, part: Phase | Task, context: Context) -> None:
    forecast, path = context.newest(subject, "forecast", part.forecast)
    subject.put("forecast_end", getattr(forecast, "end", None), *path, "end")
    cost = getattr(forecast, "cost", None)
    if subject.about == "phase":
        worth = None if cost is None else money_of(context.agreement, cost, forecast.on)
        subject.put("forecast_cost", worth, *path, "cost")


def _money(subject: Subject, phase: Phase, context: Context) -> None:
    agreement = context.agreement
    budget, path = context.newest(subject, "budget", phase.budget)
    subject.put("budget", budget and money_of(agreement, budget.amount, budget.on), *path, "amount")
    original = getattr(phase.original, "budget", None)
    if original is not None:
        subject.put("original_budget", money_of(agreement, original), "original", "budget")
    else:
        first = min(phase.budget, key=lambda entry: (entry.on is not None, entry.on), default=None)
        shown = first if first and (first.on is None or context.seen(first.on)) else None
        subject.put("original_budget", shown and money_of(agreement, shown.amount, shown.on), "budget")
    entries = [*phase.spending, *(entry for task in phase.tasks for entry in task.spending)]
    subject.put("spent", _spent(subject, entries, context), "spending")


def _spent(subject: Subject, entries: Sequence[Spending], context: Context) -> int | None:
    """What was spent up to the date, what is spent on tasks included; unknown once work began without any entry."""
    amounts = [entry for entry in entries if entry.on is None or context.seen(entry.on)]
    if any(entry.on is None for entry in amounts):
        context.undated.append(f"{subject.id}.spending")
    if amounts:
        return sum(money_of(context.agreement, entry.amount, entry.on) for entry in amounts)
    start = subject.record["planned_start"]
    started = subject.record["actual_start"] is not None or start is None or context.seen(start)
    return None if started and subject.record["budget"] != 0 else 0


def read_milestone(subject: Subject, milestone: Milestone, context: Context) -> None:
    """Record the base facts of a milestone."""
    _named(subject, milestone.owner)
    subject.put("due", milestone.due, "due")
    subject.put("met", context.visible(milestone.met), "met")
    _, path = context.newest(subject, "status", milestone.status)
    subject.put("status", milestone_status(subject, context), *path, "is")
    subject.put("met_by", met_by(subject, context), *path, "on")


def milestone_status(milestone: Subject, context: Context) -> str | None:
    """The status of a milestone: a visible `met` day decides, else the newest visible status."""
    if context.visible(milestone.record["met"]) is not None:
        return "met"
    written = newest(milestone.part.status, context.as_of)
    return written and written.value


def met_by(milestone: Subject, context: Context) -> date | None:
    """The latest day on which a milestone without a visible `met` day can have been met."""
    if context.visible(milestone.record["met"]) is not None or milestone.record["status"] != "met":
        return None
    return _since(milestone.part.status, "met", context.as_of) or context.today("met_by")


def read_deliverable(subject: Subject, deliverable: Deliverable, context: Context) -> None:
    """Record the base facts of a deliverable."""
    _named(subject, deliverable.owner)
    subject.put("due", deliverable.due, "due")
    subject.put("delivered", context.visible(deliverable.delivered), "delivered")
    subject.put("accepted", context.visible(deliverable.accepted), "accepted")


def read_task(subject: Subject, task: Task, context: Context) -> None:
    """Record the base facts of a task."""
    _named(subject, task.owner)
    _window(subject, task, context)
    _forecast(subject, task, context)
    subject.put("owner", task.owner, "owner")
    progress, path = context.newest(subject, "progress", task.progress)
    subject.put("progress", plain_number(progress and progress.value), *path, "is")
    _, path = context.newest(subject, "status", task.status)
    subject.put("status", task_status(subject, context), *(path or ("progress",)), "is")
    subject.put("done_by", done_by(subject, context), *path, "on")
    subject.put("load", plain_number(task.load), "load")
    subject.put("deadline", task.deadline, "deadline")
    budget, path = context.newest(subject, "budget", task.budget)
    subject.put("budget", budget and money_of(context.agreement, budget.amount, budget.on), *path, "amount")
    subject.put("spent", _spent(subject, task.spending, context), "spending")


def read_link(subject: Subject, link: Link, _: Context) -> None:
    """Record the base facts of a link between two tasks, except the other task."""
    subject.put("type", link.type, "type")
    for unit in ("days", "working days"):
        lag = link.lag.value if link.lag and link.lag.unit == unit else None
        subject.put(f"lag_{unit.replace(' ', '_')}", plain_number(lag), "lag")


def task_status(task: Subject, context: Context) -> str | None:
    """The status of a task: visible dates decide, then the written status, then whether progress is 100 %.

    Dates in the wrong order prove only that work began: without a status, it is unknown how far the work is.
    """
    record, written = task.record, newest(task.part.status, context.as_of)
    whole = record["progress"] is not None and record["progress"] >= 1
    turned = task.part.actual is not None and task.part.actual.wrong_order() is not None
    begun = turned and context.visible(min(task.part.actual.start, task.part.actual.end)) is not None
    status = written.value if written else "done" if whole else None if begun else "not started"
    if context.visible(record["actual_end"]) is not None:
        return "done"
    started = context.visible(record["actual_start"]) is not None
    return "in progress" if status == "not started" and started else status


def done_by(task: Subject, context: Context) -> date | None:
    """The latest day on which a task that is done without a visible end can have been finished."""
    record, as_of = task.record, context.as_of
    if record["status"] != "done" or context.visible(record["actual_end"]) is not None:
        return None
    said = (_since(task.part.status, "done", as_of), _since(task.part.progress, 1, as_of))
    return min(filter(None, said), default=None) or context.today("done_by")


def _since(entries: Sequence[Any], value: object, as_of: date) -> date | None:
    """The first day of the unbroken run of dated entries with a value that lasts until the date."""
    seen = sorted((each for each in entries if each.on and each.on <= as_of), key=lambda each: each.on)
    run = takewhile(lambda each: each.value == value, reversed(seen))
    return min((each.on for each in run), default=None)
