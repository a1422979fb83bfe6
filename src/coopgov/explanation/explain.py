"""Explain why a rule holds for a subject or not: sentence, figures, evaluated tree, the changes that would alter it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.arguments import a_day, a_tag, a_text, checked, or_none
from coopgov.assessment.assess import Assessor
from coopgov.assessment.texts import margin_figure, measure_figure, next_step, threshold_figure
from coopgov.backends.interpreter import decide
from coopgov.backends.ir import conditions
from coopgov.errors import UnknownNameError
from coopgov.explanation.change_sentences import ahead_with_sentence, change_with_sentence
from coopgov.explanation.names import shown_fact
from coopgov.explanation.result import Explanation
from coopgov.explanation.sentences import sentence_of
from coopgov.explanation.smallest_change import Ground, ahead, shifts
from coopgov.explanation.tree import Lines, Tree
from coopgov.facts.subject import called_subjects
from coopgov.language import syntax as s
from coopgov.language.values import NOT_SET, Bounds, missing
from coopgov.locales import listed, phrase
from coopgov.model.agreement import AN_AGREEMENT
from coopgov.rules.load import load_rules
from coopgov.rules.ruleset import RULES, engine_of
from coopgov.source import collecting_later

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from coopgov.assessment.figures import Figure
    from coopgov.explanation.result import Change, RuleOutcome
    from coopgov.facts.base.cases import CaseFacts
    from coopgov.facts.subject import Subject
    from coopgov.model import Agreement
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import Engine, RuleSet
    from coopgov.severities import Severity, Status

__all__ = ["explain", "explain_all"]


@checked(agreement=AN_AGREEMENT, rules=or_none(RULES), rule=a_text, about=a_text, as_of=a_day, language=a_tag)
def explain(
    agreement: Agreement,
    rules: RuleSet | Engine | None = None,
    *,
    rule: str,
    about: str,
    as_of: date,
    language: str = "en",
    cases: Iterable[CaseFacts] | None = None,
) -> Explanation:
    """Explain what a rule says of a subject, whether it fired or not.

    Args:
        agreement: what was agreed and observed.
        rules: the rules, or an engine that holds what is compiled of them; the shipped pack by default.
        rule: the id of the rule.
        about: the subject, such as `phase/setup`.
        as_of: the date of the assessment.
        language: of texts.
        cases: the cases of the agreement before the date, as for `assess`.

    Raises:
        UnknownNameError: there is no such rule, no such subject, or the rule is about another type of subject.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> explain(pilot, rule="phase-late", about="phase/core", as_of=date(2026, 6, 30)).sentence
    'phase-late does not hold for phase/core. The measure is 7.7 %. More than another 2.3 percentage points would make
    it minor.'
    """
    (one,) = explain_all(
        agreement, rules, rule=rule, about=about, as_of=as_of, language=language, cases=cases
    )
    return one


@checked(
    agreement=AN_AGREEMENT,
    rules=or_none(RULES),
    as_of=a_day,
    rule=or_none(a_text),
    about=or_none(a_text),
    language=a_tag,
)
def explain_all(
    agreement: Agreement,
    rules: RuleSet | Engine | None = None,
    *,
    as_of: date,
    rule: str | None = None,
    about: str | None = None,
    language: str = "en",
    cases: Iterable[CaseFacts] | None = None,
) -> tuple[Explanation, ...]:
    """Explain every rule for every subject that it is about, in the order of the rules, then of the agreement.

    Args:
        agreement: what was agreed and observed.
        rules: the rules, or an engine that holds what is compiled of them; the shipped pack by default.
        as_of: the date of the assessment.
        rule: the id of one rule, for that rule only.
        about: one subject, such as `phase/setup`, for that subject only.
        language: of texts.
        cases: the cases of the agreement before the date, as for `assess`.

    Raises:
        UnknownNameError: there is no such rule, no such subject, or the rule is about another type of subject.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> for each in explain_all(pilot, rule="phase-late", as_of=date(2026, 6, 30)):
    ...     print(each.about, each.outcome, [change.then.text for change in each.changes])
    phase/setup fired ['2026-04-08', '2026-04-11', '2026-04-17', '2026-04-03', '2025-12-21']
    phase/core clear ['2026-10-19', '2026-09-26', '2026-05-14']
    phase/rollout clear ['2027-07-28']
    """
    engine = engine_of(rules or load_rules())
    wanted = engine.rules.rules if rule is None else (engine.rules.rule(rule),)
    order = {one.id: number for number, one in enumerate(wanted)}
    with collecting_later():
        assessor = Assessor(agreement, engine, as_of, language, cases=cases)
        if about is None or not _stands_alone(wanted, assessor, about):
            assessor.search()
        found = list(_explanations(assessor, wanted, rule, about))
    return tuple(sorted(found, key=lambda each: order[each.rule]))


def _stands_alone(rules: Iterable[Rule], assessor: Assessor, about: str) -> bool:
    """Whether what rules say of a subject depends on no warning: it is no role, and no rule about it reads warnings."""
    subject = next((each for each in assessor.facts if each.id == about), None)
    layers = {each.layer for each in rules if subject is not None and each.about == subject.about}
    return layers == {0}


def _explanations(
    assessor: Assessor, rules: tuple[Rule, ...], asked: str | None, about: str | None
) -> Iterator[Explanation]:
    """Explain layer by layer, because each layer sees the warnings of the layers below; subject by subject in each.

    The rules of a layer share what is found out about its subjects.
    """
    lines = Lines(assessor.facts.catalogue, assessor.form.language)
    for layer in sorted({each.layer for each in rules}):
        assessor.publish(layer)
        asked_for: dict[int, list[Rule]] = {}
        for rule in rules:
            for subject in _subjects(assessor, rule, asked, about) if rule.layer == layer else ():
                asked_for.setdefault(id(subject), []).append(rule)
        ground = Ground.of(layer, assessor)
        for subject in assessor.subjects():
            for rule in asked_for.get(id(subject), ()):
                yield _Explainer(assessor, rule, subject, ground, lines).run()


def _subjects(assessor: Assessor, rule: Rule, asked: str | None, about: str | None) -> list[Subject]:
    """The subjects to explain a rule for; a subject asked for must exist and, with a rule asked for, have its type."""
    roles = (each for each in assessor.roles if each.about == rule.about)
    fitting = [*assessor.facts.subjects.get(rule.about, ()), *roles]
    if about is None:
        return fitting
    found = [each for each in fitting if each.id == about]
    known = fitting if asked is not None else assessor.subjects()
    if about not in {each.id for each in known}:
        sort = "subject" if asked is None else phrase("errors.sorts.subject-of-type", about=rule.about)
        called = called_subjects(known)
        raise UnknownNameError(sort, about, [each.id for each in known], called)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Explainer:
    assessor: Assessor
    rule: Rule
    subject: Subject
    ground: Ground
    lines: Lines

    def run(self) -> Explanation:
        rule, subject, assessor = self.rule, self.subject, self.assessor
        interpreter, form = assessor.interpreter, assessor.form
        hit, unsure = decide(rule.check, subject.record, interpreter)
        records, measured = (subject.record,), rule.check.measure
        value = None if measured is None else interpreter.remembered(measured, records)
        severity = hit[1] if hit else None
        outcome, why = self._outcome(severity, undecided=unsure is not None)
        applies = outcome in ("fired", "clear")
        following = next_step(rule, severity) if applies else None
        shown = value if applies and not missing(value) and not isinstance(value, Bounds) else None
        margin = margin_figure(rule, severity, shown, subject, interpreter, form)
        missing_names, because = unsure[1:] if unsure else ((), None)
        subjects, witness = self.ground.subjects, assessor.witness
        tree = Tree(rule, subject, subjects, assessor.facts, interpreter, form, witness, self.lines)
        one = Explanation(
            rule=rule.id,
            about=subject.id,
            outcome=outcome,
            severity=severity,
            sentence="",
            measure=self._measure(hit[2] if hit else value, hit[3] if hit else None),
            threshold=threshold_figure(rule, severity, value, subject, interpreter, form)
            if severity
            else None,
            margin=margin,
            next_severity=following.severity if following and margin else None,
            missing=missing_names,
            because=because,
            tree=tuple(tree.steps()),
        )
        lacking = self._lacking(missing_names) if missing_names or why else ""
        sentence = sentence_of(one, why, lacking, rule, subject, interpreter, form)
        # a rule that is undetermined or lacks a setting has no changes
        changeable = outcome != "undetermined" and why != "not-set"
        changes, later = self._changes(severity) if changeable else ((), None)
        return replace(one, sentence=sentence, changes=changes, ahead=later)

    def _changes(self, severity: Severity | None) -> tuple[tuple[Change, ...], Change | None]:
        """The changes that would alter the outcome, and what time will do."""
        rule, subject, assessor, form = self.rule, self.subject, self.assessor, self.assessor.form
        now: Status = severity or "clear"
        found = shifts(rule, subject, now, assessor, self.ground)
        changes = tuple(change_with_sentence(each, subject, severity, form) for each in found)
        later = ahead(rule, subject, now, assessor)
        if later is None:
            return changes, None
        return changes, ahead_with_sentence(assessor.facts.as_of, later[0], severity, later[1], form)

    def _outcome(self, severity: Severity | None, *, undecided: bool) -> tuple[RuleOutcome, str]:
        if severity is not None:
            return "fired", ""
        if undecided:
            return "undetermined", ""
        where, records = self.rule.check.where, (self.subject.record,)
        value = self.assessor.interpreter.remembered
        if where is not None and value(where, records) is False:
            return "not applicable", "where"
        values = [value(each, records) for each in conditions(self.rule.check)]
        return ("not applicable", "not-set") if NOT_SET in values else ("clear", "")

    def _measure(self, value: Any, threshold: Any) -> Figure | None:
        if value is None or missing(value):
            return None
        interpreter, form = self.assessor.interpreter, self.assessor.form
        return measure_figure(self.rule, value, threshold, self.subject, interpreter, form)

    def _lacking(self, names: Sequence[str]) -> str:
        """The facts without a value, or else the settings that the subject lacks, by their display names."""
        catalogue, language = self.assessor.facts.catalogue, self.assessor.form.language
        shown = [shown_fact(catalogue, self.rule.about, each, language) for each in names or self._unset()]
        return listed(shown).in_language(language)

    def _unset(self) -> tuple[str, ...]:
        """The optional settings that the rule reads and the subject lacks."""
        names: dict[str, None] = {}
        seen: set[tuple[str, str]] = set()
        todo = list(conditions(self.rule.check))
        while todo:
            node = todo.pop(0)
            named = isinstance(node, s.Name) and node.about and not node.parents and not node.level
            if isinstance(node, s.Name) and named and (node.about, node.name) not in seen:
                seen.add((node.about, node.name))
                definition = self.assessor.facts.catalogue.definition(node.about, node.name)
                if definition is not None:
                    todo.append(definition)
                elif self.assessor.interpreter.value(node, self.subject.record) is NOT_SET:
                    names[node.name] = None
            todo.extend(s.children(node))
        return tuple(names)
