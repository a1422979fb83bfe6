"""Print results and coverage as text: expected beside actual, under the rule's name and the date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.faults import display_width
from coopgov.locales import phrase, text
from coopgov.testing.rule_tests.coverage import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.locales import Phrase
    from coopgov.testing.rule_tests.coverage import Coverage
    from coopgov.testing.rule_tests.result import Outcome, Results

__all__ = ["counted", "coverage_text", "failure_text", "no_test", "percent", "results_text"]

_KIND_WIDTH = 10
"""How many columns of a terminal the name of a kind of part takes."""


def results_text(results: Results, language: str = "en") -> str:
    """All failures, paths without tests, then the summary, in a language."""
    failures = (failure_text(each, language) for each in results.failures)
    without = (no_test(each, language) for each in results.without)
    return "\n\n".join([*failures, *without, _summary(results).in_language(language)])


def no_test(path: str, language: str = "en") -> str:
    """The line about a path that leads to no test."""
    return text("testing.report.no-test", language, path=path)


def failure_text(outcome: Outcome, language: str = "en") -> str:
    """One test that failed on one date: each rule and subject that differs, expected above actual."""
    return "\n".join(_failure(outcome, language))


def _failure(outcome: Outcome, language: str) -> Iterator[str]:
    yield f"{outcome.place}: {outcome.name}"
    for each in outcome.compared:
        if not each.passed:
            on = text("testing.report.on", language, rule=each.id, date=outcome.as_of)
            yield f"  {on if outcome.as_of else each.id}"
            yield f"    {phrase('testing.report.expected', outcome=each.expected).in_language(language)}"
            yield f"    {phrase('testing.report.got', outcome=each.got).in_language(language)}"


def _summary(results: Results) -> Phrase:
    """The summary: how many tests there are, and how many passed and failed."""
    total, failed = len(results.outcomes), len(results.failures)
    values = {
        "tests": counted(total, "testing.report.test"),
        "files": counted(len({each.place.file for each in results.outcomes}), "testing.report.file"),
        "passed": total - failed,
        "failed": failed,
    }
    if results.unusable:
        unusable = counted(len(results.unusable), "testing.report.file")
        return phrase("testing.report.summary-faults", **values, unusable=unusable)
    return phrase("testing.report.summary", **values)


def coverage_text(coverage: Coverage, language: str = "en") -> str:
    """For each rule file, the share of each kind and every part that no test reaches; for several files, a total."""
    lines = [line for file in coverage.files for line in _file(coverage.of(file), file, language)]
    if len(coverage.files) > 1:
        lines.append(text("testing.coverage.of-all", language, share=percent(coverage)))
    return "\n".join(lines)


def _file(coverage: Coverage, name: str, language: str) -> Iterator[str]:
    yield text("testing.coverage.of", language, file=name, share=percent(coverage))
    for kind in KINDS:
        of_kind = coverage.of(kind=kind)
        if of_kind.parts:
            word = text(f"testing.coverage.{kind}", language)
            numbers = {"reached": of_kind.reached, "total": len(of_kind.parts)}
            count = text("testing.coverage.count", language, **numbers)
            yield f"  {word}{' ' * (_KIND_WIDTH - display_width(word))}{count}"
    undecided = {part.rule for part in coverage.of(kind="rules").missing}
    for part in coverage.missing:
        if part.kind != "rules" and part.rule in undecided:
            continue  # a rule that no test decides: its branches would only repeat that
        yield f"  {part.place}: {part.rule}: {part.missing.in_language(language)}"


def percent(coverage: Coverage) -> str:
    """The share as a percentage, never rounded up to 100 %."""
    tenths = int(coverage.share * 1000 + 1e-9)
    return f"{tenths / 10:g} %"


def counted(number: int, key: str) -> Phrase:
    """A number of things, by the key of the text about one; that about several has the same key with an `s`."""
    return phrase(key if number == 1 else f"{key}s", number=number)
