"""Describe what cases do with a rule: who hears of it step by step, how long it must last, when a band is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.figures import Form
from coopgov.charts.bands import term
from coopgov.locales import text
from coopgov.pages.markdown import code, prose
from coopgov.rules.entry_fields import OWNER, Readings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.rules.case_settings import CaseSettings
    from coopgov.rules.entry_fields import Escalation, Ladder
    from coopgov.rules.rule import Rule
    from coopgov.schema import Span

__all__ = ["case_lines", "settings_lines"]


def case_lines(rule: Rule, language: str) -> Iterator[str]:
    """A list: the escalation of a rule, and its other keys for cases as far as it has them."""
    yield _item("escalation", language, steps=_escalation(rule, language))
    if rule.acknowledge != "any":
        yield _item("acknowledge", language)
    if rule.treat:
        times = (
            text("pages.cases.within", language, severity=term(each, language), span=_span(span, language))
            for each, span in rule.treat.items()
        )
        yield _item("treat", language, times=_between(language).join(times))
    if rule.holds_for is not None:
        yield _item("for", language, span=_span(rule.holds_for, language))
    if rule.clear:
        limits = (
            text("pages.cases.left", language, severity=term(each, language), clear=code(_clear(rule, each)))
            for each in rule.clear
        )
        yield _item("clear", language, limits=_between(language).join(limits))
    if rule.keep is not None:
        yield _item("keep", language, span=_span(rule.keep, language))


def settings_lines(settings: CaseSettings, language: str) -> Iterator[str]:
    """A list: what the rule files set about cases; nothing for what they leave at its default."""
    for key, span in settings.changed().items():
        yield _item(key.replace("_", "-"), language, span=_span(span, language))


def _item(name: str, language: str, **values: object) -> str:
    return f"- {text(f'pages.cases.{name}', language, **values)}"


def _between(language: str) -> str:
    return text("pages.rules.between", language)


def _clear(rule: Rule, severity: str) -> str:
    return " ".join(rule.texts[f"clear.{severity}"].split())


def _escalation(rule: Rule, language: str) -> str:
    ladders = (
        text("pages.cases.ladder", language, severity=term(each, language), steps=_ladder(steps, language))
        for each, steps in rule.escalate.items()
    )
    return _between(language).join(ladders) or text("pages.cases.no-escalation", language)


def _ladder(steps: Ladder, language: str) -> str:
    return text("pages.cases.then", language).join(_step(each, language) for each in steps)


def _step(step: Escalation, language: str) -> str:
    to = text("pages.cases.owner", language) if step.to == OWNER else prose(term(step.to, language))
    return text("pages.cases.step", language, to=to, span=_span(step.within, language))


def _span(span: Span | Readings, language: str) -> str:
    if isinstance(span, Readings):
        one = "one" if span.count == 1 else "many"
        return text(f"pages.cases.readings.{one}", language, number=span.count)
    return Form(language, "", 1).span(span)
