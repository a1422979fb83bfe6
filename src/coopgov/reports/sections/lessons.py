"""Lessons: the cases closed in the period with cause, action and whether it worked; and what people learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import text
from coopgov.reports.document import Blank, Listing, Paragraph, Row, Section, line
from coopgov.reports.sections.case_lines import action_text, case_causes, case_name
from coopgov.reports.sections.parts import cells, table

if TYPE_CHECKING:
    from coopgov.cases.case import Case, CaseAction
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block
    from coopgov.reports.notes_schema import Lesson

__all__ = ["lesson_text", "lessons"]


def lessons(context: Context) -> Section:
    """What people wrote, then the closed cases; without either, a blank that says who writes it."""
    written = context.notes.lessons if context.notes else ()
    blocks: list[Block] = []
    if written:
        blocks.append(Listing(tuple(line(lesson_text(context, each)) for each in written)))
    else:
        blocks.append(Paragraph(line(Blank(context.phrased("to-be-written", owner=context.writer)))))
    if context.cases is None:
        return Section("lessons", context.phrased("sections.lessons"), tuple(blocks))
    heads = (("case", 3.2), ("open-for", 2.0), ("cause", 2.2), ("actions", 4.0), ("worked", 2.2))
    blocks += [table(context, "closed", heads, (_closed(context, each) for each in context.closed_cases()))]
    return Section("lessons", context.phrased("sections.lessons"), tuple(blocks))


def lesson_text(context: Context, lesson: Lesson) -> str:
    """What was learned, with the case or the warning that taught it."""
    said = lesson.text.in_language(context.language)
    if lesson.case is None:
        return said
    found = next((each for each in context.cases or () if lesson.case in (each.id, each.name)), None)
    if found is not None:
        return context.phrased("lessons.from", name=case_name(context, found), text=said)
    warning = next((each for each in context.assessment.warnings if each.id == lesson.case), None)
    return context.phrased("lessons.from", name=context.about(warning) if warning else lesson.case, text=said)


def _closed(context: Context, case: Case) -> Row:
    days = (case.closed_on - case.since).days if case.closed_on else 0
    outcome = text(f"cli.output.cases.outcomes.{case.outcome}", context.language)
    actions = context.semicolon(action_text(context, each) for each in _agreed(case))
    return Row(
        cells(
            case_name(context, case),
            context.phrased("lessons.open-for", days=context.days(days), closed=case.closed_on),
            case_causes(context, case) or context.phrased("lessons.no-cause"),
            actions or context.phrased("none"),
            context.phrased("lessons.worked", outcome=outcome, worked=_worked(context, case)),
        ),
        case.id,
        "case",
        (("outcome", case.outcome), ("since", str(case.since)), ("closed_on", str(case.closed_on))),
    )


def _agreed(case: Case) -> list[CaseAction]:
    """The actions of its last opening; closing a case drops what is still open, and that is a lesson, too."""
    return [each for each in case.actions if each.opening == case.openings]


def _worked(context: Context, case: Case) -> str:
    """Whether the actions worked: verified, held again afterwards, or not known."""
    actions = _agreed(case)
    if any(each.ineffective for each in case.actions):
        return context.phrased("lessons.ineffective")
    if actions and all(each.state == "verified" for each in actions):
        return context.phrased("lessons.verified")
    return context.phrased("lessons.not-verified" if actions else "lessons.no-action")
