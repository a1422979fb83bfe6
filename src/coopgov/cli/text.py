"""Print assessments and explanations as text: for a terminal, or plain when piped."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from coopgov.analysis.check_agreement import check_agreement
from coopgov.assessment.figures import Form
from coopgov.cli.output import counted, one_line, painted, say
from coopgov.cli.wrapping import wrapped
from coopgov.locales import text as text_of
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.assessment.result import Assessment, EarlyWarning
    from coopgov.explanation.result import Explanation, ExplanationStep
    from coopgov.faults import Fault
    from coopgov.model import Agreement

__all__ = [
    "Terminal",
    "explanations_text",
    "figures_text",
    "findings_of",
    "headline",
    "note",
    "status_lines",
    "undated_note",
]

_COLOURS = {
    "critical": "1;31",
    "major": "31",
    "minor": "33",
    "notice": "36",
    "undetermined": "35",
    "clear": "32",
    "dim": "2",
    "bold": "1",
}
_MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where text goes: its language, its width (0: lines do not wrap) and whether it shows colour."""

    language: str
    width: int
    colour: bool

    @classmethod
    def of(cls, stream: TextIO, language: str, colour: str) -> Terminal:
        """The terminal behind a stream; a pipe has no width, and no colour unless `colour` is `always`."""
        width = shutil.get_terminal_size((100, 24)).columns if stream.isatty() else 0
        return cls(language, width, colour == "always" or (colour == "auto" and stream.isatty()))

    def say(self, name: str, /, **values: object) -> str:
        """A text of the command line in the language, by what follows `cli.output` in its key."""
        return say(name, self.language, **values)

    def counted(self, name: str, number: float) -> str:
        """A text with a number, in its form for one or for many."""
        return counted(name, self.language, number)

    def listed(self, items: Iterable[str]) -> str:
        """The items that are not empty, with commas between them."""
        return self.say("comma").join(filter(None, items))

    def term(self, name: str) -> str:
        """A severity or another word of the vocabulary."""
        return Form(self.language, "", 1).term(name)

    def paint(self, text: str, style: str) -> str:
        """The text in the colour of a severity."""
        return painted(text, _COLOURS[style]) if self.colour else text

    def lines(self, text: str, indent: str, first: str | None = None) -> Iterator[str]:
        """A text wrapped to the width.

        `first` begins the first line instead of the indent; it may be painted.
        """
        if not self.width:
            yield (indent if first is None else first) + one_line(text)
            return
        yield from wrapped(text, self.width, indent, first)


def explanations_text(
    terminal: Terminal,
    agreement: Agreement,
    explanations: tuple[Explanation, ...],
    as_of: date,
    *,
    today: bool,
    alone: bool,
) -> str:
    """Explanations with their headline: of which agreement, on which date.

    A single explanation for the requested date needs no headline: the question was one.
    """
    alone = alone and len(explanations) == 1
    head = [] if alone and not today else list(headline(terminal, agreement, as_of, today=today))
    texts = ["\n".join(_explanation(terminal, each)) for each in explanations] or [terminal.say("no-subject")]
    first, *rest = texts
    return "\n\n".join(["\n".join([*head, first]), *rest])


def headline(
    terminal: Terminal, agreement: Agreement, as_of: date, rules: str = "", *, today: bool
) -> Iterator[str]:
    """The headline: which agreement, on which date, by which rules."""
    day = terminal.say("as-of", date=as_of) + (terminal.say("today") if today else "")
    parts = (agreement.id, agreement.title.in_language(terminal.language), day, rules)
    return terminal.lines(" · ".join(filter(None, parts)), "  ", "")


def findings_of(agreement: Agreement, as_of: date) -> list[Fault]:
    """What is probably a mistake in the agreement.

    Notes are left to `coopgov agreement check`. A rule of the rule set warns of waivers without a rule.
    """
    found = check_agreement(agreement, as_of=as_of).findings
    told = (each for each in found if each.level != "note" and each.fault.code != "unknown-waived-rule")
    return [each.fault for each in told]


