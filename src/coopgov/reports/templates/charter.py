"""The charter of the joint working group: its structure, its procedure, decisions, escalation, leaving."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coopgov.reports.document import Paragraph, line
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from coopgov.model import Agreement
    from coopgov.reports.document import Block, Line, Section, Table
    from coopgov.reports.templates.words import Words
    from coopgov.rules.ruleset import RuleSet

__all__ = ["charter_sections", "meetings_table"]

_HEADS = ("joint-lead", "joint-leads")
"""The ids of the body of heads."""


def charter_sections(words: Words, rules: RuleSet | None) -> tuple[Section, ...]:
    """The articles of a charter, numbered, and the signatures."""
    agreement = words.agreement
    values = {
        "title": words.said(agreement.label) if agreement else words.word("unnamed"),
        "parties": words.listed(words.said(each.label) for each in agreement.parties)
        if agreement
        else words.word("unnamed"),
    }
    articles = (
        ("purpose", words.paragraphs("charter.purpose", **values)),
        ("structure", _structure(words)),
        ("procedure", _procedure(words)),
        ("decisions", words.paragraphs("charter.decisions")),
        ("escalation", _escalation(words, rules)),
        ("leaving", words.paragraphs("charter.leaving")),
        ("changes", words.paragraphs("charter.changes")),
    )
    numbered = [
        words.section(number, f"charter.{name}", *blocks) for number, (name, blocks) in enumerate(articles, 1)
    ]
    return (*numbered, words.signatures(len(articles) + 1))


def _structure(words: Words) -> tuple[Block, ...]:
    agreement = words.agreement
    leadership = agreement.team.leadership if agreement else None
    heads = words.listed(_heads(words, agreement)) if agreement else ""
    led = words.line(f"charter.structure.{leadership or 'open'}", heads=heads or words.word("unnamed"))
    members = [
        (
            words.filled(words.role(each.role) if each.role else None, "role"),
            line(words.said(each.label)),
            words.filled(words.name(each.party), "owner"),
            line(words.name(each.deputy)) if each.deputy else words.line("charter.structure.no-deputy"),
        )
        for each in (agreement.team.members if agreement else ())
    ]
    bodies = [
        (
            line(words.said(body.label)),
            words.filled(words.listed(map(words.name, body.members)), "owner"),
            words.filled(words.name(body.chair), "owner"),
            words.every(body.every),
        )
        for body in (agreement.team.bodies if agreement else ())
    ]
    return (
        Paragraph(led),
        Paragraph(words.line("charter.structure.members")),
        words.table(("role", "member", "party", "deputy"), members, ("role", "owner", "owner", "deputy")),
        Paragraph(words.line("charter.structure.bodies")),
        words.table(("body", "members", "chair", "meets"), bodies, ("body", "owner", "owner", "cadence")),
    )


def _heads(words: Words, agreement: Agreement) -> list[str]:
    """Who leads: those who take turns, else the members of the body of heads, else the project managers."""
    turns = dict.fromkeys(chair.by for chair in agreement.team.chairs)
    joint = next((body.members for body in agreement.team.bodies if body.id in _HEADS), ())
    managers = [each.id for each in agreement.team.members if each.role == "project-manager"]
    return [words.name(each) for each in (list(turns) or joint or managers)]


def _procedure(words: Words) -> tuple[Block, ...]:
    first, second = words.paragraphs("charter.procedure")
    return (first, second, meetings_table(words))


def meetings_table(words: Words) -> Table:
    """The regular meetings, with who meets."""
    rows = [
        (
            line(words.said(each.label)),
            words.every(each.every),
            words.filled(words.form.span(each.length) if each.length else None, "length"),
            words.filled(words.name(each.body), "body"),
        )
        for each in (words.agreement.meetings if words.agreement else ())
    ]
    return words.table(("meeting", "meets", "length", "body"), rows, ("meeting", "cadence", "length", "body"))


def _escalation(words: Words, rules: RuleSet | None) -> tuple[Block, ...]:
    """The ladder that most rules have for each severity."""
    first, second = words.paragraphs("charter.escalation")
    rows = [(line(words.form.term(each)), _informed(words, rules, each)) for each in SEVERITIES]
    return (first, words.table(("severity", "informed"), rows, ()), second)


def _informed(words: Words, rules: RuleSet | None, severity: str) -> Line:
    ladders = Counter(
        rule.escalate[severity]  # type: ignore[index]  # a severity
        for rule in (rules.rules if rules else ())
        if severity in rule.escalate
    )
    if not ladders:
        return words.line("blanks.severity-informed")
    ladder, _ = max(ladders.items(), key=lambda each: (each[1], str(each[0])))
    steps = [
        words.word(
            "within",
            name=words.word("heads.owner") if step.to == "owner" else words.name(step.to),
            span=words.form.span(step.within),
        )
        for step in ladder
    ]
    return (words.word("then").join(steps),)
