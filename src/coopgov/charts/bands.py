"""Describe bands in words: what the measure is compared with, as figures where they are fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.assessment.figures import Form
from coopgov.language import parse_band
from coopgov.language import syntax as s
from coopgov.language.fold import value_of
from coopgov.languages import relative
from coopgov.locales import text

if TYPE_CHECKING:
    from coopgov.assessment.figures import Figure
    from coopgov.backends.ir import Step
    from coopgov.rules.rule import Parameter, Rule
    from coopgov.rules.ruleset import RuleSet

__all__ = [
    "band_text",
    "condition_text",
    "end_text",
    "named_parameters",
    "severities",
    "subject_name",
    "term",
]


def severities(rule: Rule, language: str) -> str:
    """The severities that a rule can give, mildest first."""
    return text("common.comma", language).join(
        term(step.severity, language) for step in reversed(rule.check.steps)
    )


def term(name: str, language: str) -> str:
    """A severity, kind or role in a language."""
    return Form(language, "", 1).term(name)


def subject_name(rules: RuleSet, about: str, language: str) -> str:
    """The type of a subject as rules name it, after its display name where that is another."""
    name = about if relative(language) == "en" else rules.catalogue.subject_types[about].name_in(language)
    return about if name == about else text("pages.rules.named", language, name=name, written=about)


def band_text(rule: Rule, step: Step, language: str) -> str:
    """A band with its value, such as `above 10 %`; as written if an agreement sets the value."""
    return condition_text(rule, step.severity, step.condition, language)


def condition_text(rule: Rule, key: str, condition: s.Expr, language: str) -> str:
    """A comparison of the measure under a key, such as `minor` or `clear.minor`, written like a band."""
    ends = (
        (condition.low, condition.high)
        if isinstance(condition, s.Between)
        else (condition.right,)
        if isinstance(condition, s.Comparison)
        else ()
    )
    if not ends or not all(isinstance(end, s.Literal) for end in ends):
        return " ".join(rule.texts[key].split())
    return Form(language, "", 1).compared(condition, *(_figure(rule, end, language) for end in ends))


def end_text(rule: Rule, key: str, node: s.Expr, language: str) -> str:
    """One threshold under a key: its figure, or the expression as written."""
    if isinstance(node, s.Literal):
        return _figure(rule, node, language).text
    return " ".join(rule.texts[key][node.start : node.end].split())


def _figure(rule: Rule, node: s.Expr, language: str) -> Figure:
    """A threshold, with as many decimals as it takes to differ from the others of its rule."""
    assert isinstance(node, s.Literal)
    assert rule.measured is not None
    currency = node.unit if node.type.kind == "money" and node.unit != "money" else ""
    value: Any = value_of(node)
    limits: list[Any] = [
        value_of(step.threshold) for step in rule.check.steps if isinstance(step.threshold, s.Literal)
    ]
    nearest = min(
        (each for each in limits if each != value), key=lambda each: abs(each - value), default=None
    )
    return Form(language, currency, 1).figure(value, rule.measured, node.unit, nearest)


def named_parameters(rule: Rule, step: Step, rules: RuleSet) -> list[Parameter]:
    """The parameters that a band names."""
    nodes = s.walk(parse_band(rule.texts[step.severity], s.Literal(True)))
    names = dict.fromkeys(node.name for node in nodes if isinstance(node, s.Name))
    return [rules.parameters[name] for name in names if name in rules.parameters]
