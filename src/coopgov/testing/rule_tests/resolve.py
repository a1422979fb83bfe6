"""Resolve a test as written into one that is ready to run: names looked up, facts typed, expectations completed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgov.errors import FactError, InputError
from coopgov.locales import phrase
from coopgov.model import Agreement
from coopgov.rules.build import with_parameters
from coopgov.schema import shown
from coopgov.source import Document
from coopgov.testing.rule_tests.actual import outcomes
from coopgov.testing.rule_tests.case import Given, RuleTest
from coopgov.testing.rule_tests.compare import compared
from coopgov.testing.rule_tests.expect import Expectations
from coopgov.testing.rule_tests.fault_log import Notes
from coopgov.testing.rule_tests.inputs import Givens
from coopgov.testing.rule_tests.tested_rules import TestedRules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coopgov.faults import Fault, Place
    from coopgov.rules.ruleset import RuleSet
    from coopgov.schema.problems import Path as Steps
    from coopgov.testing.rule_tests.case import Expected
    from coopgov.testing.rule_tests.schema import RuleTestEntry, RuleTestsFile

__all__ = ["Resolver"]


class Resolver:
    """Resolves the tests of one file, and collects their faults."""

    def __init__(
        self, document: Document, file: RuleTestsFile, rules: RuleSet, own: Mapping[str, str], folder: Path
    ) -> None:
        self.notes = Notes(document)
        self.tested = TestedRules(self.notes, rules, own)
        self.givens = Givens(self.notes, file, rules, folder)
        self.names: dict[str, int] = {}
        self.variants: dict[tuple[tuple[str, str], ...], RuleSet | None] = {}

    @property
    def faults(self) -> list[Fault]:
        """The faults of the tests so far."""
        return self.notes.faults

    def test(self, number: int, entry: RuleTestEntry, *, whole: bool = True) -> RuleTest | None:
        """The test at a position; None if it has faults.

        For a partial test, missing keys are not reported: the fault of the part that was left out is enough.
        """
        before = len(self.faults)
        test = self._test(number, entry)
        if whole:
            return test
        place = self._place(("tests", number, "name"))
        self.faults[before:] = [fault for fault in self.faults[before:] if fault.place != place]
        return None

    def _test(self, number: int, entry: RuleTestEntry) -> RuleTest | None:
        before, path = len(self.faults), ("tests", number)
        self._name(entry, number)
        variant = self._variant(entry, path)
        given = self.givens.given(entry, path)
        about = self._about(entry, given, path)
        self._dates(entry, given, path)
        named = [
            self.tested.named(name, given, about, (*path, "rule", at)) for at, name in enumerate(entry.rule)
        ]
        if given is None or None in named:
            return None
        expectations = Expectations(self.tested, self.givens, given, about, tuple(filter(None, named)))
        expected = tuple(self._expected(entry, expectations, path))
        rules = tuple(dict.fromkeys([*entry.rule, *expectations.rules])) or tuple(self.tested.own)
        test = RuleTest(entry.name, rules, given, about, expected, self._place((*path, "name")), variant)
        if len(self.faults) == before:
            self._ask_for_date(test, path)
        return test if len(self.faults) == before else None

    def _place(self, path: Steps) -> Place:
        return self.notes.document.place(self.notes.document.find(path))

    def _name(self, entry: RuleTestEntry, number: int) -> None:
        first = self.names.setdefault(entry.name, number)
        if first != number:
            line = self._place(("tests", first, "name")).line
            found = phrase("testing.test.twice", name=shown(entry.name))
            expected = phrase("testing.test.each-once", line=line)
            self.notes.defect(("tests", number, "name"), "duplicate-test", found, expected)

    def _variant(self, entry: RuleTestEntry, path: Steps) -> RuleSet | None:
        """The rules with the parameters of a test; tests with the same ones share them."""
        if not entry.parameters:
            return None
        key = tuple(sorted(entry.parameters.items()))
        if key not in self.variants:
            document = self.notes.document
            part = Document(document.file, document.lines, document.find(path))
            self.variants[key] = None
            try:
                self.variants[key] = with_parameters(self.tested.rules, entry.parameters, part)
            except InputError as error:
                self.faults.extend(error.faults)
        return self.variants[key]

    def _about(self, entry: RuleTestEntry, given: Given | Agreement | None, path: Steps) -> str:
        """The name of the one subject that a test checks; empty for all subjects of an agreement."""
        if isinstance(given, Given):
            return given.subject.id
        if entry.about and isinstance(given, Agreement):
            self.givens.subject(given, entry.about, (*path, "about"))
        return entry.about or ""

    def _dates(self, entry: RuleTestEntry, given: Given | Agreement | None, path: Steps) -> None:
        others = {"expect": entry.expect, "as_of": entry.as_of}
        beside = next((key for key, value in others.items() if value is not None), None)
        if entry.over_time is not None and beside:
            found, expected = phrase("testing.test.over-time", key=beside), phrase("testing.file.one-of-them")
            self.notes.defect((*path, "over_time"), "two-forms", found, expected, key=True)
        elif not entry.dates:
            found, expected = phrase("testing.test.expects-nothing"), phrase("testing.test.expect-key")
            self.notes.defect((*path, "name"), "missing-key", found, expected)
        elif isinstance(given, Agreement) and None in entry.dates:
            found, expected = phrase("testing.test.no-date"), phrase("testing.test.as-of-key")
            self.notes.defect((*path, "name"), "missing-key", found, expected)

    @staticmethod
    def _expected(entry: RuleTestEntry, expectations: Expectations, path: Steps) -> list[Expected]:
        if entry.over_time is None:
            return [expectations.on(day, what, (*path, "expect")) for day, what in entry.dates.items()]
        return [
            expectations.on(day, what, (*path, "over_time", str(day)))
            for day, what in entry.over_time.items()
        ]

    def _ask_for_date(self, test: RuleTest, path: Steps) -> None:
        """Report a missing date: small facts need one only if what is compared reads it, so compare to see."""
        if not isinstance(test.given, Given) or all(each.as_of for each in test.expected):
            return
        rules = test.variant or self.tested.rules
        asking = next(
            (rule for rule in test.rules if _asks_for_date(replace(test, rules=(rule,)), rules)), None
        )
        if asking:
            found, expected = phrase("testing.test.date-needed", rule=asking), phrase("testing.test.as-of")
            self.notes.defect((*path, "name"), "missing-key", found, expected)


def _asks_for_date(test: RuleTest, rules: RuleSet) -> bool:
    try:
        got = outcomes(test, rules, None)
        for expected in test.expected:
            compared(expected, got)
    except FactError as error:
        if error.fact != "as_of":
            raise
        return True
    return False
