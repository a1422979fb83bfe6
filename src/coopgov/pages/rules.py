"""Describe rules as Markdown: the parts that the page of one rule shares with a page of all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.assessment.figures import Form
from coopgov.charts.bands import band_text, named_parameters, severities, subject_name, term
from coopgov.languages import relative
from coopgov.locales import text
from coopgov.pages.case_keys import case_lines
from coopgov.pages.markdown import code, own, prose, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coopgov.backends.ir import Step
    from coopgov.rules.rule import Action, Parameter, Rule
    from coopgov.rules.ruleset import RuleSet

__all__ = ["actions_table", "heads", "overview", "parameters_table", "rule_lines"]


def heads(language: str, *names: str) -> list[str]:
    """The heads of a table's columns."""
    return [text(f"pages.rules.heads.{name}", language) for name in names]


def overview(
    chosen: Iterable[Rule], rules: RuleSet, link: Callable[[Rule], str], language: str = "en"
) -> Iterator[str]:
    """A table of rules of a rule set; `link` gives the address of each rule's description."""
    yield from table(
        heads(language, "rule", "about", "kind", "severities"),
        (
            (
                f"[`{rule.id}`]({link(rule)})",
                subject_name(rules, rule.about, language),
                prose(term(rule.kind, language)),
                severities(rule, language),
            )
            for rule in chosen
        ),
    )


def rule_lines(rule: Rule, rules: RuleSet, language: str = "en") -> Iterator[str]:
    """A list: what a rule watches, when it warns, what its message is and who must hear of it."""

    def item(name: str, **values: object) -> str:
        return f"- {text(f'pages.rules.{name}', language, **values)}"

    yield item(
        "about",
        about=subject_name(rules, rule.about, language),
        kind=prose(term(rule.kind, language)),
        layer=rule.layer,
    )
    if "where" in rule.texts:
        yield item("where", condition=code(rule.texts["where"]))
    if "when" in rule.texts:
        yield item("when", severities=severities(rule, language), condition=code(rule.texts["when"]))
    if "measure" in rule.texts:
        yield item("measure", measure=code(rule.texts["measure"]))
        yield from (_band(rule, step, rules, language) for step in reversed(rule.check.steps))
    if "ends" in rule.texts:
        yield item("ends", condition=code(rule.texts["ends"]))
    comma = text("common.comma", language)
    for each in rules.inhibitions:
        if each.by == rule.id:
            yield item(f"hides-{each.about}", rules=comma.join(f"`{name}`" for name in each.hides))
    if hiding := [each.by for each in rules.inhibitions if rule.id in each.hides]:
        yield item("hidden", rules=comma.join(f"`{name}`" for name in hiding))
    for tag, message in _messages(rule, language):
        said_in = tag or text("pages.rules.any-language", language)
        yield item("message", language=said_in, message=prose(message))
    causes = comma.join(prose(term(each, language)) for each in rule.causes)
    yield item("causes", causes=causes or text("pages.rules.no-causes", language))
    yield from case_lines(rule, language)


def _messages(rule: Rule, language: str) -> Sequence[tuple[str, str]]:
    """The message of a rule with its language; an English page, which translators use, shows all languages."""
    entries = rule.message.text.entries
    shown = rule.message.text.in_language(language)
    return entries if relative(language) == "en" else [each for each in entries if each[1] == shown][:1]


def _band(rule: Rule, step: Step, rules: RuleSet, language: str) -> str:
    named = named_parameters(rule, step, rules)
    meanings = " ".join(
        text(
            "pages.rules.means",
            language,
            name=f"`{each.name}`",
            meaning=_meaning(each, language) or each.text,
        )
        for each in named
    )
    band = prose(band_text(rule, step, language))
    fixed = text("pages.rules.fixed", language)
    return f"  - **{term(step.severity, language)}** {band} — {meanings or fixed}"


def _meaning(parameter: Parameter, language: str) -> str:
    """What a parameter is for; empty if its file does not say it."""
    return prose(parameter.means.in_language(language)) if parameter.means else ""


def parameters_table(rules: RuleSet, language: str = "en") -> Iterator[str]:
    """A table of the parameters that rules name."""
    yield from table(
        heads(language, "parameter", "value", "meaning"),
        (
            (
                f"`{each.name}`",
                prose(each.text),
                _meaning(each, language),
            )
            for each in rules.parameters.values()
        ),
    )


def actions_table(actions: Iterable[Action], language: str = "en") -> Iterator[str]:
    """A table of recommended actions, with the kinds they answer and their strains."""
    comma = text("common.comma", language)
    yield from table(
        heads(language, "action", "answers", "strains", "owner", "within"),
        (
            (
                f"`{action.id}`<br>{own(action.title, language)}",
                comma.join(term(each, language) for each in action.answers),
                comma.join(text(f"pages.rules.strains.{each}", language) for each in action.strains) or "—",
                term(action.owner, language) if action.owner else "—",
                Form(language, "", 1).span(action.within) if action.within else "—",
            )
            for action in actions
        ),
    )
