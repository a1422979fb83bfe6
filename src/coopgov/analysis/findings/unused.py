"""Find facts and actions of the file that nothing uses, and rules that no action answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from coopgov.analysis.scope import finding
from coopgov.faults import NO_HINT, did_you_mean
from coopgov.language import syntax as s
from coopgov.locales import listed, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.analysis.scope import Scope
    from coopgov.finding import Finding
    from coopgov.locales import Phrase
    from coopgov.rules import Rule, RuleSet
    from coopgov.rules.schema import RuleEntry

__all__ = ["kinds_without_action", "unused_actions", "unused_facts"]

_WORD = re.compile(r"[^\W\d]\w*")
_BUILT_IN = "built-in"


class _Off(NamedTuple):
    """The texts of a rule that is switched off: what it names still counts as used."""

    kind: str | None
    actions: Iterable[str]
    texts: Iterable[str]


def unused_facts(scope: Scope) -> Iterator[Finding]:
    """The findings about facts that the file declares and that nothing in use names."""
    if not scope.source.file.facts or _vocabulary(scope.rules):
        return
    used = _used_facts(scope.rules)
    words = {word for off in _switched_off(scope.rules) for text in off.texts for word in _WORD.findall(text)}
    for position, fact in scope.source.entries("facts"):
        if (fact.about, fact.name) in used or fact.name in words:
            continue
        found = phrase("analysis.unused-fact.found", fact=fact.name, about=fact.about)
        expected = phrase("analysis.unused-fact.expected")
        yield finding(scope.source.fault(("facts", position, "name"), "unused-fact", found, expected))


def unused_actions(scope: Scope) -> Iterator[Finding]:
    """The findings about actions of the file that no warning of the rule set can recommend."""
    if not scope.source.file.actions or _vocabulary(scope.rules):
        return
    off = list(_switched_off(scope.rules))
    kinds = {rule.kind for rule in scope.rules.rules if rule.actions is None}
    kinds |= {each.kind for each in off if each.kind}
    named = {name for rule in scope.rules.rules for name in rule.actions or ()}
    named |= {name for each in off for name in each.actions}
    for position, action in scope.source.entries("actions"):
        if kinds.isdisjoint(action.answers) and action.id not in named:
            hint = next(filter(None, (did_you_mean(each, kinds) for each in action.answers)), NO_HINT)
            path = ("actions", position, *(("answers", 0) if action.answers else ("id",)))
            found = (
                phrase("analysis.unused-action.found", action=action.id, kinds=_quoted(action.answers))
                if action.answers
                else phrase("analysis.unused-action.nothing", action=action.id)
            )
            expected = phrase("analysis.unused-action.expected")
            yield finding(scope.source.fault(path, "unused-action", found, expected, hint))


def kinds_without_action(scope: Scope) -> Iterator[Finding]:
    """The findings about rules of the file whose warnings recommend no action, while others do."""
    answered = {kind for action in scope.rules.actions for kind in action.answers}
    if not answered:
        return
    for rule in scope.own:
        kind = rule.fields["kind"]
        if rule.kind in answered or rule.actions is not None or not scope.owns(kind):
            continue
        found = phrase("analysis.kind-without-action.found", kind=rule.kind)
        expected = phrase("analysis.kind-without-action.expected")
        near = did_you_mean(rule.kind, answered)
        fault = kind.source.fault(kind.path, "kind-without-action", found, expected, near)
        yield finding(fault, rule.id)


def _quoted(names: Iterable[str]) -> Phrase:
    return listed(f'"{each}"' for each in names)


def _vocabulary(rules: RuleSet) -> bool:
    """Whether there are no rules except coopgov's built-in ones: such a file is made for others to extend."""
    return all(rule.pack == _BUILT_IN for rule in rules.rules) and not any(_switched_off(rules))


def _switched_off(rules: RuleSet) -> Iterator[_Off]:
    enabled = {rule.id for rule in rules.rules}
    for source in rules.sources:
        for entry in source.file.rules:
            if entry.id not in enabled:
                yield _Off(entry.kind, entry.actions or (), _texts(entry))
        for table in source.tables:
            for row in table.rows:
                if row.rule not in enabled:
                    named = row.fields["actions"].value if "actions" in row.fields else ()
                    yield _Off(row.fields["kind"].value, named, (row.when.own,))


def _texts(entry: RuleEntry) -> Iterator[str]:
    bands = (*(entry.bands or {}).values(), *(entry.clear or {}).values())
    yield from filter(None, (entry.where, entry.measure, entry.when, entry.ends, *bands))
    yield from (text for _, text in (entry.message.entries if entry.message else ()))


def _used_facts(rules: RuleSet) -> set[tuple[str, str]]:
    """The facts that rules read, directly or through formulas."""
    used: set[tuple[str, str]] = set()
    nodes = [node for rule in rules.rules for node in _expressions(rule)]
    nodes += (column for table in rules.tables for column in table.columns)
    waiting = {name for node in nodes for name in _named(node)}
    while waiting:
        about, name = waiting.pop()
        used.add((about, name))
        if rules.catalogue.fact(about, name) is not None:
            formula = rules.catalogue.definition(about, name)
            waiting |= _named(formula) - used if formula is not None else set()
    return used


def _expressions(rule: Rule) -> Iterable[s.Expr]:
    check = rule.check
    yield from (step.condition for step in check.steps)
    yield from (node for node in (check.measure, check.where, check.ends) if node is not None)
    yield from rule.clear.values()
    yield from rule.message.facts.values()


def _named(node: s.Expr) -> set[tuple[str, str]]:
    return {(part.about, part.name) for part in s.walk(node) if isinstance(part, s.Name)}
