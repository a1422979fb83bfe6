"""Whether the durable backend keeps anything: `python benchmarks/durable_memory.py [--facts 1000000]`.

Every record is another one, and a tenth of them have gaps, so that the rules for false are asked as well. Some are
compared with `direct`. The memory is what the process holds (Linux only); it is printed after each batch.
"""

from __future__ import annotations

import argparse
import resource
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from hot import AS_OF, CURRENCY, rules_of
from workload import records, rule_file, with_gaps

import coopgov

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workload import Record

_BATCH = 50_000
_PIECE = 500
_COMPARED = 200
_RULES = 30
_MOST_GROWTH = 2.0
"""MB that the process may hold more after the last batch than after the first."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=1_000_000, help="how many records are checked")
    batches = max(2, parser.parse_args().facts // _BATCH)
    rules = coopgov.parse_rules(rule_file(rules_of(_RULES)))
    durable = rules.checker("phase", currency=CURRENCY, backend="durable")
    direct = rules.checker("phase", currency=CURRENCY)
    held, start = [], process_time()
    print("| Records | MB held | Seconds of CPU |\n|---:|---:|---:|")
    for batch in range(batches):
        for number, record in enumerate(_some(batch)):
            answer = durable(record, as_of=AS_OF)
            if number % (_BATCH // _COMPARED) == 0 and answer != direct(record, as_of=AS_OF):
                raise SystemExit(f"answers differ on {record}")
        held.append(_held())
        print(f"| {(batch + 1) * _BATCH:,} | {held[-1]:.1f} | {process_time() - start:.0f} |", flush=True)
    grown = held[-1] - held[0]
    print(f"\nGrown by {grown:.1f} MB after the first batch; {_MOST_GROWTH:g} are allowed.")
    return int(grown > _MOST_GROWTH)


def _some(batch: int) -> Iterator[Record]:
    """The records of a batch, made a few at a time: large lists would leave holes in the memory of their own."""
    for seed in range(batch * _BATCH // _PIECE, (batch + 1) * _BATCH // _PIECE):
        whole = records(_PIECE, seed=1000 + seed)
        yield from with_gaps(whole[: _PIECE // 10], seed=seed)
        yield from whole[_PIECE // 10 :]


def _held() -> float:
    """What the process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    sys.exit(main())
