"""Load files of case tests, and report all faults of the file, its agreements and its rules at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.errors import CaseTestsError, InputError
from coopgov.faults import did_you_mean
from coopgov.locales import listed, phrase, verbatim
from coopgov.model import load_agreement
from coopgov.rules import load_rules
from coopgov.rules.pack_names import pack_names
from coopgov.schema.whole_file import parsed_as, text_of
from coopgov.source import Document, is_file
from coopgov.testing.case_tests.course import CaseTest
from coopgov.testing.case_tests.schema import CaseTestsFile
from coopgov.testing.case_tests.suite import CaseSuite
from coopgov.testing.rule_tests.fault_log import Notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.model import Agreement
    from coopgov.rules.ruleset import RuleSet
    from coopgov.schema.problems import Path as KeyPath
    from coopgov.testing.case_tests.schema import CaseTestEntry

__all__ = ["load_case_tests", "parse_case_tests"]


def load_case_tests(path: str | Path) -> CaseSuite:
    """Load a file of case tests with its agreements and rules.

    Raises:
        CaseTestsError: with every fault of the file, its agreements and its rules.
    """
    return parse_case_tests(text_of(path, CaseTestsError, "case-tests"), str(path))


def parse_case_tests(text: str | bytes, name: str = "<text>") -> CaseSuite:
    """Load case tests from the text of a file; `name` is what faults call it, and what relative paths start from.

    Raises:
        CaseTestsError: with every fault.
    """
    file, document = parsed_as(text, name, CaseTestsFile, CaseTestsError)
    loading = _Loading(document, file, Path(name).parent)
    tests = tuple(loading.tests())
    if loading.notes.faults:
        raise CaseTestsError(loading.notes.faults)
    return CaseSuite(name, tests)


@dataclass(eq=False)
class _Loading:
    """Loads what the tests of a file name, each file once, and notes faults."""

    document: Document
    file: CaseTestsFile
    folder: Path
    notes: Notes = field(init=False)
    agreements: dict[str, Agreement | None] = field(default_factory=dict)
    rules: dict[tuple[str, ...], RuleSet | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.notes = Notes(self.document)

    def tests(self) -> Iterator[CaseTest]:
        """The tests that could be loaded."""
        names: dict[str, int] = {}
        for number, entry in enumerate(self.file.tests):
            at: KeyPath = ("tests", number)
            if entry.name in names:
                found = phrase("testing.test.twice", name=entry.name)
                line = self.document.find(("tests", names[entry.name], "name")).line
                expected = phrase("testing.test.each-once", line=line)
                self.notes.defect((*at, "name"), "duplicate-id", found, expected)
            names.setdefault(entry.name, number)
            agreement, rules = self._agreement(entry, at), self._rules(entry, at)
            if agreement is not None and rules is not None:
                events = tuple(each.to_event() for each in entry.events)
                place = self.document.place(self.document.find((*at, "name")))
                yield CaseTest(
                    entry.name, agreement, rules, entry.first, entry.to, events, entry.expect, place
                )

    def _agreement(self, entry: CaseTestEntry, at: KeyPath) -> Agreement | None:
        name = entry.agreement or self.file.agreement
        if name is None:
            expected = phrase("testing.cases.agreement")
            self.notes.defect((*at, "agreement"), "missing-key", phrase("common.nothing"), expected, key=True)
            return None
        if name not in self.agreements:
            path = self.folder / name
            self.agreements[name] = None
            if not is_file(path):
                where: KeyPath = (*at, "agreement") if entry.agreement else ("agreement",)
                expected = phrase("testing.file.agreement-file")
                self.notes.defect(where, "unreadable-file", verbatim(f'"{name}"'), expected)
                return None
            try:
                self.agreements[name] = load_agreement(path)
            except InputError as error:
                self.notes.faults.extend(error.faults)
        return self.agreements[name]

    def _rules(self, entry: CaseTestEntry, at: KeyPath) -> RuleSet | None:
        """The rules of a test; without any, the shipped pack."""
        names = entry.rules or self.file.rules or ()
        if names not in self.rules:
            where: KeyPath = (*at, "rules") if entry.rules else ("rules",)
            self.rules[names] = self._loaded_rules(names, where)
        return self.rules[names]

    def _loaded_rules(self, names: tuple[str, ...], where: KeyPath) -> RuleSet | None:
        packs = pack_names()
        targets = [name if name in packs else str(self.folder / name) for name in names]
        wrong = [
            name
            for name, target in zip(names, targets, strict=True)
            if name not in packs and not is_file(Path(target))
        ]
        for name in wrong:
            hint = did_you_mean(name, packs) or phrase("testing.file.packs", packs=listed(packs))
            expected = phrase("testing.file.pack-or-path")
            self.notes.defect(where, "unknown-pack", verbatim(f'"{name}"'), expected, hint)
        if wrong:
            return None
        try:
            return load_rules(*targets)
        except InputError as error:
            self.notes.faults.extend(error.faults)
            return None
