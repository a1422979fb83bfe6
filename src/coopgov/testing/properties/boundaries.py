"""Check that each band begins exactly where its rule says, in every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.ir import conditions
from coopgov.backends.python.backend import DirectBackend
from coopgov.language import syntax as s
from coopgov.language.tolerance import MONEY_TOLERANCE, TOLERANCE
from coopgov.language.values import Bounds, missing
from coopgov.locales import phrase, verbatim
from coopgov.testing.properties.counterexample import CounterexampleError, answer_text
from coopgov.testing.properties.running import run, trial
from coopgov.testing.strategies.records import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import hypothesis

    from coopgov.backends.ir import Backend, Checker
    from coopgov.locales import Phrase
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.properties.running import Case, Trial

__all__ = ["check_boundaries"]


def check_boundaries(
    rules: RuleSet,
    *,
    about: str | None = None,
    as_of: date = DAY,
    backend: Backend | None = None,
    max_examples: int | None = None,
    settings: hypothesis.settings | None = None,
) -> None:
    """Check that each band of each rule begins exactly where it says.

    At a threshold, `above` and `below` do not hold, `at least` and `at most` do; just beyond it, the band or a worse
    one fires; just before it, the band does not. The expected outcome follows from the values on both sides of each
    comparison. The reference interpreter, the `direct` backend and the rule set's own checker must all give that
    outcome, and agree in everything else.

    Args:
        rules: the rules.
        about: only the rules about this type of subject.
        as_of: the date of the assessment.
        backend: an engine to try in place of the rule set's own.
        max_examples: how many records are drawn for each rule; each is then moved to all boundaries of the rule.
        settings: Hypothesis settings in place of the current profile's.

    Raises:
        CounterexampleError: facts for which a rule deviates.
        hypothesis.errors.InvalidArgument: an argument is invalid.
    """
    made = trial(rules, about, as_of, backend, max_examples, settings)
    for rule in made.chosen:
        run(f"check_boundaries_{rule.id}", made.records(rule), made.settings, _Test(made, rule))


class _Test:
    """The test of one rule."""

    def __init__(self, made: Trial, rule: Rule) -> None:
        self.made = made
        self.rule = rule
        self.engines: dict[str, Checker] = {
            "interpreter": made.checker(rule, ReferenceBackend()),
            "direct-backend": made.checker(rule, DirectBackend()),
            "checker": made.checker(rule),
        }

    def __call__(self, record: dict[str, Any]) -> None:
        for case in self.made.cases(self.rule, record):
            self._check(case)

    def _check(self, case: Case) -> None:
        expected, sides = _expected(case)
        answers = {name: checker(case.facts, as_of=self.made.as_of) for name, checker in self.engines.items()}
        for name, (hits, _) in answers.items():
            if [hit[1] for hit in hits] != ([expected] if expected else []):
                found = _from(answer_text(hits[0][1] if hits else None), name)
                raise self._counterexample(case, found, _compared(answer_text(expected), sides))
        reference = answers["interpreter"]
        for name, answer in answers.items():
            if repr(answer) != repr(reference):
                said = phrase("testing.property.as-interpreter", answer=verbatim(str(reference)))
                raise self._counterexample(case, _from(verbatim(str(answer)), name), said)

    def _counterexample(self, case: Case, found: Phrase, expected: Phrase) -> CounterexampleError:
        return CounterexampleError(
            self.rule.id, self.rule.about, case.facts, self.made.as_of, found, expected
        )


def _from(answer: Phrase, engine: str) -> Phrase:
    return phrase("testing.property.from", answer=answer, engine=phrase(f"testing.property.{engine}"))


def _compared(answer: Phrase, sides: list[float] | None) -> Phrase:
    """An answer with the two numbers whose comparison decides it, if there are any."""
    if sides is None:
        return answer
    left, right = (f"{side:.15g}" for side in sides)
    return phrase("testing.property.compared", answer=answer, left=left, right=right)


def _expected(case: Case) -> tuple[str | None, list[float] | None]:
    """The severity of the worst band that holds and the numbers that decide it; if none, those of the mildest."""
    compared: list[float] | None = None
    for step, condition in zip(case.rule.check.steps, conditions(case.rule.check), strict=True):
        sides = _sides(step.condition, case)
        if sides is not None and len(sides) == 2:
            compared = sides
        if _holds(condition, case) is True:
            return step.severity, compared
    return None, compared


def _holds(node: s.Expr, case: Case) -> bool | None:
    """Whether a condition holds, with each comparison of numbers decided as the language specifies."""
    if isinstance(node, s.Not):
        inner = _holds(node.operand, case)
        return None if inner is None else not inner
    if isinstance(node, s.Logic):
        outcomes = [_holds(part, case) for part in node.operands]
        decisive = isinstance(node, s.Or)
        return decisive if decisive in outcomes else None if None in outcomes else not decisive
    sides = _sides(node, case)
    if sides is None:
        value: Any = case.interpreter.value(node, case.facts)
        return None if missing(value) else bool(value)
    if isinstance(node, s.Between):
        return _order(node, sides[0], sides[1]) >= 0 and _order(node, sides[0], sides[2]) <= 0
    assert isinstance(node, s.Comparison)
    return _order(node, *sides) in _SIGNS[type(node)]


def _sides(node: s.Expr, case: Case) -> list[float] | None:
    """The numbers that a comparison compares; None if it compares something else, or they are uncertain."""
    if not isinstance(node, (s.Comparison, s.Between)) or not s.children(node)[0].type.ordered:
        return None
    values: list[Any] = [case.interpreter.value(part, case.facts) for part in s.children(node)]
    return None if any(missing(value) or isinstance(value, Bounds) for value in values) else values


def _order(node: s.Expr, left: float, right: float) -> int:
    """-1, 0 or 1: whether one number is below, equal to or above another, as decimal figures."""
    kinds = [part.type for part in s.children(node)]
    exact = all(kind.kind == "date" or (kind.kind == "money" and kind.exact) for kind in kinds)
    least = MONEY_TOLERANCE if exact else TOLERANCE * max(1.0, abs(right))
    return 1 if left > right + least else -1 if left < right - least else 0


_SIGNS: Mapping[type[s.Comparison], tuple[int, ...]] = s.by_comparison(
    above=(1,), at_least=(0, 1), equal=(0,), at_most=(0, -1), below=(-1,), not_equal=(1, -1)
)
"""On which sides of the other number each comparison holds: written down independently of the reference engine."""
