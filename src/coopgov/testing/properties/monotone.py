"""Check that severity is monotone in the measure: a worse value never gets a milder severity."""

from __future__ import annotations

from functools import partial, reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from coopgov.language import syntax as s
from coopgov.language.tolerance import TOLERANCE
from coopgov.language.values import Bounds, missing
from coopgov.locales import phrase, verbatim
from coopgov.severities import SEVERITIES
from coopgov.testing.properties.counterexample import CounterexampleError, answer_text
from coopgov.testing.properties.running import run, trial
from coopgov.testing.strategies.boundaries import moved
from coopgov.testing.strategies.records import DAY

if TYPE_CHECKING:
    from datetime import date

    import hypothesis

    from coopgov.backends.ir import Backend
    from coopgov.locales import Phrase
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.properties.running import Case, Trial

__all__ = ["check_monotone"]

_Rung = tuple[float, int, "Case"]
"""A measure, the rank of the severity that it gave (-1 for none), and the case."""


def check_monotone(
    rules: RuleSet,
    *,
    about: str | None = None,
    as_of: date = DAY,
    backend: Backend | None = None,
    max_examples: int | None = None,
    settings: hypothesis.settings | None = None,
) -> None:
    """Check that a worse measure never gives a milder severity.

    One fact of a record is moved, so that the measure rises (falls, if the bands say `below`) while everything it is
    compared with stays the same: the severity must not drop. Subjects that a rule is not for (`where`) and undetermined
    outcomes are skipped; so are rules without a measure, and those whose bands have no direction.

    Args:
        rules: the rules.
        about: only the rules about this type of subject.
        as_of: the date of the assessment.
        backend: an engine to try in place of the rule set's own.
        max_examples: how many records are drawn for each rule; each fact of them is then moved.
        settings: Hypothesis settings in place of the current profile's.

    Raises:
        CounterexampleError: facts with a worse measure than others and a milder severity.
        hypothesis.errors.InvalidArgument: an argument is invalid.
    """
    made = trial(rules, about, as_of, backend, max_examples, settings)
    for rule in made.chosen:
        direction = _direction(rule)
        if direction:
            run(f"check_monotone_{rule.id}", made.records(rule), made.settings, _Test(made, rule, direction))


def _direction(rule: Rule) -> int:
    """1 if more is worse, -1 if less is, 0 if the bands do not say.

    If all bands are ranges (`between`), their order decides.
    """
    conditions = [step.condition for step in rule.check.steps]
    if rule.check.measure is None:
        return 0
    if any(isinstance(each, (s.Above, s.AtLeast)) for each in conditions):
        return 1
    if any(isinstance(each, (s.Below, s.AtMost)) for each in conditions):
        return -1
    lows = [each.low for each in conditions if isinstance(each, s.Between)]
    values = [low.value for low in lows if isinstance(low, s.Literal)]
    if len(values) < 2 or len(values) < len(conditions):
        return 0
    return 1 if values[0] > values[-1] else -1  # type: ignore[operator]  # numbers; the worst step is first


class _Test:
    """The test of one rule."""

    def __init__(self, made: Trial, rule: Rule, direction: int) -> None:
        self.made = made
        self.rule = rule
        self.direction = direction
        self.checker = made.checker(rule)

    def __call__(self, record: dict[str, Any]) -> None:
        for group in moved(self.rule, record, self.made.case(self.rule, record).interpreter):
            ladders: dict[tuple[Any, ...], list[_Rung]] = {}
            for facts in group:
                case = self.made.case(self.rule, facts)
                rung = self._rung(case)
                if rung is not None:
                    ladders.setdefault(self._thresholds(case), []).append(rung)
            for rungs in ladders.values():
                self._check(sorted(rungs, key=lambda rung: (rung[0], rung[1])))

    def _rung(self, case: Case) -> _Rung | None:
        """The measure, with the sign under which more is worse, and the rank of its severity; None if undetermined."""
        assert self.rule.check.measure is not None
        measure: Any = case.interpreter.value(self.rule.check.measure, case.facts)
        if missing(measure) or isinstance(measure, Bounds) or not case.applies:
            return None
        hits, undetermined = self.checker(case.facts, as_of=self.made.as_of)
        if undetermined:
            return None
        return self.direction * measure, SEVERITIES.index(hits[0][1]) if hits else -1, case

    def _thresholds(self, case: Case) -> tuple[Any, ...]:
        """The thresholds of the measure, which must be the same for a fair comparison."""
        parts = [part for step in self.rule.check.steps for part in (*s.children(step.condition),)[1:]]
        return tuple(case.interpreter.value(part, case.facts) for part in parts)

    def _check(self, rungs: list[_Rung]) -> None:
        for (measure, rank, case), (worse, milder, other) in pairwise(rungs):
            if milder < rank and worse - measure > TOLERANCE * max(1.0, abs(worse)) * 2:
                here, there = self.direction * worse, self.direction * measure
                found = _text("for-measure", answer=_severity(milder), measure=f"{here:.15g}")
                expected = _text(
                    "or-worse",
                    answer=_severity(rank),
                    measure=f"{there:.15g}",
                    direction=_text("above" if self.direction > 0 else "below"),
                    moved=_moved(case, other),
                )
                raise CounterexampleError(
                    self.rule.id, self.rule.about, other.facts, self.made.as_of, found, expected
                )


def _text(part: str, **values: object) -> Phrase:
    return phrase(f"testing.property.{part}", **values)


def _severity(rank: int) -> Phrase:
    return answer_text(SEVERITIES[rank] if rank >= 0 else None)


def _moved(case: Case, other: Case) -> Phrase:
    """The facts that differ, among those of the record itself."""
    names = [name for name, value in other.facts.items() if case.facts.get(name) != value]
    moved = [
        _text("was", fact=name, value=case.facts.get(name))
        for name in names
        if not isinstance(other.facts[name], (dict, list))
    ]
    both = partial(phrase, "testing.outcome.also")
    return reduce(lambda first, second: both(first=first, second=second), moved) if moved else verbatim("")
