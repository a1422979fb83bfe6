"""The result of an assessment as immutable values and as JSON: warnings, undetermined rules, explanations."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.arguments import checked, one_of
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from coopgov.assessment.figures import Figure

__all__ = [
    "Assessment",
    "Change",
    "EarlyWarning",
    "Escalated",
    "EvaluationStep",
    "Evidence",
    "Explanation",
    "RecommendedAction",
    "StandIn",
    "Undecided",
    "Waived",
    "worse",
]


_STATUSES = ("clear", "undetermined", *SEVERITIES)


def worse(severity: str) -> int:
    """The rank of a status: clear, undetermined, then the severities."""
    return _STATUSES.index(severity)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that a warning rests on, and where in the agreement's file it came from."""

    fact: str
    figure: Figure
    at: str | None

    def to_dict(self) -> dict[str, Any]:
        """The evidence as JSON."""
        return {"fact": self.fact, **self.figure.to_dict(), "at": self.at}


@dataclass(frozen=True, slots=True)
class StandIn:
    """A deputy that stands in for an absent member."""

    id: str
    name: str

    def to_dict(self) -> dict[str, Any]:
        """The deputy as JSON."""
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True)
class RecommendedAction:
    """An action that answers a warning; `strained` lists the strains on resources that are already short.

    `vacant` says that nobody in the agreement has the owner's name or role, or that all who have it are absent and
    nobody stands in for them. `stand_ins` are the deputies of those who are absent.
    """

    id: str
    title: str
    owner: str | None
    due: date | None
    strained: tuple[str, ...]
    note: str
    vacant: bool
    own: bool
    stand_ins: tuple[StandIn, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The action as JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "owner": self.owner,
            "vacant": self.vacant,
            "stand_ins": [each.to_dict() for each in self.stand_ins],
            "due": self.due.isoformat() if self.due else None,
            "strained": list(self.strained),
            "note": self.note,
            "plan": self.own,
        }


