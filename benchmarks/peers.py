"""Peers against their hand-written equal: `python benchmarks/peers.py [--json FILE] [--quick]`.

`pip install -e ".[bench]"` first.

Each engine and each backend of coopgov gets the same rules and complete records, one at a time. All must give the hits
of the hand-written Python, in its order, before they are timed. The time is that of the processor.
"""

from __future__ import annotations

import math
import random
import sys
from importlib.metadata import PackageNotFoundError, version
from time import process_time
from typing import TYPE_CHECKING, Any

from hot import AS_OF, CURRENCY, rules_of
from peer_durable import DurableRules, durable_rules
from peer_engines import PEERS
from table import measure
from timing import Row, best_seconds
from workload import hand_written, records, rule_file

import coopgov

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workload import Hits, Record, Rule

__all__ = ["peer_rows"]

_SIZES = (3, 30, 300)
_BUDGET = 0.3
"""Seconds that a round of one engine may take."""
_COMPARED = 300
"""So many records must give the same hits, or as many as fit ten rounds."""
_STORED, _CHANGED = 5_000, 1_000
_BACKENDS = ("direct", "interpreter", "durable")


def peer_rows(rounds: int) -> Iterator[Row]:
    """An engine that is not installed has no row, and is named on standard error."""
    some: list[Any] = [{name: float(value) for name, value in one.items()} for one in records(6000)]  # type: ignore[arg-type]
    for name, distribution, make in _engines():
        try:
            installed = version(distribution)
        except PackageNotFoundError:
            print(f"{name}: {distribution} is not installed", file=sys.stderr)
            continue
        for n in _SIZES:
            rules = rules_of(n)
            ratio = _ratio(make(rules), hand_written(rules), some, max(3, rounds // 3))
            yield Row(f"{name} ({installed}), {n} rules", ratio, "× hand-written")
        if make is durable_rules:
            ratio = _in_its_memory(some, max(3, rounds // 3))
            what = f"{name} ({installed}), one fact changed of {_STORED:,} records in its memory, 30 rules"
            yield Row(what, ratio, "× one record by hand")


def _in_its_memory(some: list[Record], rounds: int) -> float:
    """The engine that keeps facts: of a changed record it gets the new fact for the old one."""
    rules, store = rules_of(30), [dict(record) for record in some[:_STORED]]
    engine, hand = DurableRules(rules), hand_written(rules)
    facts = [engine.fact(record) for record in store]
    for fact in facts:
        engine.put(fact)
    draw = random.Random(5)

    def change(number: int) -> Hits:
        engine.drop(facts[number])
        store[number]["expected_day"] += draw.randrange(-10, 11)  # type: ignore[operator]
        facts[number] = engine.fact(store[number])
        return engine.put(facts[number])

    def by_engine() -> None:
        for number in draw.sample(range(_STORED), _CHANGED):
            change(number)

    def by_hand() -> None:
        for number in draw.sample(range(_STORED), _CHANGED):
            store[number]["expected_day"] += draw.randrange(-10, 11)  # type: ignore[operator]
            hand(store[number])

    for number in range(_COMPARED):
        _require_equal(lambda _, number=number: change(number), hand, [store[number]])  # type: ignore[misc]
    best = best_seconds({"hand": by_hand, "engine": by_engine}, rounds, process_time)
    return best["engine"] / best["hand"]


def _engines() -> Iterator[tuple[str, str, Callable[[list[Rule]], Callable[[Record], Hits]]]]:
    for name in _BACKENDS:
        distribution = "durable-rules" if name == "durable" else "coopgov"
        yield f"the backend {name}", distribution, lambda rules, name=name: _backend(rules, name)  # type: ignore[misc]
    for name, (distribution, make) in PEERS.items():
        yield name, distribution, make


def _backend(rules: list[Rule], name: str) -> Callable[[Record], Hits]:
    checker: Any = coopgov.parse_rules(rule_file(rules)).checker("phase", currency=CURRENCY, backend=name)
    return lambda record: checker(record, as_of=AS_OF)[0]


def _ratio(
    check: Callable[[Record], Hits], hand: Callable[[Record], Hits], some: list[Record], rounds: int
) -> float:
    seconds = best_seconds({"first": lambda: [check(one) for one in some[:5]]}, 2)["first"] / 5
    fitting = max(5, min(len(some), int(_BUDGET / seconds)))
    _require_equal(check, hand, some[: min(_COMPARED, 10 * fitting)])
    used = some[:fitting]
    by_hand = some[: max(fitting, 500)]

    def run(one: Callable[[Record], Hits], over: list[Record]) -> Callable[[], None]:
        def work() -> None:
            for record in over:
                one(record)

        return work

    best = best_seconds({"hand": run(hand, by_hand), "check": run(check, used)}, rounds, process_time)
    return best["check"] / len(used) / (best["hand"] / len(by_hand))


def _require_equal(
    check: Callable[[Record], Hits], hand: Callable[[Record], Hits], some: list[Record]
) -> None:
    for record in some:
        found, expected = check(record), hand(record)
        same = len(found) == len(expected) and all(map(_same, found, expected))
        if not same:
            raise SystemExit(f"hits differ on {record}:\n  by hand {expected}\n  found {found}")


def _same(found: Any, expected: Any) -> bool:
    """The same rule, severity, value and limit; an engine that computes in decimals may round the value."""
    numbers = zip(found[2:], expected[2:], strict=True)
    return found[:2] == expected[:2] and all(
        a is b is None or (None not in (a, b) and math.isclose(float(a), float(b), rel_tol=1e-9))
        for a, b in numbers
    )


if __name__ == "__main__":
    sys.exit(measure("Measure engines against hand-written Python.", (peer_rows,)))
