"""The output of `coopgov rules check` and `agreement check` as text and JSON, and the page of a code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.analysis.finding_codes import agreement_finding_codes, finding_codes
from coopgov.analysis.result import Analysis
from coopgov.cli.output import counted, say
from coopgov.fault_codes import fault_codes
from coopgov.finding import LEVELS
from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.faults import Fault
    from coopgov.model import Agreement
    from coopgov.rules import RuleSet

__all__ = ["Checked", "CheckedAgreement", "CheckedRules", "explanation", "known_codes", "text_of"]

_MOST_UNDECIDED = 5


@dataclass(frozen=True, slots=True)
class Checked(ABC):
    """A file that was checked: its faults, or its analysis."""

    name: str
    analysis: Analysis = field(default_factory=Analysis)
    faults: tuple[Fault, ...] = ()

    @abstractmethod
    def head(self) -> dict[str, Any]:
        """What JSON says about the file as a whole; null if it has faults."""

    @abstractmethod
    def line(self, counts: Iterable[str], language: str) -> str:
        """One line about the file, with numbers; empty if it has faults."""

    def notes(self, language: str) -> Iterable[str]:  # noqa: ARG002  # agreements have some
        """Lines about the file that are no findings."""
        return ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of one file."""
        faults = [_fault(each) for each in self.faults]
        return {"file": self.name, **self.head(), "faults": faults, **self.analysis.to_dict()}


@dataclass(frozen=True, slots=True)
class CheckedRules(Checked):
    """A rule file that was checked."""

    rules: RuleSet | None = None

    def head(self) -> dict[str, Any]:
        """The pack, its version and the number of rules."""
        rules = self.rules
        names = {"pack": rules and rules.pack, "version": rules and rules.version}
        return {**names, "rules": rules and len(rules.rules)}

    def line(self, counts: Iterable[str], language: str) -> str:
        """The pack and its version, the number of rules, other numbers."""
        rules = self.rules
        if rules is None:
            return ""
        about = {"file": self.name, "pack": rules.pack, "version": rules.version}
        numbers = [counted("rules-check.rules", language, len(rules.rules)), *counts]
        return say("rules-check.about", language, counts=say("comma", language).join(numbers), **about)


@dataclass(frozen=True, slots=True)
class CheckedAgreement(Checked):
    """A file of an agreement that was checked."""

    agreement: Agreement | None = None

    def head(self) -> dict[str, Any]:
        """The id of the agreement, and what is gone from its sources."""
        agreement = self.agreement
        gone = None if agreement is None else [each.to_dict() for each in agreement.gone]
        return {"agreement": agreement and agreement.id, "gone": gone}

    def notes(self, language: str) -> Iterator[str]:
        """One line for each thing that is gone."""
        for each in self.agreement.gone if self.agreement else ():
            what = f"{each.subject}.{each.key}" if each.key else each.subject
            about = {"what": what, "source": each.source, "last": each.last, "since": each.since}
            at = f"{each.place}: " if each.place else ""
            yield at + say("rules-check.gone", language, **about)

    def line(self, counts: Iterable[str], language: str) -> str:
        """The id of the agreement and numbers."""
        if self.agreement is None:
            return ""
        about = {"file": self.name, "agreement": self.agreement.id}
        return say(
            "rules-check.agreement-about", language, counts=say("comma", language).join(counts), **about
        )


def _fault(fault: Fault) -> dict[str, Any]:
    """A fault with the keys of a finding."""
    return {
        "code": fault.code,
        "file": fault.place.file,
        "line": fault.place.line,
        "column": fault.place.column,
        "found": fault.found,
        "expected": fault.expected,
        "hint": fault.hint,
        **({"more": fault.more} if fault.more else {}),
    }


def text_of(checked: Checked, language: str = "en") -> str:
    """Findings with their lines, undecided questions, and one line about the file; nothing if it has faults."""
    analysis = checked.analysis
    counts = [say("rules-check.no-faults", language), *_counts(analysis, language)]
    line = checked.line(counts, language)
    if not line:
        return ""
    findings = (each.in_language(language) for each in analysis.findings)
    return "\n".join([*findings, *_undecided(analysis, language), *checked.notes(language), line])


def _undecided(analysis: Analysis, language: str) -> Iterator[str]:
    """The first undecided questions; there can be many, and the JSON has them all."""
    yield from (each.in_language(language) for each in analysis.undecided[:_MOST_UNDECIDED])
    more = len(analysis.undecided) - _MOST_UNDECIDED
    if more > 0:
        yield say("rules-check.more-undecided", language, more=more)


def _counts(analysis: Analysis, language: str) -> Iterator[str]:
    numbers = Counter(each.level for each in analysis.findings)
    named = (
        counted(f"rules-check.{each}", language, numbers[each]) for each in reversed(LEVELS) if numbers[each]
    )
    if analysis.findings:
        levels = say("comma", language).join(named)
        yield counted("rules-check.findings", language, len(analysis.findings), levels=levels)
    else:
        yield say("rules-check.no-findings", language)
    if analysis.ignored:
        yield say("rules-check.ignored", language, number=len(analysis.ignored))
    if analysis.undecided:
        yield say("rules-check.undecided", language, number=len(analysis.undecided))


def known_codes() -> tuple[str, ...]:
    """Every code that can be explained: of findings in rules and in agreements, and of faults."""
    return *finding_codes(), *agreement_finding_codes(), *fault_codes()


def explanation(code: str, language: str = "en") -> str:
    """The page of a finding's code, for a terminal; for a fault's code, its sentence."""
    each = finding_codes().get(code) or agreement_finding_codes().get(code)
    if each is None:
        return say("rules-check.fault", language, code=code, help=fault_codes(language)[code])
    found, mended = (
        "\n".join(f"    {line}".rstrip() for line in text.split("\n")) for text in (each.bad, each.good)
    )
    parts = (
        phrase(
            "analysis.page.head",
            code=code,
            level=phrase(f"analysis.finding.{each.level}"),
            summary=each.summary,
        ),
        each.explanation,
        phrase("analysis.page.found-in"),
        verbatim(found),
        phrase("analysis.page.fixed"),
        verbatim(mended),
    )
    return "\n\n".join(part.in_language(language) for part in parts)
