"""Results as text: expected beside got, under the rule's name and date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.testing.rule_tests.result import Outcome, Results

__all__ = ["failure", "report", "summary"]


def report(results: Results) -> str:
    """All failures and the summary."""
    return "\n".join([*("\n".join(failure(each)) + "\n" for each in results.failures), summary(results)])


def failure(outcome: Outcome) -> Iterator[str]:
    """One failure: where, then each rule and subject with expected above got."""
    on = f" on {outcome.as_of}" if outcome.as_of else ""
    yield f"{outcome.place}: {outcome.test}{on}"
    for each in outcome.compared:
        if not each.passed:
            yield f"  {each.id}"
            yield f"    expected  {each.expected}"
            yield f"    got       {each.got}"


def summary(results: Results) -> str:
    """How many tests passed and failed."""
    if not results.outcomes:
        return "no tests found"
    total, failed = len(results.outcomes), len(results.failures)
    files = len({each.place.file for each in results.outcomes})
    return f"{_count(total, 'test')} in {_count(files, 'file')}: {total - failed} passed, {failed} failed"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
