"""Study the rules of a file as logic: the formula of each band, facts that show it, the engine's outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from coopgov.analysis.logic.assignment import Given, record_of, setting_of
from coopgov.analysis.logic.decide import Answer, Logic
from coopgov.analysis.logic.examples import example, value_text
from coopgov.analysis.logic.formulas import FALSE, Any, negated
from coopgov.analysis.logic.sampling import Pool, rank
from coopgov.backends.interpreter import decide
from coopgov.backends.ir import conditions
from coopgov.errors import ArgumentError, FactError
from coopgov.language.interpreter import Interpreter
from coopgov.locales import phrase, verbatim
from coopgov.rules.expanded import RowField
from coopgov.rules.merge import words_of
from coopgov.rules.source import Field
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.analysis.logic.formulas import Formula
    from coopgov.analysis.scope import Scope
    from coopgov.finding import Example
    from coopgov.language.syntax import Expr
    from coopgov.locales import Phrase
    from coopgov.rules import Rule

_FAR = 100_000
"""Ends beyond this follow from the range of dates, and mean nothing to an author."""

__all__ = ["Band", "Studied", "Study"]


@dataclass(frozen=True, eq=False)
class Band:
    """One step of a rule: its severity, the formula that it and `where` hold, and its condition."""

    severity: str
    holds: Formula
    condition: Expr


@dataclass(eq=False)
class Studied:
    """A rule with its bands, worst first; `witnesses` are facts for which a band holds."""

    rule: Rule
    bands: tuple[Band, ...]
    witnesses: dict[str, Given] = field(default_factory=dict)
    never: set[str] = field(default_factory=set)
    """The severities that are proved to be unreachable."""
    _silent: dict[str, Formula] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the rule."""
        return self.rule.id

    def fires(self, severity: str = SEVERITIES[0]) -> Formula:
        """The formula that the rule warns with a severity or a worse one."""
        parts = tuple(band.holds for band in self.bands if rank(band.severity) >= rank(severity))
        return Any(parts) if parts else FALSE

    def silent(self, severity: str = SEVERITIES[0]) -> Formula:
        """The formula that the rule does not warn with a severity or a worse one."""
        if severity not in self._silent:
            self._silent[severity] = negated(self.fires(severity))
        return self._silent[severity]


@dataclass(eq=False)
class Study:
    """What the findings of logic about one rule set share."""

    scope: Scope
    logic: Logic = field(init=False)
    _studied: dict[str, Studied] = field(default_factory=dict)
    _pools: dict[str, Pool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.logic = Logic(self.scope.rules.catalogue, self.scope.solver, self.scope.deadline)

    @cached_property
    def own(self) -> tuple[Rule, ...]:
        """The rules that the file defines or overrides, or whose parameters it sets."""
        mine = {rule.id for rule in self.scope.own}
        return tuple(
            rule
            for rule in self.scope.rules.rules
            if rule.id in mine or self._parameters(rule.texts.values())
        )

    def _parameters(self, texts: Iterable[str]) -> list[str]:
        """The parameters that the file itself sets and that expressions name."""
        words = {word for text in texts for word in words_of(text)}
        return [name for name in self.scope.source.file.parameters if name in words]

    def place(self, rule: Rule, given: Field | None) -> Field:
        """The place in the file itself: at a field, else at the parameter that the field reads, else at the rule."""
        source = self.scope.source
        if given is not None and self.scope.owns(given):
            return given
        named = self._parameters([str(given.value)] if given else []) or self._parameters(rule.texts.values())
        if named:
            return Field(named[0], source, ("parameters", named[0]))
        mine = [each for each in rule.fields.values() if each.source is source]
        return mine[0] if mine else next(iter(rule.fields.values()))

    def text(self, rule: Rule, key: str) -> str:
        """An expression as written; for a row of a table, the condition of its own cells."""
        given = rule.fields.get(key)
        return given.own if isinstance(given, RowField) else rule.texts[key].strip()

    def studied(self, rule: Rule) -> Studied:
        """A rule as logic."""
        if rule.id not in self._studied:
            self.scope.deadline.check()
            check = rule.check
            meaning = self.logic.meaning(rule.about)
            pairs = zip(check.steps, conditions(check), strict=True)
            bands = tuple(
                Band(step.severity, meaning.holds(condition), condition) for step, condition in pairs
            )
            self._studied[rule.id] = Studied(rule, bands)
        return self._studied[rule.id]

    def outcome(self, rule: Rule, given: Given) -> str | None:
        """The severity of the warning that the engine gives for facts; None if it gives none."""
        self.scope.deadline.check()
        catalogue = self.scope.rules.catalogue
        try:
            interpreter = Interpreter(catalogue, setting_of(given))
            hit, _ = decide(rule.check, record_of(given, catalogue, rule.about), interpreter)
        except (ArgumentError, FactError):
            return None
        return hit[1] if hit else None

    def pool(self, about: str) -> Pool:
        """The pool of all rules about a type of subject, over the facts for which one of them holds."""
        if about not in self._pools:
            shown = [
                given
                for each in self._studied.values()
                if each.rule.about == about
                for given in each.witnesses.values()
            ]
            self._pools[about] = Pool.of(shown, about, self.scope.rules, self.scope.deadline)
        return self._pools[about]

    def value(self, node: Expr, about: str, given: Given) -> object:
        """The engine's value of a condition; None if it needs a date that is not given."""
        try:
            interpreter = Interpreter(self.scope.rules.catalogue, setting_of(given))
            return interpreter.value(node, record_of(given, self.scope.rules.catalogue, about))
        except (ArgumentError, FactError):
            return None

    def example(self, about: str, given: Given, shows: Phrase) -> Example:
        """The example that facts make."""
        return example(given, self.scope.rules.catalogue, about, shows)

    def reach(self, node: Expr, about: str) -> Phrase:
        """The range of a measure in words; empty if it has no meaningful ends."""
        terms = self.logic.meaning(about).terms
        span = terms.reach_of(terms.sum_of(terms.written_out(node))).span
        low, high = (
            None if end is None or abs(end) >= _FAR else verbatim(value_text(end, node.type))
            for end in (span.low, span.high)
        )
        if low is None or high is None:
            ends = {"low": low} if low else {"high": high} if high else {}
            return phrase(f"analysis.reach.{'least' if low else 'most'}", **ends) if ends else verbatim("")
        return phrase("analysis.reach.both", low=low, high=high)

    def witness(self, studied: Studied, band: Band) -> Answer:
        """Whether a band can hold, with facts that show it, if they can be made up."""
        about = studied.rule.about
        answer = self.logic.ask(
            band.holds, about, lambda given: self.value(band.condition, about, given) is True
        )
        if answer.given is not None:
            studied.witnesses[band.severity] = answer.given
        if answer.possible is False:
            studied.never.add(band.severity)
        return answer
