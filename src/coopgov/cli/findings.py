"""The output of `coopgov rules check` as text and JSON, and the page of a code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.analysis.analyse import Analysis
from coopgov.analysis.finding_codes import FINDING_CODES
from coopgov.fault_codes import AGREEMENT_FINDINGS, CODES
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


def text_of(checked: Checked) -> str:
    """Findings with their lines, undecided questions, and one line about the file; nothing if it has faults."""
    rules, analysis = checked.rules, checked.analysis
    if rules is None:
        return ""
    counts = ", ".join([_number(len(rules.rules), "rule"), "no faults", *_counts(analysis)])
    about = f"{checked.name}: {rules.pack} {rules.version}: {counts}"
    return "\n".join(map(str, [*analysis.findings, *_undecided(analysis), about]))


def _undecided(analysis: Analysis) -> Iterator[str]:
    """The first undecided questions; there can be many, and the JSON has them all."""
    yield from map(str, analysis.undecided[:_MOST_UNDECIDED])
    more = len(analysis.undecided) - _MOST_UNDECIDED
    if more > 0:
        yield f"not decided: {more} more, which --format json lists"


def _counts(analysis: Analysis) -> Iterator[str]:
    levels = Counter(each.level for each in analysis.findings)
    told = ", ".join(_number(levels[each], each) for each in reversed(LEVELS) if levels[each])
    number = len(analysis.findings)
    yield f"{_number(number, 'finding')} ({told})" if number else "no findings"
    if analysis.ignored:
        yield f"{len(analysis.ignored)} ignored"
    if analysis.undecided:
        yield f"{len(analysis.undecided)} not decided"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def explanation(code: str, language: str = "en") -> str:
    """The page of a finding's code in a language, for a terminal; for a fault's code, its sentence."""
    if code in CODES:
        return f"{code} (a fault): {CODES[code]}"
    if code in AGREEMENT_FINDINGS:
        return f"{code} (a finding of an agreement): {AGREEMENT_FINDINGS[code]}"
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
