"""Read the inputs of a test: a subject made of small facts, or an agreement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from coopgov.errors import InputError
from coopgov.facts.derive import derive
from coopgov.faults import did_you_mean
from coopgov.language.interpreter import Setting
from coopgov.locales import all_of, listed, phrase, verbatim
from coopgov.model import (
    Agreement,
    Calendar,
    WorkingCalendar,
    load_agreement,
    read_agreement,
    subjects,
    working_calendar,
)
from coopgov.schema import MINOR_DIGITS
from coopgov.schema.problems import defects_of
from coopgov.source import Document, is_file
from coopgov.testing.rule_tests.case import Given
from coopgov.testing.rule_tests.facts import SmallFacts
from coopgov.testing.rule_tests.schema import RuleTestEntry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coopgov.rules.ruleset import RuleSet
    from coopgov.schema.problems import Path as Steps
    from coopgov.testing.rule_tests.fault_log import Notes
    from coopgov.testing.rule_tests.schema import RuleTestsFile

__all__ = ["Givens"]

_ITEMS = ("warning", "case")
"""Types of what is only in collections, so that no test is about it."""

_YEAR = re.compile(r"\b([1-9][0-9]{3})-[0-9]{2}-[0-9]{2}\b")
_DECIMALS = 2
"""The decimals of an amount in no currency."""


class Givens:
    """Reads the inputs of the tests in one file; an agreement in a separate file is read once."""

    def __init__(self, notes: Notes, file: RuleTestsFile, rules: RuleSet, folder: Path) -> None:
        self.notes = notes
        self.file = file
        self.rules = rules
        self.folder = folder
        self.agreements: dict[str, Agreement | None] = {}
        self.default = None if file.agreement is None else self._agreement(file.agreement, ("agreement",))
        currency = file.currency or (self.default.currency if self.default else "")
        minor_units: int = 10 ** (MINOR_DIGITS[currency] if currency else _DECIMALS)
        self.setting = Setting(None, self._calendar(), currency, minor_units)

    def given(self, entry: RuleTestEntry, path: Steps) -> Given | Agreement | None:
        """The inputs of a test; None if they cannot be read."""
        facts, agreement = self._types(entry, path), entry.agreement
        if isinstance(agreement, Mapping) and "coopgov" not in agreement:
            facts["agreement"], agreement = agreement, None
        if facts and agreement is not None:
            found = phrase("testing.facts.and-agreement", about=next(iter(facts)))
            expected = phrase("testing.file.one-of-them")
            self.notes.defect((*path, "agreement"), "two-forms", found, expected, key=True)
            return None
        if facts:
            return self._small(entry, facts, path)
        if agreement is not None:
            return self._agreement(agreement, (*path, "agreement"))
        if self.file.agreement is None and not entry.given:  # an unknown key is reported already
            found, expected = phrase("testing.facts.nothing-given"), phrase("testing.facts.needed")
            self.notes.defect((*path, "name"), "missing-key", found, expected)
        return self.default

    def subject(self, agreement: Agreement, about: str, path: Steps) -> None:
        """Check that an agreement has a subject; roles are known only once warnings are."""
        known = subjects(agreement)
        if about not in known and not about.startswith(("role/", "waiver/")):
            found, expected = verbatim(f'"{about}"'), phrase("testing.facts.subject")
            self.notes.defect(path, "unknown-subject", found, expected, did_you_mean(about, known))

    def _types(self, entry: RuleTestEntry, path: Steps) -> dict[str, Any]:
        """Small facts by type of subject."""
        types = self.rules.catalogue.subject_types
        for key in entry.given.keys() - types.keys():
            named = (name for name in types if name not in _ITEMS)
            hint = did_you_mean(key, [*RuleTestEntry.model_fields, *named])
            found, expected = phrase("testing.file.the-key", key=key), phrase("testing.file.key-of-test")
            self.notes.defect((*path, key), "unknown-key", found, expected, hint, key=True)
        return {key: value for key, value in entry.given.items() if key in types}

    def _small(self, entry: RuleTestEntry, facts: Mapping[str, Any], path: Steps) -> Given | None:
        about = self._about(entry, facts, path)
        if about is None:
            return None
        parents = self.rules.catalogue.parents(about)
        for other in facts.keys() - {about, *parents}:
            found = phrase("testing.facts.facts-about", about=other)
            expected = phrase("testing.facts.and-above", about=about)
            self.notes.defect((*path, other), "other-subject", found, expected, key=True)
        reader = SmallFacts(self.rules, self.notes, self.setting)
        above: dict[str, Any] = {}
        for parent in reversed(parents):
            if parent in facts:
                above[parent] = reader.subject(parent, facts[parent], (*path, parent), above).record
        subject = reader.subject(about, facts[about], (*path, about), above)
        return Given(subject, reader.definitions(), self.setting)

    def _about(self, entry: RuleTestEntry, facts: Mapping[str, Any], path: Steps) -> str | None:
        """A test's type of subject: the one it names, else its rule's, else the one that belongs to all others."""
        if entry.about is not None:
            if entry.about in facts:
                return entry.about
            expected = phrase("testing.facts.type", types=listed(facts))
            self.notes.defect((*path, "about"), "unknown-subject", verbatim(f'"{entry.about}"'), expected)
            return None
        ruled = {rule.about for rule in self.rules.rules if rule.id in entry.rule} & facts.keys()
        parents = self.rules.catalogue.parents
        lowest = [each for each in facts if facts.keys() <= {each, *parents(each)}]
        found = next((one for one in (list(facts), list(ruled), lowest) if len(one) == 1), None)
        if found is None:
            given = phrase("testing.facts.facts-about-several", types=all_of(facts))
            self.notes.defect((*path, "name"), "missing-key", given, phrase("testing.facts.about-key"))
        return found[0] if found else None

    def _agreement(self, given: Any, path: Steps) -> Agreement | None:
        if isinstance(given, Mapping):
            document = self.notes.document
            part = Document(document.file, document.lines, document.find(path))
            return self._read(lambda: read_agreement(part))
        name = str(given)
        if name not in self.agreements:
            file = self.folder / name
            if not is_file(file):
                expected = phrase("testing.file.agreement-file")
                self.notes.defect(path, "unreadable-file", verbatim(f'"{name}"'), expected)
                return None
            self.agreements[name] = self._read(lambda: load_agreement(file))
        return self.agreements[name]

    def _read(self, read: Callable[[], Agreement]) -> Agreement | None:
        """An agreement whose custom values and calendar are valid, too."""
        try:
            agreement = read()
            derive(agreement, agreement.counts_from, self.rules.catalogue)
        except InputError as error:
            self.notes.faults.extend(error.faults)
            return None
        return agreement

    def _calendar(self) -> WorkingCalendar:
        """The working days of small facts; official days are needed for the years that the file names."""
        years = [int(year) for line in self.notes.document.lines for year in _YEAR.findall(line)] or [2000]
        calendar = self.file.calendar or (self.default.calendar if self.default else Calendar())
        try:
            return working_calendar(calendar, date(min(years), 1, 1), date(max(years), 12, 31))
        except PydanticCustomError as error:
            for each in defects_of(error, ("calendar", "country")):
                self.notes.defect(each.path, each.code, each.found, each.expected, each.hint)
            return WorkingCalendar()
