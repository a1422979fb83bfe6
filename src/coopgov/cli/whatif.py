"""Print the result of `coopgov whatif` as text: the changed facts, then the warnings gained, lost and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.text import figures_text, headline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.assessment.result import EarlyWarning, Undecided
    from coopgov.cli.text import Terminal
    from coopgov.model import Agreement
    from coopgov.simulation.what_if import Altered, TriedFact, WhatIf

__all__ = ["whatif_text"]


def whatif_text(terminal: Terminal, agreement: Agreement, tried: WhatIf, *, today: bool) -> str:
    """Headline, facts, the status before and after with the number of warnings that differ, then each of them."""
    rules = f"{tried.after.rules['pack']} {tried.after.rules['version']}"
    lines = [*headline(terminal, agreement, tried.after.as_of, rules, today=today)]
    for fact in tried.facts:
        lines += terminal.lines(_fact(terminal, fact, tried), "    ", "  ")
    lines += terminal.lines(_summary(terminal, tried), "  ", "")
    for sort, warnings in (("gained", tried.gained), ("lost", tried.lost)):
        for warning in warnings:
            lines += ["", *_warning(terminal, terminal.say(f"changes.{sort}"), warning)]
    for pair in tried.changed:
        lines += ["", *_altered(terminal, pair)]
    entries = [
        *(("undecided", each) for each in tried.undecided),
        *(("decided", each) for each in tried.decided),
    ]
    if entries:
        lines += ["", *(line for sort, entry in entries for line in _entry(terminal, sort, entry))]
    return "\n".join(lines)


def _fact(terminal: Terminal, fact: TriedFact, tried: WhatIf) -> str:
    change = f"{fact.before.text} → {fact.after.text}"
    text = terminal.say("labelled", label=f"{fact.subject}.{fact.fact}", text=change)
    text += terminal.say("whatif.follows", fact=fact.follows) if fact.follows else ""
    return text if fact.seen else text + terminal.say("whatif.unseen", date=tried.after.as_of)


def _summary(terminal: Terminal, tried: WhatIf) -> str:
    before, after = terminal.term(tried.before.status), terminal.term(tried.after.status)
    status = before if before == after else f"{before} → {after}"
    counts = {
        "gained": len(tried.gained),
        "lost": len(tried.lost),
        "changed": len(tried.changed),
        "unchanged": tried.unchanged,
    }
    numbers = terminal.listed(
        f"{terminal.say(f'changes.{name}')} {number}" for name, number in counts.items()
    )
    return terminal.say("summary", first=terminal.say("status", status=status), rest=numbers)


def _warning(terminal: Terminal, sort: str, warning: EarlyWarning) -> Iterator[str]:
    severity = terminal.paint(terminal.term(warning.severity).upper(), warning.severity)
    yield from terminal.lines(
        f"{warning.id}{figures_text(terminal, warning)}", "  ", f"{sort.upper()} {severity} "
    )
    yield from terminal.lines(warning.message, "  ")


def _altered(terminal: Terminal, pair: Altered) -> Iterator[str]:
    before, after = pair.before, pair.after
    severity = terminal.paint(terminal.term(after.severity).upper(), after.severity)
    was = "" if before.severity == after.severity else f"{terminal.term(before.severity).upper()} → "
    first = f"{terminal.say('changes.changed').upper()} {was}{severity} "
    figure = before.measure and after.measure and before.measure != after.measure
    from_ = f"  {before.measure.text} →" if figure and before.measure else ""
    yield from terminal.lines(
        f"{after.id}{from_}{figures_text(terminal, after)}".replace("→  ", "→ "), "  ", first
    )
    yield from terminal.lines(after.message, "  ")
    if after.past and not before.past:
        yield from terminal.lines(terminal.say("past"), "    ", "  ")
    if after.inhibited_by not in (None, before.inhibited_by):
        yield from terminal.lines(terminal.say("inhibited-by", warning=after.inhibited_by), "    ", "  ")


def _entry(terminal: Terminal, sort: str, entry: Undecided) -> Iterator[str]:
    head = terminal.paint(
        terminal.say(f"changes.{sort}").upper(), "undetermined" if sort == "undecided" else "clear"
    )
    why = terminal.term(entry.because) if sort == "undecided" else ""
    why += terminal.say("missing", facts=terminal.listed(entry.missing)) if entry.missing and why else ""
    text = f"{entry.rule}@{entry.about}"
    text = terminal.say("labelled", label=text, text=why) if why else text
    yield from terminal.lines(text, "  ", f"{head} ")
