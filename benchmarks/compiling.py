"""How long rules take from text to function: reading and checking, the function itself, the one for gaps."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

from hot import AS_OF, CURRENCY, rules_of
from timing import Row, best_seconds
from workload import records, rule_file

import coopgov
from coopgov.backends.python.backend import DirectBackend

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["compile_rows"]

_TARGETS = {30: 8.0, 300: 60.0}


def compile_rows(rounds: int) -> Iterator[Row]:
    """Compiling has a target; what comes before and after it is shown beside it."""
    for n, target in _TARGETS.items():
        text = rule_file(rules_of(n))
        rules = coopgov.parse_rules(text)
        gap = {**records(1)[0], "satisfaction": None}

        def compiled() -> object:
            return rules.checker("phase", currency=CURRENCY, backend=DirectBackend())  # noqa: B023

        def with_gap() -> object:
            checker = rules.checker("phase", currency=CURRENCY, backend=DirectBackend())  # noqa: B023
            return checker(gap, as_of=AS_OF)  # noqa: B023

        works = {"compile": compiled, "gap": with_gap, "read": lambda: coopgov.parse_rules(text)}  # noqa: B023
        best = {name: 1000 * seconds for name, seconds in best_seconds(works, rounds, process_time).items()}
        yield Row(f"compiling {n} checked rules", best["compile"], "ms", target)
        yield Row(f"the function for gaps, {n} rules, at the first gap", best["gap"] - best["compile"], "ms")
        yield Row(f"reading, parsing and checking the text of {n} rules", best["read"], "ms")
