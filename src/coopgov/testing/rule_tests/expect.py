"""Complete the expectations of a test: add the rule and subject that they leave out, and read their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import listed, phrase, verbatim
from coopgov.testing.rule_tests.case import Expected, ExpectedUndetermined, ExpectedWarning, Given
from coopgov.testing.rule_tests.figures import read_figure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from coopgov.model import Agreement
    from coopgov.rules.rule import Rule
    from coopgov.schema.problems import Path
    from coopgov.testing.rule_tests.figures import ExpectedFigure
    from coopgov.testing.rule_tests.inputs import Givens
    from coopgov.testing.rule_tests.schema import Expectation, UndeterminedEntry, WarningEntry
    from coopgov.testing.rule_tests.tested_rules import TestedRules

__all__ = ["Expectations"]


class Expectations:
    """Completes the expectations of one test; `rules` are those that its entries name."""

    def __init__(
        self,
        tested: TestedRules,
        givens: Givens,
        given: Given | Agreement,
        about: str,
        named: tuple[Rule, ...],
    ) -> None:
        self.tested = tested
        self.givens = givens
        self.notes = tested.notes
        self.given = given
        self.about = about
        self.named = named
        self.rules: dict[str, None] = {}

    def on(self, day: date | None, what: Expectation, path: Path) -> Expected:
        """The expected outcomes on a date."""
        if what.severity == "nothing":
            return Expected(day)
        if what.warnings is None and what.undetermined is None:
            return self._single(day, what, path)
        warnings = [
            self._warning(entry, (*path, "warnings", number))
            for number, entry in enumerate(what.warnings or ())
        ]
        undetermined = [
            self._undetermined(entry, (*path, "undetermined", number))
            for number, entry in enumerate(what.undetermined or ())
        ]
        self._once(warnings, (*path, "warnings"))
        self._once(undetermined, (*path, "undetermined"))
        return Expected(day, tuple(filter(None, warnings)), tuple(filter(None, undetermined)))

    def _single(self, day: date | None, what: Expectation, path: Path) -> Expected:
        rule, about = self._rule(None, None, path), self._subject(None, path)
        if rule is None or about is None:
            return Expected(day)
        if what.severity == "undetermined":
            return Expected(day, (), (ExpectedUndetermined(rule.id, about),))
        return Expected(day, (self._expected(rule, about, what, path),))

    def _warning(self, entry: WarningEntry, path: Path) -> ExpectedWarning | None:
        rule, about = self._rule(entry.rule, entry.about, path), self._subject(entry.about, path)
        return self._expected(rule, about, entry, path) if rule and about else None

    def _undetermined(self, entry: UndeterminedEntry, path: Path) -> ExpectedUndetermined | None:
        rule, about = self._rule(entry.rule, entry.about, path), self._subject(entry.about, path)
        return ExpectedUndetermined(rule.id, about, entry.missing, entry.because) if rule and about else None

    def _rule(self, name: str | None, about: str | None, path: Path) -> Rule | None:
        """The rule that an entry is about: the one it names, else the test's."""
        if name is not None:
            rule = self.tested.named(name, self.given, about or self.about, (*path, "rule"))
        else:
            rule = self.named[0] if len(self.named) == 1 else self._only_rule(path)
        if rule is not None:
            self.rules[rule.id] = None
        return rule

    def _only_rule(self, path: Path) -> Rule | None:
        """The only rule of the file that the test can be about, if it names none."""
        kind = self.given.subject.about if isinstance(self.given, Given) else self.about.partition("/")[0]
        fitting = [] if self.named else self.tested.about(kind)
        if len(fitting) == 1:
            return fitting[0]
        number = len(self.named or fitting)
        several = phrase("testing.expectation.several-rules", number=number)
        found = several if number else phrase("testing.expectation.no-rule")
        self.notes.defect(path, "missing-key", found, phrase("testing.expectation.rule-key"))
        return None

    def _subject(self, about: str | None, path: Path) -> str | None:
        """The subject that an entry is about: the one it names, else the test's."""
        mine = {self.about}
        if isinstance(self.given, Given):
            mine.add(self.given.subject.about)
        elif about is not None and not self.about:
            self.givens.subject(self.given, about, (*path, "about"))
        if about is not None and self.about and about not in mine:
            expected = phrase("testing.expectation.about-test", about=self.about)
            self.notes.defect((*path, "about"), "unknown-subject", verbatim(f'"{about}"'), expected)
        if about is None and not self.about:
            found, expected = (
                phrase("testing.expectation.no-subject"),
                phrase("testing.expectation.about-key"),
            )
            self.notes.defect(path, "missing-key", found, expected)
        return self.about or about

    def _once(self, entries: Sequence[ExpectedWarning | ExpectedUndetermined | None], path: Path) -> None:
        """Report entries about a rule and subject that an earlier entry is about."""
        seen: set[tuple[str, str]] = set()
        for number, entry in enumerate(entries):
            if entry is not None and (entry.rule, entry.about) in seen:
                found = phrase("testing.expectation.twice", rule=entry.rule, about=entry.about)
                expected = phrase("testing.expectation.each-once")
                self.notes.defect((*path, number), "duplicate-expectation", found, expected)
            seen |= {(entry.rule, entry.about)} if entry else set()

    def _expected(
        self, rule: Rule, about: str, said: WarningEntry | Expectation, path: Path
    ) -> ExpectedWarning:
        bands = [step.severity for step in reversed(rule.check.steps)]
        if said.severity is not None and said.severity not in bands:
            found = verbatim(f'"{said.severity}"')
            expected = phrase("testing.expectation.bands", rule=rule.id, bands=listed(bands))
            self.notes.defect((*path, "severity"), "no-such-band", found, expected)
        figures = {
            name: self._figure(rule, name, getattr(said, name), (*path, name))
            for name in ("value", "threshold", "margin")
        }
        return ExpectedWarning(
            rule.id,
            about,
            said.severity,
            title=said.title,
            message=said.message,
            waived=said.waived,
            past=said.past,
            inhibited_by="" if said.inhibited_by == "nothing" else said.inhibited_by,
            **figures,
        )

    def _figure(self, rule: Rule, name: str, text: str | None, path: Path) -> ExpectedFigure | None:
        if text is None:
            return None
        kind = rule.measured
        if kind is None:
            found = phrase("testing.expectation.figure", figure=name)
            expected = phrase("testing.expectation.no-figure", rule=rule.id)
            self.notes.defect(path, "no-measure", found, expected, key=True)
            return None
        with self.notes.reading(*path):
            return read_figure(text, kind, self.tested.rules.catalogue, compared=name == "threshold")
        return None
