"""Why a rule holds for a subject, or why not: a sentence, and the tree of every value with its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.assessment.evidence import place_text
from coopgov.assessment.figures import relative
from coopgov.assessment.result import Explanation, Step
from coopgov.assessment.run import Assessor
from coopgov.assessment.texts import margin_figure, message_text, next_step, threshold_figure
from coopgov.backends.program import conditions
from coopgov.backends.reference import decide
from coopgov.errors import UnknownNameError
from coopgov.language import syntax as s
from coopgov.language.types import TRUTH
from coopgov.language.values import NOT_SET, TOLERANCE, Bounds, Nothing, missing
from coopgov.rules.load import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from coopgov.assessment.figures import Figure
    from coopgov.facts.subject import Subject
    from coopgov.model import Agreement
    from coopgov.rules.ruleset import Rule, RuleSet

__all__ = ["explain"]

_MOST_ITEMS = 20

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "fired": "{rule} holds for {about} ({severity}): {message}",
        "compared": " {measure} is {threshold}.",
        "clear": "{rule} does not hold for {about}.",
        "measured": " The measure is {measure}.",
        "margin": " {margin} more would make it {next}.",
        "margin beyond": " More than another {margin} would make it {next}.",
        "at limit": " Anything more would make it {next}.",
        "at limit down": " Anything less would make it {next}.",
        "margin down": " {margin} less would make it {next}.",
        "margin beyond down": " More than {margin} less would make it {next}.",
        "undetermined": "{rule} cannot be decided for {about}: {because}.",
        "missing": " Missing: {missing}.",
        "where": "{rule} is not for {about}: its `where` is false.",
        "not set": "{rule} does not apply to {about}: {missing} is not set.",
    },
    "zh-Hans": {
        "fired": "{about} 触发规则 {rule}（{severity}）：{message}",
        "compared": "实际值 {measure}，阈值为{threshold}。",
        "clear": "{about} 未触发规则 {rule}。",
        "measured": "当前值为 {measure}。",
        "margin": "再增加 {margin}即为{next}。",
        "margin beyond": "再增加超过 {margin}即为{next}。",
        "at limit": "再有增加即为{next}。",
        "at limit down": "再有减少即为{next}。",
        "margin down": "再减少 {margin}即为{next}。",
        "margin beyond down": "再减少超过 {margin}即为{next}。",
        "undetermined": "无法判定 {about} 的规则 {rule}：{because}。",
        "missing": "缺少：{missing}。",
        "where": "规则 {rule} 不适用于 {about}：`where` 条件不成立。",
        "not set": "规则 {rule} 不适用于 {about}：未设定 {missing}。",
    },
    "zh-Hant": {
        "fired": "{about} 觸發規則 {rule}（{severity}）：{message}",
        "compared": "實際值 {measure}，門檻為{threshold}。",
        "clear": "{about} 未觸發規則 {rule}。",
        "measured": "目前值為 {measure}。",
        "margin": "再增加 {margin}即為{next}。",
        "margin beyond": "再增加超過 {margin}即為{next}。",
        "at limit": "再有增加即為{next}。",
        "at limit down": "再有減少即為{next}。",
        "margin down": "再減少 {margin}即為{next}。",
        "margin beyond down": "再減少超過 {margin}即為{next}。",
        "undetermined": "無法判定 {about} 的規則 {rule}：{because}。",
        "missing": "缺少：{missing}。",
        "where": "規則 {rule} 不適用於 {about}：`where` 條件不成立。",
        "not set": "規則 {rule} 不適用於 {about}：未設定 {missing}。",
    },
}


def explain(
    agreement: Agreement,
    rules: RuleSet | None = None,
    *,
    rule: str,
    about: str,
    as_of: date,
    language: str = "en",
) -> Explanation:
    """Explain what a rule says of a subject, whether it fired or not.

    Args:
        agreement: what was agreed and observed.
        rules: the rules; the shipped pack by default.
        rule: the id of the rule.
        about: the subject, such as `phase/setup`.
        as_of: the date of the assessment.
        language: of texts.

    Raises:
        UnknownNameError: there is no such rule, no such subject, or the rule is about another type of subject.

    >>> from datetime import date
    >>> from coopgov import load_agreement
    >>> pilot = load_agreement("examples/pilot/agreement.yaml")
    >>> explain(pilot, rule="phase-late", about="phase/core", as_of=date(2026, 6, 30)).sentence
    'phase-late does not hold for phase/core. The measure is 7.7 %. More than another 2.3 percentage points would make it minor.'
    """
    rules = rules or load_rules()
    found = rules.rule(rule)
    assessor = Assessor(agreement, rules, as_of, language)
    assessor.search()
    assessor.publish(found.layer)
    subject = next((each for each in assessor.subjects() if each.id == about), None)
    if subject is None or subject.about != found.about:
        known = [each.id for each in assessor.subjects() if each.about == found.about]
        raise UnknownNameError(f"subject of type {found.about}", about, known)
    return _Explainer(assessor, found, subject).run()


class _Explainer:
    def __init__(self, assessor: Assessor, rule: Rule, subject: Subject) -> None:
        self.assessor = assessor
        self.interpreter = assessor.interpreter
        self.facts = assessor.facts
        self.form = assessor.form
        self.rule = rule
        self.subject = subject
        self.unit = subject.record.get("unit") or ""
        self.subjects = {id(each.record): each for each in assessor.subjects()}
        self.words = _SENTENCES[relative(self.form.language)]

    def run(self) -> Explanation:
        rule, record = self.rule, self.subject.record
        hits: list[Any] = []
        unsure: list[Any] = []
        decide(rule.check, record, self.interpreter, hits, unsure)
        value = None if rule.check.measure is None else self.interpreter.value(rule.check.measure, record)
        severity = hits[0][1] if hits else None
        outcome, why = self._outcome(severity, unsure)
        measure = self._measure(hits[0][2] if hits else value, hits[0][3] if hits else None)
        threshold = severity and threshold_figure(rule, severity, self.subject, self.interpreter, self.form)
        applies = outcome in ("fired", "clear")
        following = next_step(rule, severity) if applies else None
        shown = value if applies and not missing(value) and not isinstance(value, Bounds) else None
        margin = margin_figure(rule, severity, shown, self.subject, self.interpreter, self.form)
        missing_names, because = (unsure[0][1], unsure[0][2]) if unsure else ((), None)
        sentence = self._sentence(
            outcome, severity, measure, threshold or None, margin, missing_names, because, why
        )
        return Explanation(
            rule.id, self.subject.id, outcome, severity, sentence, measure, threshold or None, margin,
            following.severity if following and margin else None, missing_names, because, tuple(self._tree()),
        )  # fmt: skip

    def _outcome(self, severity: str | None, unsure: list[Any]) -> tuple[str, str]:
        if severity is not None:
            return "fired", ""
        if unsure:
            return "undetermined", ""
        where = self.rule.check.where
        if where is not None and self.interpreter.value(where, self.subject.record) is False:
            return "not applicable", "where"
        values = [self.interpreter.value(each, self.subject.record) for each in conditions(self.rule.check)]
        return ("not applicable", "not set") if NOT_SET in values else ("clear", "")

    def _measure(self, value: Any, threshold: Any) -> Figure | None:
        kind = self.rule.measured
        if kind is None or value is None or missing(value):
            return None
        return self.form.figure(value, kind, self.unit, threshold)

    def _sentence(  # noqa: PLR0913, PLR0917  # one argument for each thing a sentence can say
        self,
        outcome: str,
        severity: str | None,
        measure: Figure | None,
        threshold: Figure | None,
        margin: Figure | None,
        names: tuple[str, ...],
        because: str | None,
        why: str,
    ) -> str:
        message = ""
        if severity is not None:
            message = message_text(
                self.rule, severity, self.subject, measure, threshold, self.interpreter, self.form
            )
        following = next_step(self.rule, severity)
        said = {
            "rule": self.rule.id,
            "about": self.subject.id,
            "severity": severity and self.form.term(severity),
            "message": message,
            "measure": measure and measure.text,
            "threshold": threshold and threshold.text,
            "margin": margin and margin.text,
            "next": following and self.form.term(following.severity),
            "because": because and self.form.term(because),
            "missing": ", ".join(names or self._unset()),
        }
        to_go = self._to_go(following, margin)
        keys = {
            "fired": ["fired", "compared" if measure and threshold else "", to_go],
            "clear": ["clear", "measured" if measure else "", to_go],
            "undetermined": ["undetermined", "missing" if names else ""],
            "not applicable": [why],
        }
        return "".join(self.words[key].format(**said) for key in keys[outcome] if key)

    def _to_go(self, following: Any, margin: Figure | None) -> str:
        """Which sentence tells of the margin; at the very limit of a band, a margin of 0 says little."""
        if margin is None or following is None:
            return ""
        left = margin.value if isinstance(margin.value, (int, float)) else 0
        beyond = " beyond" if isinstance(following.condition, (s.Above, s.Below)) else ""
        start = f"margin{beyond}" if abs(left) > TOLERANCE else "at limit"
        return f"{start} down" if isinstance(following.condition, (s.Below, s.AtMost)) else start

    def _unset(self) -> tuple[str, ...]:
        """The optional settings that the rule reads and the subject lacks."""
        names: dict[str, None] = {}
        todo = list(conditions(self.rule.check))
        while todo:
            node = todo.pop(0)
            if isinstance(node, s.Name) and node.about and not node.parents and not node.level:
                definition = self.facts.catalogue.definition(node.about, node.name)
                if definition is not None:
                    todo.append(definition)
                elif self.interpreter.value(node, self.subject.record) is NOT_SET:
                    names[node.name] = None
            todo.extend(s.children(node))
        return tuple(names)

    def _tree(self) -> Iterator[Step]:
        check, texts, records = self.rule.check, self.rule.texts, (self.subject.record,)
        if check.where is not None:
            yield self._step(check.where, texts["where"], records, label="where: ")
        if check.measure is None:
            yield self._step(check.steps[0].condition, texts["when"], records, label="when: ")
            return
        yield self._step(check.measure, texts["measure"], records, label="measure: ")
        for step in check.steps:
            text = texts[step.severity]
            parts = [part for part in list(s.children(step.condition))[1:] if _worth_telling(part, text)]
            below = tuple(self._step(part, text, records) for part in parts)
            value = self._value(step.condition, records)
            yield Step(f"{step.severity}: {texts[step.severity]}", value, None, below)

    def _step(self, node: s.Expr, text: str, records: tuple[Any, ...], label: str = "") -> Step:
        written = label + " ".join(text[node.start : node.end].split())
        return Step(
            written,
            self._value(node, records),
            self._place(node, records),
            tuple(self._parts(node, text, records)),
        )

    def _value(self, node: s.Expr, records: tuple[Any, ...]) -> Figure:
        value = self.interpreter.value(node, *records)
        figure = self.form.figure(value, node.type, str(records[-1].get("unit") or self.unit))
        if isinstance(value, Nothing):
            return type(figure)(None, "", self.form.word(value.value))
        return figure

    def _parts(self, node: s.Expr, text: str, records: tuple[Any, ...]) -> Iterator[Step]:
        if isinstance(node, s.Aggregate):
            yield from self._items(node, text, records)
        elif isinstance(node, s.Name):
            record = self._record(node, records)
            definition = node.about and self.facts.catalogue.definition(node.about, node.name)
            if definition and record is not None:
                yield self._step(
                    definition, self.facts.catalogue.facts[node.about, node.name].text, (record,)
                )
        else:
            for child in s.children(node):
                if _worth_telling(child, text):
                    yield self._step(child, text, records)

    def _items(self, node: s.Aggregate, text: str, records: tuple[Any, ...]) -> Iterator[Step]:
        """The items that count, or may count, with all that decides it."""
        items = self.interpreter.value(node.collection, *records)
        parts = [part for part in (node.where, node.value) if part is not None]
        shown = 0
        for item in () if missing(items) else items:
            inner = (*records, item)
            counts = node.where is None or self.interpreter.value(node.where, *inner) is not False
            if not counts or shown == _MOST_ITEMS:
                continue
            shown += 1
            name = str(item.get("about") or item.get("name") or item.get("id"))
            value = self._value(parts[-1], inner) if parts else self.form.figure(value=True, kind=TRUTH)
            yield Step(name, value, None, tuple(self._step(part, text, inner) for part in parts))

    def _record(self, node: s.Name, records: tuple[Any, ...]) -> Any:
        """The record that a name is about."""
        record = records[-1 - node.level]
        for parent in node.parents:
            record = None if record is None else record.get(parent)
        return record

    def _place(self, node: s.Expr, records: tuple[Any, ...]) -> str | None:
        if not isinstance(node, s.Name) or not node.about:
            return None
        subject = self.subjects.get(id(self._record(node, records)))
        return place_text(self.facts, subject.places.get(node.name)) if subject else None


def _worth_telling(node: s.Expr, text: str) -> bool:
    """Whether a part says more than its own text: a literal does where it is written as a parameter."""
    if isinstance(node, s.Literal):
        return text[node.start : node.end].isidentifier() and not isinstance(node.value, bool)
    return not isinstance(node, s.Choices)
