"""Check that nothing makes the engine crash: facts that are missing, odd or huge, and whole agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import assume
from hypothesis import strategies as st

from coopgov.assessment.assess import assess
from coopgov.backends.interpreter import REASONS
from coopgov.errors import AgreementError
from coopgov.locales import listed, phrase, verbatim
from coopgov.model import plain_agreement
from coopgov.severities import SEVERITIES
from coopgov.testing.properties.counterexample import CounterexampleError
from coopgov.testing.properties.running import run, trial
from coopgov.testing.strategies.agreements import agreements
from coopgov.testing.strategies.records import DAY, near_days, records, sort_for

if TYPE_CHECKING:
    from datetime import date

    import hypothesis
    from hypothesis.strategies import SearchStrategy

    from coopgov.backends.ir import Backend
    from coopgov.locales import Phrase
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.properties.running import Trial

__all__ = ["check_no_crash"]

_LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def check_no_crash(
    rules: RuleSet,
    *,
    about: str | None = None,
    as_of: date = DAY,
    backend: Backend | None = None,
    max_examples: int | None = None,
    settings: hypothesis.settings | None = None,
) -> None:
    """Check that checkers and assessments return results for any facts, missing ones included.

    Checkers get records in which facts are absent, None, NaN or of any size; assessments get whole agreements, dates
    around `as_of`, in English and Chinese. None may raise, and the results of a checker must have the documented
    shape.

    Args:
        rules: the rules.
        about: only checkers about this type of subject, and no assessments.
        as_of: the date around which all dates lie.
        backend: an engine to try in place of the rule set's own.
        max_examples: how many records are drawn for each type of subject, and how many agreements.
        settings: Hypothesis settings in place of the current profile's.

    Raises:
        CounterexampleError: facts, or an agreement, that made it raise; the exception itself is its cause.
        hypothesis.errors.InvalidArgument: an argument is invalid.
    """
    made = trial(rules, about, as_of, backend, max_examples, settings)
    days = near_days(as_of)
    for sort in dict.fromkeys(rule.about for rule in made.chosen):
        found: SearchStrategy[dict[str, Any]] = st.just({}) | records(sort, sort_for(rules, sort, days))
        run(f"check_no_crash_{sort}", found, made.settings, _OfCheckers(made, sort))
    if about is None:
        whole = st.tuples(agreements(days=days), days, st.sampled_from(_LANGUAGES))
        run("check_no_crash_agreements", whole, made.settings, _OfAssessments(made))


class _OfCheckers:
    """The test of the checker of one type of subject."""

    def __init__(self, made: Trial, about: str) -> None:
        self.made = made
        self.about = about
        program = made.rules.program(about)
        self.checker = made.backend.compile(program, made.records_setting)
        self.steps = {check.id: {*(step.severity for step in check.steps)} for check in program.checks}

    def __call__(self, facts: dict[str, Any]) -> None:
        try:
            answer: Any = self.checker(facts, as_of=self.made.as_of)
        except Exception as error:
            raise self._counterexample(facts, _raised(error)) from error
        if not self._answers(answer):
            raise self._counterexample(facts, verbatim(repr(answer)))

    def _answers(self, answer: Any) -> bool:
        """Whether a result has the shape that checkers return."""
        try:
            hits, undetermined = answer
            known = all(severity in self.steps[rule] for rule, severity, _, _ in hits)
            return known and all(
                rule in self.steps and because in REASONS and all(isinstance(name, str) for name in missing)
                for rule, missing, because in undetermined
            )
        except (KeyError, TypeError, ValueError):
            return False

    def _counterexample(self, facts: dict[str, Any], found: Phrase) -> CounterexampleError:
        expected = phrase("testing.property.hits", severities=listed(SEVERITIES))
        return CounterexampleError(None, self.about, facts, self.made.as_of, found, expected)


class _OfAssessments:
    """The test of whole assessments."""

    def __init__(self, made: Trial) -> None:
        self.made = made

    def __call__(self, drawn: tuple[Agreement, date, str]) -> None:
        agreement, day, language = drawn
        try:
            assess(
                agreement, self.made.rules, as_of=day, language=language, backend=self.made.backend
            ).to_json()
        except AgreementError:  # a drawn custom value may not be of the type that the rules declare
            assume(False)
        except Exception as error:
            facts = plain_agreement(agreement)
            expected = phrase("testing.property.assessment", language=language)
            raise CounterexampleError(None, "agreement", facts, day, _raised(error), expected) from error


def _raised(error: Exception) -> Phrase:
    return verbatim(f"{type(error).__name__}: {error}")
