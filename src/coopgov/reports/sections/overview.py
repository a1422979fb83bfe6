"""The overview: status, key numbers against the period before, what changed, and each phase in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.since import since
from coopgov.reports.document import KeyNumber, KeyNumbers, Listing, Paragraph, Row, Section, Strong, line
from coopgov.reports.sections.goals import without_new_reading
from coopgov.reports.sections.parts import badge, cells, note, sentence, table
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.assessment.result import EarlyWarning
    from coopgov.facts import Subject
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block, Inline, Line, Tone

__all__ = ["overview"]

_MOST_KPIS = 2
_MOST_CHANGES = 6
_MOST_NAMES = 4
_SERIOUS = ("critical", "major")


def overview(context: Context) -> Section:
    """What the two chairs must know first."""
    return Section(
        "overview",
        context.phrased("sections.overview"),
        (
            Paragraph(context.written("overview"), "lead"),
            _status(context),
            *(() if context.brief else _serious(context)),
            KeyNumbers(tuple(_numbers(context))),
            *_changes(context),
            *(() if context.brief else (_phases(context),)),
        ),
    )


def _status(context: Context) -> Paragraph:
    counts = context.comma(
        context.phrased("severity-count", number=number, severity=context.form.term(severity))
        for severity in reversed(SEVERITIES)
        if (number := sum(each.severity == severity for each in context.counted))
    )
    said = context.phrased(
        "status.counts", day=context.as_of, counts=counts or context.phrased("status.no-warning")
    )
    before: tuple[Inline, ...] = ()
    if context.earlier is not None:
        before = (
            context.phrased("status.before", day=context.before),
            badge(context, context.earlier.status),
            context.phrased("stop"),
        )
    return sentence(context.phrased("status.label"), badge(context, context.assessment.status), said, *before)


def _serious(context: Context) -> Iterator[Block]:
    """Why the status is what it is: the critical and major warnings, those of one rule together."""
    found = [each for each in context.counted if each.severity in _SERIOUS]
    if not found:
        return
    entries: list[Line] = []
    for severity in _SERIOUS:
        alike = [each for each in found if each.severity == severity]
        entries += (line(badge(context, severity), " ", title) for title, _ in _by_title(context, alike))
    yield sentence(Strong(context.phrased("status.serious")))
    yield Listing(tuple(entries))


def _by_title(context: Context, warnings: Iterable[EarlyWarning]) -> Iterator[tuple[str, int]]:
    """Each title once with the names of its subjects, and how many warnings have it."""
    groups: dict[str, list[EarlyWarning]] = {}
    for each in warnings:
        groups.setdefault(each.title, []).append(each)
    for title, group in groups.items():
        names = [context.name(each.about) for each in group if each.about != "agreement"]
        said = context.comma(names[:_MOST_NAMES])
        if len(names) > _MOST_NAMES:
            said = context.phrased("changes.more-names", names=said, number=len(names) - _MOST_NAMES)
        yield context.phrased("about", title=title, name=said) if said else title, len(group)


# Key numbers ---------------------------------------------------------------------------------------------------------


def _numbers(context: Context) -> Iterator[KeyNumber]:
    earlier = context.earlier
    yield _counted(
        context,
        "warnings",
        len(context.counted),
        None if earlier is None else sum(each.counted for each in earlier.warnings),
    )
    yield _counted(
        context,
        "undetermined",
        len(context.assessment.undetermined),
        None if earlier is None else len(earlier.undetermined),
    )
    yield from _money(context)
    yield from _milestones(context)
    rank = {each.about: number for number, each in reversed(list(enumerate(context.counted)))}
    kpis = sorted(
        _measured(context),
        key=lambda each: (without_new_reading(context, each), rank.get(each.id, len(rank))),
    )
    yield from (_kpi(context, each) for each in kpis[:_MOST_KPIS])


def _counted(context: Context, name: str, number: int, before: int | None) -> KeyNumber:
    """A number of bad things: fewer are better."""
    change, tone = _change(context, number, before, f"{abs(number - (before or 0)):,}", rising=False)
    return KeyNumber(
        name,
        context.phrased(f"numbers.{name}"),
        f"{number:,}",
        change,
        tone,
        (("value", number), ("before", before)),
    )


def _change(
    context: Context, now: float, before: float | None, size: str, *, rising: bool | None
) -> tuple[str, Tone]:
    """How a number changed, in words with an arrow, and whether that is good news; `rising`: more is better."""
    if before is None:
        return "", "neutral"
    if now == before:
        return context.phrased("change.same"), "neutral"
    arrow = context.phrased("change.up" if now > before else "change.down", size=size)
    if rising is None:
        return arrow, "neutral"
    good = (now > before) == rising
    return context.phrased(
        "change.better" if good else "change.worse", change=arrow
    ), "good" if good else "bad"


def _money(context: Context) -> Iterator[KeyNumber]:
    spent, budget = (context.value("agreement", f"total_{name}") for name in ("spent", "budget"))
    if spent is None or not budget:
        return
    before = (
        context.value("agreement", "total_spent", context.earlier_facts) if context.earlier_facts else None
    )
    change = context.phrased("numbers.of", number=context.money(spent), all=context.money(budget))
    if before is not None:
        key = "money-change" if spent >= before else "money-back"
        change = context.phrased(f"numbers.{key}", spent=change, amount=context.money(abs(spent - before)))
    data = (("value", spent / context.form.minor_units), ("budget", budget / context.form.minor_units))
    yield KeyNumber(
        "money", context.phrased("numbers.money"), context.share(spent / budget), change, "neutral", data
    )


def _milestones(context: Context) -> Iterator[KeyNumber]:
    rows = [row.milestone for row in context.plan.rows if row.milestone]
    due = [each for each in rows if each.due is not None and each.due <= context.as_of]
    if not due:
        return
    met = sum(each.state in ("met", "met-late") for each in due)
    new = sum(context.period.holds(each.met) for each in rows)
    change = context.count("numbers.milestones-change", new) if context.earlier is not None else ""
    text = context.phrased("numbers.of", number=met, all=len(due))
    yield KeyNumber(
        "milestones",
        context.phrased("numbers.milestones"),
        text,
        change,
        "neutral",
        (("met", met), ("due", len(due))),
    )


def _measured(context: Context) -> list[Subject]:
    return [each for each in context.facts.subjects["kpi"] if context.value(each.id, "value") is not None]


def _kpi(context: Context, kpi: Subject) -> KeyNumber:
    now, before = context.value(kpi.id, "value"), None
    if context.earlier_facts is not None:
        before = context.value(kpi.id, "value", context.earlier_facts)
    size = context.shown(kpi, "value", abs(now - before)) if before is not None else ""
    change, tone = _change(context, now, before, size, rising=context.value(kpi.id, "direction") == "up")
    if without_new_reading(context, kpi):
        change, tone = context.phrased("change.no-reading"), "neutral"
    elif before is None and context.earlier is not None:
        change = context.phrased("change.none")
    data = (("value", now), ("before", before), ("unit", str(kpi.record.get("unit") or "")))
    return KeyNumber(
        f"kpi-{kpi.part.id}", context.name(kpi.id), context.shown(kpi, "value"), change, tone, data
    )


# Changes and phases --------------------------------------------------------------------------------------------------


def _changes(context: Context) -> Iterator[Block]:
    if context.earlier is None:
        yield note(context.phrased("changes.first"))
        return
    changes = since(context.earlier, context.assessment)
    groups = (
        ("new", changes.new),
        ("worse", changes.worse),
        ("better", changes.better),
        ("gone", changes.gone),
    )
    entries = tuple(
        line(
            Strong(context.count(f"changes.{name}", len(found))),
            context.phrased("changes.list", titles=_titles(context, found)),
        )
        for name, found in groups
        if found
    )
    yield sentence(Strong(context.phrased("changes.since", day=context.before)))
    yield Listing(entries or (line(context.phrased("changes.none")),))


def _titles(context: Context, warnings: tuple[EarlyWarning, ...]) -> str:
    """The titles with their subjects, the worst first; those that have no room are counted."""
    most = 2 if context.brief else _MOST_CHANGES
    ranked = sorted(warnings, key=lambda each: -SEVERITIES.index(each.severity))
    titles = list(_by_title(context, ranked))
    said = context.semicolon(title for title, _ in titles[:most])
    rest = sum(number for _, number in titles[most:])
    return context.phrased("changes.more", titles=said, number=rest) if rest else said


def _phases(context: Context) -> Block:
    rows = [row for row in context.plan.rows if row.kind == "phase"]
    shares = (("phase", 1.9), ("planned", 3.0), ("actual", 3.0), ("state", 2.0), ("money", 2.6))
    return table(context, "phases", shares, (_phase(context, row.id) for row in rows))


def _phase(context: Context, id_: str) -> Row:
    row = next(each for each in context.plan.rows if each.id == id_)
    subject = context.facts.subject(id_)
    value = {
        name: context.value(id_, name)
        for name in (
            "planned_start",
            "planned_end",
            "actual_start",
            "actual_end",
            "forecast_end",
            "spent",
            "budget",
        )
    }
    actual = context.phrased("none")
    if value["actual_end"]:
        actual = context.term_of(value["actual_start"], value["actual_end"])
    elif value["actual_start"]:
        key = "since-forecast" if value["forecast_end"] else "since"
        actual = context.phrased(key, first=value["actual_start"], last=value["forecast_end"])
    money = context.phrased(
        "numbers.of", number=context.shown(subject, "spent"), all=context.shown(subject, "budget")
    )
    return Row(
        cells(
            context.name(id_),
            context.term_of(value["planned_start"], value["planned_end"]),
            actual,
            line(Strong(row.said)) if row.bad else row.said,
            money if value["budget"] is not None else context.shown(subject, "spent"),
        ),
        id_,
        "phase",
    )
