"""Results of the period: milestones, deliverables, phases; days and money against the plan, own and inherited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.reports.document import Paragraph, Row, Section, Strong, line
from coopgov.reports.sections.evaluation import evaluation_blocks
from coopgov.reports.sections.parts import cells, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from coopgov.facts import Subject
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block, ItemKind

__all__ = ["results"]


def results(context: Context) -> Section:
    """What was achieved, what was due and is open, and what it took."""
    heads = (("what", 3.2), ("phase", 1.8), ("due", 1.5), ("reached", 1.5), ("deviation", 2.2))
    blocks: list[Block] = [
        Paragraph(context.written("results")),
        table(context, "achieved", heads, _achieved(context)),
    ]
    missed = list(_missed(context))
    if missed:
        blocks.append(table(context, "missed", heads, missed))
    money = (
        ("phase", 2.3),
        ("late", 1.2),
        ("own", 1.0),
        ("inherited", 1.1),
        ("spent-in-period", 2.1),
        ("spent", 2.2),
        ("budget", 2.2),
        ("overspend", 1.6),
    )
    blocks.append(
        table(
            context, "plan", money, (_against_plan(context, each) for each in context.facts.subjects["phase"])
        )
    )
    blocks += evaluation_blocks(context)
    return Section("results", context.phrased("sections.results"), tuple(blocks))


def _achieved(context: Context) -> Iterator[Row]:
    """Milestones that were met, deliverables that were accepted and phases that ended in the period, by their day."""
    found: list[tuple[date, Row]] = []
    kinds: tuple[tuple[ItemKind, str, str], ...] = (
        ("milestone", "met", "due"),
        ("deliverable", "accepted", "due"),
        ("phase", "actual_end", "planned_end"),
    )
    for kind, fact, planned in kinds:
        for each in context.facts.subjects[kind]:
            day = context.value(each.id, fact)
            if context.period.holds(day):
                found.append((day, _result(context, each, kind, day, context.value(each.id, planned))))
    return (row for _, row in sorted(found, key=lambda each: each[0]))


def _result(context: Context, subject: Subject, kind: ItemKind, day: date | None, due: date | None) -> Row:
    none = context.phrased("none")
    name = context.phrased(f"results.{kind}", name=context.name(subject.id))
    late = (day - due).days if day and due else None
    deviation = none
    if late is not None:
        deviation = (
            context.count("results.late" if late > 0 else "results.early", abs(late))
            if late
            else context.phrased("results.on-time")
        )
    phase = none if kind == "phase" else context.name(f"phase/{subject.record['phase']['id']}")
    return Row(cells(name, phase, str(due or none), str(day), deviation), subject.id, kind)


def _missed(context: Context) -> Iterator[Row]:
    """Milestones and deliverables that were due by now and are open."""
    kinds: tuple[tuple[ItemKind, str], ...] = (("milestone", "reached"), ("deliverable", "delivered"))
    for kind, fact in kinds:
        for each in context.facts.subjects[kind]:
            due = context.value(each.id, "due")
            if due is not None and due < context.as_of and not context.value(each.id, fact):
                late = Strong(context.count("results.open", (context.as_of - due).days))
                phase = context.name(f"phase/{each.record['phase']['id']}")
                name = context.phrased(f"results.{kind}", name=context.name(each.id))
                yield Row(cells(name, phase, str(due), context.phrased("none"), line(late)), each.id, kind)


def _against_plan(context: Context, phase: Subject) -> Row:
    value = {
        name: context.value(phase.id, name)
        for name in ("delay", "own_delay", "inherited_delay", "replanned", "spent", "budget", "overspend")
    }
    earlier = context.value(phase.id, "spent", context.earlier_facts) if context.earlier_facts else 0
    spent = value["spent"]
    recent = None if spent is None or earlier is None else spent - earlier
    late = context.days(value["delay"])
    if value["replanned"]:
        late = context.phrased("results.replanned", late=late, days=context.days(value["replanned"]))
    over = value["overspend"]
    units = context.form.minor_units
    data = {
        name: each / units if name in ("spent", "budget") and each is not None else each
        for name, each in value.items()
    }
    return Row(
        cells(
            context.name(phase.id),
            late,
            context.days(value["own_delay"]),
            context.days(value["inherited_delay"]),
            context.shown(phase, "spent", recent),
            context.shown(phase, "spent"),
            context.shown(phase, "budget"),
            line(Strong(context.phrased("results.over", share=context.share(over))))
            if over is not None and over > 0
            else context.phrased("none" if over is None else "results.within"),
        ),
        phase.id,
        "phase",
        tuple(data.items()),
    )
