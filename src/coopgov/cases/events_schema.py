"""The format of files of events, key by key."""

from typing import Annotated

from pydantic import Field, model_validator

from coopgov.cases.event import Event
from coopgov.cases.event_keys import EVENT_KEYS, EventKeys
from coopgov.cases.words import ClosedByPeople, EventName
from coopgov.faults import NO_HINT
from coopgov.locales import listed, phrase
from coopgov.schema import (
    Choice,
    Day,
    Defect,
    Flag,
    Identifier,
    Label,
    Part,
    WholeFile,
    format_tag,
    problems,
)

__all__ = ["EVENTS_FORMAT", "EventEntry", "EventsFile"]

EVENTS_FORMAT = "events/1"
_OF_EVERY_EVENT = ("on", "case", "event", "by", "note")


class EventEntry(Part):
    """What somebody says about a case on a day."""

    on: Day
    """The day on which it was said."""
    case: Label
    """The id of the case, or RULE@SUBJECT of the open one."""
    event: Annotated[EventName, Choice("events")]
    """What was said."""
    by: Label | None = None
    """Who said it."""
    note: Label | None = None
    """Anything else, as free text."""
    until: Day | None = None
    """The last day of an acknowledgement or waiver."""
    force: Flag = False
    """true: somebody who was not notified may acknowledge."""
    to: Label | None = None
    """Who looks after the case from now on."""
    cause: Label | None = Field(default=None, alias="is")
    """A word for the cause."""
    action: Label | None = None
    """The id of the action."""
    owner: Label | None = None
    """Who carries the action out."""
    due: Day | None = None
    """The day by which the action must be done."""
    evidence: Label | None = None
    """What shows that the action was done or has worked."""
    reason: Label | None = None
    """Why it is dropped, waived, closed or re-opened."""
    outcome: Annotated[ClosedByPeople, Choice("outcomes")] | None = None
    """Why the case is closed: resolved, accepted, not-confirmed or duplicate."""
    about: Label | None = None
    """The subject's new id."""

    @model_validator(mode="after")
    def _keys_of_the_event(self) -> "EventEntry":
        """An event has the keys that it needs, and none that say nothing about it."""
        keys = EVENT_KEYS[self.event]
        given = {type(self).model_fields[name].alias or name for name in self.model_fields_set}
        missing = [key for key in keys.needed if key not in given]
        other = sorted(given.difference(_OF_EVERY_EVENT, *keys))
        defects = [_missing(self.event, key) for key in missing]
        defects += [_other(self.event, key, keys) for key in other]
        if defects:
            raise problems(defects)
        return self

    def to_event(self) -> Event:
        """Return the event as the machine takes it."""
        fields = {name: getattr(self, name) for name in type(self).model_fields if name != "cause"}
        return Event(**fields, is_=self.cause)


class EventsFile(WholeFile):
    """A file of events."""

    coopgov: Annotated[str, format_tag(EVENTS_FORMAT)]
    agreement: Identifier
    """The id of the agreement."""
    events: tuple[EventEntry, ...]
    """The events, in the order in which they are recorded."""


def _missing(event: str, key: str) -> Defect:
    expected = phrase("cases.events.needs", event=event, key=key)
    return Defect((key,), "missing-key", phrase("common.nothing"), expected, key=True)


def _other(event: str, key: str, keys: EventKeys) -> Defect:
    possible = listed([*keys.needed, *(each for each in keys.possible if each not in keys.needed), "note"])
    found = phrase("schema.the-key", key=key)
    return Defect(
        (key,),
        "unknown-key",
        found,
        phrase("cases.events.keys", event=event, keys=possible),
        NO_HINT,
        key=True,
    )
