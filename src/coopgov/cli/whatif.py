"""Print the result of `coopgov whatif` as text: the changed facts, then the warnings gained, lost and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.text import headline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.assessment.result import EarlyWarning, Undecided
    from coopgov.cli.text import Terminal
    from coopgov.model import Agreement
    from coopgov.simulation.what_if import Altered, TriedFact, WhatIf

__all__ = ["whatif_text"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "follows": " (follows from {})", "unseen": " (after {}: not seen on that date)", "status": "status: {}",
        "gained": "gained", "lost": "lost", "changed": "changed", "unchanged": "unchanged", "decided": "decided",
        "undecided": "undetermined", "missing": " (missing: {})", "comma": ", ", "colon": ": ", "semicolon": "; ",
    },
    "zh-Hans": {
        "follows": "（由 {} 得出）", "unseen": "（晚于 {}：当日不可见）", "status": "状态：{}",
        "gained": "新增", "lost": "消失", "changed": "变化", "unchanged": "未变", "decided": "可以判定",
        "undecided": "无法判定", "missing": "（缺少：{}）", "comma": "，", "colon": "：", "semicolon": "；",
    },
    "zh-Hant": {
        "follows": "（由 {} 得出）", "unseen": "（晚於 {}：當日不可見）", "status": "狀態：{}",
        "gained": "新增", "lost": "消失", "changed": "變化", "unchanged": "未變", "decided": "可以判定",
        "undecided": "無法判定", "missing": "（缺少：{}）", "comma": "，", "colon": "：", "semicolon": "；",
    },
}  # fmt: skip


def whatif_text(terminal: Terminal, agreement: Agreement, tried: WhatIf, *, today: bool) -> str:
    """Headline, facts, the status before and after with the number of warnings that differ, then each of them."""
    words = _WORDS[terminal.language]
    rules = f"{tried.after.rules['pack']} {tried.after.rules['version']}"
    lines = [*headline(terminal, agreement, tried.after.as_of, rules, today=today)]
    for fact in tried.facts:
        lines += terminal.lines(_fact(words, fact, tried), "    ", "  ")
    lines += terminal.lines(_summary(terminal, words, tried), "  ", "")
    for sort, warnings in (("gained", tried.gained), ("lost", tried.lost)):
        for warning in warnings:
            lines += ["", *_warning(terminal, words[sort], warning)]
    for pair in tried.changed:
        lines += ["", *_altered(terminal, words, pair)]
    entries = [
        *(("undecided", each) for each in tried.undecided),
        *(("decided", each) for each in tried.decided),
    ]
    if entries:
        lines += ["", *(line for sort, entry in entries for line in _entry(terminal, words, sort, entry))]
    return "\n".join(lines)


def _fact(words: Mapping[str, str], fact: TriedFact, tried: WhatIf) -> str:
    text = f"{fact.subject}.{fact.fact}{words['colon']}{fact.before.text} → {fact.after.text}"
    text += words["follows"].format(fact.follows) if fact.follows else ""
    return text if fact.seen else text + words["unseen"].format(tried.after.as_of)


def _summary(terminal: Terminal, words: Mapping[str, str], tried: WhatIf) -> str:
    before, after = terminal.term(tried.before.status), terminal.term(tried.after.status)
    status = before if before == after else f"{before} → {after}"
    counts = {
        "gained": len(tried.gained),
        "lost": len(tried.lost),
        "changed": len(tried.changed),
        "unchanged": tried.unchanged,
    }
    numbers = words["comma"].join(f"{words[name]} {number}" for name, number in counts.items())
    return f"{words['status'].format(status)}{words['semicolon']}{numbers}"


def _warning(terminal: Terminal, sort: str, warning: EarlyWarning) -> Iterator[str]:
    severity = terminal.paint(terminal.term(warning.severity).upper(), warning.severity)
    yield from terminal.lines(f"{warning.id}{_figures(warning)}", "  ", f"{sort.upper()} {severity} ")
    yield from terminal.lines(warning.message, "  ")


def _figures(warning: EarlyWarning) -> str:
    if warning.measure is None or warning.threshold is None:
        return ""
    return f"  {warning.measure.text} ({warning.threshold.text})"


def _altered(terminal: Terminal, words: Mapping[str, str], pair: Altered) -> Iterator[str]:
    before, after = pair.before, pair.after
    severity = terminal.paint(terminal.term(after.severity).upper(), after.severity)
    was = "" if before.severity == after.severity else f"{terminal.term(before.severity).upper()} → "
    first = f"{words['changed'].upper()} {was}{severity} "
    figure = before.measure and after.measure and before.measure != after.measure
    from_ = f"  {before.measure.text} →" if figure and before.measure else ""
    yield from terminal.lines(f"{after.id}{from_}{_figures(after)}".replace("→  ", "→ "), "  ", first)
    yield from terminal.lines(after.message, "  ")


def _entry(terminal: Terminal, words: Mapping[str, str], sort: str, entry: Undecided) -> Iterator[str]:
    head = terminal.paint(words[sort].upper(), "undetermined" if sort == "undecided" else "clear")
    why = terminal.term(entry.because) if sort == "undecided" else ""
    why += words["missing"].format(", ".join(entry.missing)) if entry.missing and why else ""
    text = f"{entry.rule}@{entry.about}" + (f"{words['colon']}{why}" if why else "")
    yield from terminal.lines(text, "  ", f"{head} ")
