"""Print a mutation run as text: the mutants that survived, and which test would catch each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import phrase, text
from coopgov.testing.rule_tests.report import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.locales import Phrase
    from coopgov.testing.mutation.mutants import Mutant
    from coopgov.testing.mutation.run_mutants import MutationResult

__all__ = ["mutation_text"]


def mutation_text(result: MutationResult, language: str = "en") -> str:
    """The tests that already fail, the mutants that survived, and the summary, in a language."""
    fails = text("testing.mutation.fails-before", language)
    lines = [f"{each.place}: {each.title}: {fails}" for each in result.failing]
    lines += (line for each in result.survived for line in _survivor(each, language))
    return "\n".join([*lines, _summary(result).in_language(language)])


def _survivor(mutant: Mutant, language: str) -> Iterator[str]:
    yield f"{mutant.place}: {mutant.name}: {mutant.change.in_language(language)}"
    yield f"    {phrase('testing.mutation.survived', which=mutant.hint).in_language(language)}"


def _summary(result: MutationResult) -> Phrase:
    """The summary: how many mutants there are, how many were caught, and the score."""
    total, survived = len(result.caught) + len(result.survived), len(result.survived)
    if not total:
        return phrase("testing.mutation.none")
    by = counted(result.tests, "testing.report.test")
    if result.failing:
        failing = len(result.failing)
        key = "one-fails" if failing == 1 else "more-fail"
        by = phrase(f"testing.mutation.{key}", tests=by, number=failing)
    return phrase(
        "testing.mutation.summary",
        mutants=counted(total, "testing.mutation.mutant"),
        caught=total - survived,
        survived=survived,
        tests=by,
        score=f"{int(1000 * result.score) / 10:g} %",
    )
