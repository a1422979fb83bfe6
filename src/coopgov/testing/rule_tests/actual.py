"""Run the rules of a test: the actual warnings and undetermined entries, with texts made only when they are needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from coopgov.assessment.assess import assess
from coopgov.assessment.figures import Form
from coopgov.assessment.texts import margin_figure, measure_figure, message_text, threshold_figure
from coopgov.backends.interpreter import decide
from coopgov.errors import UnknownNameError
from coopgov.explanation.explain import explain
from coopgov.language.interpreter import Interpreter
from coopgov.language.values import NOT_SET
from coopgov.locales import phrase, verbatim
from coopgov.rules.ruleset import engine_of
from coopgov.testing.rule_tests.case import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from coopgov.assessment.figures import Figure
    from coopgov.assessment.result import Assessment, EarlyWarning
    from coopgov.facts.subject import Subject
    from coopgov.locales import Phrase
    from coopgov.model import Agreement
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import Engine, RuleSet
    from coopgov.severities import Severity
    from coopgov.testing.rule_tests.case import RuleTest

__all__ = ["Got", "GotUndetermined", "GotWarning", "WarningTexts", "outcomes"]


class WarningTexts(Protocol):
    """The texts of a warning in one language; an `EarlyWarning` is one."""

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
        """The threshold that the measure was compared with."""

    @property
    def margin(self) -> Figure | None:
        """How much the measure may worsen before the next band."""


@dataclass(frozen=True, slots=True)
class GotWarning:
    """An actual warning; `words` gives its texts in a language."""

    rule: str
    about: str
    severity: str
    waived: bool
    past: bool
    inhibited_by: str
    words: Callable[[str], WarningTexts]


@dataclass(frozen=True, slots=True)
class GotUndetermined:
    """A rule that is actually undetermined."""

    rule: str
    about: str
    missing: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Got:
    """All actual outcomes of the rules that a test is about; `silence` gives the texts of a rule without a warning."""

    warnings: tuple[GotWarning, ...]
    undetermined: tuple[GotUndetermined, ...]
    silence: Callable[[str, str], Phrase]


def outcomes(test: RuleTest, rules: RuleSet | Engine, as_of: date | None) -> Got:
    """Decide the rules of a test on a date."""
    engine, wanted = engine_of(rules), set(test.rules)
    if isinstance(given := test.given, Given):
        given = replace(given, derived=replace(given.derived, catalogue=engine.rules.catalogue))
        checked = [
            rule for rule in engine.rules.rules if rule.id in wanted and rule.about == given.subject.about
        ]
        return _of_facts(given, checked, as_of)
    assert as_of is not None
    return _of_agreement(given, engine, as_of, wanted, test.about)


def _of_facts(given: Given, rules: Sequence[Rule], as_of: date | None) -> Got:
    subject = given.subject
    interpreter = Interpreter(given.derived, replace(given.setting, as_of=as_of))
    warnings: list[GotWarning] = []
    undetermined: list[GotUndetermined] = []
    for rule in rules:
        hit, unsure = decide(rule.check, subject.record, interpreter)
        if hit:
            _, severity, value, threshold = hit
            make_texts = _TextMaker(rule, subject, interpreter, severity, value, threshold)
            warnings.append(_of_small_facts(rule, subject, severity, make_texts))
        if unsure:
            _, missing, because = unsure
            undetermined.append(GotUndetermined(rule.id, subject.id, missing, because))
    return Got(
        tuple(warnings),
        tuple(undetermined),
        partial(_silence, given, interpreter, {rule.id: rule for rule in rules}),
    )


def _of_small_facts(
    rule: Rule, subject: Subject, severity: str, words: Callable[[str], WarningTexts]
) -> GotWarning:
    """A warning about small facts, which are one subject alone: nothing waives, ends or hides it."""
    return GotWarning(rule.id, subject.id, severity, waived=False, past=False, inhibited_by="", words=words)


def _silence(given: Given, interpreter: Interpreter, rules: Mapping[str, Rule], name: str, _: str) -> Phrase:
    """The measure of a rule that gave no warning."""
    rule = rules.get(name)
    if rule is None:
        return phrase("testing.outcome.no-rule", rule=name)
    record, check = given.subject.record, rule.check
    if check.where is not None and interpreter.value(check.where, record) in (False, NOT_SET):
        return phrase("testing.outcome.not-applicable")
    if check.measure is None or (value := interpreter.value(check.measure, record)) is NOT_SET:
        return verbatim("")
    form = Form("en", interpreter.setting.currency, interpreter.setting.minor_units)
    figure = measure_figure(rule, value, None, given.subject, interpreter, form)
    return _value(figure)


def _value(figure: Figure | None) -> Phrase:
    return phrase("testing.outcome.value", figure=figure.text) if figure else verbatim("")


@dataclass(frozen=True, slots=True)
class _TextMaker:
    """Makes the texts of a warning about small facts, as an assessment would."""

    rule: Rule
    subject: Subject
    interpreter: Interpreter
    severity: Severity
    value: Any
    threshold: Any

    def __call__(self, language: str) -> WarningTexts:
        setting = self.interpreter.setting
        form = Form(language, setting.currency, setting.minor_units)
        return _Texts(self, form)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of a warning about small facts, each made when it is asked for.

    So a test that compares only the severity need not give what the message says besides.
    """

    of: _TextMaker
    form: Form

    @property
    def title(self) -> str:
        """The rule's title."""
        return self.of.rule.title.in_language(self.form.language)

    @property
    def message(self) -> str:
        """The message, filled in."""
        of = self.of
        figures = self.measure, self.threshold
        return message_text(of.rule, of.severity, of.subject, *figures, of.interpreter, self.form)

    @property
    def measure(self) -> Figure | None:
        """The measured value."""
        of = self.of
        return measure_figure(of.rule, of.value, of.threshold, of.subject, of.interpreter, self.form)

    @property
    def threshold(self) -> Figure | None:
        """The threshold that the measure was compared with."""
        of = self.of
        return threshold_figure(of.rule, of.severity, of.value, of.subject, of.interpreter, self.form)

    @property
    def margin(self) -> Figure | None:
        """How much the measure may worsen before the next band."""
        of = self.of
        return margin_figure(of.rule, of.severity, of.value, of.subject, of.interpreter, self.form)


