"""Problems: warnings with causes, actions and escalation; what does not count; what is undetermined; risks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.language.dependencies import steps
from coopgov.reports.document import Paragraph, Row, Section, line
from coopgov.reports.sections.case_lines import action_text, case_causes, case_name, case_state
from coopgov.reports.sections.parts import badge, cells, table
from coopgov.reports.sections.risks import risk_blocks
from coopgov.reports.sections.warning_entries import notice_blocks, serious_blocks, warning_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.assessment.result import EarlyWarning, Undecided
    from coopgov.cases.case import Case
    from coopgov.reports.context import Context
    from coopgov.reports.document import Block, Data, Line

__all__ = ["problems"]


def problems(context: Context) -> Section:
    """Every warning once, by what it asks of the reader."""
    counted = context.counted
    serious = [each for each in counted if each.severity != "notice"]
    notices = [each for each in counted if each.severity == "notice"]
    parts = (
        ("warnings", serious_blocks(context, serious)),
        ("notices", notice_blocks(context, notices)),
        ("undetermined", _undetermined(context)),
        ("not-counted", _not_counted(context)),
        ("cases", _cases(context)),
        ("risks", risk_blocks(context)),
    )
    sections = (
        Section(f"problems/{name}", context.phrased(f"problems.{name}"), tuple(blocks))
        for name, blocks in parts
    )
    head = Paragraph(context.written("problems"))
    return Section(
        "problems",
        context.phrased("sections.problems"),
        (head,),
        tuple(each for each in sections if each.blocks),
    )


# What does not count, and what nobody knows --------------------------------------------------------------------------


def _not_counted(context: Context) -> Iterator[Block]:
    """Waived, past and hidden warnings, each kind apart."""
    warnings = [each for each in context.assessment.warnings if not each.counted]
    groups = (
        ("waived", [each for each in warnings if each.waived]),
        ("past", [each for each in warnings if not each.waived and each.past]),
        ("hidden", [each for each in warnings if not each.waived and not each.past]),
    )
    for name, found in groups:
        if found:
            heads = (("warning", 4.0), ("severity", 1.2), ("found", 4.8), ("why", 3.0))
            yield table(context, name, heads, (_set_aside(context, each) for each in found))


def _set_aside(context: Context, warning: EarlyWarning) -> Row:
    if warning.waived is not None:
        by = context.phrased("problems.by", who=warning.waived.by) if warning.waived.by else ""
        why = (
            context.phrased("problems.waived", until=warning.waived.until, reason=warning.waived.reason) + by
        )
    elif warning.past:
        why = context.phrased("problems.past")
    else:
        above = next((each for each in context.assessment.warnings if each.id == warning.inhibited_by), None)
        why = context.phrased(
            "problems.hidden", warning=context.about(above) if above else context.phrased("none")
        )
    return Row(
        cells(context.about(warning), line(badge(context, warning.severity)), warning.message, why),
        warning.id,
        "warning",
        warning_data(warning),
    )


def _undetermined(context: Context) -> Iterator[Block]:
    if not context.assessment.undetermined:
        return
    heads = (("rule", 4.0), ("about", 3.2), ("missing", 3.0), ("brought-by", 2.8))
    yield table(
        context,
        "undetermined",
        heads,
        (_undecided(context, each) for each in context.assessment.undetermined),
    )


def _undecided(context: Context, entry: Undecided) -> Row:
    about = entry.about.partition("/")[0]
    group = next(
        (
            each
            for each in context.assessment.unknown
            if entry.about in each.subjects and entry.rule in each.rules
        ),
        None,
    )
    missing = context.comma(_datum(context, about, each) for each in entry.missing)
    because = context.form.term(entry.because)
    who = context.phrased("none")
    if group is not None and group.owner:
        who = context.person(group.owner)
        who = context.phrased("problems.was-due", who=who, day=group.due) if group.due else who
    said = context.phrased("problems.missing", because=because, missing=missing) if missing else because
    cells_ = cells(context.names.get(f"rule/{entry.rule}", entry.rule), context.name(entry.about), said, who)
    data: Data = (("rule", entry.rule), ("about", entry.about), ("because", entry.because))
    return Row(cells_, f"{entry.rule}@{entry.about}", "undetermined", data)


def _datum(context: Context, about: str, path: str) -> str:
    """The display name of a datum; of one below, such as that of a task of a phase, its own name."""
    *above, name = steps(path)
    catalogue = context.facts.catalogue
    for step in above:
        found = catalogue.type_of(about, step)
        about = (found and found.item) or step
    fact = catalogue.fact(about, name)
    return fact.name_in(context.language) if fact else name


# Cases ---------------------------------------------------------------------------------------------------------------


def _cases(context: Context) -> Iterator[Block]:
    """The open cases whose warning does not count on this date, such as those that recover or lack data."""
    counted = {each.id for each in context.counted}
    opened = [each for each in (context.cases.open() if context.cases else ()) if each.name not in counted]
    if not opened:
        return
    heads = (("case", 3.6), ("state", 2.0), ("cause", 2.2), ("actions", 4.0))
    yield table(context, "cases", heads, (_case(context, each) for each in opened))


def _case(context: Context, case: Case) -> Row:
    actions: Line = line(
        context.semicolon(action_text(context, each) for each in case.current_actions)
        or context.phrased("none")
    )
    causes = case_causes(context, case) or context.phrased("none")
    return Row(
        cells(case_name(context, case), case_state(context, case), causes, actions),
        case.id,
        "case",
    )
