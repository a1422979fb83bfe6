"""Print a mutation run as text: the mutants that survived, and which test would catch each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.testing.mutation.mutants import Mutant
    from coopgov.testing.mutation.run_mutants import MutationResult

__all__ = ["mutation_text"]


def mutation_text(result: MutationResult) -> str:
    """The tests that already fail, the mutants that survived, and the summary."""
    lines = [f"{each.place}: {each.title}: fails before anything is changed" for each in result.failing]
    lines += (line for each in result.survived for line in _survivor(each))
    return "\n".join([*lines, _summary(result)])


def _survivor(mutant: Mutant) -> Iterator[str]:
    yield f"{mutant.place}: {mutant.rule}: {mutant.change}"
    yield f"    no test catches it; one {mutant.hint} would"


def _summary(result: MutationResult) -> str:
    """The summary: how many mutants there are, how many were caught, and the score."""
    total, survived = len(result.caught) + len(result.survived), len(result.survived)
    if not total:
        return "no mutants: the file decides nothing by itself"
    score = f"{int(1000 * result.score) / 10:g} %"
    by = _count(result.tests, "test")
    if result.failing:
        failing = len(result.failing)
        by += f", {failing} more {'fails' if failing == 1 else 'fail'}"
    return f"{_count(total, 'mutant')}, {total - survived} caught, {survived} survived ({by}): {score}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
