"""The warnings that count: each as an entry of its own, those that differ only in their subject together."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from coopgov.reports.document import Item, Row, line
from coopgov.reports.sections.case_lines import action_text, case_causes, case_state
from coopgov.reports.sections.parts import badge, cells, field, note, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.assessment.result import EarlyWarning
    from coopgov.cases.case import Case
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block, Data, Field

__all__ = ["notice_blocks", "serious_blocks", "told", "warning_data"]

_MOST_ACTIONS = 3
_LEAST_ALIKE = 3
"""The warnings of one rule, with the same causes, actions and people to notify, from which they are one table."""


def serious_blocks(context: Context, warnings: list[EarlyWarning]) -> Iterator[Block]:
    """The warnings above notices, the worst first."""
    if not warnings:
        yield note(context.phrased("problems.none"))
    for alike, group in groupby(warnings, key=lambda each: _Alike.of(context, each)):
        found = list(group)
        if len(found) < _LEAST_ALIKE:
            yield from (_item(context, each) for each in found)
        else:
            yield _together(context, found, alike.fields)


class _Alike(NamedTuple):
    """What warnings have in common that are shown together."""

    rule: str
    severity: str
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, context: Context, warning: EarlyWarning) -> _Alike:
        return cls(warning.rule, warning.severity, tuple(_fields(context, warning)))


def _item(context: Context, warning: EarlyWarning) -> Item:
    return Item(
        "warning",
        warning.id,
        line(context.about(warning)),
        badge(context, warning.severity),
        (field(context, "found", warning.message, _since(context, warning)), *_fields(context, warning)),
        (),
        warning_data(warning),
    )


def _together(context: Context, warnings: list[EarlyWarning], fields: tuple[Field, ...]) -> Item:
    """Warnings of one rule in a table, and once what holds for all of them."""
    title = context.count("problems.together", len(warnings), title=warnings[0].title)
    rows = (
        Row(
            cells(context.name(each.about), each.message + _since(context, each)),
            each.id,
            "warning",
            warning_data(each),
        )
        for each in warnings
    )
    listed = table(context, "warnings", (("about", 3.4), ("found", 6.0)), rows)
    return Item(None, "", line(title), badge(context, warnings[0].severity), fields, (listed,))


def warning_data(warning: EarlyWarning) -> Data:
    """What machines read of a warning."""
    measure = warning.measure
    return (
        ("rule", warning.rule),
        ("about", warning.about),
        ("kind", warning.kind),
        ("severity", warning.severity),
        ("measure", measure.value if measure else None),
        ("unit", measure.unit if measure else ""),
    )


def _fields(context: Context, warning: EarlyWarning) -> Iterator[Field]:
    """Its causes, its case, its actions, and who must hear of it."""
    case = context.case_of(warning)
    causes = case_causes(context, case) if case else ""
    if causes:
        yield field(context, "cause", causes)
    elif warning.causes:
        yield field(
            context, "possible-causes", context.comma(context.form.term(each) for each in warning.causes)
        )
    if case is not None:
        yield field(context, "case", case_state(context, case))
    actions = list(_actions(context, warning, case))
    if actions:
        yield field(
            context, "actions" if case and case.current_actions else "recommended", context.semicolon(actions)
        )
    if warning.ladder:
        yield field(context, "tell", told(context, warning))


def _since(context: Context, warning: EarlyWarning) -> str:
    """Whether it is new or as severe as before; nothing without an earlier day."""
    if context.earlier is None:
        return ""
    before = next((each for each in context.earlier.warnings if each.id == warning.id), None)
    if before is None:
        return context.phrased("problems.new")
    if before.severity == warning.severity:
        return context.phrased("problems.as-before", day=context.before)
    return context.phrased("problems.was", day=context.before, severity=context.form.term(before.severity))


def _actions(context: Context, warning: EarlyWarning, case: Case | None) -> Iterator[str]:
    """The agreed actions of its case, else the first recommended ones, with owner and due day."""
    if case is not None and case.current_actions:
        yield from (action_text(context, each) for each in case.current_actions)
        return
    for each in warning.actions[:_MOST_ACTIONS]:
        owner = context.person(each.owner)
        key = "problems.action" if each.due else "problems.action-open"
        yield context.phrased(key, title=each.title, owner=owner, due=each.due)
    if len(warning.actions) > _MOST_ACTIONS:
        yield context.count("more", len(warning.actions) - _MOST_ACTIONS)


def told(context: Context, warning: EarlyWarning) -> str:
    """Who must hear of it, step by step."""
    said = context.comma(
        context.phrased("problems.notified", who=context.person(each.to), by=each.by)
        for each in warning.ladder
    )
    return said or context.phrased("none")


def notice_blocks(context: Context, warnings: list[EarlyWarning]) -> Iterator[Block]:
    """The notices, in a table."""
    if not warnings:
        return
    heads = (("warning", 4.0), ("found", 4.0), ("first-action", 3.2))
    yield table(context, "notices", heads, (_notice(context, each) for each in warnings))


def _notice(context: Context, warning: EarlyWarning) -> Row:
    action = next(_actions(context, warning, context.case_of(warning)), context.phrased("none"))
    return Row(
        cells(context.about(warning), warning.message, action), warning.id, "warning", warning_data(warning)
    )
