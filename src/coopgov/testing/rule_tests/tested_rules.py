"""The rules that tests are about, by their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.hints import Hints
from coopgov.locales import phrase, verbatim
from coopgov.schema import titles
from coopgov.testing.rule_tests.case import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.model import Agreement
    from coopgov.rules.rule import Rule
    from coopgov.rules.ruleset import RuleSet
    from coopgov.schema.problems import Path
    from coopgov.testing.rule_tests.fault_log import Notes

__all__ = ["TestedRules"]


class TestedRules:
    """The rules of a rule set by id; `own` are those of the file that the tests are written for."""

    def __init__(self, notes: Notes, rules: RuleSet, own: Mapping[str, str]) -> None:
        self.notes = notes
        self.rules = rules
        self.own = own
        self.by_id = {rule.id: rule for rule in rules.rules}
        self.hints = Hints(self.by_id, titles((rule.title, rule.id) for rule in rules.rules))

    def about(self, kind: str) -> list[Rule]:
        """The file's own rules about a type of subject."""
        return [self.by_id[name] for name in self.own if self.by_id[name].about == kind]

    def named(self, name: str, given: Given | Agreement | None, about: str, path: Path) -> Rule | None:
        """The rule of a name, which must be about the test's type of subject."""
        rule = self.by_id.get(name)
        if rule is None:
            found, expected = verbatim(f'"{name}"'), phrase("testing.test.switched-on")
            self.notes.defect(path, "unknown-rule", found, expected, self.hints.near(name))
            return None
        kind = given.subject.about if isinstance(given, Given) else about.partition("/")[0]
        if kind and rule.about != kind:
            found = phrase("testing.test.other-subject", rule=name, about=rule.about)
            self.notes.defect(path, "other-subject", found, phrase("testing.test.rule-about", about=kind))
        return rule
