"""An event: what somebody says about a case on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.cases.json_form import plain, read_into, the_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.cases.words import EventName

__all__ = ["Event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What somebody says about a case; `case` is its id, or `rule@subject`.

    `by` is who says it, and `note` is free text. The other fields belong to single events:

    - acknowledge: `until`, the last day of the acknowledgement, and `force`, for somebody who was not notified.
    - assign: `to`. cause: `is_`, in JSON `is`, a word for the cause.
    - agree: `action`, `owner`, `due`. start, done, verify, drop: `action`; verify: `evidence`; drop: `reason`.
    - waive: `until`, `reason`. close: `outcome`, `reason`. reopen: `reason`. move: `about`, the subject's new name.
    """

    on: date
    case: str
    event: EventName
    by: str | None = None
    note: str | None = None
    until: date | None = None
    force: bool = False
    to: str | None = None
    is_: str | None = None
    action: str | None = None
    owner: str | None = None
    due: date | None = None
    evidence: str | None = None
    reason: str | None = None
    outcome: str | None = None
    about: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The event as JSON, without fields that it does not have."""
        return {key: value for key, value in plain(self).items() if value not in (None, False)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Event:
        """Make an event from its JSON."""
        return read_into(cls, data, dict.fromkeys(("on", "until", "due"), the_day))