@dataclass(frozen=True, slots=True)
class Escalated:
    """Who must hear of a warning, and by when.

    `vacant` says that nobody in the agreement has that name or role, or that all who have it are absent and nobody
    stands in for them. `stand_ins` are the deputies of those who are absent.
    """

    to: str
    by: date
    vacant: bool
    stand_ins: tuple[StandIn, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The escalation as JSON."""
        return {
            "to": self.to,
            "by": self.by.isoformat(),
            "vacant": self.vacant,
            "stand_ins": [each.to_dict() for each in self.stand_ins],
        }


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver that sets a warning aside."""

    until: date
    reason: str
    by: str | None

    def to_dict(self) -> dict[str, Any]:
        """The waiver as JSON."""
        return {"until": self.until.isoformat(), "reason": self.reason, "by": self.by}


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyWarning:
    """An early warning: a rule that holds for a subject, with its evidence and what to do about it.

    `margin` is how much the measure may still worsen before the next band, in the measure's unit; None in the worst
    band and for plain conditions. `past` says that nothing can change any more, so there is nothing to do.
    `inhibited_by` is the id of a warning that hides this one. Both are not counted.
    """

    id: str
    rule: str
    about: str
    kind: str
    severity: str
    title: str
    message: str
    measure: Figure | None
    threshold: Figure | None
    margin: Figure | None
    causes: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    actions: tuple[RecommendedAction, ...]
    escalation: Escalated | None
    waived: Waived | None
    past: bool
    inhibited_by: str | None

    @property
    def counted(self) -> bool:
        """Whether it counts towards the status: it is neither waived nor past nor hidden."""
        return self.waived is None and not self.past and self.inhibited_by is None

    def to_dict(self) -> dict[str, Any]:
        """The warning as JSON."""
        return {
            "id": self.id,
            "rule": self.rule,
            "about": self.about,
            "kind": self.kind,
            "severity": self.severity,
            "title": self.title,
            "measure": self.measure and self.measure.to_dict(),
            "threshold": self.threshold and self.threshold.to_dict(),
            "margin": self.margin and self.margin.to_dict(),
            "message": self.message,
            "causes": list(self.causes),
            "evidence": [each.to_dict() for each in self.evidence],
            "actions": [each.to_dict() for each in self.actions],
            "escalation": self.escalation and self.escalation.to_dict(),
            "waived": self.waived and self.waived.to_dict(),
            "past": self.past,
            "inhibited_by": self.inhibited_by,
        }


@dataclass(frozen=True, slots=True)
class Undecided:
    """A rule that could not be decided for a subject, with the missing facts and the reason."""

    rule: str
    about: str
    missing: tuple[str, ...]
    because: str

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON."""
        return {
            "rule": self.rule,
            "about": self.about,
            "missing": list(self.missing),
            "because": self.because,
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """The state of one agreement on one date.

    The same agreement, rules, date and language produce an equal assessment, and the same bytes of JSON.

    `status` is `clear`, `undetermined` (no rule fired, but some could not be decided) or the worst severity of a
    warning that is counted: neither waived nor past nor hidden. `undated` names values without a date, which are taken
    to hold on this date.
    """

    agreement: str
    as_of: date
    status: str
    rules: Mapping[str, str]
    warnings: tuple[EarlyWarning, ...]
    undetermined: tuple[Undecided, ...]
    undated: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The assessment as plain Python objects, in the shape of the published JSON Schema."""
        return {
            "agreement": self.agreement,
            "as_of": self.as_of.isoformat(),
            "status": self.status,
            "rules": dict(self.rules),
            "warnings": [each.to_dict() for each in self.warnings],
            "undetermined": [each.to_dict() for each in self.undetermined],
            "undated": list(self.undated),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """The assessment as JSON; the same assessment gives the same bytes."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @checked(severity=one_of(_STATUSES))
    def at_least(self, severity: str) -> bool:
        """Whether the status reaches a severity; `undetermined` ranks below `notice`.

        Raises:
            ArgumentError: there is no such severity.
        """
        return worse(self.status) >= worse(severity)


@dataclass(frozen=True, slots=True)
class EvaluationStep:
    """One part of an evaluated rule: its text, its value, where a fact was read, and its own parts."""

    text: str
    value: Figure
    at: str | None
    parts: tuple[EvaluationStep, ...]

    def to_dict(self) -> dict[str, Any]:
        """The step as JSON."""
        parts = [part.to_dict() for part in self.parts]
        return {"expression": self.text, **self.value.to_dict(), "at": self.at, "parts": parts}


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one fact, all else being equal, that would change the outcome of a rule.

    `about` is the subject of the fact. `now` and `then` are its values, and `difference` is how much more (or, if
    negative, less) the new one is: None for a fact without a value now, or one that is no number or date. `outcome` is
    `clear` or a severity.
    """

    fact: str
    about: str
    now: Figure
    then: Figure
    difference: Figure | None
    outcome: str
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """The change as JSON."""
        return {
            "fact": self.fact,
            "about": self.about,
            "now": self.now.to_dict(),
            "then": self.then.to_dict(),
            "difference": self.difference and self.difference.to_dict(),
            "outcome": self.outcome,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a rule came out as it did, and which changes would alter that.

    `outcome` is `fired`, `clear`, `undetermined` or `not applicable`. `margin` is how much the measure may still worsen
    before `next_severity`, in the measure's unit. `changes` are the smallest changes of one fact that would clear a
    warning, make it milder, or trigger it: what is done before what was agreed, small before large. `ahead` is what
    time alone will do: the date on which the outcome will be worse if nothing changes.
    """

    rule: str
    about: str
    outcome: str
    severity: str | None
    sentence: str
    measure: Figure | None
    threshold: Figure | None
    margin: Figure | None
    next_severity: str | None
    missing: tuple[str, ...]
    because: str | None
    tree: tuple[EvaluationStep, ...]
    changes: tuple[Change, ...] = ()
    ahead: Change | None = None

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain Python objects."""
        return {
            "rule": self.rule,
            "about": self.about,
            "outcome": self.outcome,
            "severity": self.severity,
            "sentence": self.sentence,
            "measure": self.measure and self.measure.to_dict(),
            "threshold": self.threshold and self.threshold.to_dict(),
            "margin": self.margin and self.margin.to_dict(),
            "next": self.next_severity,
            "missing": list(self.missing),
            "because": self.because,
            "changes": [change.to_dict() for change in self.changes],
            "ahead": self.ahead and self.ahead.to_dict(),
            "tree": [step.to_dict() for step in self.tree],
        }
