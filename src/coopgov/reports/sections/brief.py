"""The sections of the brief form, which fits on a page: the same six ids, the most important entries of each."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from coopgov.reports.document import Blank, Listing, Paragraph, Row, Section, Strong, line
from coopgov.reports.sections.goals import attained, moved, moved_in_period, newest
from coopgov.reports.sections.lessons import lesson_text
from coopgov.reports.sections.next_steps import due_row, due_until
from coopgov.reports.sections.overview import overview
from coopgov.reports.sections.parts import badge, cells, note, sentence, table
from coopgov.reports.sections.warning_entries import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coopgov.assessment.result import EarlyWarning
    from coopgov.facts import Subject
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block
    from coopgov.reports.notes_schema import SectionId

__all__ = ["BRIEF", "brief_appendix"]

_MOST_KPIS, _MOST_PHASES, _MOST_WARNINGS, _MOST_LESSONS, _MOST_DUE = 4, 4, 4, 2, 4
Entry = TypeVar("Entry")


def _written(context: Context, section: str) -> Iterator[Block]:
    """What people wrote into a section; a page has no room for blanks."""
    found = context.notes.written(section, context.language) if context.notes else ""
    if found:
        yield Paragraph(line(found))


def _more(context: Context, entries: Sequence[Entry], shown: int) -> Iterator[Block]:
    """How many entries are only in the full report."""
    if len(entries) > shown:
        yield note(context.count("more", len(entries) - shown))


def _section(context: Context, name: str, blocks: Iterator[Block], **values: object) -> Section:
    return Section(name, context.phrased(f"sections.{name}", **values), (*_written(context, name), *blocks))


def _goals(context: Context) -> Section:
    kpis = list(context.facts.subjects["kpi"])
    warned = {each.about: number for number, each in enumerate(reversed(context.counted))}
    shown = sorted(kpis, key=lambda each: -warned.get(each.id, -1))[:_MOST_KPIS]

    def blocks() -> Iterator[Block]:
        heads = (("kpi", 3.0), ("newest", 3.4), ("attained", 3.0), ("overall", 2.0), ("in-period", 2.0))
        if shown:
            yield table(context, "kpis", heads, (_kpi(context, each) for each in shown))
        yield from _more(context, kpis, len(shown))

    return _section(context, "goals", blocks())


def _kpi(context: Context, kpi: Subject) -> Row:
    before = context.value(kpi.id, "value", context.earlier_facts) if context.earlier_facts else None
    start = context.value(kpi.id, "baseline")
    return Row(
        cells(
            line(Strong(context.name(kpi.id))),
            newest(context, kpi),
            attained(context, kpi),
            moved(context, kpi, start),
            moved_in_period(context, kpi, before),
        )
    )


def _results(context: Context) -> Section:
    phases = list(context.facts.subjects["phase"])
    rows = {row.id: row for row in context.plan.rows}

    def blocks() -> Iterator[Block]:
        heads = (("phase", 2.4), ("state", 2.8), ("own", 1.4), ("inherited", 1.6), ("money", 3.4))
        yield table(
            context,
            "phases",
            heads,
            (_phase(context, each, rows[each.id].said) for each in phases[:_MOST_PHASES]),
        )
        yield from _more(context, phases, _MOST_PHASES)

    return _section(context, "results", blocks())


def _phase(context: Context, phase: Subject, said: str) -> Row:
    money = context.phrased(
        "numbers.of", number=context.shown(phase, "spent"), all=context.shown(phase, "budget")
    )
    own, inherited = (context.days(context.value(phase.id, f"{name}_delay")) for name in ("own", "inherited"))
    return Row(cells(context.name(phase.id), said, own, inherited, money))


def _problems(context: Context) -> Section:
    counted = context.counted

    def blocks() -> Iterator[Block]:
        heads = (("warning", 4.2), ("severity", 1.2), ("measured", 2.4), ("tell", 2.8))
        yield table(
            context, "warnings", heads, (_warning(context, each) for each in counted[:_MOST_WARNINGS])
        )
        yield from _more(context, counted, _MOST_WARNINGS)
        undetermined = len(context.assessment.undetermined)
        if undetermined:
            yield note(context.count("problems.undetermined-count", undetermined))

    return _section(context, "problems", blocks())


def _warning(context: Context, warning: EarlyWarning) -> Row:
    measured = warning.measure.text if warning.measure else context.phrased("none")
    if warning.measure and warning.threshold:
        measured = context.phrased("problems.measured", measure=measured, threshold=warning.threshold.text)
    return Row(
        cells(
            context.about(warning), line(badge(context, warning.severity)), measured, told(context, warning)
        )
    )


def _lessons(context: Context) -> Section:
    written = context.notes.lessons if context.notes else ()

    def blocks() -> Iterator[Block]:
        if not written:
            yield Paragraph(line(Blank(context.phrased("to-be-written", owner=context.writer))))
            return
        yield Listing(tuple(line(lesson_text(context, each)) for each in islice(written, _MOST_LESSONS)))
        yield from _more(context, written, _MOST_LESSONS)

    return Section("lessons", context.phrased("sections.lessons"), tuple(blocks()))


def _next(context: Context) -> Section:
    following = context.period.following
    found = due_until(context, following.last)
    coming = [each for each in found if each.day > context.as_of]

    def blocks() -> Iterator[Block]:
        heads = (("due", 1.6), ("what", 5.0), ("who", 3.4))
        yield table(context, "next", heads, (due_row(context, each) for each in coming[:_MOST_DUE]))
        yield from _more(context, coming, _MOST_DUE)
        if len(found) > len(coming):
            yield note(context.count("next.overdue-count", len(found) - len(coming)))

    return _section(context, "next", blocks(), period=following.name_in(context.language))


def brief_appendix(context: Context, command: str) -> Section:
    """Who reviewed the report, and the command that makes it again."""
    said = []
    for party in context.agreement.parties:
        by, day = context.notes.file.reviewed_by(party.id) if context.notes else (None, None)
        who = context.person(by) if by else context.phrased("none")
        key = "appendix.reviewed" if day else "appendix.unreviewed"
        said.append(context.phrased(key, party=context.party(party.id), who=who, day=day))
    return Section(
        "appendix", context.phrased("sections.appendix"), (sentence(context.semicolon(said)), note(command))
    )


BRIEF: Mapping[SectionId, Callable[[Context], Section]] = {
    "overview": overview,
    "goals": _goals,
    "results": _results,
    "problems": _problems,
    "lessons": _lessons,
    "next": _next,
}
"""The functions that build the sections of the brief form, in their order."""
