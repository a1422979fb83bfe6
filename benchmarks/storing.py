"""Transitions a second in a store of cases: `python benchmarks/storing.py [--json FILE] [--quick]`.

A transition is one event about one case: one change and one notice in the log, the case, and the outbox, in one
transaction. Each process has a case of its own. All processes have opened the store before the clock starts, and it
stops when the last of them is done.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import coopgov
from coopgov.testing.stores.steps import answering, first_day

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from table import measure
from timing import Row

from postgres_server import programs, server

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["storing_rows"]

TRANSITIONS = 400
"""How many transitions each process records."""


def storing_rows(rounds: int) -> Iterator[Row]:
    """Both stores, both durabilities, one process and four; the best of some rounds."""
    with ExitStack() as stack:
        for kind, address in stack.enter_context(_stores()).items():
            for durability in ("full", "normal"):
                for processes in (1, 4):
                    rate = max(
                        _rate(f"{address}{durability}{processes}{number}", durability, processes)
                        for number in range(max(1, rounds // 5))
                    )
                    what = f"{kind}, durability {durability}, processes: {processes}"
                    yield Row(what, rate, "transitions a second")


@contextmanager
def _stores() -> Iterator[dict[str, str]]:
    """The beginning of the address of each store; PostgreSQL only where a server is installed."""
    with ExitStack() as stack:
        stores = {"SQLite": f"{stack.enter_context(tempfile.TemporaryDirectory())}/cases"}
        if programs() is not None:
            stores["PostgreSQL"] = f"{stack.enter_context(server(sync=True))}?schema=s"
        else:
            print("left out: PostgreSQL, no server is installed", file=sys.stderr)
        yield stores


def _rate(address: str, durability: str, processes: int) -> float:
    with coopgov.open_store(address) as store:
        store.update(lambda _: first_day(processes))
    commands = [
        [sys.executable, __file__, "work", address, durability, str(case)] for case in range(processes)
    ]
    running = [
        subprocess.Popen(each, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for each in commands
    ]
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    start = perf_counter()
    for each in running:
        assert each.stdin is not None
        each.stdin.close()
    codes = [each.wait() for each in running]
    seconds = perf_counter() - start
    assert codes == [0] * processes
    for each in running:
        assert each.stdout is not None
        each.stdout.close()
    with coopgov.open_store(address) as store:
        assert store.verify().seq == 2 + 2 * processes + 2 * processes * TRANSITIONS
    return processes * TRANSITIONS / seconds


def _work(address: str, durability: str, case: int) -> None:
    """Record transitions once the standard input is closed."""
    with coopgov.open_store(address, durability=durability) as store:  # type: ignore[arg-type]
        store.read()
        print("ready", flush=True)
        sys.stdin.read()
        for _ in range(TRANSITIONS):
            store.update(answering(case))


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        _work(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        sys.exit(measure("Measure stores of cases.", (storing_rows,)))
