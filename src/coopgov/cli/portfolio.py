"""The summary of a portfolio as text: rows, what each rule found, the worst subjects, and why rows were rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import one_line
from coopgov.errors import display_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.cli.text import Terminal
    from coopgov.portfolio.summary import RejectTally, RuleTally, Standing, Summary

__all__ = ["summary_text"]

_MOST_MISSING = 3
_MOST_REJECTS = 20
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "as of": "as of {}", "today": " (today)", "status": "status: {} — {}", "subjects": "{:,} {}",
        "rows": "rows", "files": "files", "of": "{}: {:,} read = {:,} checked + {:,} rejected + {:,} left out",
        "share": "undetermined: {:.1%} of what was to be decided", "nothing": "nothing was to be decided",
        "rule": "rule", "decided": "decided", "hits": "hits", "undetermined": "undetermined", "missing": "missing: {}",
        "waived": "{:,} waived", "worst": "worst off", "rejected": "rejected", "column": 'column "{}": ', "more": "… and {} more",
        "reject": '{}{} × {:,}; first in {}: found "{}", expected {}', "row": "row {:,}", "comma": ", ",
        "left out": "rules about warnings were left out: {}", "see": "all of them, with their reasons: {}",
        "file": "{}, line {:,}", "counted": "{} ({:,})", "unmatched": "{}: {:,} rows belong to no subject that was checked", "aside": " ({})",
    },
    "zh-Hans": {
        "as of": "截至 {}", "today": "（今天）", "status": "状态：{} — {}", "subjects": "{1} {0:,}",
        "rows": "行", "files": "文件", "of": "{}：读取 {:,} = 检查 {:,} + 拒绝 {:,} + 略过 {:,}",
        "share": "无法判定：占应判定的 {:.1%}", "nothing": "没有可判定的内容",
        "rule": "规则", "decided": "已判定", "hits": "命中", "undetermined": "无法判定", "missing": "缺少：{}",
        "waived": "豁免 {:,}", "worst": "最差的对象", "rejected": "被拒绝", "column": "列“{}”：", "more": "…… 另有 {} 项",
        "reject": "{}{} × {:,}；首次在{}：遇到“{}”，应为 {}", "row": "第 {:,} 行", "comma": "，",
        "left out": "略过了针对预警的规则：{}", "see": "全部及其原因：{}",
        "file": "{} 第 {:,} 行", "counted": "{}（{:,}）", "unmatched": "{}：{:,} 行不属于任何已检查的对象", "aside": "（{}）",
    },
    "zh-Hant": {
        "as of": "截至 {}", "today": "（今天）", "status": "狀態：{} — {}", "subjects": "{1} {0:,}",
        "rows": "列", "files": "檔案", "of": "{}：讀取 {:,} = 檢查 {:,} + 拒絕 {:,} + 略過 {:,}",
        "share": "無法判定：占應判定的 {:.1%}", "nothing": "沒有可判定的內容",
        "rule": "規則", "decided": "已判定", "hits": "命中", "undetermined": "無法判定", "missing": "缺少：{}",
        "waived": "豁免 {:,}", "worst": "最差的對象", "rejected": "被拒絕", "column": "欄「{}」：", "more": "…… 另有 {} 項",
        "reject": "{}{} × {:,}；首次在{}：遇到「{}」，應為 {}", "row": "第 {:,} 列", "comma": "，",
        "left out": "略過了針對預警的規則：{}", "see": "全部及其原因：{}",
        "file": "{} 第 {:,} 行", "counted": "{}（{:,}）", "unmatched": "{}：{:,} 列不屬於任何已檢查的對象", "aside": "（{}）",
    },
}  # fmt: skip


def summary_text(terminal: Terminal, summary: Summary, *, today: bool, written: str | None) -> str:
    """The summary; `written` is the file that has all rejected rows, if one was asked for."""
    words = _WORDS[terminal.language]
    lines = [*_head(terminal, words, summary, today=today), "", *_rules(terminal, words, summary)]
    if summary.rules_left_out:
        told = words["left out"].format(words["comma"].join(summary.rules_left_out))
        lines += ["", *terminal.lines(told, "  ", "")]
    lines += [words["unmatched"].format(name, number) for name, number in summary.unmatched.items() if number]
    if summary.worst:
        lines += ["", words["worst"]]
        lines += (line for each in summary.worst for line in _standing(terminal, words, each))
    if summary.rejects:
        lines += ["", words["rejected"], *_rejects(terminal, words, summary, written)]
    return "\n".join(lines)


def _head(terminal: Terminal, words: Mapping[str, str], summary: Summary, *, today: bool) -> Iterator[str]:
    date = words["as of"].format(summary.as_of) + (words["today"] if today else "")
    rules = f"{summary.pack['pack']} {summary.pack['version']}"
    yield from terminal.lines(
        " · ".join(filter(None, (summary.source, summary.about, date, rules))), "  ", ""
    )
    counts = [
        words["subjects"].format(number, terminal.term(status))
        for status, number in summary.subjects.items()
        if number
    ]
    status = terminal.paint(terminal.term(summary.status), summary.status)
    yield words["status"].format(status, words["comma"].join(counts))
    told = (summary.read, summary.checked, summary.rejected, summary.left_out)
    yield words["of"].format(words[summary.counted], *told)
    share = summary.undetermined_share
    yield words["nothing"] if share is None else words["share"].format(share)


def _rules(terminal: Terminal, words: Mapping[str, str], summary: Summary) -> Iterator[str]:
    """A table: for how many subjects each rule was decided, for how many it holds, by severity, and is undetermined."""
    severities = [
        each
        for each in ("critical", "major", "minor", "notice")
        if any(each in one.severities for one in summary.rules)
    ]
    head = [
        words["rule"],
        words["decided"],
        words["hits"],
        "",
        *map(terminal.term, severities),
        words["undetermined"],
    ]
    rows = [head, *(_row(one, severities) for one in summary.rules)]
    widths = [max(display_width(row[at]) for row in rows) for at in range(len(head))]
    notes = ["", *(_note(words, one) for one in summary.rules)]
    for row, note in zip(rows, notes, strict=True):
        first, *rest = (
            _padded(cell, width, left=not at)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"{first}  {'  '.join(rest)}  {note}".rstrip()


def _row(one: RuleTally, severities: Sequence[str]) -> list[str]:
    share = f"{one.hits / one.decided:.1%}" if one.decided else ""
    decided = "" if one.decided is None else f"{one.decided:,}"
    counts = [f"{one.severities[each]:,}" if each in one.severities else "" for each in severities]
    return [one.rule, decided, f"{one.hits:,}", share, *counts, f"{one.undetermined:,}"]


def _note(words: Mapping[str, str], one: RuleTally) -> str:
    """What is missing most, and how many hits are waived."""
    most = sorted(one.missing.items(), key=lambda each: (-each[1], each[0]))[:_MOST_MISSING]
    missing = words["comma"].join(words["counted"].format(*each) for each in most)
    notes = [
        words["missing"].format(missing) if missing else "",
        words["waived"].format(one.waived) if one.waived else "",
    ]
    return words["comma"].join(filter(None, notes))


def _padded(cell: str, width: int, *, left: bool) -> str:
    space = " " * (width - display_width(cell))
    return cell + space if left else space + cell


def _standing(terminal: Terminal, words: Mapping[str, str], each: Standing) -> Iterator[str]:
    key = words["comma"].join(f"{name} {value}" for name, value in each.key.items())
    label = words["comma"].join(filter(None, each.label.values()))
    key += words["aside"].format(label) if label else ""
    rules = words["comma"].join(f"{hit.rule} ({terminal.term(hit.severity)})" for hit in each.hits)
    yield from terminal.lines(one_line(f"{key}: {rules}"), "    ", "  ")


def _rejects(
    terminal: Terminal, words: Mapping[str, str], summary: Summary, written: str | None
) -> Iterator[str]:
    for each in summary.rejects[:_MOST_REJECTS]:
        yield from terminal.lines(one_line(_reject(words, each)), "    ", "  ")
    more = len(summary.rejects) - _MOST_REJECTS
    if more > 0:
        yield "  " + words["more"].format(more)
    if written:
        yield from terminal.lines(words["see"].format(written), "    ", "  ")


def _reject(words: Mapping[str, str], each: RejectTally) -> str:
    column = words["column"].format(each.column) if each.column else ""
    place = words["file"].format(each.file, each.first) if each.file else words["row"].format(each.first)
    return words["reject"].format(column, each.code, each.rows, place, each.found, each.expected)
