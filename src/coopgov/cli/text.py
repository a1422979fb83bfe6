"""Print assessments and explanations as text: for a terminal, or plain when piped."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TextIO

from coopgov.assessment.figures import Form
from coopgov.assessment.result import Assessment, Explanation
from coopgov.cli.output import one_line, painted
from coopgov.errors import display_width
from coopgov.rules.schema import SEVERITIES
from coopgov.safe_text import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from coopgov.assessment.result import EarlyWarning, Escalated, RecommendedAction, Step
    from coopgov.model import Agreement

__all__ = ["Terminal", "headline", "result_text"]

_COLOURS = {
    "critical": "1;31",
    "major": "31",
    "minor": "33",
    "notice": "36",
    "undetermined": "35",
    "clear": "32",
    "dim": "2",
}
_MOST_ACTIONS = 3
_MOST_CHANGES = 3
_WORDS = {
    "en": {
        "as of": "as of {}", "today": " (today)", "status": "status", "tell": "tell {} by {}", "vacant": "vacant",
        "stand-ins": "stand-in: {}", "and": ", ",
        "do": "do", "by": "{} by {}", "waived": "waived until {}: {}", "missing": "missing: {}", "undated": "without a date",
        "nothing": "no warnings", "findings": "probably a mistake", "aside": " ({})", "colon": ": ",
        "more": "… and {} more",
        "no subject": "nothing to explain: there is no such subject",
    },
    "zh-Hans": {
        "as of": "截至 {}", "today": "（今天）", "status": "状态", "tell": "须于 {1} 前告知 {0}", "vacant": "空缺",
        "stand-ins": "由{}代理", "and": "、",
        "do": "措施", "by": "{}，{} 前", "waived": "豁免至 {}：{}", "missing": "缺少：{}", "undated": "未注明日期",
        "nothing": "无预警", "findings": "存疑之处", "aside": "（{}）", "colon": "：", "more": "…… 另有 {} 项",
        "no subject": "没有可解释的对象",
    },
    "zh-Hant": {
        "as of": "截至 {}", "today": "（今天）", "status": "狀態", "tell": "須於 {1} 前告知 {0}", "vacant": "出缺",
        "stand-ins": "由{}代理", "and": "、",
        "do": "措施", "by": "{}，{} 前", "waived": "豁免至 {}：{}", "missing": "缺少：{}", "undated": "未註明日期",
        "nothing": "無預警", "findings": "存疑之處", "aside": "（{}）", "colon": "：", "more": "…… 另有 {} 項",
        "no subject": "沒有可解釋的對象",
    },
}  # fmt: skip
_PAINT = re.compile(rf"{MARK}[0-9;]*m")


@cache
def _pieces() -> re.Pattern[str]:
    """Pieces between which a line can break: spaces, words, numbers with units, Chinese characters with punctuation."""
    opening, closing = r"[(\[（「『“《]*", r"[，。、；：！？）」』”》)\],.;:!?]*"
    number = r"[-+]?\d[\d,.]*\d(?: ?(?:%|[A-Za-z]+|[\u4e00-\u9fff]{1,3}))?|[-+]?\d(?: ?(?:%|[A-Za-z]+|[\u4e00-\u9fff]{1,3}))?"
    word = r"[^\s\u2e80-\uffef]+?(?=\s|[\u2e80-\uffef]|$)"
    return re.compile(
        rf"\s+|{opening}(?:(?:{number})(?![^\s\u2e80-\uffef,.;:!?)\]])|{word}|[\u2e80-\uffef]){closing}|."
    )


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

    def word(self, name: str) -> str:
        """A word of the language."""
        return _WORDS[self.language][name]

    def term(self, name: str) -> str:
        """A severity or another word of the vocabulary."""
        return Form(self.language, "", 1).term(name)

    def paint(self, text: str, style: str) -> str:
        """The text in the colour of a severity."""
        return painted(text, _COLOURS[style]) if self.colour else text

    def lines(self, text: str, indent: str, first: str | None = None) -> Iterator[str]:
        """A text wrapped to the width; Chinese wraps between any two characters, but not before closing punctuation.

        `first` begins the first line instead of the indent; it may be painted.
        """
        line = indent if first is None else first
        if not self.width:
            yield line + one_line(text)
            return
        start = display_width(_PAINT.sub("", line))
        used = start
        for piece in _pieces().findall(one_line(text)):
            size = display_width(piece)
            if used + size > self.width and used > start:
                yield line.rstrip()
                line, start, used = indent, display_width(indent), display_width(indent)
                if piece.isspace():
                    continue
            line, used = line + piece, used + size
        yield line


def result_text(
    terminal: Terminal,
    agreement: Agreement,
    outcome: Assessment | tuple[Explanation, ...],
    as_of: date,
    *,
    today: bool,
    alone: bool,
) -> str:
    """An assessment or explanations with their headline: which agreement, on which date.

    A single explanation for the requested date needs no headline: the question was one.
    """
    if isinstance(outcome, Assessment):
        rules = f"{outcome.rules['pack']} {outcome.rules['version']}"
        head = list(headline(terminal, agreement, as_of, rules, today=today))
        return "\n".join([*head, *_assessment(terminal, outcome), *_findings(terminal, agreement)])
    alone = alone and len(outcome) == 1
    head = [] if alone and not today else list(headline(terminal, agreement, as_of, today=today))
    texts = ["\n".join(_explanation(terminal, each)) for each in outcome] or [terminal.word("no subject")]
    first, *rest = texts
    return "\n\n".join(["\n".join([*head, first]), *rest])


def headline(
    terminal: Terminal, agreement: Agreement, as_of: date, rules: str = "", *, today: bool
) -> Iterator[str]:
    """The headline: which agreement, on which date, by which rules."""
    day = terminal.word("as of").format(as_of) + (terminal.word("today") if today else "")
    parts = (agreement.id, agreement.title.in_language(terminal.language), day, rules)
    return terminal.lines(" · ".join(filter(None, parts)), "  ", "")


def _assessment(terminal: Terminal, assessment: Assessment) -> Iterator[str]:
    """The status, warnings from worst to mildest, what is undetermined."""
    yield from _status(terminal, assessment)
    for warning in assessment.warnings:
        yield from ("", *_warning(terminal, warning))
    if assessment.undetermined:
        yield from ("", *_undetermined(terminal, assessment))
    if assessment.undated:
        yield from _note(terminal, "undated", assessment.undated)


def _findings(terminal: Terminal, agreement: Agreement) -> Iterator[str]:
    """What is probably a mistake in the agreement, by codes and places."""
    faults = [finding.fault for finding in agreement.findings]
    if faults:
        yield from _note(terminal, "findings", [f"{fault.code} ({fault.place})" for fault in faults])


def _note(terminal: Terminal, word: str, items: Iterable[str]) -> Iterator[str]:
    note = f"{terminal.word(word)}: {', '.join(items)}"
    yield from ("", *(terminal.paint(line, "dim") for line in terminal.lines(note, "  ", "")))


def _status(terminal: Terminal, assessment: Assessment) -> Iterator[str]:
    counts = Counter(warning.severity for warning in assessment.warnings if warning.waived is None)
    parts = [f"{counts[each]} {terminal.term(each)}" for each in reversed(SEVERITIES) if counts[each]]
    if assessment.undetermined:
        parts.append(f"{len(assessment.undetermined)} {terminal.term('undetermined')}")
    status = terminal.paint(terminal.term(assessment.status), assessment.status)
    first = f"{terminal.word('status')}{terminal.word('colon')}{status} "
    yield from terminal.lines(f"— {', '.join(parts) or terminal.word('nothing')}", "  ", first)


def _warning(terminal: Terminal, warning: EarlyWarning) -> Iterator[str]:
    head = terminal.term(warning.severity).upper()
    figures = (
        f"  {warning.measure.text} ({warning.threshold.text})"
        if warning.measure and warning.threshold
        else ""
    )
    yield from terminal.lines(warning.id + figures, "  ", f"{terminal.paint(head, warning.severity)} ")
    yield from terminal.lines(warning.message, "  ")
    if warning.waived is not None:
        text = terminal.word("waived").format(warning.waived.until, warning.waived.reason)
        yield from terminal.lines(text, "    ", "  ")
        return
    if warning.escalation is not None:
        escalation = warning.escalation
        who = _holder(terminal, escalation.to, escalation)
        text = terminal.word("tell").format(who, escalation.by)
        yield from terminal.lines(text, "    ", "  ")
    most = _MOST_ACTIONS + 1 if len(warning.actions) == _MOST_ACTIONS + 1 else _MOST_ACTIONS
    for action in warning.actions[:most]:
        yield from terminal.lines(_action(terminal, action), "    ", "  ")
    if len(warning.actions) > most:
        yield terminal.paint("  " + terminal.word("more").format(len(warning.actions) - most), "dim")


def _holder(terminal: Terminal, name: str, of: Escalated | RecommendedAction) -> str:
    """Who is to act or to hear of it, and who stands in for those who are absent."""
    if of.vacant:
        return terminal.term(name) + terminal.word("aside").format(terminal.word("vacant"))
    if not of.stand_ins:
        return terminal.term(name)
    names = terminal.word("and").join(each.name for each in of.stand_ins)
    return terminal.term(name) + terminal.word("aside").format(terminal.word("stand-ins").format(names))


def _action(terminal: Terminal, action: RecommendedAction) -> str:
    owner = _holder(terminal, action.owner or "", action)
    who = terminal.word("by").format(owner, action.due) if owner and action.due else owner
    text = f"{terminal.word('do')} {action.id}: {action.title}"
    text += f" — {who}" if who else ""
    return f"{text} [{action.note}]" if action.note else text


def _undetermined(terminal: Terminal, assessment: Assessment) -> Iterator[str]:
    head = terminal.term("undetermined").upper()
    for entry in assessment.undetermined:
        text = f"{entry.rule}@{entry.about}{terminal.word('colon')}{terminal.term(entry.because)}"
        if entry.missing:
            text += terminal.word("aside").format(terminal.word("missing").format(", ".join(entry.missing)))
        yield from terminal.lines(text, "  ", f"{terminal.paint(head, 'undetermined')} ")


def _explanation(terminal: Terminal, explanation: Explanation) -> Iterator[str]:
    """The sentence, the changes that would alter the outcome, then the tree."""
    yield from terminal.lines(explanation.sentence, "")
    for change in explanation.changes[:_MOST_CHANGES]:
        yield from terminal.lines(change.sentence, "    ", "  ")
    if len(explanation.changes) > _MOST_CHANGES:
        yield terminal.paint(
            "  " + terminal.word("more").format(len(explanation.changes) - _MOST_CHANGES), "dim"
        )
    if explanation.ahead is not None:
        yield from terminal.lines(explanation.ahead.sentence, "    ", "  ")
    yield ""
    for step in explanation.tree:
        yield from _tree(terminal, step, 0)


def _tree(terminal: Terminal, step: Step, depth: int) -> Iterator[str]:
    place = terminal.paint(f"  {one_line(step.at)}", "dim") if step.at else ""
    *above, last = terminal.lines(f"{step.text} = {step.value.text}", "  " * depth + "    ", "  " * depth)
    yield from (*above, last + place)
    for part in step.parts:
        yield from _tree(terminal, part, depth + 1)
