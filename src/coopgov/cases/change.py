"""A change: one transition of a case as the log keeps it, and what a step gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.cases.json_form import plain, read_into, the_day
from coopgov.schema import FrozenMap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.cases.cases import Cases
    from coopgov.cases.notice import Notice
    from coopgov.cases.words import CaseState

__all__ = ["CaseChange", "Step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One transition. A log of changes, in order, makes the cases again: `replay`.

    - `on` is the day, and `case` the id of the case; empty for `begun` (the first day), `day` (a day was seen),
      `rules-changed`, and `ladder-vacant` (nobody holds any step of the ladder of a case, which is in `fields`).
    - `what` is the event, or what the day brought, such as `fired`, `worsened`, `escalated`, `recovering`, `clear`,
      `closed`, `no-data`. `withdrawn` removes a case that was pending and never fired.
    - `was` and `is_` (in JSON `is`) are the states before and after; None before the first and after the last.
    - `by` is who, and `note` what they wrote. `event` is the JSON of the event, if it was one.
    - `revision` is the revision of the case after it.
    - `fields` are the fields of the case that changed, as in its JSON.
    """

    on: date
    case: str
    what: str
    was: CaseState | None = None
    is_: CaseState | None = None
    by: str | None = None
    note: str | None = None
    event: Mapping[str, Any] | None = None
    revision: int = 0
    fields: Mapping[str, Any] = field(default_factory=FrozenMap)

    def to_dict(self) -> dict[str, Any]:
        """The change as JSON."""
        found: dict[str, Any] = plain(self)
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CaseChange:
        """Make a change from its JSON."""
        return read_into(cls, data, {"on": the_day})


@dataclass(frozen=True, slots=True)
class Step:
    """What a day or an event gives: the cases after it, whom to tell, and the changes for the log, in order."""

    cases: Cases
    notices: tuple[Notice, ...] = ()
    changes: tuple[CaseChange, ...] = ()
