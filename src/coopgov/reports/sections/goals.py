"""Goals and their KPIs: baseline, target, newest reading, attainment, since the beginning and in the period."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from coopgov import charts
from coopgov.reports.document import Badge, Paragraph, Row, Section, Strong, line
from coopgov.reports.sections.parts import badge, cells, drawn, note, sentence, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.facts import Subject
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block, Figure, Line

__all__ = ["attained", "goals", "moved", "moved_in_period", "newest", "without_new_reading"]

MOST_CHARTS = 6
"""The most trend charts of a report; KPIs with warnings come first."""
_LEAST_READINGS = 2
"""The readings from which a chart says more than a table."""


def goals(context: Context) -> Section:
    """Each goal with its KPIs, then the KPIs of no goal."""
    kpis = {each.part.id: each for each in context.facts.subjects["kpi"]}
    charted = _charted(context)
    seen: set[str] = set()
    sections = []
    for goal in context.facts.subjects["goal"]:
        own = [kpis[name] for name in dict.fromkeys(goal.part.kpis) if name in kpis]
        new = [each for each in own if each.id not in seen]
        seen |= {each.id for each in new}
        blocks = (*_about(context, goal, own, new), *_kpis(context, new, charted))
        sections.append(Section(goal.id, context.name(goal.id), blocks))
    rest = [each for each in kpis.values() if each.id not in seen]
    if rest:
        blocks = tuple(_kpis(context, rest, charted))
        sections.append(Section("goals/other", context.phrased("goals.other"), blocks))
    head: tuple[Block, ...] = (Paragraph(context.written("goals")),)
    if not sections:
        head = (*head, note(context.phrased("goals.none")))
    return Section("goals", context.phrased("sections.goals"), head, tuple(sections))


def _about(context: Context, goal: Subject, own: list[Subject], new: list[Subject]) -> Iterator[Block]:
    """Who owns the goal, when it is due, who agreed to it; and which of its KPIs are under another goal."""
    agreed = {party: day for party, day in goal.part.agreed_by.items() if day <= context.as_of}
    parties = [party.id for party in context.agreement.parties]
    signed = [
        context.phrased("goals.agreed", party=context.party(each), day=agreed[each])
        for each in parties
        if each in agreed
    ]
    missing = [context.party(each) for each in parties if each not in agreed]
    owner = context.phrased("goals.owner", owner=context.person(goal.part.owner))
    due = (
        context.phrased("goals.due", day=goal.part.due) if goal.part.due else context.phrased("goals.no-due")
    )
    by = context.phrased("goals.agreed-by", parties=context.comma(signed)) if signed else ""
    not_by = context.phrased("goals.not-agreed", parties=context.comma(missing)) if missing else ""
    yield sentence(owner, due, by, *((context.phrased("goals.space"), Strong(not_by)) if not_by else ()))
    above = [each for each in own if each not in new]
    if above:
        yield note(
            context.phrased("goals.above", kpis=context.comma(context.name(each.id) for each in above))
        )
    if not own:
        yield note(context.phrased("goals.no-kpi"))


def _charted(context: Context) -> set[str]:
    """The KPIs that get a chart."""
    found = [
        each.id for each in context.facts.subjects["kpi"] if len(_readings(context, each)) >= _LEAST_READINGS
    ]
    warned = {each.about for each in context.counted}
    return set(sorted(found, key=lambda each: each not in warned)[:MOST_CHARTS])


def _readings(context: Context, kpi: Subject) -> list[date]:
    return [each.on for each in kpi.part.readings if each.on <= context.as_of]


def _kpis(context: Context, kpis: list[Subject], charted: set[str]) -> Iterator[Block]:
    if not kpis:
        return
    heads = (
        ("kpi", 3.4),
        ("baseline-target", 2.4),
        ("newest", 3.6),
        ("attained", 2.2),
        ("overall", 1.8),
        ("in-period", 1.5),
    )
    yield table(context, "kpis", heads, (_kpi(context, each) for each in kpis))
    yield from _figures(context, (each for each in kpis if each.id in charted))


def _figures(context: Context, kpis: Iterable[Subject]) -> Iterator[Figure]:
    for each in kpis:
        yield drawn(
            f"trend-{each.part.id}",
            partial(charts.trend, context.agreement, each.id, as_of=context.as_of, language=context.language),
            560.0,
        )


def _kpi(context: Context, kpi: Subject) -> Row:
    value = {
        name: context.value(kpi.id, name)
        for name in (
            "value",
            "value_on",
            "baseline",
            "target",
            "target_by",
            "attainment",
            "expected_attainment",
            "floor",
        )
    }
    start = context.value(kpi.id, "baseline")
    before = context.value(kpi.id, "value", context.earlier_facts) if context.earlier_facts else None
    data = {
        "name": context.name(kpi.id),
        "unit": str(kpi.record.get("unit") or ""),
        "before": before,
        **{name: each.isoformat() if hasattr(each, "isoformat") else each for name, each in value.items()},
    }
    return Row(
        cells(
            line(Strong(context.name(kpi.id))),
            _target(context, kpi, value["target_by"]),
            newest(context, kpi),
            attained(context, kpi),
            moved(context, kpi, start),
            moved_in_period(context, kpi, before),
        ),
        kpi.id,
        "kpi",
        tuple(data.items()),
    )


def _target(context: Context, kpi: Subject, by: date | None) -> str:
    said = context.phrased(
        "goals.from-to", baseline=context.shown(kpi, "baseline"), target=context.shown(kpi, "target")
    )
    return context.phrased("goals.by", target=said, day=by) if by else said


def newest(context: Context, kpi: Subject) -> Line:
    """The newest reading with its day and source; if there is none, the missing datum, who brings it and by when."""
    value, day = context.value(kpi.id, "value"), context.value(kpi.id, "value_on")
    if value is not None:
        reading = next((each for each in kpi.part.readings if each.on == day), None)
        source = (reading and reading.source) or kpi.part.source
        parts = [
            context.shown(kpi, "value"),
            str(day),
            source.in_language(context.language) if source else "",
        ]
        return line(context.comma(parts))
    due = next((each for each in context.assessment.not_due if each.about == kpi.id), None)
    if due is not None:
        return line(context.phrased("goals.not-due", day=due.due, owner=context.person(due.owner)))
    unknown = next((each for each in context.assessment.unknown if kpi.id in each.subjects), None)
    said = context.phrased("goals.no-reading")
    if unknown is not None and unknown.due is not None:
        said = context.phrased("goals.reading-was-due", day=unknown.due)
    owner = (
        context.phrased("goals.brings", owner=context.person(unknown.owner))
        if unknown and unknown.owner
        else ""
    )
    return line(badge(context, "undetermined"), context.phrased("colon"), said, owner)


def attained(context: Context, kpi: Subject) -> Line:
    """The share of the way to the target, and the share expected on the day of the newest reading."""
    share, expected = (context.value(kpi.id, name) for name in ("attainment", "expected_attainment"))
    if share is None:
        return line(context.phrased("none"))
    said = context.share(share)
    if expected is None:
        return line(said)
    word = "on-track" if share >= expected else "behind"
    mark = Badge(context.phrased(f"goals.{word}"), "good" if share >= expected else "bad")
    if without_new_reading(context, kpi):
        mark = Badge(context.phrased(f"goals.{word}-then"), "open")
    return line(context.phrased("goals.of-expected", attained=said, expected=context.share(expected)), mark)


def without_new_reading(context: Context, kpi: Subject) -> bool:
    """Whether the newest reading is older than the period, and so says nothing about it."""
    day: date | None = context.value(kpi.id, "value_on")
    return day is not None and day < context.period.first


def moved_in_period(context: Context, kpi: Subject, before: float | None) -> str:
    """How far the value moved in the period; that there is no reading in it, or none before it."""
    if without_new_reading(context, kpi):
        return context.phrased("goals.no-reading")
    if before is None and context.value(kpi.id, "value") is not None:
        return context.phrased("change.first-reading")
    return moved(context, kpi, before)


def moved(context: Context, kpi: Subject, before: float | None) -> str:
    """How far the value moved from an earlier one, and whether that is better."""
    now = context.value(kpi.id, "value")
    if now is None or before is None:
        return context.phrased("none")
    if now == before:
        return context.phrased("change.same")
    size = context.shown(kpi, "value", abs(now - before))
    arrow = context.phrased("change.up" if now > before else "change.down", size=size)
    good = (now > before) == (context.value(kpi.id, "direction") == "up")
    return context.phrased("change.better" if good else "change.worse", change=arrow)
