"""Write the pages about a rule set: a page and a picture for each rule, and an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.arguments import a_tag, checked
from coopgov.assessment.actions import recommended_by
from coopgov.assessment.evidence import facts_of
from coopgov.charts.bands import severities, subject_name, term
from coopgov.charts.ladder import ladder_svg
from coopgov.languages import relative
from coopgov.locales import text
from coopgov.pages.case_keys import settings_lines
from coopgov.pages.markdown import code, own, prose, table
from coopgov.pages.rules import actions_table, heads, overview, parameters_table, rule_lines
from coopgov.rules.ruleset import A_RULE_SET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgov.facts.catalogue import Catalogue, Fact
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing import Outcome

__all__ = ["MARK", "rule_pages"]

MARK = "<!-- Written by coopgov rules doc. Change the rules, not this file. -->"
"""The first line of every file, by which a later run recognises its own files."""


@checked(rules=A_RULE_SET, language=a_tag)
def rule_pages(rules: RuleSet, outcomes: Iterable[Outcome] = (), language: str = "en") -> Mapping[str, str]:
    """All pages about a rule set: the name and the text of each file.

    `index.md` lists all rules by type of subject and by kind. Each rule has a page and, if it has a ladder, a picture
    of it; both have the rule's id as their name.

    Args:
        rules: the rules; those of extended packs have pages, too.
        outcomes: the results of rule tests; each is listed with its rules.
        language: of the words between the texts of the rules; those are in all their languages.

    >>> from coopgov.rules import load_rules
    >>> sorted(name for name in rule_pages(load_rules()) if name.startswith("phase-late"))
    ['phase-late-days.md', 'phase-late-days.svg', 'phase-late.md', 'phase-late.svg']
    """
    tested: dict[str, list[Outcome]] = {rule.id: [] for rule in rules.rules}
    for outcome in outcomes:
        for id_ in outcome.rules:
            tested.setdefault(id_, []).append(outcome)
    stems = _stems(rules.rules)
    files = {"index.md": _file(_index(rules, stems, tested, language))}
    for rule in rules.rules:
        stem, picture = stems[rule.id], ladder_svg(rule, language)
        page = _page(rule, rules, f"{stem}.svg" if picture else "", tested[rule.id], language)
        files[f"{stem}.md"] = _file(page)
        if picture:
            files[f"{stem}.svg"] = f"{MARK}\n{picture}"
    return files


def _file(lines: Iterable[str]) -> str:
    return "\n".join((MARK, "", *lines)).rstrip() + "\n"


def _stems(rules: Iterable[Rule]) -> dict[str, str]:
    """The file names of each rule; many file systems do not distinguish `Late` and `late`, and `index` is taken."""
    taken = {"index"}
    stems = {}
    for rule in rules:
        stem, number = rule.id, 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{rule.id}-{number}"
        taken.add(stem.casefold())
        stems[rule.id] = stem
    return stems


# The index ----------------------------------------------------------------------------------------------------------


def _index(
    rules: RuleSet, stems: Mapping[str, str], tested: Mapping[str, Sequence[Outcome]], language: str
) -> Iterator[str]:
    yield f"# {prose(rules.pack)} {prose(rules.version)}"
    tests = len({id(outcome) for found in tested.values() for outcome in found})
    numbers = {"rules": len(rules.rules), "actions": len(rules.actions), "tests": tests}
    yield from ("", " · ".join(_count(name, number, language) for name, number in numbers.items()))
    yield from ("", _heading("subjects", language))
    for about in dict.fromkeys(rule.about for rule in rules.rules):
        mine = [rule for rule in rules.rules if rule.about == about]
        means = rules.catalogue.subject_types[about].means_in(language)
        yield from ("", f"### {prose(subject_name(rules, about, language))}", "", prose(means), "")
        rows = (
            (
                f"[`{rule.id}`]({stems[rule.id]}.md)",
                own(rule.title, language),
                prose(term(rule.kind, language)),
                severities(rule, language),
                _passed(tested[rule.id], language),
            )
            for rule in mine
        )
        yield from table(heads(language, "rule", "title", "kind", "severities", "tests"), rows)
    yield from ("", _heading("kinds", language))
    for kind in sorted({rule.kind for rule in rules.rules}):
        mine = [rule for rule in rules.rules if rule.kind == kind]
        table_of_rules = overview(mine, rules, lambda rule: f"{stems[rule.id]}.md", language)
        yield from ("", f"### {prose(term(kind, language))}", "", *table_of_rules)
    if rules.parameters:
        yield from ("", _heading("parameters", language), "", *parameters_table(rules, language))
    if settings := [*settings_lines(rules.cases, language)]:
        yield from ("", _heading("cases", language), "", *settings)
    if rules.actions:
        yield from ("", _heading("actions", language), "", *actions_table(rules.actions, language))


def _heading(name: str, language: str) -> str:
    return f"## {text(f'pages.rules.headings.{name}', language)}"


def _count(name: str, number: int, language: str) -> str:
    return text(f"pages.rules.{name}.{'one' if number == 1 else 'many'}", language, number=number)


def _passed(outcomes: Sequence[Outcome], language: str) -> str:
    if not outcomes:
        return text("pages.rules.no-tests", language)
    failed = sum(not outcome.passed for outcome in outcomes)
    if failed:
        return text("pages.rules.some-failed", language, number=len(outcomes), failed=failed)
    return text("pages.rules.all-passed", language, number=len(outcomes))


# A page -------------------------------------------------------------------------------------------------------------


def _page(
    rule: Rule, rules: RuleSet, picture: str, outcomes: Sequence[Outcome], language: str
) -> Iterator[str]:
    yield from (f"# {rule.id}", "", f"**{own(rule.title, language)}**")
    if rule.means is not None:
        yield from ("", prose(rule.means.in_language(language)))
    if picture:
        yield from ("", f"![{text('pages.rules.ladder', language, rule=rule.id)}]({picture})")
    yield from ("", *rule_lines(rule, rules, language))
    yield f"- {text('pages.rules.pack', language, pack=prose(rule.pack))}"
    yield from _table(rule, rules, language)
    yield from ("", _heading("reads", language), "", *_facts(rule, rules, language))
    yield from ("", _heading("do", language), "", *_actions(rule, rules, language))
    yield from ("", _heading("tests", language), "", *_tests(rule, outcomes, language))
    yield from ("", f"[{text('pages.rules.index', language)}](index.md)")


def _table(rule: Rule, rules: RuleSet, language: str) -> Iterator[str]:
    """A list of the decision table that a rule was made from."""
    for each in rules.tables:
        if any(row.rule == rule.id for row in each.rows):
            yield f"- {text('pages.rules.row', language, table=code(each.id), policy=each.hit)}"


def _facts(rule: Rule, rules: RuleSet, language: str) -> Iterator[str]:
    """The facts about the rule's own subject, each followed by those that its formula names."""
    catalogue = rules.catalogue
    names = [node.name for node in facts_of(rule, catalogue)]
    if not names:
        yield text("pages.rules.no-fact", language, about=subject_name(rules, rule.about, language))
        return
    facts = [catalogue.existing(rule.about, name) for name in names]
    rows = (
        (
            code(fact.name) + _display_name(fact, language),
            prose(fact.means_in(language)) + (f"<br>= {code(fact.text)}" if fact.text else ""),
            prose(_type_of(fact, catalogue, language)),
        )
        for fact in facts
    )
    yield from table(heads(language, "fact", "meaning", "type"), rows)