def undated_note(terminal: Terminal, facts: Iterable[str]) -> Iterator[str]:
    """The note on values without a date, which are taken to hold all the time."""
    names = text_of("common.comma", terminal.language).join(facts)
    return note(terminal, terminal.say("undated", facts=names))


def note(terminal: Terminal, note: str) -> Iterator[str]:
    """A blank line, and a note in a dim colour."""
    yield from ("", *(terminal.paint(line, "dim") for line in terminal.lines(note, "  ", "")))


def status_lines(terminal: Terminal, assessment: Assessment, total: int) -> Iterator[str]:
    """The status, and the number of warnings by severity; of `total` warnings only some may be selected."""
    status = terminal.paint(terminal.term(assessment.status), assessment.status)
    name = "status" if len(assessment.warnings) == total else "screen.status"
    counts = _counts(terminal, assessment, total)
    yield from terminal.lines(f"— {counts}", "  ", f"{terminal.say(name, status=status)} ")


def _counts(terminal: Terminal, assessment: Assessment, total: int) -> str:
    """How many warnings count, by severity; if only some are selected, how many of these do not count."""
    counts = Counter(one.severity for one in assessment.warnings if one.counted)
    parts = [f"{counts[each]} {terminal.term(each)}" for each in reversed(SEVERITIES) if counts[each]]
    if assessment.undetermined:
        parts.append(f"{len(assessment.undetermined)} {terminal.term('undetermined')}")
    text = terminal.listed(parts)
    shown = len(assessment.warnings)
    if shown == total:
        return text or terminal.say("no-warnings")
    selected = terminal.say("screen.selected", shown=shown, all=total)
    uncounted = _uncounted(terminal, assessment)
    if uncounted:
        selected = terminal.say("screen.selected-of-these", selected=selected, counts=uncounted)
    elif not text:
        text = terminal.say("no-warnings")
    return terminal.say("summary", first=text, rest=selected) if text else selected


def _uncounted(terminal: Terminal, assessment: Assessment) -> str:
    """How many warnings do not count, by the reason."""
    reasons = Counter(
        "past" if one.past else "waived" if one.waived else "hidden"
        for one in assessment.warnings
        if not one.counted
    )
    names = (name for name in ("hidden", "past", "waived") if reasons[name])
    return text_of("common.comma", terminal.language).join(
        terminal.say(f"screen.uncounted.{name}", number=reasons[name]) for name in names
    )


def figures_text(terminal: Terminal, warning: EarlyWarning) -> str:
    """The measure of a warning, and the threshold that it was compared with; nothing without them."""
    if warning.measure is None or warning.threshold is None:
        return ""
    return f"  {warning.measure.text}{terminal.say('aside', text=warning.threshold.text)}"


def _explanation(terminal: Terminal, explanation: Explanation) -> Iterator[str]:
    """The sentence, the changes that would alter the outcome, then the tree."""
    yield from terminal.lines(explanation.sentence, "")
    for change in explanation.changes[:_MOST_CHANGES]:
        yield from terminal.lines(change.sentence, "    ", "  ")
    if len(explanation.changes) > _MOST_CHANGES:
        more = terminal.say("more", more=len(explanation.changes) - _MOST_CHANGES)
        yield terminal.paint(f"  {more}", "dim")
    if explanation.ahead is not None:
        yield from terminal.lines(explanation.ahead.sentence, "    ", "  ")
    yield ""
    for step in explanation.tree:
        yield from _tree(terminal, step, 0)


def _tree(terminal: Terminal, step: ExplanationStep, depth: int) -> Iterator[str]:
    place = terminal.paint(f"  {one_line(step.at)}", "dim") if step.at else ""
    *above, last = terminal.lines(
        f"{step.shown or step.text} = {step.value.text}", "  " * depth + "    ", "  " * depth
    )
    yield from (*above, last + place)
    for part in step.parts:
        yield from _tree(terminal, part, depth + 1)
