"""Run a property with Hypothesis: rule by rule, with the host's settings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck
from hypothesis.errors import InvalidArgument

from coopgov.backends.ir import Program
from coopgov.backends.registry import DEFAULT_BACKEND
from coopgov.language.interpreter import Interpreter
from coopgov.rules.compiled import backend_of
from coopgov.rules.ruleset import RuleSet
from coopgov.testing.strategies.arguments import known_name, of_class
from coopgov.testing.strategies.boundaries import beside, setting_for
from coopgov.testing.strategies.records import near_days, records, sort_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import SearchStrategy

    from coopgov.backends.ir import Backend, Checker
    from coopgov.language.interpreter import Setting
    from coopgov.rules.rule import Rule

__all__ = ["Case", "Trial", "run", "trial"]

EXAMPLES = 25
"""How many records are drawn for a rule by default: few, because each is moved to all boundaries of the rule."""


@dataclass(frozen=True, slots=True)
class Case:
    """One rule with one record of facts."""

    rule: Rule
    facts: dict[str, Any]
    interpreter: Interpreter

    @property
    def applies(self) -> bool:
        """Whether the rule is for this subject."""
        where = self.rule.check.where
        return where is None or self.interpreter.value(where, self.facts) is True


@dataclass(frozen=True, slots=True)
class Trial:
    """What a property runs with: the rules to try, how they are decided, and how many examples to try."""

    rules: RuleSet
    chosen: tuple[Rule, ...]
    as_of: date
    backend: Backend
    setting: Setting
    settings: hypothesis.settings

    @property
    def records_setting(self) -> Setting:
        """The setting of checkers, which get the date with each record."""
        return replace(self.setting, as_of=None)

    def checker(self, rule: Rule, backend: Backend | None = None) -> Checker:
        """The checker of one rule alone."""
        program = Program(rule.about, (rule.check,), self.rules.catalogue)
        return (backend or self.backend).compile(program, self.records_setting)

    def records(self, rule: Rule) -> SearchStrategy[dict[str, Any]]:
        """Records of the facts that the rule reads."""
        one = replace(self.rules, rules=(rule,))
        return records(rule.about, sort_for(one, rule.about, near_days(self.as_of)))

    def cases(self, rule: Rule, record: dict[str, Any]) -> Iterator[Case]:
        """The record, and the record with one fact moved to each boundary of the rule."""
        yield self.case(rule, record)
        for facts in beside(rule, record, Interpreter(self.rules.catalogue, self.setting)):
            yield self.case(rule, facts)

    def case(self, rule: Rule, facts: dict[str, Any]) -> Case:
        """A record with its own interpreter, which caches computed values."""
        return Case(rule, facts, Interpreter(self.rules.catalogue, self.setting))


def trial(
    rules: RuleSet,
    about: str | None,
    as_of: date,
    backend: Backend | None,
    max_examples: int | None,
    settings: hypothesis.settings | None,
) -> Trial:
    """Check the arguments of a property.

    Raises:
        InvalidArgument: one of them is invalid.
    """
    of_class(rules, RuleSet, "rules"), of_class(as_of, date, "as_of")
    if about is not None:
        known_name(about, {rule.about for rule in rules.rules}, "about")
    if settings is not None:
        of_class(settings, hypothesis.settings, "settings")
        if max_examples is not None:
            raise InvalidArgument("write max_examples among the settings, or without them")
    chosen = tuple(rule for rule in rules.rules if about in (None, rule.about))
    return Trial(
        rules,
        chosen,
        as_of,
        backend_of(DEFAULT_BACKEND if backend is None else backend),
        setting_for(rules, as_of),
        _settings(settings, max_examples),
    )


def _settings(given: hypothesis.settings | None, max_examples: int | None) -> hypothesis.settings:
    """The host's settings, or those of its profile; without a deadline, and one counterexample is enough."""
    if given is not None:
        return hypothesis.settings(given, report_multiple_bugs=False)
    return hypothesis.settings(
        max_examples=EXAMPLES if max_examples is None else max_examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )


def run(
    name: str, strategy: SearchStrategy[Any], settings: hypothesis.settings, test: Callable[[Any], None]
) -> None:
    """Run a test on the values of a strategy; `name` keeps its failing examples apart from others."""

    def tried(drawn: Any) -> None:
        test(drawn)

    tried.__name__ = re.sub(r"\W", "_", name)
    settings(hypothesis.given(strategy)(tried))()