def _display_name(fact: Fact, language: str) -> str:
    """The display name of a fact below the name that rules use, where a reader of the language needs it."""
    name = fact.name if relative(language) == "en" else fact.name_in(language)
    return "" if name == fact.name else f"<br>{prose(name)}"


def _type_of(fact: Fact, catalogue: Catalogue, language: str) -> str:
    kind = catalogue.type_of(fact.about, fact.name)
    assert kind is not None
    return kind.words.in_language(language)


def _actions(rule: Rule, rules: RuleSet, language: str) -> Iterator[str]:
    found = [action for action in rules.actions if recommended_by(rule, action)]
    if not found:
        yield text("pages.rules.no-action", language, kind=prose(term(rule.kind, language)))
        return
    yield from actions_table(found, language)


def _tests(rule: Rule, outcomes: Sequence[Outcome], language: str) -> Iterator[str]:
    if not outcomes:
        yield text("pages.rules.no-test", language)
        return
    rows = (
        (
            prose(each.title),
            _expected(rule, each, language),
            text(f"pages.rules.{'passed' if each.passed else 'failed'}", language),
        )
        for each in outcomes
    )
    yield from table(heads(language, "test", "expected", "outcome"), rows)


def _expected(rule: Rule, outcome: Outcome, language: str) -> str:
    """What a test expects of a rule, subject by subject."""
    said = [
        text("pages.rules.named", language, name=each.expected, written=each.about)
        for each in outcome.compared
        if each.rule == rule.id
    ]
    return "<br>".join(map(prose, said)) or text("pages.rules.nothing", language)
