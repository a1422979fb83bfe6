"""Build the evaluated tree of a rule for a subject: each part with its value, and where in the file a fact was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.counterfactual.facts_of_records import record_of
from coopgov.explanation.names import shown_fact
from coopgov.explanation.result import ExplanationStep
from coopgov.language import syntax as s
from coopgov.language.types import TRUTH
from coopgov.language.values import NOT_SET, Nothing, missing
from coopgov.locales import text as text_of_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.assessment.evidence import Witness
    from coopgov.assessment.figures import Figure, Form
    from coopgov.backends.ir import Check
    from coopgov.facts.catalogue import Catalogue
    from coopgov.facts.derive import Facts
    from coopgov.facts.subject import Subject
    from coopgov.language.interpreter import Interpreter
    from coopgov.rules.rule import Rule

__all__ = ["Lines", "Tree"]

_MOST_ITEMS = 20
_KEYS = ("where", "when", "measure")
_LARGE, _MOST_STEPS = 500, 5000
"""The number of steps from which a tree shows each formula once, and nothing below a part already shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What is the same of a part of a rule for all subjects: its text, that for readers, and the parts worth showing.

    `numbers` has the places of these among the children of the node.
    """

    node: s.Expr
    written: str
    shown: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of rules and formulas so far, in one language."""

    catalogue: Catalogue
    language: str
    known: dict[tuple[int, str], Line] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)

    def line(self, node: s.Expr, text: str) -> Line:
        """The line of a part of a text."""
        key = (id(node), text)
        if key not in self.known:
            written = " ".join(text[node.start : node.end].split())
            shown = written
            if isinstance(node, s.Name) and node.about:
                shown = shown_fact(self.catalogue, node.about, written, self.language)
            numbers = [at for at, part in enumerate(s.children(node)) if _worth_showing(part, text)]
            self.known[key] = Line(node, written, shown, tuple(numbers))
        return self.known[key]

    def labelled(self, name: str, shown: str) -> str:
        """A part of the rule with what it is called: the name of a key of the rule file or of a severity."""
        key = name, shown
        if key not in self.labels:
            self.labels[key] = text_of_key("explanation.parts.part", self.language, name=name, text=shown)
        return self.labels[key]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A tree in progress: a rule, the subject it is about, and all subjects by the id of their record."""

    rule: Rule
    subject: Subject
    subjects: Mapping[int, Subject]
    facts: Facts
    interpreter: Interpreter
    form: Form
    witness: Witness
    lines: Lines
    count: list[int] = field(default_factory=lambda: [0])
    formulas: set[tuple[int, str, str]] = field(default_factory=set)
    """The steps so far and the formulas they show: showing each formula once keeps a large tree finite."""

    def steps(self) -> Iterator[ExplanationStep]:
        """The parts of the rule: `where`, then `when`, or the measure and its bands from the worst to the mildest."""
        check, texts, records = self.rule.check, self.rule.texts, (self.subject.record,)
        if check.where is not None:
            yield self._step(check.where, texts["where"], records, part="where")
        if check.measure is None:
            for step in check.steps[:1]:  # a mutant may drop the only band
                yield self._step(step.condition, texts["when"], records, part="when")
            return
        measured, nearest = self._beside(check)
        yield self._step(check.measure, texts["measure"], records, part="measure", beside=nearest)
        for step in check.steps:
            text = texts[step.severity]
            parts = [part for part in list(s.children(step.condition))[1:] if _worth_showing(part, text)]
            below = tuple(self._step(part, text, records, beside=measured) for part in parts)
            value = self._value(step.condition, records)
            shown = self._labelled(step.severity, texts[step.severity])
            yield ExplanationStep(f"{step.severity}: {texts[step.severity]}", value, None, below, shown)

    def _beside(self, check: Check) -> tuple[Any, Any]:
        """The measured value and the threshold nearest to it, which are printed with enough decimals to differ."""
        assert check.measure is not None
        measured = self.interpreter.value(check.measure, self.subject.record)
        limits = [
            self.interpreter.value(step.threshold, self.subject.record)
            for step in check.steps
            if step.threshold
        ]
        numbers = [each for each in limits if isinstance(each, (int, float)) and each != measured]
        if not isinstance(measured, (int, float)):
            return None, None
        return measured, min(numbers, key=lambda each: abs(each - measured), default=None)

    def _step(
        self, node: s.Expr, text: str, records: tuple[Any, ...], part: str = "", beside: Any = None
    ) -> ExplanationStep:
        line = self.lines.line(node, text)
        value, place = self._value(node, records, beside), self._place(node, records)
        self.count[0] += 1
        below = tuple(self._parts(line, text, records, beside))
        if part:
            written, shown = f"{part}: {line.written}", self._labelled(part, line.shown)
            return ExplanationStep(written, value, place, below, shown)
        return ExplanationStep(line.written, value, place, below, line.shown)

    def _labelled(self, part: str, shown: str) -> str:
        """A part of the rule with what it is called: a key of the rule file or a severity."""
        name = self.form.texts[f"explanation.parts.{part}"] if part in _KEYS else self.form.term(part)
        return self.lines.labelled(name, shown)

    def _value(self, node: s.Expr, records: tuple[Any, ...], beside: Any = None) -> Figure:
        value = self.interpreter.remembered(node, records)
        unit = str(records[-1].get("unit") or self.subject.record.get("unit") or "")
        figure = self.form.fact(node, value, unit, beside)
        if isinstance(value, Nothing):
            return type(figure)(None, "", self.form.word("not-set" if value is NOT_SET else "unknown"))
        return figure

    def _parts(
        self, line: Line, text: str, records: tuple[Any, ...], beside: Any
    ) -> Iterator[ExplanationStep]:
        node = line.node
        if self.count[0] > _MOST_STEPS:
            return
        if isinstance(node, s.Aggregate):
            yield from self._items(node, text, records)
        elif isinstance(node, s.Name):
            record = record_of(node, records)
            definition = node.about and self.facts.catalogue.definition(node.about, node.name)
            if definition and record is not None and self._shows(node, record):
                formula = self.facts.catalogue.facts[node.about, node.name].text
                yield self._step(definition, formula, (record,), beside=beside)
        elif line.numbers:
            parts = s.children(node)
            others: list[Any] = [None] * len(parts)
            if isinstance(node, s.Comparison):  # each side is shown so that it differs from the other
                others = [self.interpreter.remembered(part, records) for part in reversed(parts)]
            for number in line.numbers:
                yield self._step(parts[number], text, records, beside=others[number])

    def _shows(self, node: s.Name, record: Any) -> bool:
        """Whether the formula of a fact is shown: in a large tree, only at its first occurrence."""
        key = (id(record), node.about, node.name)
        before = key in self.formulas
        self.formulas.add(key)
        return not before or self.count[0] < _LARGE

    def _items(self, node: s.Aggregate, text: str, records: tuple[Any, ...]) -> Iterator[ExplanationStep]:
        """The items that count, or may count, with the conditions that decide it."""
        items = self.interpreter.value(node.collection, *records)
        parts = node.of_items
        shown = 0
        for item in () if missing(items) else items:
            inner = (*records, item)
            counts = node.where is None or self.interpreter.value(node.where, *inner) is not False
            if not counts or shown == _MOST_ITEMS:
                continue
            shown += 1
            name = self._item_name(item, node.collection.type.item)
            value = self._value(parts[-1], inner) if parts else self.form.figure(value=True, kind=TRUTH)
            yield ExplanationStep(name, value, None, tuple(self._step(part, text, inner) for part in parts))

    @staticmethod
    def _item_name(item: Mapping[str, Any], kind: str) -> str:
        if kind in ("warning", "case"):
            return f"{item['rule']}@{item['about']}"
        return str(item.get("about") or item.get("name") or item.get("id"))

    def _place(self, node: s.Expr, records: tuple[Any, ...]) -> str | None:
        if not isinstance(node, s.Name) or not node.about:
            return None
        subject = self.subjects.get(id(record_of(node, records)))
        return self.witness.place(subject.places.get(node.name)) if subject else None


def _worth_showing(node: s.Expr, text: str) -> bool:
    """Whether a part says more than its own text: a literal does if it is written as a parameter."""
    if isinstance(node, s.Literal):
        return text[node.start : node.end].isidentifier() and not isinstance(node.value, bool)
    return not isinstance(node, s.Choices)
