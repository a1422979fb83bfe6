"""Explanations as immutable values and as JSON: how a rule came out, its tree, and what would change the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from coopgov.display import html

if TYPE_CHECKING:
    from coopgov.assessment.figures import Figure
    from coopgov.severities import Severity, Status

__all__ = ["Change", "Explanation", "ExplanationStep", "RuleOutcome"]

RuleOutcome = Literal["fired", "clear", "undetermined", "not applicable"]
"""How a rule came out for a subject."""


@dataclass(frozen=True, slots=True)
class ExplanationStep:
    """One part of an evaluated rule: its text, its value, where a fact was read, and its own parts.

    `shown` is the text for readers: in other languages than English, facts and parts of the rule by their names.
    """

    text: str
    value: Figure
    at: str | None
    parts: tuple[ExplanationStep, ...]
    shown: str = ""

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
    outcome: Status
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation:
    """Why a rule came out as it did, and which changes would alter that.

    `outcome` is `fired`, `clear`, `undetermined` or `not applicable`. `margin` is how much the measure may still worsen
    before `next_severity`, in the measure's unit. `changes` are the smallest changes of one fact that would clear a
    warning, make it milder, or trigger it: what is done before what was agreed, small before large. `ahead` is what
    time alone will do: the date on which the outcome will be worse if nothing changes.
    """

    rule: str
    about: str
    outcome: RuleOutcome
    severity: Severity | None
    sentence: str
    measure: Figure | None
    threshold: Figure | None
    margin: Figure | None
    next_severity: Severity | None
    missing: tuple[str, ...]
    because: str | None
    tree: tuple[ExplanationStep, ...]
    changes: tuple[Change, ...] = ()
    ahead: Change | None = None

    def __repr__(self) -> str:
        told = self.outcome if self.severity is None else f"{self.outcome}, {self.severity}"
        return f"<Explanation {self.rule}@{self.about}: {told}>"

    _repr_html_ = html

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
