"""Check that messages are readable in every language, whatever the facts for which a rule fires."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from coopgov.assessment.figures import Form
from coopgov.assessment.texts import measure_figure, message_text, threshold_figure
from coopgov.facts.subject import Subject
from coopgov.language import syntax as s
from coopgov.language.values import missing
from coopgov.locales import phrase, verbatim
from coopgov.rules.messages import OWN_WORDS
from coopgov.schema import LocalText
from coopgov.testing.properties.counterexample import CounterexampleError
from coopgov.testing.properties.running import run, trial
from coopgov.testing.strategies.records import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import hypothesis

    from coopgov.assessment.figures import Figure
    from coopgov.backends.ir import Backend
    from coopgov.locales import Phrase
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing.properties.running import Case, Trial

__all__ = ["check_messages"]

_OURS = ("en", "zh-Hans", "zh-Hant")
_BRACES = re.compile(r"\{([^{}]*)\}")


def check_messages(
    rules: RuleSet,
    *,
    about: str | None = None,
    as_of: date = DAY,
    languages: Iterable[str] | None = None,
    backend: Backend | None = None,
    max_examples: int | None = None,
    settings: hypothesis.settings | None = None,
) -> None:
    """Check that the message of each rule is readable whenever it fires.

    Rendered in each language, it must not be empty, and no placeholder may be left in it (`{{measure}}` prints the
    braces) or read "unknown": then the message names a fact that the rule can do without, or a threshold that a band
    lacks. Facts that only the message names are taken to be there. A rule that no drawn facts make fire is skipped.

    Args:
        rules: the rules.
        about: only the rules about this type of subject.
        as_of: the date of the assessment.
        languages: tags such as `zh-Hant`; by default those in which the message is written, and `en`, `zh-Hans`,
            `zh-Hant`.
        backend: an engine to try in place of the rule set's own.
        max_examples: how many records are drawn for each rule; each is then moved to all boundaries of the rule.
        settings: Hypothesis settings in place of the current profile's.

    Raises:
        CounterexampleError: facts for which a rule fires and its message is not readable.
        hypothesis.errors.InvalidArgument: an argument is invalid.
    """
    made = trial(rules, about, as_of, backend, max_examples, settings)
    wanted = None if languages is None else tuple(languages)
    for rule in made.chosen:
        written = [language for language, _ in rule.message.text.entries if language]
        test = _Test(made, rule, wanted or tuple(dict.fromkeys([*written, *_OURS])))
        run(f"check_messages_{rule.id}", made.records(rule), made.settings, test)


class _Test:
    """The test of one rule."""

    def __init__(self, made: Trial, rule: Rule, languages: tuple[str, ...]) -> None:
        self.made = made
        self.rule = rule
        self.languages = languages
        self.checker = made.checker(rule)
        self.words = {*OWN_WORDS, *made.rules.catalogue.names(rule.about)}

    def __call__(self, record: dict[str, Any]) -> None:
        for case in self.made.cases(self.rule, record):
            hits, _ = self.checker(case.facts, as_of=self.made.as_of)
            for _, severity, value, threshold in hits:
                for language in self.languages:
                    self._check(case, severity, language, (value, threshold))

    def _check(self, case: Case, severity: str, language: str, values: tuple[Any, Any]) -> None:
        setting = self.made.setting
        form = Form(language, setting.currency, setting.minor_units)
        subject = _subject(self.rule.about, case.facts)
        measure = measure_figure(self.rule, values[0], values[1], subject, case.interpreter, form)
        threshold = threshold_figure(self.rule, severity, values[0], subject, case.interpreter, form)
        try:
            text = message_text(self.rule, severity, subject, measure, threshold, case.interpreter, form)
        except Exception as error:
            raised = verbatim(f"{type(error).__name__}: {error}")
            raise self._counterexample(case, language, raised, _text("a-text")) from error
        found = self._wrong(case, language, {"measure": measure, "threshold": threshold}, text)
        if found:
            raise self._counterexample(case, language, *found)

    def _wrong(
        self, case: Case, language: str, own: dict[str, Figure | None], text: str
    ) -> tuple[Phrase, Phrase] | None:
        """The unreadable text, and what should be there."""
        if not text.strip():
            return _text("empty-text"), _text("a-message")
        named: dict[str, str] = {}
        bare = self.rule.message.render(language, lambda name: named.setdefault(name, ""))
        left = [match[0] for match in _BRACES.finditer(bare) if match[1].strip() in self.words]
        if left:
            return _text("brace", brace=left[0], text=text), _text("single-braces", brace=left[0])
        for name in named:
            if self._unknown(name, case, own):
                return _text("unknown", text=text, name=f"{{{name}}}"), _text("known-facts")
        return None

    def _unknown(self, name: str, case: Case, own: dict[str, Figure | None]) -> bool:
        if name in OWN_WORDS:
            figure = own.get(name)
            return name in own and (figure is None or figure.value is None)
        node = self.rule.message.facts[name]
        if isinstance(node, s.Name) and node.name == "name":  # the subject itself has that name
            return False
        return missing(case.interpreter.value(node, case.facts))

    def _counterexample(
        self, case: Case, language: str, found: Phrase, expected: Phrase
    ) -> CounterexampleError:
        shown = _text("in-language", found=found, language=language)
        return CounterexampleError(
            self.rule.id, self.rule.about, case.facts, self.made.as_of, shown, expected
        )


def _text(part: str, **values: object) -> Phrase:
    return phrase(f"testing.property.{part}", **values)


def _subject(about: str, facts: dict[str, Any]) -> Subject:
    """The subject of a record; it and all above it are labelled with their names, else with their types."""
    record = {
        name: _subject(name, value).record if isinstance(value, dict) else value
        for name, value in facts.items()
    }
    label = LocalText((("", str(facts.get("name") or about)),))
    return Subject(about, about, label, (), {**record, "label": label})
