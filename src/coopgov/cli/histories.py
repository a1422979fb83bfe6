"""Print histories and comparisons as text: a headline, a timeline, then each warning with its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import one_line
from coopgov.cli.timeline import MARKS, Timeline
from coopgov.errors import display_width
from coopgov.simulation.comparison import SORTS
from coopgov.simulation.timelines import tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgov.cli.text import Terminal
    from coopgov.simulation.comparison import Change, Comparison
    from coopgov.simulation.history import Blank, Episode, History, Stretch
    from coopgov.simulation.timelines import Tally, Track

__all__ = ["comparison_text", "history_text", "tally_text"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "period": "{} to {}, {}", "days": "{:,} days", "1 days": "1 day", "today": " (today)", "against": "{} against {}",
        "summary": "{}; {}", "warnings": "{:,} warnings", "1 warnings": "1 warning", "alert days": "alert days: {}",
        "undetermined days": "undetermined days: {}", "moved": "{} ({:+,})", "none": "no warnings",
        "column": "a column is {}", "before": "or before", "ongoing": "ongoing", "waived": "waived", "from": "{} from {}",
        "gained": "gained", "lost": "lost", "earlier": "earlier", "later": "later", "changed": "changed",
        "unchanged": "unchanged: {:,}", "new": "new", "old": "old", "begins": "begins {}", "ends": "ends {}",
        "days earlier": "{} earlier", "days later": "{} later",
        "could not": "{} could not be decided by the other rules",
        "missing": " (missing: {})", "silent": "without warnings: {}", "rule": "rule", "agreements": "agreements",
        "total": "{:,} agreements", "1 total": "1 agreement", "comma": ", ", "colon": ": ", "clear": "nothing",
        "alert": "alert days", "unknown": "undetermined days", "episodes": "warnings",
    },
    "zh-Hans": {
        "period": "{} 至 {}，{}", "days": "{:,} 天", "1 days": "1 天", "today": "（今天）", "against": "{} 对比 {}",
        "summary": "{}；{}", "warnings": "{:,} 次预警", "1 warnings": "1 次预警", "alert days": "预警天数：{}",
        "undetermined days": "无法判定天数：{}", "moved": "{}（{:+,}）", "none": "无预警",
        "column": "每格 {}", "before": "或更早", "ongoing": "持续中", "waived": "已豁免", "from": "{} 自 {}",
        "gained": "新增", "lost": "消失", "earlier": "提前", "later": "推迟", "changed": "变化",
        "unchanged": "未变：{:,}", "new": "新", "old": "旧", "begins": "开始{}", "ends": "结束{}",
        "days earlier": "早 {}", "days later": "晚 {}", "could not": "另一套规则有 {} 无法判定",
        "missing": "（缺少：{}）", "silent": "未发出预警：{}", "rule": "规则", "agreements": "协议数",
        "total": "{:,} 份协议", "1 total": "1 份协议", "comma": "，", "colon": "：", "clear": "无",
        "alert": "预警天数", "unknown": "无法判定天数", "episodes": "预警次数",
    },
    "zh-Hant": {
        "period": "{} 至 {}，{}", "days": "{:,} 天", "1 days": "1 天", "today": "（今天）", "against": "{} 對比 {}",
        "summary": "{}；{}", "warnings": "{:,} 次預警", "1 warnings": "1 次預警", "alert days": "預警天數：{}",
        "undetermined days": "無法判定天數：{}", "moved": "{}（{:+,}）", "none": "無預警",
        "column": "每格 {}", "before": "或更早", "ongoing": "持續中", "waived": "已豁免", "from": "{} 自 {}",
        "gained": "新增", "lost": "消失", "earlier": "提前", "later": "延後", "changed": "變化",
        "unchanged": "未變：{:,}", "new": "新", "old": "舊", "begins": "開始{}", "ends": "結束{}",
        "days earlier": "早 {}", "days later": "晚 {}", "could not": "另一套規則有 {} 無法判定",
        "missing": "（缺少：{}）", "silent": "未發出預警：{}", "rule": "規則", "agreements": "協議數",
        "total": "{:,} 份協議", "1 total": "1 份協議", "comma": "，", "colon": "：", "clear": "無",
        "alert": "預警天數", "unknown": "無法判定天數", "episodes": "預警次數",
    },
}  # fmt: skip
_WIDTH = 100
"""The width of a timeline if the output has no width."""
_LEAST = 20
"""The columns that a timeline keeps, however long the names; in a narrower terminal, half of its columns."""
_STYLES = {"gained": "major", "lost": "clear", "earlier": "minor", "later": "notice", "changed": "dim"}


class _Words:
    """Words and counted nouns in the language of a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.table = _WORDS[terminal.language]

    def __getitem__(self, name: str) -> str:
        return self.table[name]

    def count(self, name: str, number: int) -> str:
        return self.table[f"1 {name}" if number == 1 else name].format(number)

    def days(self, number: int) -> str:
        return self.count("days", number)

    def joined(self, parts: Iterable[str]) -> str:
        return self.table["comma"].join(filter(None, parts))


