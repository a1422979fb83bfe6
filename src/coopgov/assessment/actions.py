"""Recommend actions for a warning, ranked by which resources are already under strain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from coopgov.assessment.result import RecommendedAction, worse
from coopgov.facts.subject import day_after
from coopgov.locales import text
from coopgov.rules.rule import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgov.assessment.figures import Figure
    from coopgov.assessment.roles import Holders
    from coopgov.facts.derive import Facts
    from coopgov.model import Agreement
    from coopgov.rules.rule import Rule
    from coopgov.schema import Span
    from coopgov.severities import Severity

__all__ = ["STRAINS", "Active", "Situation", "actions_of", "later", "recommended_by"]

STRAINS: Mapping[str, str] = {
    "budget": "overspend",
    "people": "resource-conflict",
    "time": "delay",
    "quality": "quality",
}
"""The kind of warning that shows that a strain's resource is already short."""


@dataclass(frozen=True, slots=True)
class Active:
    """An active warning, as the notes of actions describe it."""

    kind: str
    severity: Severity
    measure: Figure | None
    over: bool
    """Whether the measure is the share by which spending exceeds its budget."""
    message: str


def actions_of(agreement: Agreement, pack: Iterable[Action], holders: Holders) -> tuple[Action, ...]:
    """All actions that can be recommended: the agreement's own contingency plans and those of the packs.

    Their owners have the names that the agreement has for them.
    """
    plans = (
        Action(plan.id, plan.answers, plan.strains, plan.title, plan.owner, plan.within, own=True)
        for plan in agreement.plans
    )
    return tuple(
        each if each.owner is None else replace(each, owner=holders.of(each.owner))
        for each in (*plans, *pack)
    )


def recommended_by(rule: Rule, action: Action) -> bool:
    """Whether a rule recommends an action: the rule names it, or names none and the action answers its kind."""
    return rule.kind in action.answers if rule.actions is None else action.id in rule.actions


def later(facts: Facts, span: Span) -> date:
    """The day that comes one span after the date of the assessment."""
    return day_after(facts.as_of, span, facts.calendar)


class Situation:
    """What is under strain on this date, which decides how actions rank."""

    def __init__(
        self, facts: Facts, actions: tuple[Action, ...], active: Iterable[Active], holders: Holders
    ) -> None:
        self.facts = facts
        self.language = holders.language
        self.holders = holders
        self.broken: dict[str, Active] = {}
        for warning in active:
            self._consider(warning)
        self.ranked = [(action, self._recommended(action)) for action in sorted(actions, key=self._rank)]
        self.by_rule: dict[str, tuple[RecommendedAction, ...]] = {}

    def recommended(self, rule: Rule) -> tuple[RecommendedAction, ...]:
        """The actions that a rule recommends: those with the fewest broken strains first, then the agreement's own."""
        if rule.id not in self.by_rule:
            self.by_rule[rule.id] = tuple(
                texts for action, texts in self.ranked if recommended_by(rule, action)
            )
        return self.by_rule[rule.id]

    def _consider(self, warning: Active) -> None:
        if worse(warning.severity) < worse("minor"):
            return
        for strain, kind in STRAINS.items():
            if kind == warning.kind:
                known = self.broken.get(strain)
                if known is None or _weight(warning) > _weight(known):
                    self.broken[strain] = warning

    def _strained(self, action: Action) -> tuple[str, ...]:
        return tuple(strain for strain in action.strains if strain in self.broken)

    def _rank(self, action: Action) -> tuple[int, bool, date, str]:
        due = later(self.facts, action.within) if action.within else date.max
        return len(self._strained(action)), not action.own, due, action.id

    def _recommended(self, action: Action) -> RecommendedAction:
        strained = self._strained(action)
        return RecommendedAction(
            action.id,
            action.title.in_language(self.language),
            action.owner,
            later(self.facts, action.within) if action.within else None,
            strained,
            " · ".join(self._note(strain) for strain in strained),
            action.owner is not None and self.holders.vacant(action.owner),
            action.own,
            self.holders.stand_ins(action.owner) if action.owner else (),
        )

    def _note(self, strain: str) -> str:
        warning = self.broken[strain]
        why = warning.message
        if strain == "budget" and warning.over and warning.measure is not None:
            why = text("assessment.notes.over", self.language, measure=warning.measure.text)
        strained = text(f"assessment.notes.{strain}", self.language)
        return text("assessment.notes.because", self.language, strain=strained, why=why)


def _weight(warning: Active) -> tuple[int, bool, float]:
    """Rank the warnings a note could name: the worst, then one about overspending by a share, then the largest."""
    value = warning.measure.value if warning.measure and warning.over else 0.0
    return worse(warning.severity), warning.over, value if isinstance(value, (int, float)) else 0.0
