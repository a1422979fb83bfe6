"""The template of a cooperation agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.reports.document import Paragraph, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.model import Phase
    from coopgov.reports.document import Block, Line, Section
    from coopgov.reports.templates.words import Words

__all__ = ["agreement_sections"]


def agreement_sections(words: Words) -> tuple[Section, ...]:
    """The clauses of an agreement, numbered, and the signatures."""
    clauses = (
        ("parties", _parties(words)),
        ("background", _background(words)),
        ("scope", _scope(words)),
        ("duties", _duties(words)),
        ("group", words.paragraphs("agreement.group")),
        ("confidentiality", words.paragraphs("agreement.confidentiality")),
        ("disputes", words.paragraphs("agreement.disputes")),
        ("term", _term(words)),
        ("exit", words.paragraphs("agreement.exit")),
        ("end", words.paragraphs("agreement.end")),
    )
    numbered = [
        words.section(number, f"agreement.{name}", *blocks)
        for number, (name, blocks) in enumerate(clauses, 1)
    ]
    return (*numbered, words.signatures(len(clauses) + 1))


def _parties(words: Words) -> tuple[Block, ...]:
    parties = words.agreement.parties if words.agreement else ()
    rows = [
        (line(words.said(each.label)), words.line("blanks.address"), words.line("blanks.signatory"))
        for each in parties
    ] or [(words.line("unnamed"), words.line("blanks.address"), words.line("blanks.signatory"))] * 2
    return (
        *words.paragraphs("agreement.parties"),
        words.table(("party", "address", "signatory"), rows, ()),
    )


def _background(words: Words) -> tuple[Block, ...]:
    agreement = words.agreement
    vision = words.said(agreement.vision) if agreement else ""
    first, second, third = words.paragraphs(
        "agreement.background", vision=vision or words.word("blanks.vision")
    )
    rows = [
        (
            line(words.said(goal.label)),
            words.filled(goal.due, "time"),
            words.filled(words.name(goal.owner), "owner"),
            words.filled(words.listed(_kpi_names(words, goal.kpis)), "kpi"),
        )
        for goal in (agreement.goals if agreement else ())
    ]
    table = words.table(("goal", "due", "owner", "kpis"), rows, ("goal", "time", "owner", "kpi"))
    return (first, second, third, table)


def _kpi_names(words: Words, ids: tuple[str, ...]) -> Iterator[str]:
    known = {kpi.id: kpi.label for kpi in words.agreement.kpis} if words.agreement else {}
    return (words.said(known[id_]) for id_ in ids)


def _scope(words: Words) -> tuple[Block, ...]:
    agreement = words.agreement
    currency = agreement.currency if agreement else words.word("blanks.currency")
    first, second = words.paragraphs("agreement.scope", currency=currency)
    rows = [
        (
            line(words.said(phase.label)),
            words.period(phase.planned.start, phase.planned.end),
            _budget(words, phase),
            words.filled(words.listed(_results(words, phase)), "result"),
        )
        for phase in (agreement.phases if agreement else ())
    ]
    table = words.table(("phase", "time", "budget", "results"), rows, ("phase", "time", "amount", "result"))
    return (first, table, second)


def _budget(words: Words, phase: Phase) -> Line:
    amount = phase.original.budget if phase.original and phase.original.budget else None
    if amount is None and phase.budget:
        amount = phase.budget[0].amount
    return (words.money(amount),) if amount is not None else words.line("blanks.amount")


def _results(words: Words, phase: Phase) -> Iterator[str]:
    due = [(each.label, each.due) for each in phase.milestones]
    due += [(each.label, each.due) for each in phase.deliverables]
    for label, day in due:
        yield words.word("due", name=words.said(label), day=day) if day else words.said(label)


def _duties(words: Words) -> tuple[Block, ...]:
    names = [words.said(each.label) for each in words.agreement.parties] if words.agreement else []
    own = [
        Paragraph(words.line("agreement.duties.own", party=name))
        for name in names or [words.word("unnamed")] * 2
    ]
    return (*words.paragraphs("agreement.duties"), *own)


def _term(words: Words) -> tuple[Block, ...]:
    term = words.agreement.term if words.agreement else None
    day = words.word("meeting.day-blank")
    start, end = (term.start or day, term.end or day) if term else (day, day)
    return words.paragraphs("agreement.term", start=start, end=end)
