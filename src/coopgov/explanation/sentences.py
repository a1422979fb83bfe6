"""The sentence of an explanation: whether a rule holds, how far it is from the next band, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.texts import message_text, next_step
from coopgov.language import syntax as s
from coopgov.language.tolerance import TOLERANCE
from coopgov.locales import text

if TYPE_CHECKING:
    from coopgov.assessment.figures import Figure, Form
    from coopgov.explanation.result import Explanation
    from coopgov.facts.subject import Subject
    from coopgov.language.interpreter import Interpreter
    from coopgov.rules.rule import Rule
    from coopgov.severities import Severity

__all__ = ["sentence_of"]


def sentence_of(
    one: Explanation, why: str, lacking: str, rule: Rule, subject: Subject, interpreter: Interpreter,
    form: Form
) -> str:  # fmt: skip
    """The sentence of an explanation; `why` says why the rule does not apply, `lacking` which facts lack a value."""
    message = ""
    if one.severity is not None:
        message = message_text(rule, one.severity, subject, one.measure, one.threshold, interpreter, form)
    said = {
        "rule": rule.id,
        "about": subject.id,
        "severity": one.severity and form.term(one.severity),
        "message": message,
        "measure": one.measure and one.measure.text,
        "threshold": one.threshold and one.threshold.text,
        "margin": one.margin and one.margin.text,
        "next": one.next_severity and form.term(one.next_severity),
        "because": one.because and form.term(one.because),
        "missing": lacking,
    }
    start, language = "explanation.sentences", form.language
    to_go = _to_go(rule, one.severity, one.margin)
    keys = {
        "fired": ["fired", "compared" if one.measure and one.threshold else "", to_go],
        "clear": ["clear", "measured" if one.measure else "", to_go],
        "undetermined": ["undetermined", "missing" if one.missing else ""],
        "not applicable": [why],
    }
    sentences = [text(f"{start}.{key}", language, **said) for key in keys[one.outcome] if key]
    return text(f"{start}.between", language).join(sentences)


def _to_go(rule: Rule, severity: Severity | None, margin: Figure | None) -> str:
    """Which sentence reports the margin; exactly at the limit of a band, a margin of 0 would say little."""
    following = next_step(rule, severity)
    if margin is None or following is None:
        return ""
    left = margin.value if isinstance(margin.value, (int, float)) else 0
    beyond = "-beyond" if isinstance(following.condition, (s.Above, s.Below)) else ""
    start = f"margin{beyond}" if abs(left) > TOLERANCE else "at-limit"
    return f"{start}-down" if isinstance(following.condition, (s.Below, s.AtMost)) else start
