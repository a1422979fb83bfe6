"""The next period: what is due in it and what is overdue, by day, with who does it; and the Gantt chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from coopgov import charts
from coopgov.reports.document import Badge, Paragraph, Row, Section, line
from coopgov.reports.sections.parts import cells, drawn, sentence, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from coopgov.facts import Subject
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block, ItemKind

__all__ = ["Due", "due_row", "due_until", "next_steps"]


_KINDS: Mapping[str, ItemKind] = {
    "milestone": "milestone",
    "deliverable": "deliverable",
    "task": "task",
    "phase": "phase",
    "meeting": "meeting",
    "action": "action",
    "waiver": "waiver",
}
"""The kinds of items among what is due; other rows are no items."""


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something due: its day, what it is, who brings it, and the id of its subject."""

    day: date
    what: str
    who: str
    id: str
    kind: str


def next_steps(context: Context) -> Section:
    """What the parties do next."""
    following = context.period.following
    heads = (("due", 1.9), ("what", 5.0), ("who", 3.6))
    rows = (due_row(context, each) for each in due_until(context, following.last))
    draw = partial(charts.gantt, context.agreement, as_of=context.as_of, language=context.language)
    blocks = (
        Paragraph(context.written("next")),
        *_after_term(context),
        table(context, "next", heads, rows),
        *((drawn("gantt", draw, 900.0),) if context.plan.rows else ()),
    )
    return Section(
        "next", context.phrased("sections.next", period=following.name_in(context.language)), blocks
    )


def _after_term(context: Context) -> Iterator[Block]:
    """That the term is over in the next period, so that an empty plan is no omission."""
    end = context.agreement.term.sound.end
    if end is not None and end < context.period.following.first:
        yield sentence(context.phrased("next.after-term", end=end))


def due_until(context: Context, last: date) -> list[Due]:
    """What is due until a day, and what is overdue, by day."""
    return sorted(each for each in _due(context) if each.day <= last)


def due_row(context: Context, due: Due) -> Row:
    """A row of what is due, with a mark if it is overdue."""
    late = due.day <= context.as_of
    day = (
        line(str(due.day), " ", Badge(context.phrased("next.overdue"), "bad")) if late else line(str(due.day))
    )
    return Row(cells(day, due.what, due.who), due.id, _KINDS.get(due.kind))


def _due(context: Context) -> Iterator[Due]:
    yield from _work(context)
    yield from _readings(context)
    yield from _meetings(context)
    yield from _reviews(context)
    yield from _actions(context)
    for each in context.facts.subjects["waiver"]:
        if each.part.until >= context.as_of:
            title = context.names.get(f"rule/{each.part.rule}", each.part.rule)
            who = each.part.by.in_language(context.language) if each.part.by else context.phrased("none")
            name = context.phrased("about", title=title, name=context.name(each.part.about))
            yield Due(each.part.until, context.phrased("next.waiver", name=name), who, each.id, "waiver")


def _work(context: Context) -> Iterator[Due]:
    """Milestones, deliverables and tasks that are not finished, and the planned ends of phases."""
    kinds = (
        ("milestone", "due", "reached"),
        ("deliverable", "due", "delivered"),
        ("task", "planned_end", "done"),
        ("phase", "planned_end", "actual_end"),
    )
    for kind, planned, done in kinds:
        for each in context.facts.subjects[kind]:
            day = context.value(each.id, planned)
            if kind in ("task", "phase"):
                day = context.value(each.id, "forecast_end") or day
            cancelled = kind == "task" and context.value(each.id, "cancelled")
            if day is not None and not context.value(each.id, done) and not cancelled:
                yield Due(
                    day,
                    context.phrased(f"next.{kind}", name=context.name(each.id)),
                    _owner(context, each),
                    each.id,
                    kind,
                )


def _owner(context: Context, subject: Subject) -> str:
    """The owner of a subject, or of the phase that it belongs to."""
    owner = getattr(subject.part, "owner", None)
    phase = subject.record.get("phase")
    if owner is None and phase:
        owner = next((each.owner for each in context.agreement.phases if each.id == phase["id"]), None)
    return context.person(owner)


def _readings(context: Context) -> Iterator[Due]:
    owners = {each.about: each.owner for each in context.assessment.not_due}
    owners |= {about: each.owner for each in context.assessment.unknown for about in each.subjects}
    for each in context.facts.subjects["kpi"]:
        day = context.value(each.id, "next_reading_due")
        if day is not None:
            owner = each.part.owner or owners.get(each.id) or _goal_owner(context, each)
            yield Due(
                day,
                context.phrased("next.reading", name=context.name(each.id)),
                context.person(owner),
                each.id,
                "reading",
            )


def _goal_owner(context: Context, kpi: Subject) -> str | None:
    """The owner of the first goal that a KPI measures."""
    return next((goal.owner for goal in context.agreement.goals if kpi.part.id in goal.kpis), None)


def _meetings(context: Context) -> Iterator[Due]:
    for kind in ("meeting", "body", "response"):
        for each in context.facts.subjects[kind]:
            day = context.value(each.id, "next_due")
            if day is None:
                continue
            name = context.phrased(
                "next.meeting" if kind == "meeting" else f"next.{kind}", name=context.name(each.id)
            )
            who = (
                each.part.body
                if kind == "meeting"
                else each.part.id
                if kind == "body"
                else each.part.body or each.part.owner
            )
            yield Due(day, name, context.person(who), each.id, "meeting" if kind == "meeting" else kind)


def _reviews(context: Context) -> Iterator[Due]:
    for each in context.facts.subjects["risk"]:
        day = context.value(each.id, "review_by")
        if day is not None and context.value(each.id, "status") != "closed":
            yield Due(
                day,
                context.phrased("next.risk", name=context.name(each.id)),
                context.person(each.part.owner),
                each.id,
                "review",
            )
    for each in context.facts.subjects["report"]:
        day = context.value(each.id, "due")
        if day is not None and context.value(each.id, "missing_signatures") != 0:
            yield Due(
                day,
                context.phrased("next.report", name=context.name(each.id)),
                context.phrased("next.parties"),
                each.id,
                "report",
            )
    for each in context.facts.subjects["decision"]:
        day = context.value(each.id, "due")
        if day is not None and context.value(each.id, "done") is None:
            yield Due(
                day,
                context.phrased("next.decision", name=context.name(each.id)),
                context.person(each.part.decision.owner),
                each.id,
                "decision",
            )


def _actions(context: Context) -> Iterator[Due]:
    """Agreed actions that are open; without cases, the recommended ones, each once."""
    agreed = [
        (case, each)
        for case in (context.cases.open() if context.cases else ())
        for each in case.current_actions
        if each.open
    ]
    for case, action in agreed:
        yield Due(
            action.due,
            context.phrased("next.action", name=action.title),
            context.person(action.owner),
            f"{case.id}/{action.id}",
            "action",
        )
    known = {action.id for _, action in agreed}
    for todo in context.assessment.todo:
        if todo.due is not None and todo.action not in known:
            name = context.phrased("next.recommended", name=todo.title)
            yield Due(todo.due, name, context.person(todo.owner), todo.action, "action")
