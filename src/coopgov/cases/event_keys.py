"""Which fields each event of a case has: the one table for events files and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cases.words import EventName

__all__ = ["EVENT_KEYS", "EventKeys"]


class EventKeys(NamedTuple):
    """The fields that an event needs, and those that it may have, besides `on`, `case`, `event`, `by` and `note`."""

    needed: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


EVENT_KEYS: Mapping[EventName, EventKeys] = {
    "acknowledge": EventKeys(("by",), ("until", "force")),
    "assign": EventKeys(("to",)),
    "cause": EventKeys(("is",)),
    "agree": EventKeys(("action", "owner", "due")),
    "start": EventKeys(("action",)),
    "done": EventKeys(("action",), ("evidence",)),
    "verify": EventKeys(("action",), ("evidence",)),
    "drop": EventKeys(("action", "reason")),
    "waive": EventKeys(("until", "reason", "by")),
    "close": EventKeys(("outcome",), ("reason",)),
    "reopen": EventKeys(("reason",)),
    "move": EventKeys(("about",)),
}
