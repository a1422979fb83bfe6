"""The agenda and the minutes of each series of meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.reports.document import Listing, Paragraph, Section, Strong, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.model import Decision, Meeting
    from coopgov.reports.document import Block, Line
    from coopgov.reports.templates.words import Words

__all__ = ["agenda_sections", "minutes_sections"]

_ITEMS = ("actions", "warnings", "progress", "risks", "topics", "decisions", "next")


def agenda_sections(words: Words) -> tuple[Section, ...]:
    """An agenda for each series of meetings; without an agreement, one for any meeting."""
    return tuple(_sections(words, minutes=False))


def minutes_sections(words: Words) -> tuple[Section, ...]:
    """Minutes for each series of meetings; without an agreement, for any meeting."""
    return tuple(_sections(words, minutes=True))


def _sections(words: Words, *, minutes: bool) -> Iterator[Section]:
    meetings = words.agreement.meetings if words.agreement else ()
    for meeting in meetings or (None,):
        title = words.said(meeting.label) if meeting else words.word("meeting.generic")
        blocks = _minutes(words, meeting) if minutes else _agenda(words, meeting)
        yield Section(meeting.id if meeting else "meeting", title, tuple(blocks))


def _head(words: Words, meeting: Meeting | None, *people: tuple[str, str]) -> Listing:
    """When, where, and who."""
    entries = [("date", "date-blank"), ("place", "place-blank")]
    lines: list[Line] = [_field(words, name, words.line(f"meeting.{blank}")) for name, blank in entries]
    chair = ""
    invited = ""
    if meeting is not None and meeting.body is not None and words.agreement is not None:
        body = next((each for each in words.agreement.team.bodies if each.id == meeting.body), None)
        if body is not None:
            chair, invited = words.name(body.chair), words.listed(map(words.name, body.members))
    lines.append(_field(words, "chair", (chair,) if chair else words.line("meeting.chair-blank")))
    lines.append(_field(words, "invited", (invited,) if invited else words.line("meeting.invited-blank")))
    lines += [_field(words, name, words.line(f"meeting.{blank}")) for name, blank in people]
    return Listing(tuple(lines))


def _field(words: Words, name: str, parts: Line) -> Line:
    return (Strong(words.word(f"meeting.{name}")), words.colon, *parts)


def _topics(words: Words, meeting: Meeting | None) -> Iterator[Block]:
    if meeting is not None and meeting.agenda is not None:
        yield Paragraph(words.line("meeting.topics", agenda=words.said(meeting.agenda)))


def _agenda(words: Words, meeting: Meeting | None) -> Iterator[Block]:
    yield _head(words, meeting)
    yield from _topics(words, meeting)
    rows = [
        (
            words.line(f"meeting.items.{item}"),
            words.line("meeting.minutes-blank"),
            words.line("meeting.name-blank"),
        )
        for item in _ITEMS
    ]
    yield words.table(("item", "minutes", "led-by"), rows, ())
    yield from _open(words, meeting)


def _minutes(words: Words, meeting: Meeting | None) -> Iterator[Block]:
    yield _head(
        words, meeting, ("present", "invited-blank"), ("absent", "invited-blank"), ("writer", "chair-blank")
    )
    yield from _topics(words, meeting)
    rows = [(words.line(f"meeting.items.{item}"), words.line("meeting.text-blank")) for item in _ITEMS[:-2]]
    yield words.table(("item", "discussed"), rows, ())
    yield from _open(words, meeting)
    yield Paragraph((Strong(words.word("meeting.new")),))
    blank = (
        words.line("meeting.text-blank"),
        words.line("meeting.name-blank"),
        words.line("meeting.day-blank"),
    )
    yield words.table(("what", "owner", "due"), [blank] * 3, ())


def _open(words: Words, meeting: Meeting | None) -> Iterator[Block]:
    """The decisions that nobody has carried out yet, with room for what has become of them."""
    rows = [
        (
            line(words.said(decision.label)),
            words.filled(words.name(decision.owner), "owner"),
            words.filled(decision.due, "time"),
            words.line("meeting.text-blank"),
        )
        for decision in _decisions(meeting)
    ]
    if rows:
        yield Paragraph((Strong(words.word("meeting.open")),))
        yield words.table(("what", "owner", "due", "done"), rows, ())


def _decisions(meeting: Meeting | None) -> Iterator[Decision]:
    for minutes in meeting.minutes if meeting else ():
        yield from (decision for decision in minutes.decisions if decision.done is None)