class _Assessed:
    """An agreement assessed on a date, in as many languages as are asked for."""

    def __init__(self, agreement: Agreement, engine: Engine, as_of: date) -> None:
        self.agreement = agreement
        self.engine = engine
        self.as_of = as_of
        self.shown: dict[str, Assessment] = {}

    def in_language(self, language: str) -> Assessment:
        """The assessment in a language."""
        if language not in self.shown:
            self.shown[language] = assess(self.agreement, self.engine, as_of=self.as_of, language=language)
        return self.shown[language]

    def warning(self, id: str, language: str) -> EarlyWarning:  # noqa: A002  # the field's word
        """A warning in a language."""
        return next(each for each in self.in_language(language).warnings if each.id == id)

    def silence(self, rule: str, about: str) -> Phrase:
        """Why a rule gave no warning."""
        try:
            shown = explain(self.agreement, self.engine, rule=rule, about=about, as_of=self.as_of)
        except UnknownNameError:
            return phrase("testing.outcome.no-such-subject", date=self.as_of)
        if shown.outcome == "not applicable":
            return phrase("testing.outcome.not-applicable")
        return _value(shown.measure)


def _of_agreement(agreement: Agreement, engine: Engine, as_of: date, wanted: set[str], about: str) -> Got:
    assessed = _Assessed(agreement, engine, as_of)
    assessment = assessed.in_language("en")
    warnings = tuple(
        GotWarning(
            each.rule,
            each.about,
            each.severity,
            waived=each.waived is not None,
            past=each.past,
            inhibited_by=each.inhibited_by or "",
            words=partial(assessed.warning, each.id),
        )
        for each in assessment.warnings
        if each.rule in wanted and about in ("", each.about)
    )
    undetermined = tuple(
        GotUndetermined(each.rule, each.about, each.missing, each.because)
        for each in assessment.undetermined
        if each.rule in wanted and about in ("", each.about)
    )
    return Got(warnings, undetermined, assessed.silence)
