"""The texts of a rule's outcome: the message, the measure, the threshold, the margin to the next band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopgov.backends.interpreter import missing_facts
from coopgov.language import syntax as s
from coopgov.language.fold import constant
from coopgov.language.types import DAYS
from coopgov.language.values import held, missing
from coopgov.severities import SEVERITIES

if TYPE_CHECKING:
    from coopgov.assessment.figures import Figure, Form
    from coopgov.backends.ir import Step
    from coopgov.facts.subject import Subject
    from coopgov.language.interpreter import Interpreter
    from coopgov.language.types import Type
    from coopgov.rules.rule import Rule
    from coopgov.severities import Severity

__all__ = [
    "Texts",
    "gap_figure",
    "is_measured",
    "margin_figure",
    "measure_figure",
    "message_text",
    "next_step",
    "texts_of",
    "threshold_figure",
]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one warning in one language."""

    title: str
    message: str
    measure: Figure | None
    threshold: Figure | None
    margin: Figure | None


def texts_of(
    rule: Rule,
    severity: Severity,
    value: Any,
    limit: Any,
    subject: Subject,
    interpreter: Interpreter,
    form: Form,
) -> Texts:
    """All texts of a hit; its message has its figures in it, so each is made once."""
    measure = measure_figure(rule, value, limit, subject, interpreter, form)
    threshold = threshold_figure(rule, severity, value, subject, interpreter, form)
    message = message_text(rule, severity, subject, measure, threshold, interpreter, form)
    margin = margin_figure(rule, severity, value, subject, interpreter, form)
    return Texts(rule.title.in_language(form.language), message, measure, threshold, margin)


def message_text(
    rule: Rule,
    severity: str,
    subject: Subject,
    measure: Figure | None,
    threshold: Figure | None,
    interpreter: Interpreter,
    form: Form,
) -> str:
    """The rule's message, filled in."""

    def show(name: str) -> str:
        if name == "measure":
            return measure.text if measure else form.word("unknown")
        if name == "threshold":
            return threshold.text if threshold else form.word("unknown")
        if name == "severity":
            return form.term(severity)
        if name == "about":
            return subject.label.in_language(form.language)
        node = rule.message.facts[name]
        limit = threshold.value if threshold and node.type == rule.measured else None
        return _fact_text(node, limit, subject, interpreter, form)

    return rule.message.render(form.language, show)


def _fact_text(node: s.Expr, limit: Any, subject: Subject, interpreter: Interpreter, form: Form) -> str:
    """The text of a fact that a placeholder names; names of subjects are in the reader's language."""
    if isinstance(node, s.Name) and node.name == "name":
        record: Any = subject.record
        for parent in node.parents:
            record = record.get(parent) or {}
        if "label" not in record:  # a test may give facts without the subject's parent
            return form.word("unknown")
        text: str = record["label"].in_language(form.language)
        return form.role(text) if subject.about == "role" else text
    value = interpreter.value(node, subject.record)
    return form.fact(node, value, subject.record.get("unit") or "", _raw(limit, node.type, form)).text


def _raw(limit: Any, kind: Type, form: Form) -> Any:
    """A figure's value as rules compute with it: money in minor units."""
    return limit * form.minor_units if limit is not None and kind.kind == "money" else limit


def is_measured(rule: Rule, subject: Subject, interpreter: Interpreter) -> bool:
    """Whether a rule measures something: not where a constant stands in for what cannot be computed, as a share of 0.

    A constant in place of absent data counts as measured, because the author chose it as the figure.
    """
    node = rule.check.measure
    while isinstance(node, s.Else):
        if not missing(interpreter.value(node.left, subject.record)):
            return True
        if constant(node.right):
            return bool(missing_facts(node.left, subject.record, interpreter))
        node = node.right
    return rule.measured is not None


def measure_figure(
    rule: Rule, value: Any, threshold: Any, subject: Subject, interpreter: Interpreter, form: Form
) -> Figure | None:
    """What was measured, with as many decimals as it takes to differ from the threshold."""
    if rule.measured is None or not is_measured(rule, subject, interpreter):
        return None
    return form.figure(value, rule.measured, subject.record.get("unit") or "", threshold)


def threshold_figure(
    rule: Rule, severity: str, value: Any, subject: Subject, interpreter: Interpreter, form: Form
) -> Figure | None:
    """The threshold that a measure with a value was compared with, such as `above 20 %`."""
    step = next(step for step in rule.check.steps if step.severity == severity)
    if step.threshold is None or rule.measured is None or not is_measured(rule, subject, interpreter):
        return None
    nodes = [step.threshold, *([step.condition.high] if isinstance(step.condition, s.Between) else [])]
    unit = subject.record.get("unit") or ""
    ends = [
        form.figure(interpreter.value(node, subject.record), rule.measured, unit, value) for node in nodes
    ]
    figure = ends[0]
    return type(figure)(figure.value, figure.unit, form.compared(step.condition, *ends))


def next_step(rule: Rule, severity: Severity | None) -> Step | None:
    """The mildest step that is worse than a severity; the mildest of all if no step holds."""
    rank = -1 if severity is None else SEVERITIES.index(severity)
    worse = [step for step in rule.check.steps if SEVERITIES.index(step.severity) > rank]
    return worse[-1] if worse else None


def margin_figure(
    rule: Rule, severity: Severity | None, value: Any, subject: Subject, interpreter: Interpreter, form: Form
) -> Figure | None:
    """How much the measure may still worsen before the next band: never negative, None without a next band."""
    step = next_step(rule, severity)
    if step is None or step.threshold is None or value is None or rule.measured is None:
        return None
    if not is_measured(rule, subject, interpreter):
        return None
    threshold = interpreter.value(step.threshold, subject.record)
    if missing(threshold) or missing(value):
        return None
    if isinstance(step.condition, (s.Above, s.AtLeast)):
        gap = held(threshold - value)
    elif isinstance(step.condition, (s.Below, s.AtMost)):
        gap = held(value - threshold)
    else:
        return None
    return None if missing(gap) else gap_figure(gap, rule.measured, subject.record.get("unit") or "", form)


def gap_figure(gap: Any, kind: Type, unit: str, form: Form) -> Figure:
    """The difference of two values: in days for dates, in percentage points for percentages."""
    figure = form.figure(gap, DAYS if kind.kind == "date" else kind, unit)
    if not (kind.kind in ("number", "own") and figure.text.endswith(" %")):
        return figure
    text = form.word("percentage-points").format(number=figure.text.removesuffix(" %"))
    return type(figure)(figure.value, figure.unit, text)
