"""One test as written → one ready to run: names looked up, facts typed, expectations completed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coopgov.errors import FactError, InputError, did_you_mean
from coopgov.language.interpreter import Setting
from coopgov.model import (
    AGREEMENT_FORMAT,
    MINOR_DIGITS,
    Agreement,
    Defect,
    WorkingCalendar,
    build_agreement,
    fault_of,
    load_agreement,
    read_agreement,
    shown,
    subjects,
    working_calendar,
)
from coopgov.rules.load import with_parameters
from coopgov.source import Document
from coopgov.testing.rule_tests.case import Given, RuleTest
from coopgov.testing.rule_tests.expect import Expectations
from coopgov.testing.rule_tests.facts import SmallFacts
from coopgov.testing.rule_tests.file import RuleTestEntry
from coopgov.testing.rule_tests.got import outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.errors import Fault
    from coopgov.model.defects import Path as Steps
    from coopgov.rules.ruleset import Rule, RuleSet
    from coopgov.testing.rule_tests.file import RuleTestsFile

__all__ = ["Resolver"]


_YEAR = re.compile(r"\b([1-9][0-9]{3})-[0-9]{2}-[0-9]{2}\b")
_ANY_AGREEMENT = {
    "coopgov": AGREEMENT_FORMAT,
    "id": "any",
    "title": "Any",
    "currency": "CNY",
    "parties": [{"id": "any"}],
}
"""What the calendar of a test needs around it."""


class Resolver:
    """Resolves the tests of one file; what they share is read once, faults are collected."""

    def __init__(
        self, document: Document, file: RuleTestsFile, rules: RuleSet, own: Mapping[str, str], folder: Path
    ) -> None:
        self.document = document
        self.file = file
        self.rules = rules
        self.own = own
        self.folder = folder
        self.faults: list[Fault] = []
        self.by_id = {rule.id: rule for rule in rules.rules}
        self.names: dict[str, int] = {}
        self.agreements: dict[str, Agreement | None] = {}
        self.variants: dict[tuple[tuple[str, str], ...], RuleSet | None] = {}
        self.default = None if file.agreement is None else self._agreement(file.agreement, ("agreement",))
        self.currency = file.currency or (self.default.currency if self.default else "")
        self.calendar = self._calendar()

    def defect(
        self, path: Steps, code: str, found: str, expected: str, hint: str = "", *, key: bool = False
    ) -> None:
        """Note what is wrong at a path of the file."""
        self.faults.append(fault_of(self.document, Defect(path, code, found, expected, hint, key)))

    def test(self, number: int, entry: RuleTestEntry) -> RuleTest | None:
        """The test at a position; None where it has faults."""
        before = len(self.faults)
        path: Steps = ("tests", number)
        self._name(entry, path)
        variant = self._variant(entry, path)
        given, about = self._given(entry, path)
        self._dates(entry, path, given)
        named = self._named(entry, path, given)
        if given is None or len(self.faults) > before:
            return None
        subject = given.subject.id if isinstance(given, Given) else about
        expectations = Expectations(self, given, subject, named)
        expected = tuple(
            expectations.on(
                day, what, (*path, "expect") if entry.over_time is None else (*path, "over_time", str(day))
            )
            for day, what in entry.dates.items()
        )
        if len(self.faults) > before:
            return None
        rules = tuple(dict.fromkeys([*entry.rule, *expectations.rules])) or tuple(self.own)
        place = self.document.place(self.document.find((*path, "name")))
        test = RuleTest(entry.name, rules, given, subject, expected, place, variant)
        self._needs_date(test, path)
        return test if len(self.faults) == before else None

    def _name(self, entry: RuleTestEntry, path: Steps) -> None:
        if entry.name in self.names:
            first = self.document.place(self.document.find(("tests", self.names[entry.name], "name")))
            found = f"the test {shown(entry.name)} a second time (the first stands in line {first.line})"
            self.defect((*path, "name"), "duplicate-test", found, "each name once")
        self.names.setdefault(entry.name, int(path[1]))

    def _variant(self, entry: RuleTestEntry, path: Steps) -> RuleSet | None:
        if not entry.parameters:
            return None
        key = tuple(sorted(entry.parameters.items()))
        if key not in self.variants:
            part = Document(self.document.file, self.document.lines, self.document.find(path))
            self.variants[key] = None
            try:
                self.variants[key] = with_parameters(self.rules, entry.parameters, part)
            except InputError as error:
                self.faults += error.faults
        return self.variants[key]

    # What is given -------------------------------------------------------------------------------------------------

    def _given(self, entry: RuleTestEntry, path: Steps) -> tuple[Given | Agreement | None, str]:
        facts = self._types(entry, path)
        agreement = entry.agreement
        if isinstance(agreement, Mapping) and "coopgov" not in agreement:
            facts["agreement"], agreement = agreement, None
        if facts:
            if agreement is not None:
                expected = "small facts, or an agreement"
                self.defect(
                    (*path, "agreement"),
                    "two-forms",
                    f"an agreement beside facts about {next(iter(facts))}",
                    expected,
                    key=True,
                )
                return None, ""
            return self._small(entry, facts, path), ""
        if agreement is not None:
            found = self._agreement(agreement, (*path, "agreement"))
        elif self.file.agreement is not None:
            found = self.default
        else:
            self.defect(
                (*path, "name"),
                "missing-key",
                "a test without facts",
                'small facts such as `phase: {…}`, or the key "agreement"',
            )
            return None, ""
        if found is not None and entry.about:
            self._subject(found, entry.about, (*path, "about"))
        return found, entry.about or ""

    def _types(self, entry: RuleTestEntry, path: Steps) -> dict[str, Any]:
        types = self.rules.catalogue.subject_types
        facts: dict[str, Any] = {}
        for key, value in entry.given.items():
            if key in types:
                facts[key] = value
            else:
                known = [*RuleTestEntry.model_fields, *types]
                self.defect(
                    (*path, key),
                    "unknown-key",
                    f'the key "{key}"',
                    "a key of tests, or a type of subject",
                    did_you_mean(key, known),
                    key=True,
                )
        return facts

    def _small(self, entry: RuleTestEntry, facts: dict[str, Any], path: Steps) -> Given | None:
        about = self._about(entry, facts, path)
        if about is None:
            return None
        minor_units = 10 ** MINOR_DIGITS[self.currency] if self.currency else 100
        reader = SmallFacts(self.rules, self.document, self.currency, minor_units)
        above: dict[str, Any] = {}
        parents = self.rules.catalogue.parents(about)
        for parent in reversed(parents):
            if parent in facts:
                above[parent] = reader.subject(parent, facts[parent], (*path, parent), above).record
        for other in facts:
            if other not in (about, *parents):
                expected = f"facts about {about} and what it belongs to"
                self.defect((*path, other), "other-subject", f"facts about {other}", expected, key=True)
        subject = reader.subject(about, facts[about], (*path, about), above)
        self.faults += reader.faults
        return Given(subject, reader.definitions(), Setting(None, self.calendar, self.currency, minor_units))

    def _about(self, entry: RuleTestEntry, facts: dict[str, Any], path: Steps) -> str | None:
        """The type of subject that the test is about: the one said, else what the others belong to it, or its rule is about."""
        if entry.about is not None:
            if entry.about in facts:
                return entry.about
            self.defect(
                (*path, "about"),
                "unknown-subject",
                f'"{entry.about}"',
                f"one of the facts given: {', '.join(facts)}",
            )
            return None
        ruled = {self.by_id[name].about for name in entry.rule if name in self.by_id} & set(facts)
        parents = self.rules.catalogue.parents
        lowest = [each for each in facts if set(facts) <= {each, *parents(each)}]
        candidates = list(facts) if len(facts) == 1 else list(ruled) if len(ruled) == 1 else lowest
        if len(candidates) == 1:
            return candidates[0]
        self.defect(
            (*path, "name"),
            "missing-key",
            f"facts about {' and '.join(facts)}",
            'the key "about", which says what the test is about',
        )
        return None

    def _agreement(self, given: Any, path: Steps) -> Agreement | None:
        """An agreement by path or inline; one that stands in a file is read once."""
        if isinstance(given, Mapping):
            part = Document(self.document.file, self.document.lines, self.document.find(path))
            return self._read(lambda: read_agreement(part))
        given = str(given)
        if given not in self.agreements:
            file = self.folder / given
            if not file.is_file():
                self.defect(path, "unreadable-file", f'"{given}"', "an agreement file, relative to this file")
                return None
            self.agreements[given] = self._read(lambda: load_agreement(file))
        return self.agreements[given]

    def _read(self, read: Any) -> Agreement | None:
        try:
            agreement: Agreement = read()
        except InputError as error:
            self.faults += error.faults
            return None
        return agreement

    def _calendar(self) -> WorkingCalendar:
        """The working days of tests on small facts; official days are asked for the years that the file names."""
        years = [int(year) for line in self.document.lines for year in _YEAR.findall(line)] or [2000]
        term = {"start": f"{min(years):04}-01-01", "end": f"{max(years):04}-12-31"}
        calendar = self.file.calendar if self.file.calendar or not self.default else self.default.calendar
        given = {**_ANY_AGREEMENT, "term": term, "calendar": calendar or {}}
        try:
            return working_calendar(build_agreement(given))
        except InputError as error:
            for fault in error.faults:
                self.defect(("calendar", "country"), fault.code, fault.found, fault.expected, fault.hint)
            return WorkingCalendar()

    def _subject(self, agreement: Agreement, about: str, path: Steps) -> None:
        known = set(subjects(agreement))
        if about not in known and not about.startswith("role/"):
            self.defect(
                path,
                "unknown-subject",
                f'"{about}"',
                "a subject of the agreement, such as phase/setup",
                did_you_mean(about, known),
            )

    # What is asked -------------------------------------------------------------------------------------------------

    def _dates(self, entry: RuleTestEntry, path: Steps, given: Given | Agreement | None) -> None:
        if entry.expect is not None and entry.over_time is not None:
            self.defect(
                (*path, "over_time"), "two-forms", '"over_time" beside "expect"', "one of them", key=True
            )
        elif entry.as_of is not None and entry.over_time is not None:
            self.defect((*path, "as_of"), "two-forms", '"as_of" beside "over_time"', "one of them", key=True)
        elif not entry.dates:
            self.defect(
                (*path, "name"),
                "missing-key",
                "a test that expects nothing",
                'the key "expect" or "over_time"',
            )
        elif isinstance(given, Agreement) and None in entry.dates:
            self.defect(
                (*path, "name"),
                "missing-key",
                "an agreement without a date",
                'the key "as_of" or "over_time"',
            )

    def _named(self, entry: RuleTestEntry, path: Steps, given: Given | Agreement | None) -> tuple[Rule, ...]:
        """The rules that the test names; each must be about what is given."""
        found = []
        for number, name in enumerate(entry.rule):
            rule = self.rule(name, (*path, "rule", number))
            if rule is not None and isinstance(given, Given):
                self.fits(rule, given, (*path, "rule", number))
            found += [rule] if rule else []
        return tuple(found)

    def rule(self, name: str, path: Steps) -> Rule | None:
        """The rule of a name."""
        rule = self.by_id.get(name)
        if rule is None:
            self.defect(
                path,
                "unknown-rule",
                f'"{name}"',
                "the id of a rule that is switched on",
                did_you_mean(name, self.by_id),
            )
        return rule

    def fits(self, rule: Rule, given: Given, path: Steps) -> None:
        """A rule of a test on small facts must be about their subject."""
        about = given.subject.about
        if rule.about != about:
            self.defect(
                path, "other-subject", f'"{rule.id}", which is about {rule.about}', f"a rule about {about}"
            )

    def _needs_date(self, test: RuleTest, path: Steps) -> None:
        """Small facts need a date only if a rule asks for it; so ask."""
        if not isinstance(test.given, Given) or all(each.as_of for each in test.expected):
            return
        try:
            for warning in outcomes(test, test.variant or self.rules, None).warnings:
                warning.tell("en")
        except FactError as error:
            if error.fact != "as_of":
                raise
            self.defect((*path, "name"), "missing-key", "rules that ask for the date", 'the key "as_of"')
