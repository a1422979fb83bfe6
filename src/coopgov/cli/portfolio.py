"""Print the summary of a portfolio as text: rows, the hits of each rule, the worst subjects, why rows were rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import one_line
from coopgov.faults import display_width
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.cli.text import Terminal
    from coopgov.portfolio.summary import RankedSubject, RejectTally, RuleTally, Summary

__all__ = ["summary_text"]

_MOST_NAMED = 7
_MOST_REJECTS = 20
_OF_FOLDERS = ("agreement", "subject")
"""The columns of the key of a subject in a folder of agreements."""


def summary_text(terminal: Terminal, summary: Summary, *, today: bool, written: str | None) -> str:
    """The summary; `written` is the file with all rejected rows, if one was asked for."""
    lines = [*_head(terminal, summary, today=today), "", *_rules(terminal, summary)]
    lines += _left_out(terminal, summary)
    lines += [
        terminal.say("portfolio.unmatched", name=name, number=each)
        for name, each in summary.unmatched.items()
        if each
    ]
    if summary.worst:
        lines += ["", terminal.say("portfolio.worst")]
        lines += (line for each in summary.worst for line in _ranked_subject(terminal, each))
    if summary.rejects:
        lines += [
            "",
            terminal.say(f"portfolio.rejected-{summary.counted}"),
            *_rejects(terminal, summary, written),
        ]
    return "\n".join(lines)


def _left_out(terminal: Terminal, summary: Summary) -> Iterator[str]:
    warnings = [each for each in summary.rules_left_out if each not in summary.inexpressible]
    named = (("left-out", warnings), ("inexpressible", list(summary.inexpressible)))
    sentences = [
        terminal.say(f"portfolio.{key}", rules=terminal.listed(rules)) for key, rules in named if rules
    ]
    yield from ("" for _ in sentences[:1])
    for each in sentences:
        yield from terminal.lines(each, "  ", "")


def _head(terminal: Terminal, summary: Summary, *, today: bool) -> Iterator[str]:
    date = terminal.say("as-of", date=summary.as_of) + (terminal.say("today") if today else "")
    rules = terminal.listed(f"{each.pack} {each.version}" for each in summary.packs)
    yield from terminal.lines(
        " · ".join(filter(None, (summary.source, summary.about, date, rules))), "  ", ""
    )
    counts = [
        terminal.say("portfolio.subjects", number=number, status=terminal.term(status))
        for status, number in summary.subjects.items()
        if number
    ]
    status = terminal.paint(terminal.term(summary.status), summary.status)
    yield f"{terminal.say('status', status=status)} — {terminal.listed(counts)}".removesuffix(" — ")
    yield from _counts(terminal, summary)


def _counts(terminal: Terminal, summary: Summary) -> Iterator[str]:
    """How many rows or files were read and what became of them, and the share that is undetermined."""
    counted = terminal.say(f"portfolio.{summary.counted}")
    numbers = {name: getattr(summary, name) for name in ("read", "checked", "rejected", "left_out")}
    yield terminal.say("portfolio.of", counted=counted, **numbers)
    if summary.faulty:
        yield terminal.say("portfolio.faulty", number=summary.faulty, counted=counted)
    for name, items in summary.items.items():
        if items.rejected or items.faulty:
            numbers = {"read": items.read, "rejected": items.rejected, "faulty": items.faulty}
            yield terminal.say("portfolio.items", name=name, **numbers)
    share = summary.undetermined_share
    if not summary.checked:
        yield terminal.say("portfolio.unchecked", counted=counted)
    elif share is None:
        yield terminal.say("portfolio.nothing")
    else:
        yield terminal.say("portfolio.share", share=share)


def _rules(terminal: Terminal, summary: Summary) -> Iterator[str]:
    """A table of rules: for how many subjects each is decided, hit (by severity), undetermined, not applicable."""
    severities = [
        each for each in reversed(SEVERITIES) if any(each in one.severities for one in summary.rules)
    ]
    names = ["rule", "decided", "hits", "undetermined", "does-not-apply"]
    first, second, third, *last = (terminal.say(f"portfolio.{name}") for name in names)
    head = [first, second, third, "", *map(terminal.term, severities), *last]
    rows = [head, *(_row(one, severities) for one in summary.rules)]
    widths = [max(display_width(row[at]) for row in rows) for at in range(len(head))]
    notes: list[list[str]] = [[], *(list(_notes(terminal, one)) for one in summary.rules)]
    for row, below in zip(rows, notes, strict=True):
        first, *rest = (
            _padded(cell, width, left=not at)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"{first}  {'  '.join(rest)}".rstrip()
        for note in below:
            yield from terminal.lines(note, "    ", "  ")


def _row(one: RuleTally, severities: Sequence[str]) -> list[str]:
    share = f"{one.hits / one.decided:.1%}" if one.decided else ""
    decided, beside = ("" if each is None else f"{each:,}" for each in (one.decided, one.does_not_apply))
    counts = [f"{one.severities[each]:,}" if each in one.severities else "" for each in severities]
    return [one.rule, decided, f"{one.hits:,}", share, *counts, f"{one.undetermined:,}", beside]


def _notes(terminal: Terminal, one: RuleTally) -> Iterator[str]:
    """Notes on a rule: why it is undetermined, what is missing most, why it does not apply, which hits do not count."""

    def sentences(counts: Mapping[str, int]) -> str:
        most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        shown = [
            terminal.say("portfolio.counted", name=name, number=number) for name, number in most[:_MOST_NAMED]
        ]
        more = len(most) - _MOST_NAMED
        return terminal.listed([*shown, terminal.say("more", more=more) if more > 0 else ""])

    because = {terminal.term(reason): number for reason, number in one.because.items()}
    for key, counts in (("because", because), ("missing", one.missing), ("not-set", one.not_set)):
        if counts:
            yield terminal.say(f"portfolio.{key}", counts=sentences(counts))
    if one.where_false:
        yield terminal.say("portfolio.where", number=one.where_false)
    if one.waived:
        yield terminal.say("portfolio.waived", number=one.waived)
    if one.past:
        yield terminal.say("portfolio.past", number=one.past)
    if one.inhibited:
        yield terminal.say("portfolio.inhibited", number=one.inhibited)


def _padded(cell: str, width: int, *, left: bool) -> str:
    space = " " * (width - display_width(cell))
    return cell + space if left else space + cell


def _column(terminal: Terminal, name: str) -> str:
    """What a column of the key is called: those of a folder have names in every language."""
    return terminal.say(f"portfolio.columns.{name}") if name in _OF_FOLDERS else name


def _ranked_subject(terminal: Terminal, each: RankedSubject) -> Iterator[str]:
    key = terminal.listed(f"{_column(terminal, name)} {value}" for name, value in each.key.items())
    label = terminal.listed(each.label.values())
    key += terminal.say("aside", text=label) if label else ""
    rules = terminal.listed(
        hit.rule + terminal.say("aside", text=terminal.term(hit.severity)) for hit in each.hits
    )
    yield from terminal.lines(one_line(terminal.say("labelled", label=key, text=rules)), "    ", "  ")


def _rejects(terminal: Terminal, summary: Summary, written: str | None) -> Iterator[str]:
    for each in summary.rejects[:_MOST_REJECTS]:
        yield from terminal.lines(one_line(_reject(terminal, each, summary.counted)), "    ", "  ")
    more = len(summary.rejects) - _MOST_REJECTS
    if more > 0:
        yield "  " + terminal.say("more", more=more)
    if written:
        yield from terminal.lines(terminal.say("portfolio.see", file=written), "    ", "  ")


def _reject(terminal: Terminal, each: RejectTally, counted: str) -> str:
    if counted == "files":
        place = terminal.say("portfolio.line", file=each.file, line=each.first)
        faults = {"code": each.code, "rows": each.rows, "found": each.found, "expected": each.expected}
        return terminal.say("portfolio.reject-file", place=place, **faults)
    place = terminal.say("portfolio.row", row=each.first)
    return terminal.say(
        "portfolio.reject",
        column=terminal.say("portfolio.column", column=each.column) if each.column else "",
        code=each.code,
        rows=each.rows,
        place=place,
        found=each.found,
        expected=each.expected,
    )
