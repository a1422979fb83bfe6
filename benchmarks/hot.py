"""The hot path: flat records through `rules.checker("phase")` and through hand-written `if`s."""

from __future__ import annotations

from datetime import date
from time import process_time
from typing import TYPE_CHECKING, Any

from timing import Row, best_seconds
from workload import hand_written, headline_rules, make_rules, records, rule_file, with_gaps

import coopgov

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workload import Hits, Record, Rule

__all__ = ["AS_OF", "CURRENCY", "hot_rows", "rules_of"]

AS_OF = date(2026, 6, 30)
CURRENCY = "CNY"
_TARGETS = {3: (2.5, 5.0), 30: (1.3, 2.6), 300: (1.0, 2.0)}
_MANY = 100_000


def rules_of(n: int) -> list[Rule]:
    """Three rules are the headline ones, more are generated."""
    return headline_rules() if n == 3 else make_rules(n)


def hot_rows(rounds: int) -> Iterator[Row]:
    """One record at a time, complete and with gaps, and many records in one process."""
    for n, (complete, gaps) in _TARGETS.items():
        yield _one_at_a_time(n, f"one record, {n} rules, complete", complete, rounds, gaps=False)
        yield _one_at_a_time(
            n, f"one record, {n} rules, a tenth of the data missing", gaps, rounds, gaps=True
        )
    yield _one_at_a_time(
        300,
        "one record, 300 rules, a tenth of the data missing, all numbers floats",
        2.0,
        rounds,
        gaps=True,
        floats=True,
    )
    yield from _many(rounds)


def _one_at_a_time(n: int, what: str, target: float, rounds: int, *, gaps: bool, floats: bool = False) -> Row:
    complete = records(max(200, 6000 // n))
    if floats:  # hand-written Python compares them several times as fast as whole numbers with floats
        complete = [{name: float(value or 0) for name, value in one.items()} for one in complete]
    some = with_gaps(complete) if gaps else complete
    hand, checker = _pair(n, gaps=gaps)
    _require_equal(some, hand, checker)

    def by_hand() -> None:
        for record in some:
            hand(record)

    def by_rules() -> None:
        for record in some:
            checker(record, as_of=AS_OF)

    best = best_seconds({"hand": by_hand, "rules": by_rules}, 3 * rounds, process_time)
    return Row(what, best["rules"] / best["hand"], "× hand-written", target)


def _many(rounds: int) -> Iterator[Row]:
    some = records(_MANY)
    hand, checker = _pair(30, gaps=False)
    _require_equal(some[:1000], hand, checker)
    works: dict[str, Callable[[], Any]] = {
        "hand": lambda: [hand(record) for record in some],
        "rules": lambda: [checker(record, as_of=AS_OF)[0] for record in some],
        "answers": lambda: [checker(record, as_of=AS_OF) for record in some],
    }
    best = best_seconds(works, max(3, rounds // 3), process_time)
    what = f"{_MANY:,} records in one process, 30 rules"
    yield Row(what, best["rules"] / best["hand"], "× hand-written", 1.2)
    yield Row(
        "the same, keeping the lists of undetermined rules too",
        best["answers"] / best["hand"],
        "× hand-written",
    )


def _pair(n: int, *, gaps: bool) -> tuple[Callable[[Record], Hits], Any]:
    rules = rules_of(n)
    checker = coopgov.parse_rules(rule_file(rules)).checker("phase", currency=CURRENCY)
    return hand_written(rules, gaps=gaps), checker


def _require_equal(some: list[Record], hand: Callable[[Record], Hits], checker: Any) -> None:
    for record in some:
        expected, (found, _) = hand(record), checker(record, as_of=AS_OF)
        if found != expected:
            raise SystemExit(f"hits differ on {record}:\n  by hand {expected}\n  by rules {found}")
