"""Files of events: what people answer, for those without a host, for tests, and for import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from coopgov.arguments import A_PATH, TEXT_OF_FILE, a_text, checked
from coopgov.cases.events_schema import EventsFile
from coopgov.errors import NO_HINT, EventsError, InputError
from coopgov.schema import Defect, fault_of, faults_of
from coopgov.source import Document, in_full_width, own_text, plain, read_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.cases.event import Event
    from coopgov.errors import Fault
    from coopgov.locales import Phrase

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
    try:
        data = own_text(Path(path), str(path))
    except InputError as error:
        raise EventsError(error.faults) from None
    return parse_events(data, str(path))


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
    try:
        document = read_document(text, name)
        file = _validated(document)
    except InputError as error:
        corrected = in_full_width(text, name, error.faults, _faults) or error
        lines = {fault.place.line for fault in corrected.faults}
        behind = _faults(corrected.document) if isinstance(corrected.document, Document) else ()
        raise EventsError(
            [*corrected.faults, *(each for each in behind if each.place.line not in lines)]
        ) from None
    return Events(file.agreement, tuple(each.to_event() for each in file.events), document)


def _validated(document: Document) -> EventsFile:
    try:
        return EventsFile.model_validate(plain(document.root))
    except ValidationError as error:
        raise EventsError(faults_of(document, error, EventsFile)) from None


def _faults(document: Document) -> Sequence[Fault]:
    try:
        _validated(document)
    except EventsError as error:
        return error.faults
    return ()
