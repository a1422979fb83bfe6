"""The output of `coopgov rules check` as text and JSON, and the page of a code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.analysis.analyse import Analysis
from coopgov.analysis.finding_codes import FINDING_CODES
from coopgov.cli.output import said
from coopgov.fault_codes import AGREEMENT_FINDINGS, CODES
from coopgov.finding import LEVELS
from coopgov.locales import phrase, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.analysis.scope import NotDecided
    from coopgov.errors import Fault
    from coopgov.locales import Phrase
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


def text_of(checked: Checked, language: str) -> str:
    """Findings with their lines, undecided questions, and one line about the file; nothing if it has faults."""
    rules, analysis = checked.rules, checked.analysis
    if rules is None:
        return ""
    parts = [
        _number(len(rules.rules), "rule"),
        phrase("cli.findings.no-faults"),
        *_counts(analysis, language),
    ]
    counts = text("cli.findings.comma", language).join(said(part, language) for part in parts)
    values = {"file": checked.name, "pack": rules.pack, "version": rules.version, "counts": counts}
    about = text("cli.findings.about", language, **values)
    return "\n".join(said(each, language) for each in (*analysis.findings, *_undecided(analysis), about))


def _undecided(analysis: Analysis) -> Iterator[NotDecided | Phrase]:
    """The first undecided questions; there can be many, and the JSON has them all."""
    yield from analysis.undecided[:_MOST_UNDECIDED]
    more = len(analysis.undecided) - _MOST_UNDECIDED
    if more > 0:
        yield phrase("cli.findings.more-undecided", number=more)


def _counts(analysis: Analysis, language: str) -> Iterator[Phrase]:
    levels = Counter(each.level for each in analysis.findings)
    told = text("cli.findings.comma", language).join(
        said(_number(levels[each], each), language) for each in reversed(LEVELS) if levels[each]
    )
    number = len(analysis.findings)
    if number:
        yield phrase("cli.findings.findings-by-level", findings=_number(number, "finding"), levels=told)
    else:
        yield phrase("cli.findings.no-findings")
    if analysis.ignored:
        yield phrase("cli.findings.ignored", number=len(analysis.ignored))
    if analysis.undecided:
        yield phrase("cli.findings.not-decided", number=len(analysis.undecided))


def _number(number: int, noun: str) -> Phrase:
    return phrase(f"cli.findings.{noun}" if number == 1 else f"cli.findings.{noun}s", number=number)


def explanation(code: str, language: str = "en") -> str:  # noqa: ARG001
    """The page of a finding's code, for a terminal; for a fault's code, its sentence."""
    if code in CODES:
        return f"{code} (a fault): {CODES[code]}"
    if code in AGREEMENT_FINDINGS:
        return f"{code} (a finding of an agreement): {AGREEMENT_FINDINGS[code]}"
    each = FINDING_CODES[code]
    found, mended = (
        "\n".join(f"    {line}".rstrip() for line in text.split("\n")) for text in (each.bad, each.good)
    )
    parts = (
        f"{code} ({each.level}): {each.summary}",
        each.explanation,
        "Found in:",
        found,
        "Fixed:",
        mended,
    )
    return "\n\n".join(parts)
