"""iCalendar as text (RFC 5545): escaped, folded at 75 octets, the same bytes for the same events."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["DayEvent", "calendar_of_events", "uid"]

_OCTETS = 75


@dataclass(frozen=True, slots=True)
class DayEvent:
    """An event of one whole day.

    `stamp` is the day of its `DTSTAMP`, `sequence` counts its changes, and `off` says that it is cancelled.
    """

    uid: str
    day: date
    stamp: date
    title: str
    text: str = ""
    sequence: int = 0
    off: bool = False
    link: str = ""


def uid(*parts: str) -> str:
    """Return an identifier that is the same whenever the same thing is meant.

    >>> uid("harbour-data", "milestone/core/first-delivery", "due") == uid("harbour-data", "milestone/core/x", "due")
    False
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@coopgov"


def calendar_of_events(name: str, events: Iterable[DayEvent]) -> str:
    """Return a calendar with events by day; lines end with CR and LF, and the last one, too."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//coopgov//coopgov//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for event in sorted(events, key=lambda each: (each.day, each.uid)):
        lines += _lines(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _lines(event: DayEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{event.stamp:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_day(event.day)}"
    if event.day < date.max:
        yield f"DTEND;VALUE=DATE:{_day(event.day + timedelta(1))}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{'CANCELLED' if event.off else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{_escaped(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{_escaped(event.text)}"
    if event.link:
        yield f"URL:{event.link}"
    yield "END:VEVENT"


def _day(day: date) -> str:
    return f"{day.year:04d}{day:%m%d}"


def _escaped(text: str) -> str:
    """A text without control characters, and with backslashes, semicolons, commas and line ends escaped."""
    text = visible(text.replace("\t", " ").replace("\\", "\\\\"))
    return text.replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, of which all but the first begin with a space; no character is cut."""
    piece, used = "", 0
    for letter in line:
        octets = len(letter.encode())
        if used + octets > _OCTETS:
            yield piece
            piece, used = " ", 1
        piece += letter
        used += octets
    yield piece