def history_text(terminal: Terminal, history: History, *, today: bool) -> str:
    """One history: headline, timeline, episodes and blanks of each warning."""
    words = _Words(terminal)
    lines = [*_headline(words, history, _pack(history), today=today)]
    number = words.count("warnings", len(history.episodes)) if history.episodes else words["none"]
    said = [
        words["alert days"].format(f"{history.alert_days:,}"),
        words["undetermined days"].format(f"{history.undetermined_days:,}"),
    ]
    lines += terminal.lines(words["summary"].format(number, words.joined(said)), "  ", "")
    shown = tracks(history)
    if shown:
        labels = [(track.id, track.episodes, track.blanks) for track in shown]
        lines += ["", *_chart(words, history, labels)]
    for track in shown:
        lines += ["", *_track(words, track)]
    lines += _undated(terminal, history)
    return "\n".join(lines)


def _pack(history: History) -> str:
    return f"{history.rules['pack']} {history.rules['version']}"


def _headline(words: _Words, history: History, rules: str, *, today: bool) -> Iterator[str]:
    last = f"{history.last}{words['today'] if today else ''}"
    period = words["period"].format(history.first, last, words.days(history.days))
    return words.terminal.lines(f"{history.agreement} · {history.title} · {period} · {rules}", "  ", "")


_Line = tuple[str, "Sequence[Episode]", "Sequence[Blank]"]


