"""The four parts of a screen, as entries of wrapped lines that can be left out one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from coopgov.assessment.actions import STRAINS
from coopgov.assessment.result import worse
from coopgov.facts.base.targets import READING_FACTS
from coopgov.faults import display_width
from coopgov.locales import text as text_of
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.assessment.agenda import ToDo, ToTell, Unknown
    from coopgov.assessment.grouping import Group
    from coopgov.assessment.result import EarlyWarning
    from coopgov.assessment.since import Since
    from coopgov.cli.text import Terminal
    from coopgov.cli.view import View

__all__ = ["Part", "case_of", "change_of", "joined", "parts_of", "since_lines", "some_of"]

_MOST_NAMES = 4
"""How many subjects a line names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the screen: its entries, each of one or more lines, and what follows them."""

    name: str
    entries: list[list[str]]
    more: Callable[[int], str]
    """What is said of entries that are left out, by the number of those that are shown."""
    tail: Callable[[int], list[str]] = lambda _: []
    """The lines that follow, by the number of entries that are shown."""

    def lines(self, terminal: Terminal, number: int) -> Iterator[str]:
        """The heading, so many entries, and how many more there are."""
        yield terminal.paint(terminal.say(f"screen.{self.name}"), "bold")
        for entry in self.entries[:number]:
            yield from entry
        if number < len(self.entries):
            yield from self.rest(terminal, number)
        yield from self.tail(number)

    def rest(self, terminal: Terminal, number: int) -> Iterator[str]:
        """The lines that count what is left out."""
        return _dim(terminal, self.more(number))


def _dim(terminal: Terminal, text: str) -> Iterator[str]:
    return (terminal.paint(line, "dim") for line in terminal.lines(text, "    ", "  "))


class _Numbers(NamedTuple):
    """The numbers of groups by their warnings: of those that are shown, and of all."""

    shown: Mapping[str, int]
    everywhere: Mapping[str, int]


def parts_of(terminal: Terminal, view: View) -> Callable[[int], tuple[Part, ...]]:
    """The parts; other parts name so many groups of warnings by their numbers, and count the others."""
    warnings, unknown = _warnings(terminal, view), _unknown(terminal, view)
    everywhere = view.grouped.numbers()

    def parts(visible: int) -> tuple[Part, ...]:
        shown = {one: number for one, number in everywhere.items() if number <= visible}
        numbers = _Numbers(shown, everywhere)
        return warnings, _todo(terminal, view, numbers), _tell(terminal, view, numbers), unknown

    return parts


def since_lines(terminal: Terminal, view: View) -> Iterator[str]:
    """What changed since an earlier day, if that was asked: numbers, and the changes of what is not shown."""
    if view.changes is None:
        return
    yield from terminal.lines(_changes(terminal, view.changes), "  ", "")
    for name, found in _unlisted(view, view.changes).items():
        if found:
            said = terminal.say(f"screen.{name}", names=_by_subject(terminal, view, found))
            yield from terminal.lines(said, "  ", "")


def _unlisted(view: View, changes: Since) -> dict[str, list[EarlyWarning]]:
    """The changes of warnings that are not shown: they hold no longer, or were selected only before."""
    shown = {one.id for one in view.assessment.warnings}
    changed = [one for one in (*changes.worse, *changes.better) if one.id not in shown]
    return {"unselected": changed, "gone": [*changes.gone]}


def _changes(terminal: Terminal, changes: Since) -> str:
    numbers = {name: len(getattr(changes, name)) for name in ("new", "worse", "better", "gone")}
    parts = [
        terminal.say(f"screen.changes.{name}", number=number) for name, number in numbers.items() if number
    ]
    said = terminal.listed(parts) or terminal.say("screen.unchanged")
    return terminal.say("screen.since", date=changes.date, changes=said)


# Warnings ---------------------------------------------------------------------------------------------------------


def _warnings(terminal: Terminal, view: View) -> Part:
    groups = view.grouped.groups
    width = max((display_width(_severity(terminal, group.severity)) for group in groups), default=0)
    digits = len(str(len(groups)))
    entries = [_group(terminal, view, group, number, width, digits) for number, group in enumerate(groups, 1)]

    def more(number: int) -> str:
        counts = Counter(group.severity for group in groups[number:] for _ in group.warnings)
        said = (f"{counts[each]} {terminal.term(each)}" for each in reversed(SEVERITIES) if counts[each])
        worst = groups[number].severity if groups else ""
        return terminal.say("screen.more-warnings", counts=terminal.listed(said), severity=worst)

    apart = [line for text in _apart(terminal, view) for line in _dim(terminal, text)]
    return Part("warnings", entries or [[]] * bool(apart), more, lambda _: apart)


def _severity(terminal: Terminal, severity: str) -> str:
    return terminal.term(severity).upper()


def _group(terminal: Terminal, view: View, group: Group, number: int, width: int, digits: int) -> list[str]:
    """A group: severity, number, title, subjects, measures, threshold; then what it hides, and what hides it."""
    severity = _severity(terminal, group.severity)
    padding = " " * (width - display_width(severity))
    first = f"  {terminal.paint(severity, group.severity)}{padding} {number:>{digits}} "
    indent = " " * (width + digits + 4)
    lines = list(terminal.lines(_group_text(terminal, view, group), indent, first))
    notes = []
    if group.folded:
        notes.append(terminal.say("screen.folded", titles=_titles_of(terminal, group.folded)))
    if group.hidden_by:
        notes.append(terminal.say("screen.hidden", names=_by_subject(terminal, view, group.hidden_by)))
    for note in notes:
        lines += (terminal.paint(line, "dim") for line in terminal.lines(note, indent, indent))
    return lines


def _group_text(terminal: Terminal, view: View, group: Group) -> str:
    title = _with_id(terminal, view, group.title, group.rule)
    common = group.threshold
    named = (_named(terminal, view, one, compared=common is None) for one in group.warnings)
    names = some_of(terminal, [each for each in named if each])
    text = terminal.say("screen.group", title=title, names=names) if names else title
    return text if common is None else terminal.say("screen.compared", text=text, threshold=common)


def _named(terminal: Terminal, view: View, warning: EarlyWarning, *, compared: bool) -> str:
    """The subject, what was measured, whether that is new; the agreement itself needs no name."""
    name = "" if warning.about == "agreement" else view.names.subject(warning.about)
    name = _with_id(terminal, view, name, warning.about)
    if warning.measure is not None:
        figure = warning.measure.text
        name = terminal.say("screen.named", name=name, figure=figure) if name else figure
    if compared and warning.threshold is not None:
        name = terminal.say("screen.compared", text=name, threshold=warning.threshold.text)
    change = change_of(view.changes, warning)
    said = [case_of(terminal, view, warning), terminal.say(f"screen.change.{change}") if change else ""]
    for each in filter(None, said):
        name = terminal.say("screen.changed", name=name, change=each) if name else each
    return name


def case_of(terminal: Terminal, view: View, warning: EarlyWarning) -> str:
    """Since when a warning lasts, and the state of its case; nothing without a store."""
    case = (view.cases or {}).get(warning.id)
    if case is None:
        return ""
    state = terminal.say(f"cases.states.{case.state}")
    said = terminal.say("screen.case", date=case.since, state=state)
    return terminal.say("screen.with-id", name=said, id=case.id) if view.ids else said


def change_of(changes: Since | None, warning: EarlyWarning) -> str:
    """Whether a warning is new, worse or better; nothing if it is none of these."""
    if changes is None:
        return ""
    sorts = ("new", "worse", "better")
    return next((sort for sort in sorts if warning in getattr(changes, sort)), "")


def _apart(terminal: Terminal, view: View) -> Iterator[str]:
    """What is past, and what was waived."""
    if view.grouped.past:
        yield terminal.say("screen.past", names=_by_subject(terminal, view, view.grouped.past))
    for one in view.grouped.waived:
        assert one.waived is not None  # that is what makes them waived
        name = view.names.subject(one.about)
        day, why = one.waived.until, one.waived.reason
        yield terminal.say("screen.waived", date=day, title=one.title, name=name, reason=why)


def _titles_of(terminal: Terminal, warnings: Iterable[EarlyWarning]) -> str:
    """The titles of warnings, each once with its number."""
    titles = Counter(one.title for one in warnings)
    return joined(
        terminal,
        (
            title if number == 1 else terminal.say("screen.counted", title=title, number=number)
            for title, number in titles.items()
        ),
    )


def some_of(terminal: Terminal, names: Sequence[str]) -> str:
    """The first names as a list, and how many more there are."""
    most = _MOST_NAMES + 1 if len(names) == _MOST_NAMES + 1 else _MOST_NAMES
    text = joined(terminal, names[:most])
    more = len(names) - most
    return text if more <= 0 else terminal.say("screen.names-more", names=text, more=more)


def joined(terminal: Terminal, names: Iterable[str]) -> str:
    """Names as a list."""
    return text_of("common.comma", terminal.language).join(names)


def _by_subject(terminal: Terminal, view: View, warnings: Iterable[EarlyWarning]) -> str:
    """The subjects of warnings, each with the titles of its warnings."""
    subjects: dict[str, list[EarlyWarning]] = {}
    for one in warnings:
        subjects.setdefault(one.about, []).append(one)
    return some_of(
        terminal,
        [
            terminal.say("screen.titled", name=view.names.subject(about), titles=_titles_of(terminal, found))
            for about, found in subjects.items()
        ],
    )


def _with_id(terminal: Terminal, view: View, name: str, id_: str) -> str:
    return terminal.say("screen.with-id", name=name, id=id_).strip() if view.ids else name


# What to do, whom to tell -----------------------------------------------------------------------------------------


def _todo(terminal: Terminal, view: View, numbers: _Numbers) -> Part:
    def tail(number: int) -> list[str]:
        strains = {strain for entry in view.assessment.todo[:number] for strain in entry.strained}
        said = [_short(terminal, view, strain, numbers) for strain in STRAINS if strain in strains]
        note = terminal.say("screen.short", strains=joined(terminal, said))
        return list(_dim(terminal, note)) if said else []

    entries = [
        _dated(terminal, entry.due, _action(terminal, view, entry, numbers)) for entry in view.assessment.todo
    ]
    return Part("todo", entries, _more(terminal, len(entries)), tail)


def _more(terminal: Terminal, total: int) -> Callable[[int], str]:
    return lambda number: terminal.say("screen.more", more=total - number)


def _dated(terminal: Terminal, day: date | None, text: str) -> list[str]:
    first = f"  {day.isoformat()}  " if day else " " * 14
    return list(terminal.lines(text, " " * 14, first))


def _action(terminal: Terminal, view: View, entry: ToDo, numbers: _Numbers) -> str:
    text = _with_id(terminal, view, entry.title, entry.action)
    if entry.owner:
        text = terminal.say("screen.owned", title=text, who=view.names.people.called(entry.owner))
    if entry.strained:
        strains = joined(terminal, (terminal.say(f"screen.strains.{each}") for each in entry.strained))
        text = terminal.say("screen.strained", text=text, strains=strains)
    return _answers(terminal, text, entry.warnings, numbers)


def _answers(terminal: Terminal, text: str, warnings: Sequence[str], numbers: _Numbers) -> str:
    """A text with the numbers of warnings: those that are shown, and how many more there are."""
    shown, everywhere = numbers
    more = len({everywhere[one] for one in warnings if one in everywhere and one not in shown})
    said = _ranges(terminal, sorted({shown[one] for one in warnings if one in shown}))
    if more:
        key = "screen.numbers-more" if said else "screen.only-more"
        said = terminal.say(key, **{"numbers": said} if said else {}, more=more)
    return terminal.say("screen.answers", text=text, numbers=said) if said else text


def _ranges(terminal: Terminal, numbers: Sequence[int]) -> str:
    """Numbers as people write them: `1, 3–5`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    # Two in a row are two numbers; a dash between them would say that there is one more.
    spans = ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run) for run in runs)
    return joined(terminal, (span for each in spans for span in each))


