"""Base facts of risks, contingency plans, waivers, roles, warnings and the agreement as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.facts.base.table import facts, warnings
from coopgov.facts.subject import Context, Subject, plain_number

if TYPE_CHECKING:
    from coopgov.model import Agreement, Plan, Risk, Waiver

__all__ = ["FACTS", "read_agreement", "read_plan", "read_risk", "read_waiver"]

FACTS = (
    *facts(
        "risk",
        ("id", "text", "Its id."),
        ("name", "text", "Its title, in English where there is one."),
        (
            "category",
            "text?",
            "What sort of risk it is, such as resource-conflict, communication, external, alignment.",
        ),
        (
            "status",
            "text: open | closed | occurred",
            "Its newest visible status; open where none is written.",
        ),
        ("probability", "percent? [0..1]", "The newest visible probability."),
        ("impact", "number? [1..5 whole]", "The newest visible impact, from 1 to 5."),
        ("review_by", "date?", "The day by which it is to be reviewed."),
        ("has_owner", "truth", "Whether somebody owns it."),
        ("responses", "number [0.. whole]", "How many responses were agreed."),
        *warnings("Warnings about it"),
    ),
    *facts(
        "plan",
        ("id", "text", "Its id."),
        ("name", "text", "Its title, in English where there is one."),
        ("answers", "texts", "The kinds of warning it answers."),
        ("strains", "texts", "What it costs: budget, people, time, quality."),
    ),
    *facts(
        "waiver",
        ("id", "text", "The rule and subject it sets aside."),
        ("name", "text", "The same."),
        ("rule", "text", "The rule set aside."),
        ("until", "date", "The last day it applies."),
        ("rule_known", "truth", "Whether the rule set has that rule, switched on."),
    ),
    *facts(
        "role",
        ("id", "text", "The name of a role, body or member."),
        ("name", "text", "The same."),
        (
            "vacant",
            "truth",
            "Whether the agreement has nobody of that name, though an action or escalation needs one.",
        ),
    ),
    *facts(
        "warning",
        ("rule", "text", "The rule that gave it."),
        ("kind", "text", "Its kind."),
        ("severity", "text: notice | minor | major | critical", "Its severity."),
        ("about", "text", "The subject it is about, such as phase/core."),
        ("waived", "truth", "Whether a waiver sets it aside."),
    ),
    *facts(
        "agreement",
        ("id", "text", "Its id."),
        ("name", "text", "Its title, in English where there is one."),
        ("start", "date", "The first day of the term."),
        ("end", "date", "The last day of the term."),
        ("leadership", "text?", "How the working group is led: joint or rotating."),
        ("answered_kinds", "texts", "The kinds of warning that its contingency plans answer."),
        ("parties", "subjects of party", "All parties."),
        ("members", "subjects of member", "All members of the team."),
        ("bodies", "subjects of body", "All bodies."),
        ("meetings", "subjects of meeting", "All series of meetings."),
        ("goals", "subjects of goal", "All goals."),
        ("kpis", "subjects of kpi", "All KPIs."),
        ("phases", "subjects of phase", "All phases."),
        ("milestones", "subjects of milestone", "The milestones of all phases."),
        ("deliverables", "subjects of deliverable", "The deliverables of all phases."),
        ("tasks", "subjects of task", "The tasks of all phases."),
        ("payments", "subjects of payment", "The visible payments of all phases."),
        ("risks", "subjects of risk", "All risks that are visible."),
        ("plans", "subjects of plan", "All contingency plans."),
        *warnings("All warnings"),
    ),
)


def read_risk(subject: Subject, risk: Risk, context: Context) -> None:
    """Record the base facts of a risk; its undated values apply from the day it was identified, if that is known."""
    subject.put("category", risk.category, "category")
    noted = len(context.undated)
    status, path = context.newest(subject, "status", risk.status)
    subject.put("status", status.value if status else "open", *path, "is")
    probability, path = context.newest(subject, "probability", risk.probability)
    subject.put("probability", plain_number(probability and probability.value), *path, "is")
    impact, path = context.newest(subject, "impact", risk.impact)
    subject.put("impact", impact and impact.value, *path, "is")
    if risk.on is not None:
        del context.undated[noted:]
    subject.put("review_by", risk.review_by, "review_by")
    subject.put("has_owner", risk.owner is not None, "owner")
    subject.put("responses", len(risk.responses), "responses")


def read_plan(subject: Subject, plan: Plan, _: Context) -> None:
    """Record the base facts of a contingency plan."""
    subject.put("answers", plan.answers, "answers")
    subject.put("strains", plan.strains, "strains")


def read_waiver(subject: Subject, waiver: Waiver, _: Context) -> None:
    """Record the base facts of a waiver."""
    subject.put("rule", waiver.rule, "rule")
    subject.put("rule_known", None)  # the assessment knows, since it has the rules
    subject.places["rule_known"] = (*subject.path, "rule")
    subject.put("until", waiver.until, "until")


def read_agreement(subject: Subject, agreement: Agreement, _: Context) -> None:
    """Record the base facts of the agreement as a whole."""
    term = agreement.term.sound
    subject.put("start", term.start, "term", "start")
    subject.put("end", term.end, "term", "end")
    subject.put("leadership", agreement.team.leadership, "team", "leadership")
    kinds = dict.fromkeys(kind for plan in agreement.plans for kind in plan.answers)
    subject.put("answered_kinds", tuple(kinds), "plans")
