"""What rules say in a test: warnings and undetermined entries, with their texts made only when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.assessment.figures import Form
from coopgov.assessment.run import assess
from coopgov.assessment.texts import margin_figure, measure_figure, message_text, threshold_figure
from coopgov.backends.reference import decide
from coopgov.language.interpreter import Interpreter
from coopgov.testing.rule_tests.case import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from coopgov.assessment.figures import Figure
    from coopgov.assessment.result import EarlyWarning
    from coopgov.facts.subject import Subject
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Rule, RuleSet
    from coopgov.testing.rule_tests.case import RuleTest

__all__ = ["Got", "GotUndetermined", "GotWarning", "Told", "outcomes"]


class Told(Protocol):
    """What a warning says in one language; an `EarlyWarning` is one."""

    @property
    def title(self) -> str:
        """The rule's title."""

    @property
    def message(self) -> str:
        """The message, filled in."""

    @property
    def measure(self) -> Figure | None:
        """The measured value."""

    @property
    def threshold(self) -> Figure | None:
        """What it was compared with."""

    @property
    def margin(self) -> Figure | None:
        """By how much it may worsen before the next band."""


@dataclass(frozen=True, slots=True)
class GotWarning:
    """A warning that came out; `tell` gives its texts in a language."""

    rule: str
    about: str
    severity: str
    waived: bool
    tell: Callable[[str], Told]


@dataclass(frozen=True, slots=True)
class GotUndetermined:
    """A rule that stayed undetermined."""

    rule: str
    about: str
    missing: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Got:
    """All that came out of the rules that a test is about."""

    warnings: tuple[GotWarning, ...]
    undetermined: tuple[GotUndetermined, ...]


def outcomes(test: RuleTest, rules: RuleSet, as_of: date | None) -> Got:
    """Decide the rules of a test on a date."""
    wanted = set(test.rules)
    if isinstance(given := test.given, Given):
        checked = [rule for rule in rules.rules if rule.id in wanted and rule.about == given.subject.about]
        return _of_facts(given, checked, as_of)
    assert as_of is not None
    return _of_agreement(given, rules, as_of, wanted, test.about)


def _of_facts(given: Given, rules: Iterable[Rule], as_of: date | None) -> Got:
    setting = replace(given.setting, as_of=as_of)
    interpreter = Interpreter(given.derived, setting)
    subject = given.subject
    warnings: list[GotWarning] = []
    undetermined: list[GotUndetermined] = []
    for rule in rules:
        hits: list[Any] = []
        unsure: list[Any] = []
        decide(rule.check, subject.record, interpreter, hits, unsure)
        for _, severity, value, threshold in hits:
            telling = _Telling(rule, subject, interpreter, severity, value, threshold)
            warnings.append(GotWarning(rule.id, subject.id, severity, waived=False, tell=telling))
        undetermined += (
            GotUndetermined(rule.id, subject.id, missing, because) for _, missing, because in unsure
        )
    return Got(tuple(warnings), tuple(undetermined))


@dataclass(frozen=True, slots=True)
class _Texts:
    title: str
    message: str
    measure: Figure | None
    threshold: Figure | None
    margin: Figure | None


@dataclass(frozen=True, slots=True)
class _Telling:
    """Makes the texts of a warning about small facts, as an assessment would."""

    rule: Rule
    subject: Subject
    interpreter: Interpreter
    severity: str
    value: Any
    threshold: Any

    def __call__(self, language: str) -> Told:
        rule, subject, interpreter, severity = self.rule, self.subject, self.interpreter, self.severity
        form = Form(language, interpreter.setting.currency, interpreter.setting.minor_units)
        measure = measure_figure(rule, self.value, self.threshold, subject, form)
        threshold = threshold_figure(rule, severity, subject, interpreter, form)
        message = message_text(rule, severity, subject, measure, threshold, interpreter, form)
        margin = margin_figure(rule, severity, self.value, subject, interpreter, form)
        return _Texts(rule.title.in_language(language), message, measure, threshold, margin)


def _of_agreement(agreement: Agreement, rules: RuleSet, as_of: date, wanted: set[str], about: str) -> Got:
    told: dict[str, dict[str, EarlyWarning]] = {}

    def in_language(language: str) -> dict[str, EarlyWarning]:
        if language not in told:
            found = assess(agreement, rules, as_of=as_of, language=language)
            told[language] = {each.id: each for each in found.warnings}
        return told[language]

    assessment = assess(agreement, rules, as_of=as_of)
    told["en"] = {each.id: each for each in assessment.warnings}
    warnings = tuple(
        GotWarning(
            each.rule,
            each.about,
            each.severity,
            waived=each.waived is not None,
            tell=lambda language, id_=each.id: in_language(language)[id_],
        )
        for each in assessment.warnings
        if each.rule in wanted and about in ("", each.about)
    )
    undetermined = tuple(
        GotUndetermined(each.rule, each.about, each.missing, each.because)
        for each in assessment.undetermined
        if each.rule in wanted and about in ("", each.about)
    )
    return Got(warnings, undetermined)
