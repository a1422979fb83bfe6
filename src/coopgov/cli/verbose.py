"""Print all of an assessment: each warning in full, each rule that is undetermined, all notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.screen_parts import change_of, joined, since_lines
from coopgov.cli.text import figures_text, findings_of, headline, note, status_lines, undated_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.assessment.result import EarlyWarning, RecommendedAction
    from coopgov.cli.text import Terminal
    from coopgov.cli.view import View

__all__ = ["verbose"]

_MOST_ACTIONS = 3


def verbose(terminal: Terminal, view: View) -> str:
    """An assessment in full; people, bodies and facts have the names that they have on the screen."""
    assessment = view.assessment
    rules = f"{assessment.rules['pack']} {assessment.rules['version']}"
    lines = [*headline(terminal, view.agreement, assessment.as_of, rules, today=view.today)]
    lines += status_lines(terminal, assessment, view.total)
    lines += since_lines(terminal, view)
    for warning in assessment.warnings:
        lines += ("", *_warning(terminal, view, warning))
    if assessment.undetermined:
        lines += ("", *_undetermined(terminal, view))
    if assessment.undated:
        lines += undated_note(terminal, map(view.names.value, assessment.undated))
    return "\n".join([*lines, *_findings(terminal, view)])


def _findings(terminal: Terminal, view: View) -> Iterator[str]:
    """What is probably a mistake in the agreement, by codes and places."""
    faults = findings_of(view.agreement, view.assessment.as_of)
    if faults:
        named = (fault.code + terminal.say("aside", text=fault.place) for fault in faults)
        yield from note(terminal, terminal.say("findings", findings=joined(terminal, named)))


def _warning(terminal: Terminal, view: View, warning: EarlyWarning) -> Iterator[str]:
    head = terminal.term(warning.severity).upper()
    title = warning.id + figures_text(terminal, warning)
    change = change_of(view.changes, warning)
    if change:
        said = terminal.say(f"screen.change.{change}")
        title = terminal.say("screen.changed", name=title, change=said)
    yield from terminal.lines(title, "  ", f"{terminal.paint(head, warning.severity)} ")
    yield from terminal.lines(warning.message, "  ")
    case = (view.cases or {}).get(warning.id)
    if case is not None:
        said = terminal.say(
            "case", date=case.since, state=terminal.say(f"cases.states.{case.state}"), id=case.id
        )
        yield from terminal.lines(said, "    ", "  ")
    if warning.waived is not None:
        text = terminal.say("waived-until", date=warning.waived.until, reason=warning.waived.reason)
        yield from terminal.lines(text, "    ", "  ")
        return
    if warning.past:
        yield from terminal.lines(terminal.say("past"), "    ", "  ")
    if warning.inhibited_by is not None:
        text = terminal.say("inhibited-by", warning=warning.inhibited_by)
        yield from terminal.lines(text, "    ", "  ")
    for number, step in enumerate(warning.ladder):
        who = view.names.people.called(step.to)
        text = terminal.say("tell-next" if number else "tell", who=who, date=step.by)
        yield from terminal.lines(text, "    ", "  ")
    most = _MOST_ACTIONS + 1 if len(warning.actions) == _MOST_ACTIONS + 1 else _MOST_ACTIONS
    for action in warning.actions[:most]:
        yield from terminal.lines(_action(terminal, view, action), "    ", "  ")
    if len(warning.actions) > most:
        yield terminal.paint("  " + terminal.say("more", more=len(warning.actions) - most), "dim")


def _action(terminal: Terminal, view: View, action: RecommendedAction) -> str:
    who = view.names.people.called(action.owner) if action.owner else ""
    if who and action.due:
        who = terminal.say("by", who=who, date=action.due)
    text = terminal.say("do", action=action.id, title=action.title)
    text += f" — {who}" if who else ""
    return f"{text} [{action.note}]" if action.note else text


def _undetermined(terminal: Terminal, view: View) -> Iterator[str]:
    head = terminal.term("undetermined").upper()
    for entry in view.assessment.undetermined:
        text = terminal.say(
            "labelled", label=f"{entry.rule}@{entry.about}", text=terminal.term(entry.because)
        )
        if entry.missing:
            facts = dict.fromkeys(view.names.datum(entry.about, path) for path in entry.missing)
            text += terminal.say("missing", facts=joined(terminal, facts))
        yield from terminal.lines(text, "  ", f"{terminal.paint(head, 'undetermined')} ")