def _chart(words: _Words, history: History, labelled: Sequence[_Line]) -> Iterator[str]:
    """The timeline: an axis, a line for each label, and what the marks mean."""
    whole = words.terminal.width or _WIDTH
    room = max(display_width(label) for label, _, _ in labelled)
    room = min(room, max(whole - _LEAST - 2, whole // 2 - 1))
    timeline = Timeline(history.first, history.last, max(1, whole - room - 2))
    yield " " * (room + 2) + words.terminal.paint(timeline.axis(), "dim")
    for label, episodes, blanks in labelled:
        yield f"{_fitted(one_line(label), room)}  {timeline.line(words.terminal, episodes, blanks)}"
    yield from words.terminal.lines(_legend(words, timeline), " " * (room + 2))


def _fitted(text: str, room: int) -> str:
    """A text cut or padded to a number of columns."""
    if display_width(text) > room:
        while display_width(text) > room - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (room - display_width(text))


def _legend(words: _Words, timeline: Timeline) -> str:
    named = {state: words.terminal.term(state) for state in MARKS}
    named |= {"waived": words["waived"], "clear": words["clear"]}
    marks = "  ".join(f"{MARKS[state]} {named[state]}" for state in MARKS)
    size = int(timeline.days) if timeline.days == int(timeline.days) else round(timeline.days, 1)
    each = words["1 days"] if size == 1 else words["days"].format(size)
    return f"{marks}  ({words['column'].format(each)})"


def _track(words: _Words, track: Track) -> Iterator[str]:
    terminal = words.terminal
    if track.episodes:
        head = terminal.paint(terminal.term(track.severity).upper(), track.severity)
        yield from terminal.lines(f"{track.id}  {track.title} · {track.name}", "  ", f"{head} ")
        for episode in track.episodes:
            yield from terminal.lines(_episode(words, episode), "    ", "  ")
    for blank in track.blanks:
        yield from _blank(words, blank, alone=not track.episodes)


def _episode(words: _Words, episode: Episode) -> str:
    end = words["ongoing"] if episode.ongoing else ""
    period = words["period"].format(
        f"{episode.first} {words['before']}" if episode.before else episode.first,
        episode.last,
        words.joined((words.days(episode.days), end)),
    )
    return f"{period}{words['colon']}{words.joined(_stretch(words, each) for each in episode.stretches)}"


def _stretch(words: _Words, stretch: Stretch) -> str:
    waived = f" ({words['waived']})" if stretch.waived else ""
    return words["from"].format(words.terminal.term(stretch.severity) + waived, stretch.first)


def _blank(words: _Words, blank: Blank, *, alone: bool) -> Iterator[str]:
    terminal = words.terminal
    head = terminal.paint(terminal.term("undetermined").upper(), "undetermined")
    end = words["ongoing"] if blank.ongoing else ""
    why = terminal.term(blank.because)
    why += words["missing"].format(", ".join(blank.missing)) if blank.missing else ""
    period = words["period"].format(blank.first, blank.last, words.joined((words.days(blank.days), end)))
    name = f"{blank.id}{words['colon']}" if alone else ""
    first = f"{head} {name}" if alone else f"  {head} "
    yield from terminal.lines(f"{period}{words['colon']}{why}", "    ", first)


def comparison_text(terminal: Terminal, comparison: Comparison, *, today: bool) -> str:
    """Two histories: headline, the changes as a timeline and one by one, the number of unchanged episodes."""
    words = _Words(terminal)
    new, old = comparison.new, comparison.old
    rules = words["against"].format(_pack(new), _pack(old))
    lines = [*_headline(words, new, rules, today=today)]
    said = [
        _moved(words, "alert days", new.alert_days, old.alert_days),
        _moved(words, "undetermined days", new.undetermined_days, old.undetermined_days),
    ]
    lines += terminal.lines(words.joined(said), "  ", "")
    if comparison.changes:
        lines += ["", *_chart(words, new, list(_beside(words, comparison)))]
    for change in comparison.changes:
        lines += ["", *_change(words, change)]
    counts = [f"{words[sort]} {len(found)}" for sort in SORTS if (found := comparison.of(sort))]
    end = words.joined((*counts, words["unchanged"].format(comparison.unchanged)))
    return "\n".join([*lines, "", *terminal.lines(end, "  ", ""), *_undated(terminal, new)])


def _undated(terminal: Terminal, history: History) -> Iterator[str]:
    """The note on values without a date, which were taken to hold all the time."""
    if history.undated:
        note = f"{terminal.word('undated')}: {', '.join(history.undated)}"
        yield from ("", *(terminal.paint(line, "dim") for line in terminal.lines(note, "  ", "")))


def _moved(words: _Words, name: str, new: int, old: int) -> str:
    both = words["against"].format(f"{new:,}", f"{old:,}")
    return words[name].format(words["moved"].format(both, new - old) if new != old else both)


def _beside(words: _Words, comparison: Comparison) -> Iterator[_Line]:
    """Two lines for each warning that changed: under the new rules and under the old."""
    ids = list(dict.fromkeys(change.id for change in comparison.changes))
    room = max(map(display_width, ids))
    for id_ in ids:
        for side, history in (("new", comparison.new), ("old", comparison.old)):
            name = id_ if side == "new" else ""
            episodes = [episode for episode in history.episodes if episode.id == id_]
            blanks = [blank for blank in history.undetermined if blank.id == id_]
            yield f"{_fitted(name, room)} {words[side]}", episodes, blanks


def _change(words: _Words, change: Change) -> Iterator[str]:
    terminal = words.terminal
    head = terminal.paint(words[change.sort].upper(), _STYLES[change.sort])
    one = (change.new or change.old)[0]
    yield from terminal.lines(f"{change.id}  {one.title} · {one.name}", "  ", f"{head} ")
    shift = words.joined((_shift(words, "begins", change.begins), _shift(words, "ends", change.ends)))
    if shift:
        yield from terminal.lines(f"{shift}{words['comma']}{_more(words, change.alert_days)}", "    ", "  ")
    if change.undetermined:
        text = words["could not"].format(terminal.term("undetermined"))
        yield from terminal.lines(text, "    ", "  ")
    for side, episodes in (("new", change.new), ("old", change.old)):
        for episode in episodes:
            yield from terminal.lines(_episode(words, episode), "    ", f"  {words[side]}{words['colon']}")


def _shift(words: _Words, what: str, days: int | None) -> str:
    if not days:
        return ""
    direction = words["days earlier" if days < 0 else "days later"]
    return words[what].format(direction.format(words.days(abs(days))))


def _more(words: _Words, days: int) -> str:
    return words["alert days"].format(f"{days:+,}" if days else "0")


def tally_text(terminal: Terminal, rows: Sequence[Tally], number: int, against: Sequence[Tally] = ()) -> str:
    """What each rule did over several agreements, as a table; in brackets, the figures under other rules."""
    words = _Words(terminal)
    heads = [words[name] for name in ("rule", "episodes", "agreements", "alert", "unknown")]
    others = {each.rule: each for each in against}
    names = dict.fromkeys((*(row.rule for row in rows), *others))
    mine = {row.rule: row for row in rows}
    table = [_cells(mine.get(name), others.get(name), name, both=bool(against)) for name in sorted(names)]
    spoken = [row for row in table if any(cell not in ("0", "0 (0)") for cell in row[1:])]
    silent = [row[0] for row in table if row not in spoken]
    widths = [max(map(display_width, column)) for column in zip(heads, *spoken, strict=True)]
    lines = [words.count("total", number)]
    lines += [_row(cells, widths) for cells in (heads, *spoken)]
    if silent:
        lines += terminal.lines(words["silent"].format(", ".join(silent)), "  ", "")
    return "\n".join(lines)


def _cells(row: Tally | None, other: Tally | None, name: str, *, both: bool) -> list[str]:
    fields = ("warnings", "agreements", "alert_days", "undetermined_days")
    figures = [f"{getattr(row, field, 0):,}" for field in fields]
    if both:
        figures = [
            f"{figure} ({getattr(other, field, 0):,})" for figure, field in zip(figures, fields, strict=True)
        ]
    return [name, *figures]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A row: the name aligned left, figures aligned right."""
    filled = [" " * (width - display_width(cell)) for cell, width in zip(cells, widths, strict=True)]
    rest = (space + cell for cell, space in zip(cells[1:], filled[1:], strict=True))
    return "  ".join((cells[0] + filled[0], *rest)).rstrip()
