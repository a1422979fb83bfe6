"""The sentence of an explanation: whether a rule holds, how far it is from the next band, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.texts import message_text, next_step
from coopgov.language import syntax as s
from coopgov.language.values import TOLERANCE
from coopgov.languages import relative

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.assessment.figures import Figure, Form
    from coopgov.assessment.result import Explanation
    from coopgov.facts.subject import Subject
    from coopgov.language.interpreter import Interpreter
    from coopgov.rules.rule import Rule

__all__ = ["sentence_of"]

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


def sentence_of(
    one: Explanation, why: str, unset: tuple[str, ...], rule: Rule, subject: Subject, interpreter: Interpreter, form: Form
) -> str:  # fmt: skip
    """The sentence of an explanation; `why` says why the rule does not apply, `unset` lists the settings it lacks."""
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
        "missing": ", ".join(one.missing or unset),
    }
    words = _SENTENCES[relative(form.language)]
    to_go = _to_go(rule, one.severity, one.margin)
    keys = {
        "fired": ["fired", "compared" if one.measure and one.threshold else "", to_go],
        "clear": ["clear", "measured" if one.measure else "", to_go],
        "undetermined": ["undetermined", "missing" if one.missing else ""],
        "not applicable": [why],
    }
    return "".join(words[key].format(**said) for key in keys[one.outcome] if key)


def _to_go(rule: Rule, severity: str | None, margin: Figure | None) -> str:
    """Which sentence reports the margin; exactly at the limit of a band, a margin of 0 would say little."""
    following = next_step(rule, severity)
    if margin is None or following is None:
        return ""
    left = margin.value if isinstance(margin.value, (int, float)) else 0
    beyond = " beyond" if isinstance(following.condition, (s.Above, s.Below)) else ""
    start = f"margin{beyond}" if abs(left) > TOLERANCE else "at limit"
    return f"{start} down" if isinstance(following.condition, (s.Below, s.AtMost)) else start
