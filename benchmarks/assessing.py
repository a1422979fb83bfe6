"""Where the time of an assessment goes: facts, rules, results."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from cooperation import AS_OF, agreement_text
from timing import Row, best_seconds

import coopgov
from coopgov.backends.python.backend import DirectBackend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.backends.ir import Checker

__all__ = ["assess_rows"]


class _Timed:
    """The default backend, with the time spent in its checkers and in making them."""

    def __init__(self) -> None:
        self.backend = DirectBackend()
        self.seconds = 0.0

    def compile(self, *arguments: Any) -> Checker:
        start = perf_counter()
        checker = self.backend.compile(*arguments)
        self.seconds += perf_counter() - start

        def check(facts: Any, *, as_of: Any = None) -> Any:
            start = perf_counter()
            answer = checker(facts, as_of=as_of)
            self.seconds += perf_counter() - start
            return answer

        return check


def assess_rows(rounds: int) -> Iterator[Row]:
    """The shipped pack on 10 phases, 20 KPIs and 100 tasks, once rules and agreement are loaded."""
    agreement, rules = coopgov.parse_agreement(agreement_text()), coopgov.load_rules()
    assessment = coopgov.assess(agreement, rules, as_of=AS_OF)
    timed = _Timed()
    works = {
        "assess": lambda: coopgov.assess(agreement, rules, as_of=AS_OF),
        "facts": lambda: coopgov.derive(agreement, AS_OF, rules.catalogue),
        "json": assessment.to_json,
    }
    best = {name: 1000 * seconds for name, seconds in best_seconds(works, rounds).items()}
    name = f"`assess`: 10 phases, 20 KPIs, 100 tasks, {len(assessment.warnings)} warnings"
    yield Row(name, best["assess"], "ms")
    yield Row("of which reading facts", 100 * best["facts"] / best["assess"], "%")
    yield Row("of which evaluating rules", 100 * _share_of_rules(timed, agreement, rules, rounds), "%")
    yield Row("`to_json` of that assessment", best["json"], "ms")


def _share_of_rules(
    timed: _Timed, agreement: coopgov.Agreement, rules: coopgov.RuleSet, rounds: int
) -> float:
    shares = []
    for _ in range(rounds + 1):
        timed.seconds, start = 0.0, perf_counter()
        coopgov.assess(agreement, rules, as_of=AS_OF, backend=timed)
        shares.append(timed.seconds / (perf_counter() - start))
    return sorted(shares[1:])[rounds // 2]