def _short(terminal: Terminal, view: View, strain: str, numbers: _Numbers) -> str:
    """The word for a strain, and the first warning that shows that it is short."""
    word = terminal.say(f"screen.strains.{strain}")
    shows = (
        numbers.shown[one.id]
        for one in view.assessment.warnings
        if one.kind == STRAINS[strain] and one.id in numbers.shown and worse(one.severity) >= worse("minor")
    )
    number = min(shows, default=None)
    return word if number is None else terminal.say("screen.see", strain=word, number=number)


def _tell(terminal: Terminal, view: View, numbers: _Numbers) -> Part:
    """Each person once, with the first day; later days follow."""
    people: dict[str, list[ToTell]] = {}
    for entry in view.assessment.tell:
        people.setdefault(entry.to, []).append(entry)
    entries = []
    for to, (first, *later) in people.items():
        text = _answers(terminal, view.names.people.called(to), first.warnings, numbers)
        for entry in later:
            also = terminal.say("screen.also-by", text=text, date=entry.by)
            text = _answers(terminal, also, entry.warnings, numbers)
        entries.append(_dated(terminal, first.by, text))
    return Part("tell", entries, _more(terminal, len(entries)))


# What is not known ------------------------------------------------------------------------------------------------


def _unknown(terminal: Terminal, view: View) -> Part:
    entries = [
        list(terminal.lines(_lacking(terminal, view, entry), "    ", "  "))
        for entry in view.assessment.unknown
    ]
    return Part("unknown", entries, _more(terminal, len(entries)))


