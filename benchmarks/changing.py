"""One fact changes in a store of records: the record checked again by `rules.rechecker` and by hand-written `if`s."""

from __future__ import annotations

import random
from time import process_time
from typing import TYPE_CHECKING, Any

from hot import AS_OF, CURRENCY, rules_of
from timing import Row, best_seconds
from workload import FACTS, hand_written, records, rule_file

import coopgov

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workload import Hits, Record

    from coopgov.rules import RuleSet

__all__ = ["changing_rows"]

_TARGET = 1.5
_MANY = 100_000
_CHANGES = 2_000
_FACT = "expected_day"


def changing_rows(rounds: int) -> Iterator[Row]:
    """The target holds whatever the size of the store, and for the fact that most rules read."""
    for n, size in ((30, 1_000), (30, _MANY), (3, _MANY), (300, _MANY)):
        rules = coopgov.parse_rules(rule_file(rules_of(n)))
        yield _changed(n, rules, size, _FACT, rounds)
        if (n, size) == (30, _MANY):
            most = max(FACTS, key=lambda name: len(rules.readers("phase", name)))
            yield _changed(n, rules, size, most, rounds)


def _changed(n: int, rules: RuleSet, size: int, fact: str, rounds: int) -> Row:
    """Both keep a store of their own, change the same records at random and keep the answers."""
    hand, check = hand_written(rules_of(n)), rules.checker("phase", currency=CURRENCY)
    recheck = rules.rechecker("phase", fact, currency=CURRENCY)
    by_hand, by_rules = records(size), records(size)
    hits = [hand(record) for record in by_hand]
    answers: list[Any] = [check(record, as_of=AS_OF) for record in by_rules]
    works = {
        "hand": _by_hand(by_hand, hits, hand, fact, rounds),
        "rules": _by_rules(by_rules, answers, recheck, fact, rounds),
    }
    best = best_seconds(works, rounds, process_time)
    if [answer[0] for answer in answers] != hits or answers != [check(one, as_of=AS_OF) for one in by_rules]:
        raise SystemExit(f"answers differ after changes of {fact}")
    what = (
        f"`{fact}` changed in a store of {size:,}, {len(rules.readers('phase', fact))} of {n} rules read it"
    )
    return Row(what, best["rules"] / best["hand"], "× one record by hand", _TARGET)


def _by_hand(
    store: list[Record], hits: list[Hits], hand: Callable[[Record], Hits], fact: str, rounds: int
) -> Callable[[], None]:
    changes = _changes(store, fact, rounds)

    def work() -> None:
        for number, value in next(changes):
            record = store[number]
            record[fact] = value
            hits[number] = hand(record)

    return work


def _by_rules(
    store: list[Record], answers: list[Any], recheck: Any, fact: str, rounds: int
) -> Callable[[], None]:
    changes = _changes(store, fact, rounds)

    def work() -> None:
        for number, value in next(changes):
            record = store[number]
            record[fact] = value
            answers[number] = recheck(record, answers[number], as_of=AS_OF)

    return work


def _changes(store: list[Record], fact: str, rounds: int) -> Iterator[list[tuple[int, Any]]]:
    """For each round other records at random, and a value of the fact some days off; the same for the same store."""
    draw = random.Random(5)
    days: list[Any] = [record[fact] for record in store]

    def one() -> tuple[int, Any]:
        number = draw.randrange(len(store))
        return number, days[number] + draw.randrange(-10, 11)

    return iter([[one() for _ in range(_CHANGES)] for _ in range(rounds)])
