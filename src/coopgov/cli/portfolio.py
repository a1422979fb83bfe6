"""Print the summary of a portfolio as text: rows, the hits of each rule, the worst subjects, why rows were rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import one_line
from coopgov.errors import display_width
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgov.cli.text import Terminal
    from coopgov.portfolio.summary import RejectTally, RuleTally, Standing, Summary

__all__ = ["summary_text"]

_MOST_NAMED = 7
_MOST_REJECTS = 20
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "as of": "as of {}", "today": " (today)", "status": "status: {} — {}", "subjects": "{:,} {}",
        "rows": "rows", "files": "files", "of": "{}: {:,} read = {:,} checked + {:,} rejected + {:,} left out",
        "faulty": "faulty cells: in {:,} of the checked {}", "unchecked": "none of the {} was checked",
        "items": "{}: {:,} rows read, {:,} rejected, {:,} with faulty cells",
        "share": "undetermined: {:.1%} of what was to be decided", "nothing": "nothing was to be decided",
        "rule": "rule", "decided": "decided", "hits": "hits", "undetermined": "undetermined", "does not apply": "does not apply",
        "because": "undetermined: {}", "missing": "missing: {}", "where": "does not apply, `where` is false: {:,}",
        "not set": "does not apply, not set: {}", "waived": "waived: {:,}", "worst": "worst off", "rejected": "faulty cells and rejected rows",
        "faults": "rejected", "column": 'column "{}": ', "more": "… and {} more",
        "reject": '{}{} × {:,}; first in {}: found "{}", expected {}', "row": "row {:,}", "comma": ", ",
        "left out": "rules about warnings were left out: {}", "see": "all of them, with their reasons: {}",
        "inexpressible": "rules that need more than this table has were left out: {}",
        "file": "{}, line {:,}", "counted": "{} ({:,})", "unmatched": "{}: {:,} rows belong to no subject that was checked", "aside": " ({})",
    },
    "zh-Hans": {
        "as of": "截至 {}", "today": "（今天）", "status": "状态：{} — {}", "subjects": "{1} {0:,}",
        "rows": "行", "files": "文件", "of": "{}：读取 {:,} = 检查 {:,} + 拒绝 {:,} + 略过 {:,}",
        "faulty": "单元格有误：已检查的{1}中有 {0:,}", "unchecked": "没有检查任何{}",
        "items": "{}：读取 {:,} 行，拒绝 {:,}，单元格有误 {:,}",
        "share": "无法判定：占应判定的 {:.1%}", "nothing": "没有可判定的内容",
        "rule": "规则", "decided": "已判定", "hits": "命中", "undetermined": "无法判定", "does not apply": "不适用",
        "because": "无法判定：{}", "missing": "缺少：{}", "where": "不适用，`where` 不成立：{:,}",
        "not set": "不适用，未设置：{}", "waived": "豁免：{:,}", "worst": "最差的对象", "rejected": "有误的单元格和被拒绝的行",
        "faults": "被拒绝", "column": "列“{}”：", "more": "…… 另有 {} 项",
        "reject": "{}{} × {:,}；首次在{}：遇到“{}”，应为 {}", "row": "第 {:,} 行", "comma": "，",
        "left out": "略过了针对预警的规则：{}", "see": "全部及其原因：{}",
        "inexpressible": "略过了此表数据不足以判定的规则：{}",
        "file": "{} 第 {:,} 行", "counted": "{}（{:,}）", "unmatched": "{}：{:,} 行不属于任何已检查的对象", "aside": "（{}）",
    },
    "zh-Hant": {
        "as of": "截至 {}", "today": "（今天）", "status": "狀態：{} — {}", "subjects": "{1} {0:,}",
        "rows": "列", "files": "檔案", "of": "{}：讀取 {:,} = 檢查 {:,} + 拒絕 {:,} + 略過 {:,}",
        "faulty": "儲存格有誤：已檢查的{1}中有 {0:,}", "unchecked": "沒有檢查任何{}",
        "items": "{}：讀取 {:,} 列，拒絕 {:,}，儲存格有誤 {:,}",
        "share": "無法判定：占應判定的 {:.1%}", "nothing": "沒有可判定的內容",
        "rule": "規則", "decided": "已判定", "hits": "命中", "undetermined": "無法判定", "does not apply": "不適用",
        "because": "無法判定：{}", "missing": "缺少：{}", "where": "不適用，`where` 不成立：{:,}",
        "not set": "不適用，未設定：{}", "waived": "豁免：{:,}", "worst": "最差的對象", "rejected": "有誤的儲存格和被拒絕的列",
        "faults": "被拒絕", "column": "欄「{}」：", "more": "…… 另有 {} 項",
        "reject": "{}{} × {:,}；首次在{}：遇到「{}」，應為 {}", "row": "第 {:,} 列", "comma": "，",
        "left out": "略過了針對預警的規則：{}", "see": "全部及其原因：{}",
        "inexpressible": "略過了此表資料不足以判定的規則：{}",
        "file": "{} 第 {:,} 行", "counted": "{}（{:,}）", "unmatched": "{}：{:,} 列不屬於任何已檢查的對象", "aside": "（{}）",
    },
}  # fmt: skip


def summary_text(terminal: Terminal, summary: Summary, *, today: bool, written: str | None) -> str:
    """The summary; `written` is the file with all rejected rows, if one was asked for."""
    words = _WORDS[terminal.language]
    lines = [*_head(terminal, words, summary, today=today), "", *_rules(terminal, words, summary)]
    lines += _left_out(terminal, words, summary)
    lines += [words["unmatched"].format(name, each) for name, each in summary.unmatched.items() if each]
    if summary.worst:
        lines += ["", words["worst"]]
        lines += (line for each in summary.worst for line in _standing(terminal, words, each))
    if summary.rejects:
        heading = words["rejected" if summary.counted == "rows" else "faults"]
        lines += ["", heading, *_rejects(terminal, words, summary, written)]
    return "\n".join(lines)


def _left_out(terminal: Terminal, words: Mapping[str, str], summary: Summary) -> Iterator[str]:
    warnings = [each for each in summary.rules_left_out if each not in summary.inexpressible]
    named = (("left out", warnings), ("inexpressible", list(summary.inexpressible)))
    told = [words[key].format(words["comma"].join(rules)) for key, rules in named if rules]
    yield from ("" for _ in told[:1])
    for each in told:
        yield from terminal.lines(each, "  ", "")


def _head(terminal: Terminal, words: Mapping[str, str], summary: Summary, *, today: bool) -> Iterator[str]:
    date = words["as of"].format(summary.as_of) + (words["today"] if today else "")
    rules = words["comma"].join(f"{each.pack} {each.version}" for each in summary.packs)
    yield from terminal.lines(
        " · ".join(filter(None, (summary.source, summary.about, date, rules))), "  ", ""
    )
    counts = [
        words["subjects"].format(number, terminal.term(status))
        for status, number in summary.subjects.items()
        if number
    ]
    status = terminal.paint(terminal.term(summary.status), summary.status)
    yield words["status"].format(status, words["comma"].join(counts)).removesuffix(" — ")
    told = (summary.read, summary.checked, summary.rejected, summary.left_out)
    yield words["of"].format(words[summary.counted], *told)
    if summary.faulty:
        yield words["faulty"].format(summary.faulty, words[summary.counted])
    for name, items in summary.items.items():
        if items.rejected or items.faulty:
            yield words["items"].format(name, items.read, items.rejected, items.faulty)
    share = summary.undetermined_share
    if not summary.checked:
        yield words["unchecked"].format(words[summary.counted])
    else:
        yield words["nothing"] if share is None else words["share"].format(share)


def _rules(terminal: Terminal, words: Mapping[str, str], summary: Summary) -> Iterator[str]:
    """A table of rules: for how many subjects each is decided, hit (by severity), undetermined, not applicable."""
    severities = [
        each for each in reversed(SEVERITIES) if any(each in one.severities for one in summary.rules)
    ]
    counted = ("undetermined", "does not apply")
    head = ["rule", "decided", "hits"]
    head = [
        *(words[each] for each in head),
        "",
        *map(terminal.term, severities),
        *(words[each] for each in counted),
    ]
    rows = [head, *(_row(one, severities) for one in summary.rules)]
    widths = [max(display_width(row[at]) for row in rows) for at in range(len(head))]
    notes: list[list[str]] = [[], *(list(_notes(terminal, words, one)) for one in summary.rules)]
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


def _notes(terminal: Terminal, words: Mapping[str, str], one: RuleTally) -> Iterator[str]:
    """Notes on a rule: why it is undetermined, what is missing most, why it does not apply, how many hits waived."""

    def told(counts: Mapping[str, int]) -> str:
        most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        shown = [words["counted"].format(name, number) for name, number in most[:_MOST_NAMED]]
        more = len(most) - _MOST_NAMED
        return words["comma"].join([*shown, *([words["more"].format(more)] if more > 0 else [])])

    because = {terminal.term(reason): number for reason, number in one.because.items()}
    for key, counts in (("because", because), ("missing", one.missing), ("not set", one.not_set)):
        if counts:
            yield words[key].format(told(counts))
    if one.where_false:
        yield words["where"].format(one.where_false)
    if one.waived:
        yield words["waived"].format(one.waived)


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
        yield from terminal.lines(one_line(_reject(words, each, summary.counted)), "    ", "  ")
    more = len(summary.rejects) - _MOST_REJECTS
    if more > 0:
        yield "  " + words["more"].format(more)
    if written:
        yield from terminal.lines(words["see"].format(written), "    ", "  ")


def _reject(words: Mapping[str, str], each: RejectTally, counted: str) -> str:
    column = words["column"].format(each.column) if each.column else ""
    row = words["row"].format(each.first)
    place = words["file"].format(each.file, each.first) if counted == "files" else row
    return words["reject"].format(column, each.code, each.rows, place, each.found, each.expected)
