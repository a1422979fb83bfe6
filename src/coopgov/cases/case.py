"""A case: a warning that persists, what its rule says and what people do about it. A frozen value."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.cases.json_form import days_of, one, plain, read_into, several, the_day
from coopgov.schema import FrozenMap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.cases.json_form import Reader
    from coopgov.cases.words import ActionState, CaseState, Handling, NoticeKind, Outcome, Says, Signal
    from coopgov.severities import Severity

__all__ = ["Case", "CaseAction", "CaseCause", "CaseWaiver", "Clock", "Rung", "case_id"]


def case_id(agreement: str, rule: str, about: str, opened: date) -> str:
    """Return the id of the case of a rule and subject of an agreement whose first opening began on a day.

    >>> from datetime import date
    >>> case_id("harbour-data", "phase-late", "phase/core", date(2026, 10, 19))
    'C-0258c6df7848'
    """
    parts = (agreement, rule, about, opened.isoformat())
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return f"C-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAction:
    """An action that was agreed for a case.

    `evidence` is what its verification rests on, and `ineffective` says that the rule held again after it was done.
    `opening` is the opening of the case that it belongs to, `done_by` who said that it is done, and `ended_on` the day
    on which it was done or dropped, with the `reason` of the latter. Once it is overdue, `overdue_step` is the last
    step of the ladder that heard of it, and `overdue_by` the deadline of that step; None if nobody else will hear.
    `told` says whether its owner knows.
    """

    id: str
    title: str
    owner: str
    due: date
    state: ActionState = "agreed"
    evidence: str | None = None
    ineffective: bool = False
    opening: int = 1
    agreed_on: date
    done_by: str | None = None
    ended_on: date | None = None
    reason: str | None = None
    overdue_step: int = 0
    overdue_by: date | None = None
    told: bool = True

    @property
    def open(self) -> bool:
        """Whether it still has to be done."""
        return self.state in ("agreed", "started")

    @property
    def finished(self) -> bool:
        """Whether it is done, verified or not."""
        return self.state in ("done", "verified")


@dataclass(frozen=True, slots=True)
class CaseCause:
    """A cause that was recorded: a word for it, who said so and when, and a note."""

    is_: str
    note: str | None = None
    by: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseWaiver:
    """A waiver by an event."""

    until: date
    reason: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder of a round: who hears of it, within which time, and the deadline that follows.

    The deadline is fixed when the round begins. Both are None for the one step of a severity without a ladder.
    """

    to: str
    within: str | None
    by: date | None


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a signal has lasted: since when, less the days that do not count.

    `paused` are the days that do not count, and `paused_working` the working days among them. `readings` is the number
    of readings that count, and `reading` the day of the last one.
    """

    since: date
    paused: int = 0
    paused_working: int = 0
    readings: int = 0
    reading: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A warning that persists, from its first day until it is closed, and again if it re-opens.

    - `id` never changes; `rule`, `about` and `kind` are those of the warning.
    - `signal` is what the rule says, `handling` what people do. `state` is the one word that is shown.
    - `severity` is the present one, and `peak` the worst of this opening.
    - `since` is the first day of this opening, and `fired_on` the day on which it fired; None while it is pending.
    - `round` counts the times that its ladder began, over all openings; `step` is the last step notified in this round,
      and `deadline` the day by which that step must answer. `told` are all who were notified in this opening.
    - `acknowledged` has the day of acknowledgement by party; a name whose party is not known counts by itself.
    - `waived_until` is the last day of its waiver, and `inhibited_by` the id of the case that hides it; None for none.
    - `openings` counts the times that it opened, `outcome` says why it was closed on the day `closed_on`.
    - `revision` counts its changes.

    The other fields are what the machines remember. They are part of its JSON, too.
    """

    id: str
    rule: str
    about: str
    kind: str
    signal: Signal
    handling: Handling
    severity: Severity
    peak: Severity
    since: date
    fired_on: date | None = None
    deadline: date | None = None
    round: int = 0
    step: int = 0
    told: tuple[str, ...] = ()
    acknowledged: Mapping[str, date] = field(default_factory=FrozenMap)
    assignee: str | None = None
    causes: tuple[CaseCause, ...] = ()
    actions: tuple[CaseAction, ...] = ()
    waived_until: date | None = None
    inhibited_by: str | None = None
    openings: int = 0
    outcome: Outcome | None = None
    closed_on: date | None = None
    revision: int = 0

    says: Says = "B"
    """What the rule said on the last day that was seen."""
    clock: Clock | None = None
    """Since when it is pending, recovering, without data or clear."""
    ladder: tuple[Rung, ...] = ()
    """The steps of this round."""
    climbing: bool = False
    """Whether the next step of the ladder will be notified if nobody answers."""
    round_on: date | None = None
    """The day of the first notice of this round."""
    told_on: date | None = None
    """The day of the last notice of the ladder."""
    acknowledged_until: date | None = None
    """The last day of the acknowledgement; None for as long as the severity does not rise."""
    treat_by: date | None = None
    """The day by which an action must be agreed."""
    treat_told: bool = False
    """Whether it was notified in this round that no action was agreed."""
    owed: NoticeKind | None = None
    """The end of a waiver, inhibition or acknowledgement that is still to be notified."""
    unsaid: bool = False
    """Whether it fired or became worse while nothing was notified, so that the end of the flag begins its ladder."""
    assignee_told: bool = True
    """Whether the assignee knows."""
    no_data_round: int = 0
    """The last round in which it was notified that data are missing."""
    clear_round: int = 0
    """The last round in which it was notified that it is clear with open actions."""
    waiver: CaseWaiver | None = None
    """The waiver by an event."""
    cleared: bool = False
    """Whether a closed case was clear or did not apply since it was closed."""
    closed_severity: Severity | None = None
    """The severity at which it was closed."""
    inhibited_since: date | None = None
    """The first day of its inhibition."""
    late: bool = False
    """Whether this opening rests on data that came late."""

    @property
    def state(self) -> CaseState:
        """The one word that is shown: the first of several that apply, in the order of `CaseState`."""
        if self.handling == "closed" and self.signal != "pending":
            return "closed"
        if self.waived_until is not None:
            return "waived"
        if self.inhibited_by is not None:
            return "inhibited"
        if self.signal in ("pending", "no-data"):
            return self.signal
        if self.handling in ("treating", "verifying"):
            return self.handling
        if self.signal in ("recovering", "clear"):
            return self.signal
        return "acknowledged" if self.handling == "acknowledged" else "firing"

    @property
    def open(self) -> bool:
        """Whether it is open; a closed case that is about to re-open is."""
        return self.handling != "closed" or self.signal == "pending"

    @property
    def name(self) -> str:
        """The id of its warning, `rule@subject`; at most one open case has it."""
        return f"{self.rule}@{self.about}"

    @property
    def current_actions(self) -> tuple[CaseAction, ...]:
        """The actions of this opening that were not dropped."""
        return tuple(
            each for each in self.actions if each.opening == self.openings and each.state != "dropped"
        )

    def unanswered(self, day: date) -> bool:
        """Whether nobody has answered it although the deadline of a step has passed by a day."""
        late = self.deadline is not None and self.deadline < day
        return self.open and self.climbing and late and self.signal in ("firing", "no-data")

    def to_dict(self) -> dict[str, Any]:
        """The case as JSON, `state` included."""
        found: dict[str, Any] = {}
        for key, value in plain(self).items():
            found[key] = value
            if key == "handling":
                found["state"] = self.state
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Case:
        """Make a case from its JSON."""
        return read_into(cls, data, _READERS)


_ACTION = dict.fromkeys(("due", "agreed_on", "ended_on", "overdue_by"), the_day)
_CLOCK = {"since": the_day, "reading": the_day}
_READERS: Mapping[str, Reader] = {
    **dict.fromkeys(
        (
            "since",
            "fired_on",
            "deadline",
            "waived_until",
            "closed_on",
            "round_on",
            "told_on",
            "acknowledged_until",
            "treat_by",
            "inhibited_since",
        ),
        the_day,
    ),
    "told": tuple,
    "acknowledged": days_of,
    "causes": several(one(CaseCause, {"on": the_day})),
    "actions": several(one(CaseAction, _ACTION)),
    "clock": one(Clock, _CLOCK),
    "ladder": several(one(Rung, {"by": the_day})),
    "waiver": one(CaseWaiver, {"until": the_day}),
}
