"""For how many subjects a rule is, and is decided: rules beside each, which hold where it comes out one way or the other.

So the engine counts them in the same pass, and "1,420 late" can be told as "1,420 of 3,423".
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
"""Behind the id of a rule: those of the rules that count. Ids have no blanks."""


def with_population(rules: RuleSet, about: str) -> RuleSet:
    """The same rules, and beside each of those that a frame can decide, those that count its subjects."""
    counting = tuple(
        replace(rule, id=check.id, check=check)
        for rule in rules.rules
        if rule.about == about and rule.layer == 0
        for check in counting_checks(rule.check)
    )
    return replace(rules, rules=(*rules.rules, *counting), _programs={}, _backends={})


def counted_rule(id_: str) -> str:
    """The id of the rule beside which one counts."""
    return id_.removesuffix(DECIDED).removesuffix(ELSEWHERE)


def counting_checks(check: Check) -> Iterator[Check]:
    """The checks that count beside one; they are never undetermined themselves."""
    yield decided_check(check)
    if check.where is not None:
        yield elsewhere_check(check, check.where)


def decided_check(check: Check) -> Check:
    """Where a check is for a subject, and known to hold or not.

    A step that holds decides all milder ones; one that is known not to leaves it to them.
    """
    worst_first = [step.condition for step in check.steps]
    ladder = reduce(_above, reversed(worst_first[:-1]), _known(worst_first[-1]))
    whole = ladder if check.where is None else _both(_certain(check.where), ladder)
    return Check(check.id + DECIDED, (Step("notice", whole),))


def elsewhere_check(check: Check, where: Expr) -> Check:
    """Where a check is known to be for other subjects."""
    return Check(check.id + ELSEWHERE, (Step("notice", _certain(s.Not(where, type=TRUTH))),))


def _above(milder: Expr, condition: Expr) -> Expr:
    return s.Or((_certain(condition), _both(_known(condition), milder)), type=TRUTH)


def _known(condition: Expr) -> Expr:
    return s.Known(condition, type=TRUTH)


def _certain(condition: Expr) -> Expr:
    """The condition, and false where it is unknown or not set."""
    return _both(_known(condition), condition)


def _both(left: Expr, right: Expr) -> Expr:
    return s.And((left, right), type=TRUTH)
