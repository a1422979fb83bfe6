"""Rules over a frame of Polars, against hand-written Python over the same records.

`python benchmarks/columns.py [--quick]`.

Needs `pip install -e ".[bench]"`. The time is that of the processor, of all threads. Hand-written Python is timed on a
part of the records, in the same rounds, and counted up; it keeps the hits of that part only, which is in its favour.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
from time import process_time
from typing import TYPE_CHECKING, Any

from hot import AS_OF, CURRENCY, rules_of
from table import measure
from timing import Row, best_seconds, peak_megabytes
from workload import FACTS, hand_written, records, rule_file, with_gaps

import coopgov

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workload import Record

__all__ = ["column_rows"]

_TARGETS = {30: {10_000: 0.5, 100_000: 0.10, 1_000_000: 0.05}, 300: {100_000: 0.08, 1_000_000: 0.08}}
_GAPS = {10_000: 1.0, 100_000: 0.26, 1_000_000: 0.17, 10_000_000: 0.25}
_ENGINES = {"DuckDB": 0.6, "lazy Polars": 0.3}
_BY_HAND = 20_000
_DISTINCT = 100_000
"""So many records are different; larger frames repeat them."""
_CELLS = 30_000_000
"""Records times rules in one round; larger ones get fewer rounds."""
_MEGABYTES = {(1_000_000, 300): 2_000, (10_000_000, 30): 3_500}
_GROWTH = 1.2
_FULL = 5
"""With fewer rounds, frames of ten million records are left out."""
_UNIT = "× hand-written"


def column_rows(rounds: int) -> Iterator[Row]:
    """Frames of Polars by size, complete and with gaps; the other engines; memory."""
    some = records(_DISTINCT)
    for n in (30, 300):
        per_record: dict[int, float] = {}
        for size in (10_000, 100_000, 1_000_000):
            seconds = _seconds(some, n, size, rounds)
            per_record[size] = seconds["rules"] / size
            target = _TARGETS[n].get(size)
            yield Row(f"{size:,} records in Polars, {n} rules", _ratio(seconds, size), _UNIT, target)
        growth = per_record[1_000_000] / per_record[10_000]
        yield Row(f"a record of 1,000,000 against one of 10,000, {n} rules", growth, "×", _GROWTH)
    for engine, target in _ENGINES.items():
        seconds = _seconds(some, 30, 100_000, rounds, engine=engine)
        yield Row(f"100,000 records in {engine}, 30 rules", _ratio(seconds, 100_000), _UNIT, target)
    gappy = with_gaps(some)
    for size, target in _GAPS.items():
        if rounds < _FULL and size > 1_000_000:
            continue
        seconds = _seconds(gappy, 30, size, rounds, gaps=True)
        what = f"{size:,} records in Polars, a tenth of the data missing, 30 rules"
        yield Row(what, _ratio(seconds, size), _UNIT, target)
    for (size, n), most in _MEGABYTES.items():
        if rounds >= _FULL or size <= 1_000_000:
            missing = "a tenth of the data missing, " if n == 30 else ""  # the rules of the target
            what = f"memory at its peak, {size:,} records, {missing}{n} rules"
            yield Row(what, _peak(size, n, gaps=bool(missing)), "MB", most)


def _ratio(seconds: dict[str, float], size: int) -> float:
    return seconds["rules"] / seconds["hand"] * _BY_HAND / size


def _seconds(
    some: list[Record], n: int, size: int, rounds: int, *, gaps: bool = False, engine: str = ""
) -> dict[str, float]:
    """Hand-written Python over a part of the records, and the rules over a frame of all."""
    hand, part = hand_written(rules_of(n), gaps=gaps), some[:_BY_HAND]
    check = _check(some, n, size, engine)
    if not gaps:
        _same(some, n, hand)
    times = max(2, min(rounds, _CELLS * rounds // (n * size)))
    return best_seconds({"hand": lambda: [hand(one) for one in part], "rules": check}, times, process_time)


def _check(some: list[Record], n: int, size: int, engine: str = "") -> Callable[[], Any]:
    from coopgov import portfolio

    rules, frame = coopgov.parse_rules(rule_file(rules_of(n))), _frame(some, size)

    def check(given: Any) -> Any:
        return portfolio.check(given, rules, "phase", as_of=AS_OF, currency=CURRENCY)

    if engine == "lazy Polars":
        return lambda: _collected(check(frame.lazy()))
    if engine == "DuckDB":
        table = _in_duckdb(frame)
        return lambda: _fetched(check(table))
    return lambda: check(frame)


def _collected(found: Any) -> Any:
    import polars as pl

    return pl.collect_all([found.hits, found.undetermined])


def _in_duckdb(frame: Any) -> Any:
    import duckdb

    connection, given = duckdb.connect(), frame.to_arrow()
    connection.register("given", given)
    connection.execute("create table facts as select * from given")
    return connection.table("facts")


def _fetched(found: Any) -> Any:
    return found.hits.to_arrow_table(), found.undetermined.to_arrow_table()


def _frame(some: list[Record], size: int) -> Any:
    import polars as pl

    columns = {name: pl.Series([one[name] for one in some[:size]], dtype=pl.Float64) for name in FACTS}
    frame = pl.concat([pl.DataFrame(columns)] * max(1, size // len(some)), rechunk=True)
    return frame.with_columns(pl.format("phase-{}", pl.int_range(len(frame))).alias("id"))


def _same(some: list[Record], n: int, hand: Callable[[Record], list[tuple[Any, ...]]]) -> None:
    """Both must give the same hits before anything is timed."""
    found = _check(some, n, 1_000)().hits
    names = ("id", "rule", "severity", "value", "threshold")
    found_rows = {tuple(row) for row in found.select(names).rows()}
    if found_rows != {
        (f"phase-{number}", *hit) for number, one in enumerate(some[:1_000]) for hit in hand(one)
    }:
        raise SystemExit(f"hits differ with {n} rules")


def _peak(size: int, n: int, *, gaps: bool) -> float:
    """The memory of a process of its own that does nothing else, in megabytes."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_held, (size, n, gaps))


def _held(size: int, n: int, gaps: bool) -> float:  # noqa: FBT001  # an argument of another process
    some = records(10_000)
    check = _check(with_gaps(some) if gaps else some, n, size)
    gc.collect()
    check()
    return peak_megabytes()


if __name__ == "__main__":
    sys.exit(measure("Measure rules over a frame against hand-written Python.", (column_rows,)))
