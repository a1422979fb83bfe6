"""Print an assessment on one screen: warnings, what to do, whom to tell, what is not known; the rest is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.cli.fitting import fitted
from coopgov.cli.screen_parts import Part, parts_of, since_lines, some_of
from coopgov.cli.text import findings_of, status_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.cli.text import Terminal
    from coopgov.cli.view import View

__all__ = ["screen"]

_LINES = 40
"""The number of lines of a screen."""
_WIDTH = 100
"""The number of columns that a screen has at most, and that text has which is piped."""
_SHARES = {"warnings": 0.44, "todo": 0.28, "tell": 0.16, "unknown": 0.12}
"""The share of the screen that each part may take where there is not enough room for all."""


def screen(terminal: Terminal, view: View) -> str:
    """The whole screen, at most 40 lines of at most 100 columns."""
    terminal = replace(terminal, width=min(terminal.width or _WIDTH, _WIDTH))
    head, notes = [*_head(terminal, view)], [*_notes(terminal, view)]
    visible, parts_by = len(view.grouped.groups), parts_of(terminal, view)
    while True:
        parts = [part for part in parts_by(visible) if part.entries]
        shown = _shown(terminal, parts, _LINES - len(head) - len(notes))
        if not view.grouped.groups or shown[0] >= visible:
            break
        visible = shown[0]  # what answers warnings names those that are shown, and counts the others
    body = [
        line
        for part, number in zip(parts, shown, strict=True)
        for line in ("", *part.lines(terminal, number))
    ]
    return "\n".join([*head, *body, *notes])


def _shown(terminal: Terminal, parts: list[Part], room: int) -> list[int]:
    """How many entries of each part are shown; what follows them needs room only if it explains one of these."""
    sizes = [[len(entry) for entry in part.entries] for part in parts]
    shares = [_SHARES[part.name] for part in parts]
    shares = [share / sum(shares) for share in shares]
    rest = [len(list(part.rest(terminal, 0))) for part in parts]
    shown = [len(part.entries) for part in parts]
    tails = 0
    while True:
        fit = fitted(sizes, shares, room - 2 * len(parts) - tails, rest)
        shown = [min(pair) for pair in zip(shown, fit, strict=True)]
        needed = sum(len(part.tail(number)) for part, number in zip(parts, shown, strict=True))
        if needed <= tails:
            return shown
        tails = needed


def _head(terminal: Terminal, view: View) -> Iterator[str]:
    """Which agreement on which date by which rules; the status; what changed."""
    assessment = view.assessment
    title = view.agreement.title.in_language(terminal.language)
    if view.ids:
        title = terminal.say("screen.with-id", name=title, id=view.agreement.id)
    day = terminal.say("as-of", date=assessment.as_of) + (terminal.say("today") if view.today else "")
    rules = f"{assessment.rules['pack']} {assessment.rules['version']}"
    yield from terminal.lines(f"{title} · {day} · {rules}", "  ", "")
    yield from status_lines(terminal, assessment, view.total)
    yield from since_lines(terminal, view)


def _notes(terminal: Terminal, view: View) -> Iterator[str]:
    """What is not due yet, and what the data may lack."""
    notes = []
    readings = [
        terminal.say("screen.not-due-reading", name=view.names.subject(one.about), date=one.due)
        for one in view.assessment.not_due
    ]
    if readings:
        said = some_of(terminal, readings)
        notes.append(terminal.say("screen.not-due", readings=said))
    if view.assessment.undated:
        notes.append(terminal.counted("screen.undated", len(view.assessment.undated)))
    findings = findings_of(view.agreement, view.assessment.as_of)
    if findings:
        notes.append(terminal.counted("screen.findings", len(findings)))
    if notes:
        yield ""
    for note in notes:
        yield from (terminal.paint(line, "dim") for line in terminal.lines(note, "  ", ""))
