"""For how many subjects a rule is decided: a second rule beside each, which holds where the first comes out one way or the other.

So the engine counts them in the same pass, and "1,420 late" can be told as "1,420 of 3,423".
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from coopgov.backends.program import Check, Step
from coopgov.language import syntax as s
from coopgov.language.types import TRUTH

if TYPE_CHECKING:
    from coopgov.language.syntax import Expr
    from coopgov.rules import RuleSet

__all__ = ["DECIDED", "decided_check", "with_population"]

DECIDED = " is decided"
"""Behind the id of a rule: that of the rule that counts. Ids have no blanks."""


def with_population(rules: RuleSet, about: str) -> RuleSet:
    """The same rules, and beside each of those that a frame can decide, the one that counts its subjects."""
    counting = tuple(
        replace(rule, id=rule.id + DECIDED, check=decided_check(rule.check))
        for rule in rules.rules
        if rule.about == about and rule.layer == 0
    )
    return replace(rules, rules=(*rules.rules, *counting), _programs={}, _backends={})


def decided_check(check: Check) -> Check:
    """Where a check is for a subject, and known to hold or not: never undetermined itself.

    A step that holds decides all milder ones; one that is known not to leaves it to them.
    """
    worst_first = [step.condition for step in check.steps]
    ladder = reduce(_above, reversed(worst_first[:-1]), _known(worst_first[-1]))
    whole = ladder if check.where is None else _both(_certain(check.where), ladder)
    return Check(check.id + DECIDED, (Step("notice", whole),))


def _above(milder: Expr, condition: Expr) -> Expr:
    return s.Or((_certain(condition), _both(_known(condition), milder)), type=TRUTH)


def _known(condition: Expr) -> Expr:
    return s.Known(condition, type=TRUTH)


def _certain(condition: Expr) -> Expr:
    """The condition, and false where it is unknown or not set."""
    return _both(_known(condition), condition)


def _both(left: Expr, right: Expr) -> Expr:
    return s.And((left, right), type=TRUTH)
