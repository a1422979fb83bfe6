"""What reports say about cases: their state, causes and actions in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import text

if TYPE_CHECKING:
    from coopgov.cases.case import Case, CaseAction
    from coopgov.reports.context import Context

__all__ = ["action_text", "case_causes", "case_name", "case_state"]


def case_name(context: Context, case: Case) -> str:
    """The title of the rule of a case with the name of its subject."""
    title = context.names.get(f"rule {case.rule}", case.rule)
    return (
        title
        if case.about == "agreement"
        else context.phrased("about", title=title, name=context.name(case.about))
    )


def case_state(context: Context, case: Case) -> str:
    """The state of a case, since when, and who looks after it."""
    said = context.phrased(
        "cases.state", state=text(f"cli.output.cases.states.{case.state}", context.language), since=case.since
    )
    return (
        context.phrased("cases.assigned", state=said, who=context.person(case.assignee))
        if case.assignee
        else said
    )


def case_causes(context: Context, case: Case) -> str:
    """The causes that people recorded, with their notes."""
    return context.comma(
        context.phrased("cases.cause", cause=context.form.term(each.is_), note=each.note)
        if each.note
        else context.form.term(each.is_)
        for each in case.causes
    )


def action_text(context: Context, action: CaseAction) -> str:
    """An agreed action: its title, owner, due day and state; whether it worked, as far as that is known."""
    known = [each.title for each in context.rules.actions if each.id == action.id]
    known += [each.title for each in context.agreement.plans if each.id == action.id]
    title = known[0].in_language(context.language) if known else action.title
    state = text(f"cli.output.cases.action-states.{action.state}", context.language)
    said = context.phrased(
        "cases.action", title=title, owner=context.person(action.owner), due=action.due, state=state
    )
    if action.ineffective:
        return context.phrased("cases.ineffective", action=said)
    return (
        context.phrased("cases.verified", action=said, evidence=action.evidence) if action.evidence else said
    )
