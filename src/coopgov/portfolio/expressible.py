"""Leaves out, and names, shipped rules that columns cannot express.

A user's own rule is an error that its author can correct.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from coopgov.errors import BackendError
from coopgov.portfolio.decided_counts import counted_rule
from coopgov.rules.pack_names import BUILT_IN, pack_names

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from coopgov.rules import Rule, RuleSet

__all__ = ["with_expressible", "without"]

_Answer = TypeVar("_Answer")


def with_expressible(rules: RuleSet, ask: Callable[[RuleSet], _Answer]) -> tuple[_Answer, dict[str, str]]:
    """The answer for some rules, and the reason for each shipped rule that had to be left out.

    Raises:
        BackendError: a rule that is not shipped has no meaning in columns.
    """
    left_out: dict[str, str] = {}
    while True:
        try:
            return ask(without(rules, left_out)), left_out
        except BackendError as error:
            name = counted_rule(error.rule)
            rule = next((each for each in rules.rules if each.id == name), None)
            if rule is None or name in left_out or not _shipped(rule):
                raise error.at(rule.place if rule else None) from None
            left_out[name] = error.why


def without(rules: RuleSet, names: Container[str]) -> RuleSet:
    """The same rules without some, and without those that count beside them."""
    rest = tuple(each for each in rules.rules if counted_rule(each.id) not in names)
    return rules if len(rest) == len(rules.rules) else replace(rules, rules=rest)


def _shipped(rule: Rule) -> bool:
    """Whether a rule, with all that it asks, is from a pack of the library's own."""
    shipped = {*pack_names(), BUILT_IN}
    asks = (rule.fields.get(key) for key in ("where", "measure", "bands", "when", "ends"))
    return rule.pack in shipped and all(each is None or each.source.file.pack in shipped for each in asks)
