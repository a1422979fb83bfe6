"""Lets rules about cases see the cases that an assessment is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.facts.overlay import with_cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.facts import Facts
    from coopgov.facts.base.cases import CaseFacts
    from coopgov.rules.ruleset import RuleSet

__all__ = ["seeing_cases"]


def seeing_cases(facts: Facts, rules: RuleSet, cases: Iterable[CaseFacts] | None) -> Facts:
    """Return the facts with the cases of the agreement; the facts themselves if no rule reads cases.

    Most rule sets read none, and whoever keeps cases assesses every day: records are not copied in vain.
    """
    return facts if cases is None or not _read_cases(rules) else with_cases(facts, cases)


def _read_cases(rules: RuleSet) -> bool:
    """Whether a rule or formula may read cases, by its text."""
    texts = (text for rule in rules.rules for text in rule.texts.values())
    formulas = (fact.text for fact in rules.catalogue.facts.values())
    return any("cases" in text for each in (texts, formulas) for text in each)
