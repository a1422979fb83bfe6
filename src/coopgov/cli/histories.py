"""Print histories and comparisons as text: a headline, a timeline, then each warning with its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import one_line
from coopgov.cli.text import undated_note
from coopgov.cli.timeline import MARKS, Timeline
from coopgov.faults import display_width
from coopgov.simulation.comparison import SORTS
from coopgov.simulation.timelines import tracks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.cli.text import Terminal
    from coopgov.simulation.comparison import Comparison, HistoryChange
    from coopgov.simulation.history import Episode, History, Stretch, UndeterminedPeriod
    from coopgov.simulation.timelines import Tally, Track

__all__ = ["comparison_text", "history_text", "tally_text"]

_WIDTH = 100
"""The width of a timeline if the output has no width."""
_LEAST = 20
"""The columns that a timeline keeps, however long the names; in a narrower terminal, half of its columns."""
_STYLES = {"gained": "major", "lost": "clear", "earlier": "minor", "later": "notice", "changed": "dim"}


def _days(terminal: Terminal, number: float) -> str:
    return terminal.counted("backtest.days", number)


def history_text(terminal: Terminal, history: History, *, today: bool) -> str:
    """One history: headline, timeline, episodes and undetermined periods of each warning."""
    lines = [*_headline(terminal, history, _pack(history), today=today)]
    number = (
        terminal.counted("backtest.warnings", len(history.episodes))
        if history.episodes
        else terminal.say("no-warnings")
    )
    said = [
        terminal.say("backtest.alert-days", days=f"{history.alert_days:,}"),
        terminal.say("backtest.undetermined-days", days=f"{history.undetermined_days:,}"),
    ]
    lines += terminal.lines(terminal.say("summary", first=number, rest=terminal.listed(said)), "  ", "")
    shown = tracks(history)
    if shown:
        labels = [(track.id, track.episodes, track.undetermined_periods) for track in shown]
        lines += ["", *_chart(terminal, history, labels)]
    for track in shown:
        lines += ["", *_track(terminal, track)]
    lines += _undated(terminal, history)
    return "\n".join(lines)


def _pack(history: History) -> str:
    return f"{history.rules['pack']} {history.rules['version']}"


def _headline(terminal: Terminal, history: History, rules: str, *, today: bool) -> Iterator[str]:
    last = f"{history.last}{terminal.say('today') if today else ''}"
    period = terminal.say(
        "backtest.period", first=history.first, last=last, days=_days(terminal, history.days)
    )
    return terminal.lines(f"{history.agreement} · {history.title} · {period} · {rules}", "  ", "")


_Line = tuple[str, "Sequence[Episode]", "Sequence[UndeterminedPeriod]"]


def _chart(terminal: Terminal, history: History, labelled: Sequence[_Line]) -> Iterator[str]:
    """The timeline: an axis, a line for each label, and what the marks mean."""
    whole = terminal.width or _WIDTH
    room = max(display_width(label) for label, _, _ in labelled)
    room = min(room, max(whole - _LEAST - 2, whole // 2 - 1))
    timeline = Timeline(history.first, history.last, max(1, whole - room - 2))
    yield " " * (room + 2) + terminal.paint(timeline.axis(), "dim")
    for label, episodes, undetermined_periods in labelled:
        yield f"{_fitted(one_line(label), room)}  {timeline.line(terminal, episodes, undetermined_periods)}"
    yield from terminal.lines(_legend(terminal, timeline), " " * (room + 2))


def _fitted(text: str, room: int) -> str:
    """A text cut or padded to a number of columns."""
    if display_width(text) > room:
        while display_width(text) > room - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (room - display_width(text))


def _legend(terminal: Terminal, timeline: Timeline) -> str:
    named = {state: terminal.term(state) for state in MARKS}
    named |= {state: terminal.say(f"backtest.{state}") for state in ("past", "waived", "clear")}
    marks = "  ".join(f"{MARKS[state]} {named[state]}" for state in MARKS)
    size = int(timeline.days) if timeline.days == int(timeline.days) else round(timeline.days, 1)
    column = terminal.say("backtest.column", days=_days(terminal, size))
    return f"{marks} {terminal.say('aside', text=column)}"


def _track(terminal: Terminal, track: Track) -> Iterator[str]:
    if track.episodes:
        head = terminal.paint(terminal.term(track.severity).upper(), track.severity)
        yield from terminal.lines(f"{track.id}  {track.title} · {track.name}", "  ", f"{head} ")
        for episode in track.episodes:
            yield from terminal.lines(_episode(terminal, episode), "    ", "  ")
    for one in track.undetermined_periods:
        yield from _undetermined(terminal, one, alone=not track.episodes)


def _episode(terminal: Terminal, episode: Episode) -> str:
    first = terminal.say("backtest.before", date=episode.first) if episode.before else episode.first
    period = _period(terminal, first, episode)
    stretches = terminal.listed(_stretch(terminal, each) for each in episode.stretches)
    return terminal.say("labelled", label=period, text=stretches)


def _period(terminal: Terminal, first: object, one: Episode | UndeterminedPeriod) -> str:
    """The first and last day, how many days that is, and whether it goes on."""
    ongoing = terminal.say("backtest.ongoing") if one.ongoing else ""
    days = terminal.listed((_days(terminal, one.days), ongoing))
    return terminal.say("backtest.period", first=first, last=one.last, days=days)


def _stretch(terminal: Terminal, stretch: Stretch) -> str:
    severity = terminal.term(stretch.severity)
    if stretch.waived:
        severity = terminal.say("backtest.waived-severity", severity=severity)
    if stretch.past:
        severity = terminal.say("backtest.past-severity", severity=severity)
    return terminal.say("backtest.from", severity=severity, date=stretch.first)


def _undetermined(terminal: Terminal, one: UndeterminedPeriod, *, alone: bool) -> Iterator[str]:
    head = terminal.paint(terminal.term("undetermined").upper(), "undetermined")
    why = terminal.term(one.because)
    why += terminal.say("missing", facts=terminal.listed(one.missing)) if one.missing else ""
    text = terminal.say("labelled", label=_period(terminal, one.first, one), text=why)
    first = f"{head} " + terminal.say("labelled", label=one.id, text="") if alone else f"  {head} "
    yield from terminal.lines(text, "    ", first)


def comparison_text(terminal: Terminal, comparison: Comparison, *, today: bool) -> str:
    """Two histories: headline, the changes as a timeline and one by one, the number of unchanged episodes."""
    new, old = comparison.new, comparison.old
    rules = terminal.say("backtest.against", new=_pack(new), old=_pack(old))
    lines = [*_headline(terminal, new, rules, today=today)]
    said = [
        _moved(terminal, "alert-days", new.alert_days, old.alert_days),
        _moved(terminal, "undetermined-days", new.undetermined_days, old.undetermined_days),
    ]
    lines += terminal.lines(terminal.listed(said), "  ", "")
    if comparison.changes:
        lines += ["", *_chart(terminal, new, list(_beside(terminal, comparison)))]
    for change in comparison.changes:
        lines += ["", *_change(terminal, change)]
    counts = [
        f"{terminal.say(f'changes.{sort}')} {len(found)}" for sort in SORTS if (found := comparison.of(sort))
    ]
    end = terminal.listed((*counts, terminal.say("backtest.unchanged", number=comparison.unchanged)))
    return "\n".join([*lines, "", *terminal.lines(end, "  ", ""), *_undated(terminal, new)])


def _undated(terminal: Terminal, history: History) -> Iterator[str]:
    """The note on values without a date, which were taken to hold all the time."""
    if history.undated:
        yield from undated_note(terminal, history.undated)


def _moved(terminal: Terminal, name: str, new: int, old: int) -> str:
    days = terminal.say("backtest.against", new=f"{new:,}", old=f"{old:,}")
    if new != old:
        days = terminal.say("backtest.moved", both=days, difference=new - old)
    return terminal.say(f"backtest.{name}", days=days)


def _beside(terminal: Terminal, comparison: Comparison) -> Iterator[_Line]:
    """Two lines for each warning that changed: under the new rules and under the old."""
    ids = list(dict.fromkeys(change.id for change in comparison.changes))
    room = max(map(display_width, ids))
    for id_ in ids:
        for side, history in (("new", comparison.new), ("old", comparison.old)):
            name = id_ if side == "new" else ""
            episodes = [episode for episode in history.episodes if episode.id == id_]
            undetermined_periods = [one for one in history.undetermined if one.id == id_]
            yield f"{_fitted(name, room)} {terminal.say(f'backtest.{side}')}", episodes, undetermined_periods


def _change(terminal: Terminal, change: HistoryChange) -> Iterator[str]:
    head = terminal.paint(terminal.say(f"changes.{change.sort}").upper(), _STYLES[change.sort])
    one = (change.new or change.old)[0]
    yield from terminal.lines(f"{change.id}  {one.title} · {one.name}", "  ", f"{head} ")
    shift = terminal.listed(
        (_shift(terminal, "begins", change.begins), _shift(terminal, "ends", change.ends))
    )
    if shift:
        yield from terminal.lines(
            f"{shift}{terminal.say('comma')}{_more(terminal, change.alert_days)}", "    ", "  "
        )
    if change.undetermined:
        text = terminal.say("backtest.could-not", undetermined=terminal.term("undetermined"))
        yield from terminal.lines(text, "    ", "  ")
    for side, episodes in (("new", change.new), ("old", change.old)):
        name = terminal.say("labelled", label=terminal.say(f"backtest.{side}"), text="")
        for episode in episodes:
            yield from terminal.lines(_episode(terminal, episode), "    ", f"  {name}")


def _shift(terminal: Terminal, what: str, days: int | None) -> str:
    if not days:
        return ""
    direction = "backtest.days-earlier" if days < 0 else "backtest.days-later"
    shift = terminal.say(direction, days=_days(terminal, abs(days)))
    return terminal.say(f"backtest.{what}", shift=shift)


def _more(terminal: Terminal, days: int) -> str:
    return terminal.say("backtest.alert-days", days=f"{days:+,}" if days else "0")


def tally_text(terminal: Terminal, rows: Sequence[Tally], number: int, against: Sequence[Tally] = ()) -> str:
    """What each rule did over several agreements, as a table; in brackets, the figures under other rules."""
    heads = [
        terminal.say(f"backtest.{name}") for name in ("rule", "episodes", "agreements", "alert", "unknown")
    ]
    others = {each.rule: each for each in against}
    names = dict.fromkeys((*(row.rule for row in rows), *others))
    mine = {row.rule: row for row in rows}
    table = [_cells(mine.get(name), others.get(name), name, both=bool(against)) for name in sorted(names)]
    spoken = [row for row in table if any(cell not in ("0", "0 (0)") for cell in row[1:])]
    silent = [row[0] for row in table if row not in spoken]
    widths = [max(map(display_width, column)) for column in zip(heads, *spoken, strict=True)]
    lines = [terminal.counted("backtest.total", number)]
    lines += [_row(cells, widths) for cells in (heads, *spoken)]
    if silent:
        lines += terminal.lines(terminal.say("backtest.silent", rules=terminal.listed(silent)), "  ", "")
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
