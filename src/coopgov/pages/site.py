"""Write the pages about a rule set: a page and a picture for each rule, and an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.arguments import checked
from coopgov.assessment.actions import meant_by
from coopgov.assessment.evidence import facts_of
from coopgov.pages.bands import severities
from coopgov.pages.ladder import ladder_svg
from coopgov.pages.markdown import code, languages, prose, table
from coopgov.pages.rules import actions_table, overview, parameters_table, rule_lines
from coopgov.rules.ruleset import A_RULE_SET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.testing import Outcome

__all__ = ["MARK", "rule_pages"]

MARK = "<!-- Written by coopgov rules doc. Change the rules, not this file. -->"
"""The first line of every file, by which a later run recognises its own files."""


@checked(rules=A_RULE_SET)
def rule_pages(rules: RuleSet, outcomes: Iterable[Outcome] = ()) -> Mapping[str, str]:
    """All pages about a rule set: the name and the text of each file.

    `index.md` lists all rules by type of subject and by kind. Each rule has a page and, if it has a ladder, a picture
    of it; both have the rule's id as their name.

    Args:
        rules: the rules; those of extended packs have pages, too.
        outcomes: the results of rule tests; each is listed with its rules.

    >>> from coopgov.rules import load_rules
    >>> sorted(name for name in rule_pages(load_rules()) if name.startswith("phase-late"))
    ['phase-late-days.md', 'phase-late-days.svg', 'phase-late.md', 'phase-late.svg']
    """
    tested: dict[str, list[Outcome]] = {rule.id: [] for rule in rules.rules}
    for outcome in outcomes:
        for id_ in outcome.rules:
            tested.setdefault(id_, []).append(outcome)
    stems = _stems(rules.rules)
    files = {"index.md": _file(_index(rules, stems, tested))}
    for rule in rules.rules:
        stem, picture = stems[rule.id], ladder_svg(rule)
        files[f"{stem}.md"] = _file(_page(rule, rules, f"{stem}.svg" if picture else "", tested[rule.id]))
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
    rules: RuleSet, stems: Mapping[str, str], tested: Mapping[str, Sequence[Outcome]]
) -> Iterator[str]:
    yield f"# {prose(rules.pack)} {prose(rules.version)}"
    tests = len({id(outcome) for found in tested.values() for outcome in found})
    counts = (_count(len(rules.rules), "rule"), _count(len(rules.actions), "action"), _count(tests, "test"))
    yield from ("", " · ".join(counts), "", "## By subject")
    for about in dict.fromkeys(rule.about for rule in rules.rules):
        mine = [rule for rule in rules.rules if rule.about == about]
        yield from (
            "",
            f"### {prose(about)}",
            "",
            prose(rules.catalogue.subject_types[about].means),
            "",
        )
        heads = ("rule", "title", "kind", "severities", "tests")
        rows = (
            (f"[`{rule.id}`]({stems[rule.id]}.md)", languages(rule.title), prose(rule.kind), severities(rule), _passed(tested[rule.id]))
            for rule in mine
        )  # fmt: skip
        yield from table(heads, rows)
    yield from ("", "## By kind")
    for kind in sorted({rule.kind for rule in rules.rules}):
        mine = [rule for rule in rules.rules if rule.kind == kind]
        yield from ("", f"### {prose(kind)}", "", *overview(mine, lambda rule: f"{stems[rule.id]}.md"))
    if rules.parameters:
        yield from ("", "## Parameters", "", *parameters_table(rules))
    if rules.actions:
        yield from ("", "## Actions", "", *actions_table(rules.actions))


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _passed(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return "none"
    failed = sum(not outcome.passed for outcome in outcomes)
    return f"{len(outcomes)}, {failed} **failed**" if failed else f"{len(outcomes)} passed"


# A page -------------------------------------------------------------------------------------------------------------


def _page(rule: Rule, rules: RuleSet, picture: str, outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield from (f"# {rule.id}", "", f"**{languages(rule.title)}**")
    if rule.means is not None:
        yield from (line for text in _texts(rule.means.entries) for line in ("", text))
    if picture:
        yield from ("", f"![The ladder of {rule.id}]({picture})")
    yield from ("", *rule_lines(rule, rules), f"- pack: {prose(rule.pack)}", *_table(rule, rules))
    yield from ("", "## What it reads", "", *_facts(rule, rules))
    yield from ("", "## What to do", "", *_actions(rule, rules))
    yield from ("", "## Tests", "", *_tests(rule, outcomes))
    yield from ("", "[All rules](index.md)")


def _table(rule: Rule, rules: RuleSet) -> Iterator[str]:
    """A list of the decision table that a rule was made from."""
    for each in rules.tables:
        if any(row.rule == rule.id for row in each.rows):
            yield f"- a row of the decision table {code(each.id)}, hit policy {each.hit}"


def _texts(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (prose(text) for _, text in entries)


def _facts(rule: Rule, rules: RuleSet) -> Iterator[str]:
    """The facts about the rule's own subject, each followed by those that its formula names."""
    catalogue = rules.catalogue
    names = [node.name for node in facts_of(rule, catalogue)]
    if not names:
        yield f"No fact about the {rule.about} itself."
        return
    facts = [catalogue.facts[rule.about, name] for name in names]
    rows = (
        (
            code(fact.name),
            prose(fact.means) + (f"<br>= {code(fact.text)}" if fact.text else ""),
            str(catalogue.type_of(rule.about, fact.name)),
        )
        for fact in facts
    )
    yield from table(("fact", "meaning", "type"), rows)


def _actions(rule: Rule, rules: RuleSet) -> Iterator[str]:
    found = [action for action in rules.actions if meant_by(rule, action)]
    if not found:
        yield f"No action of these files answers {prose(rule.kind)}; an agreement can have its own contingency plans."
        return
    yield from actions_table(found)


def _tests(rule: Rule, outcomes: Sequence[Outcome]) -> Iterator[str]:
    if not outcomes:
        yield "No rule test names this rule."
        return
    rows = (
        (prose(each.title), _expected(rule, each), "passed" if each.passed else "**failed**")
        for each in outcomes
    )
    yield from table(("test", "expected", "outcome"), rows)


def _expected(rule: Rule, outcome: Outcome) -> str:
    """What a test expects of a rule, subject by subject."""
    said = [f"{each.expected} ({each.about})" for each in outcome.compared if each.rule == rule.id]
    return "<br>".join(map(prose, said)) or "nothing"
