"""The result of an assessment as immutable values and as JSON: warnings and undetermined rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from coopgov.arguments import checked, one_of
from coopgov.assessment.frames import BACKENDS, frame_of
from coopgov.display import html
from coopgov.json_layout import laid_out
from coopgov.severities import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    import pandas as pd
    import polars as pl

    from coopgov.assessment.agenda import NotDue, ToDo, ToTell, Unknown
    from coopgov.assessment.figures import Figure
    from coopgov.assessment.frames import Record
    from coopgov.severities import Severity, Status

    _Result: TypeAlias = "EarlyWarning | Undecided | ToDo | ToTell | Unknown | NotDue"

__all__ = [
    "Assessment",
    "EarlyWarning",
    "Escalated",
    "Evidence",
    "RecommendedAction",
    "StandIn",
    "Undecided",
    "Waived",
    "worse",
]


def worse(severity: Status) -> int:
    """The rank of a status: clear, undetermined, then the severities."""
    return STATUSES.index(severity)


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
    """Who must hear of a warning, and by when: a step of its ladder.

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
    band and for plain conditions. `ladder` has who must hear of it, step by step, for as long as nobody acknowledges.
    `past` says that nothing can change any more, so there is nothing to do. `inhibited_by` is the id of a warning that
    hides this one. Both are not counted.
    """

    id: str
    rule: str
    about: str
    kind: str
    severity: Severity
    title: str
    message: str
    measure: Figure | None
    threshold: Figure | None
    margin: Figure | None
    causes: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    actions: tuple[RecommendedAction, ...]
    ladder: tuple[Escalated, ...]
    waived: Waived | None
    past: bool
    inhibited_by: str | None

    @property
    def escalation(self) -> Escalated | None:
        """The first step of its ladder; None if nobody must hear of it."""
        return self.ladder[0] if self.ladder else None

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
            "ladder": [each.to_dict() for each in self.ladder],
            "waived": self.waived and self.waived.to_dict(),
            "past": self.past,
            "inhibited_by": self.inhibited_by,
        }

    def to_record(self) -> Record:
        """The warning as a flat row, without the agreement and the day; of its actions, the first."""
        action = self.actions[0] if self.actions else None
        return {
            **{
                name: getattr(self, name)
                for name in ("id", "rule", "about", "kind", "severity", "title", "message")
            },
            "measure": self.measure and self.measure.number,
            "measure_unit": self.measure and self.measure.unit,
            "measure_text": self.measure and self.measure.text,
            "threshold": self.threshold and self.threshold.number,
            "threshold_text": self.threshold and self.threshold.text,
            "margin": self.margin and self.margin.number,
            "margin_text": self.margin and self.margin.text,
            "causes": ", ".join(self.causes),
            "action": action and action.id,
            "action_title": action and action.title,
            "action_owner": action and action.owner,
            "action_due": action and action.due,
            "actions": len(self.actions),
            "tell": self.escalation and self.escalation.to,
            "tell_by": self.escalation and self.escalation.by,
            "waived_until": self.waived and self.waived.until,
            "waived_reason": self.waived and self.waived.reason,
            "past": self.past,
            "inhibited_by": self.inhibited_by,
            "counted": self.counted,
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


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Assessment:
    """The state of one agreement on one date.

    The same agreement, rules, date and language produce an equal assessment, and the same bytes of JSON.

    `status` is `clear`, `undetermined` (no rule fired, but some could not be decided) or the worst severity of a
    warning that is counted: neither waived nor past nor hidden. `undated` names values without a date, which are taken
    to hold on this date. `todo` has each action once, the one to take first at the start; `tell` has who must hear of
    which warnings, by the day; `unknown` groups what is undetermined by the missing data; `not_due` has the KPIs whose
    first reading is not due yet.
    """

    agreement: str
    as_of: date
    status: Status
    rules: Mapping[str, str]
    warnings: tuple[EarlyWarning, ...]
    undetermined: tuple[Undecided, ...]
    undated: tuple[str, ...]
    todo: tuple[ToDo, ...]
    tell: tuple[ToTell, ...]
    unknown: tuple[Unknown, ...]
    not_due: tuple[NotDue, ...]

    def to_dict(self) -> dict[str, Any]:
        """The assessment as plain Python objects, in the shape of the published JSON Schema."""
        return self.shaped(lambda results: [each.to_dict() for each in results])

    def to_json(self, indent: int | None = 2) -> str:
        """The assessment as JSON; the same assessment gives the same bytes."""
        if not indent:
            return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
        return laid_out(self.shaped(), indent, lambda result: result.to_dict())

    def shaped(self, listed: Callable[[Iterable[_Result]], Sequence[object]] = tuple) -> dict[str, Any]:
        """The shape of the JSON, with lists of results as `listed` makes them; by default, of the results."""
        return {
            "agreement": self.agreement,
            "as_of": self.as_of.isoformat(),
            "status": self.status,
            "rules": dict(self.rules),
            "warnings": listed(self.warnings),
            "undetermined": listed(self.undetermined),
            "undated": list(self.undated),
            "todo": listed(self.todo),
            "tell": listed(self.tell),
            "unknown": listed(self.unknown),
            "not_due": listed(self.not_due),
        }

    def to_records(self) -> list[Record]:
        """One flat row for each warning, with texts, numbers, dates and None only; of its actions, the first."""
        return [
            {"agreement": self.agreement, "as_of": self.as_of, **each.to_record()} for each in self.warnings
        ]

    @overload
    def to_frame(self, backend: Literal["polars"] = "polars") -> pl.DataFrame: ...

    @overload
    def to_frame(self, backend: Literal["pandas"]) -> pd.DataFrame: ...

    @checked(backend=one_of(BACKENDS))
    def to_frame(self, backend: Literal["polars", "pandas"] = "polars") -> Any:
        """The rows of `to_records` as a data frame of polars or pandas, with the same columns even without a warning.

        Raises:
            ModuleNotFoundError: the library is not installed; the message has the command that installs it.
        """
        return frame_of(self.to_records(), backend)

    def __repr__(self) -> str:
        told = f"{self.status}, {len(self.warnings)} warnings, {len(self.undetermined)} undetermined"
        return f"<Assessment {self.agreement} as of {self.as_of}: {told}>"

    _repr_html_ = html

    @checked(severity=one_of(STATUSES))
    def at_least(self, severity: Status) -> bool:
        """Whether the status reaches a severity; `undetermined` ranks below `notice`.

        Raises:
            ArgumentError: there is no such severity.
        """
        return worse(self.status) >= worse(severity)