def _lacking(terminal: Terminal, view: View, entry: Unknown) -> str:
    names = [_with_id(terminal, view, view.names.subject(each), each) for each in entry.subjects]
    text = terminal.say("screen.missing", name=some_of(terminal, names), what=_what(terminal, view, entry))
    if entry.owner:
        text = terminal.say("screen.owned", title=text, who=view.names.people.called(entry.owner))
    if entry.due:
        text = terminal.say("screen.due-since", text=text, date=entry.due)
    rules = terminal.counted("screen.rules", len(entry.rules))
    if view.ids:
        rules = joined(terminal, entry.rules)
    return terminal.say("screen.answers", text=text, numbers=rules)


def _what(terminal: Terminal, view: View, entry: Unknown) -> str:
    """What is missing, or why nothing can be computed."""
    if (entry.due or "value" in entry.missing) and set(entry.missing) <= set(READING_FACTS):
        return terminal.say("screen.readings")
    if not entry.missing:
        because = (
            each.because
            for each in view.assessment.undetermined
            if each.about == entry.about and each.rule in entry.rules
        )
        return terminal.term(next(because))
    facts = dict.fromkeys(view.names.datum(entry.about, path) for path in entry.missing)
    return terminal.say("screen.no-datum", fact=joined(terminal, facts))
