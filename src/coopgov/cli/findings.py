"""The output of `coopgov rules check` as text and JSON, and the page of a code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.analysis.analyse import Analysis
from coopgov.analysis.finding_codes import FINDING_CODES
from coopgov.cli.output import counted, say
from coopgov.fault_codes import agreement_finding_codes, fault_codes
from coopgov.finding import LEVELS
from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.errors import Fault
    from coopgov.rules import RuleSet

__all__ = ["Checked", "explanation", "text_of"]

_MOST_UNDECIDED = 5


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule file that was checked: faults, or rules and their analysis."""

    name: str
    rules: RuleSet | None = None
    analysis: Analysis = field(default_factory=Analysis)
    faults: tuple[Fault, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of one file."""
        rules = self.rules
        return {
            "file": self.name,
            "pack": rules and rules.pack,
            "version": rules and rules.version,
            "rules": rules and len(rules.rules),
            "faults": [_fault(each) for each in self.faults],
            **self.analysis.to_dict(),
        }


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
    rules, analysis = checked.rules, checked.analysis
    if rules is None:
        return ""
    number = counted("rules-check.rules", language, len(rules.rules))
    counts = [number, say("rules-check.no-faults", language), *_counts(analysis, language)]
    about = say(
        "rules-check.about",
        language,
        file=checked.name,
        pack=rules.pack,
        version=rules.version,
        counts=say("comma", language).join(counts),
    )
    findings = (each.in_language(language) for each in analysis.findings)
    return "\n".join([*findings, *_undecided(analysis, language), about])


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


def explanation(code: str, language: str = "en") -> str:
    """The page of a finding's code, for a terminal; for a fault's code, its sentence."""
    for sort, codes in (
        ("fault", fault_codes(language)),
        ("agreement-finding", agreement_finding_codes(language)),
    ):
        if code in codes:
            return say(f"rules-check.{sort}", language, code=code, help=codes[code])
    each = FINDING_CODES[code]
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
