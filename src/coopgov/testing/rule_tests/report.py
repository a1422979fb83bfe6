"""Print results and coverage as text: expected beside actual, under the rule's name and the date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.testing.rule_tests.coverage import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.testing.rule_tests.coverage import Coverage
    from coopgov.testing.rule_tests.result import Outcome, Results

__all__ = ["coverage_text", "failure_text", "no_test", "percent", "results_text"]


def results_text(results: Results) -> str:
    """All failures, paths without tests, then the summary."""
    return "\n\n".join(
        [*map(failure_text, results.failures), *map(no_test, results.without), _summary(results)]
    )


def no_test(path: str) -> str:
    """The line about a path that leads to no test."""
    return f"{path}: no test found; tests of rules.yaml stand beside it in rules.tests.yaml"


def failure_text(outcome: Outcome) -> str:
    """One test that failed on one date: each rule and subject that differs, expected above actual."""
    return "\n".join(_failure(outcome))


def _failure(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.place}: {outcome.name}"
    on = f" on {outcome.as_of}" if outcome.as_of else ""
    for each in outcome.compared:
        if not each.passed:
            yield f"  {each.id}{on}"
            yield f"    expected  {each.expected}"
            yield f"    got       {each.got}"


def _summary(results: Results) -> str:
    """The summary: how many tests there are, and how many passed and failed."""
    total, failed = len(results.outcomes), len(results.failures)
    files = len({each.place.file for each in results.outcomes})
    more = f"; {_count(len(results.unusable), 'file')} with faults" if results.unusable else ""
    return (
        f"{_count(total, 'test')} in {_count(files, 'file')}: {total - failed} passed, {failed} failed{more}"
    )


def coverage_text(coverage: Coverage) -> str:
    """For each rule file, the share of each kind and every part that no test reaches; for several files, a total."""
    whole = [f"coverage of all: {percent(coverage)}"] if len(coverage.files) > 1 else []
    return "\n".join([*(line for file in coverage.files for line in _file(coverage.of(file), file)), *whole])


def _file(coverage: Coverage, name: str) -> Iterator[str]:
    yield f"coverage of {name}: {percent(coverage)}"
    for kind in KINDS:
        of_kind = coverage.of(kind=kind)
        if of_kind.parts:
            yield f"  {kind:<10}{of_kind.reached} of {len(of_kind.parts)}"
    undecided = {part.rule for part in coverage.of(kind="rules").missing}
    for part in coverage.missing:
        if part.kind != "rules" and part.rule in undecided:
            continue  # a rule that no test decides: its branches would only repeat that
        yield f"  {part.place}: {part.rule}: {part.missing}"


def percent(coverage: Coverage) -> str:
    """The share as a percentage, never rounded up to 100 %."""
    tenths = int(coverage.share * 1000 + 1e-9)
    return f"{tenths / 10:g} %"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
