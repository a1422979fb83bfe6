"""Files of events: what people answer, for those without a host, for tests, and for import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked
from coopgov.cases.events_schema import EventsFile
from coopgov.errors import EventsError
from coopgov.faults import NO_HINT
from coopgov.schema import Defect, fault_of
from coopgov.schema.whole_file import parsed_as, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.cases.event import Event
    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.source import Document

__all__ = ["Events", "load_events", "parse_events"]


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """The events of a file, in its order; `agreement` is the id of the agreement that they are about."""

    agreement: str
    events: tuple[Event, ...]
    document: Document

    def fault(self, number: int, code: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT) -> Fault:
        """Return a fault of the event with a number, counted from 0, at its place in the file."""
        return fault_of(self.document, Defect(("events", number), code, found, expected, hint))

    def fault_at(self, key: str, code: str, found: Phrase, expected: Phrase) -> Fault:
        """Return a fault of a key of the file."""
        return fault_of(self.document, Defect((key,), code, found, expected))


@checked(path=A_PATH)
def load_events(path: str | Path) -> Events:
    """Load a file of events.

    Raises:
        EventsError: with every fault of the file.
    """
    return parse_events(text_of(path, EventsError, "events"), str(path))


@checked(text=TEXT_OF_FILE, name=a_text)
def parse_events(text: str | bytes, name: str = "<text>") -> Events:
    """Load events from the text of a file; `name` is what faults call it.

    Raises:
        EventsError: with every fault of the text.

    >>> events = parse_events('''
    ... coopgov: events/1
    ... agreement: harbour-data
    ... events:
    ...   - {on: 2026-11-09, case: phase-late@phase/core, event: acknowledge, by: pm}
    ... ''')
    >>> events.events[0].event, events.events[0].on
    ('acknowledge', datetime.date(2026, 11, 9))
    """
    file, document = parsed_as(text, name, EventsFile, EventsError)
    return Events(file.agreement, tuple(each.to_event() for each in file.events), document)
