"""Count the subjects for which a rule is decided, by extra rules that hold when it has an outcome.

So the engine counts in the same pass, and "1,420 late" becomes "1,420 of 3,423".
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from coopgov.backends.ir import Check, Step
from coopgov.language import syntax as s
from coopgov.language.types import TRUTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.language.syntax import Expr
    from coopgov.rules import RuleSet

__all__ = ["DECIDED", "ELSEWHERE", "counted_rule", "counting_checks", "decided_check", "with_population"]

DECIDED = " is decided"
ELSEWHERE = " is for others"
"""Suffixes of the ids of counting rules; rules' own ids have no spaces, so they cannot collide."""


def with_population(rules: RuleSet, about: str) -> RuleSet:
    """The rules and, for each that a frame can decide, those that count its subjects."""
    counting = tuple(
        replace(rule, id=check.id, check=check)
        for rule in rules.rules
        if rule.about == about and rule.layer == 0
        for check in counting_checks(rule.check)
    )
    return replace(rules, rules=(*rules.rules, *counting))


def counted_rule(id_: str) -> str:
    """The id of the rule whose subjects a counting rule counts."""
    return id_.removesuffix(DECIDED).removesuffix(ELSEWHERE)


def counting_checks(check: Check) -> Iterator[Check]:
    """The counting checks for a check; they are never undetermined themselves."""
    yield decided_check(check)
    if check.where is not None:
        yield elsewhere_check(check, check.where)


def decided_check(check: Check) -> Check:
    """The check that another applies to a subject and is known to hold or not.

    A step that holds decides all milder ones; one that is known not to hold leaves it to them.
    """
    worst_first = [step.condition for step in check.steps]
    ladder = reduce(_above, reversed(worst_first[:-1]), _known(worst_first[-1]))
    whole = ladder if check.where is None else _both(_certain(check.where), ladder)
    return Check(check.id + DECIDED, (Step("notice", whole),))


def elsewhere_check(check: Check, where: Expr) -> Check:
    """The check that another is known not to apply, because its `where` is false."""
    return Check(check.id + ELSEWHERE, (Step("notice", _certain(s.Not(where, type=TRUTH))),))


def _above(milder: Expr, condition: Expr) -> Expr:
    return s.Or((_certain(condition), _both(_known(condition), milder)), type=TRUTH)


def _known(condition: Expr) -> Expr:
    return s.Known(condition, type=TRUTH)


def _certain(condition: Expr) -> Expr:
    """The condition, but false if it is unknown or not set."""
    return _both(_known(condition), condition)


def _both(left: Expr, right: Expr) -> Expr:
    return s.And((left, right), type=TRUTH)
