"""Describe rules as Markdown: the parts that the page of one rule shares with a page of all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.pages.bands import band_text, named_parameters, severities
from coopgov.pages.markdown import code, languages, prose, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from coopgov.backends.ir import Step
    from coopgov.rules.rule import Action, Rule
    from coopgov.rules.ruleset import RuleSet

__all__ = ["actions_table", "overview", "parameters_table", "rule_lines"]


def overview(rules: Iterable[Rule], link: Callable[[Rule], str]) -> Iterator[str]:
    """A table of rules; `link` gives the address of each rule's description."""
    yield from table(
        ("rule", "about", "kind", "severities"),
        ((f"[`{rule.id}`]({link(rule)})", rule.about, prose(rule.kind), severities(rule)) for rule in rules),
    )


def rule_lines(rule: Rule, rules: RuleSet) -> Iterator[str]:
    """A list: what a rule watches, when it warns, what its message is and who must hear of it."""
    yield f"- about: {rule.about} · kind: {prose(rule.kind)} · layer: {rule.layer}"
    if "where" in rule.texts:
        yield f"- for subjects where {code(rule.texts['where'])}"
    if "when" in rule.texts:
        yield f"- {severities(rule)} when {code(rule.texts['when'])}"
    if "measure" in rule.texts:
        yield f"- measure: {code(rule.texts['measure'])}"
        yield from (_band(rule, step, rules) for step in reversed(rule.check.steps))
    for language, text in rule.message.text.entries:
        yield f"- message ({language or 'any language'}): {prose(text)}"
    yield f"- causes to look into: {', '.join(map(prose, rule.causes)) or 'none named'}"
    told = [f"{severity}: {prose(rule.escalate[severity])}" for severity in rule.escalate]
    yield f"- escalation: {'; '.join(told) or 'none'}"


def _band(rule: Rule, step: Step, rules: RuleSet) -> str:
    named = named_parameters(rule, step, rules)
    said = " ".join(f"`{each.name}`: {prose(each.means or each.text)}" for each in named)
    return f"  - **{step.severity}** {prose(band_text(rule, step))} — {said or 'Fixed in the rule.'}"


def parameters_table(rules: RuleSet) -> Iterator[str]:
    """A table of the parameters that rules name."""
    yield from table(
        ("parameter", "value", "meaning"),
        ((f"`{each.name}`", prose(each.text), prose(each.means or "")) for each in rules.parameters.values()),
    )


def actions_table(actions: Iterable[Action]) -> Iterator[str]:
    """A table of recommended actions, with the kinds they answer and their strains."""
    yield from table(
        ("action", "answers", "strains", "owner", "within"),
        (
            (
                f"`{action.id}`<br>{languages(action.title)}",
                ", ".join(action.answers),
                ", ".join(action.strains) or "—",
                action.owner or "—",
                str(action.within or "—"),
            )
            for action in actions
        ),
    )
