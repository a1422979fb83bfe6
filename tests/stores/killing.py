"""Kills a process while it records steps, again and again, and looks at what is left.

By hand: `python tests/stores/killing.py ADDRESS COUNT`, where ADDRESS is the beginning of a path, or a PostgreSQL
address without options.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import coopgov
from coopgov import Cases, Event, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.cases.store import Durability, SqlStore

__all__ = ["kill_again_and_again", "next_step"]

FIRST = date(2026, 10, 19)
LAST = date(2027, 6, 30)
PILOT = Path(__file__).parents[2] / "examples/pilot/agreement.yaml"
KILLS_A_STORE = 25
"""How often one store is killed before a new one is begun, so that checking it stays quick."""
DELAYS = 97
"""How many different delays there are, in half milliseconds; a prime, so that they meet every step."""


@cache
def machine() -> tuple[Any, Any]:
    """The agreement and the engine of the history."""
    return coopgov.load_agreement(PILOT), coopgov.Engine(coopgov.load_rules())


def next_step(cases: Cases | None) -> Step:
    """The next step of a history that is the same in every run: on each day two answers, then comes the next day."""
    agreement, rules = machine()
    if cases is None:
        return coopgov.catch_up(Cases.begin(agreement.id, FIRST), agreement, rules, to=FIRST)
    assert cases.last is not None
    on, turn = cases.last, cases.last.toordinal()
    said = sum(cause.on == on for case in cases for cause in case.causes)
    if said == 2 and on < LAST:
        return coopgov.catch_up(cases, agreement, rules, to=on + timedelta(1))
    case = cases.open()[(turn + said) % len(cases.open())]
    cause = ("resources", "technical", "external", "communication")[turn % 4]
    note = f"{said} on {on}: " + "long " * (turn % 50)
    event = Event(on=on, case=case.id, event="cause", is_=cause, by="pm", note=note)
    return coopgov.answer(cases, event, agreement=agreement, rules=rules)


def _record_until_killed(opened: Callable[[], SqlStore], acknowledge: int) -> None:
    """Record steps, and acknowledge each once it is recorded, as a command acknowledges it by its exit code."""
    store = opened()
    while True:
        step = store.update(next_step)
        os.write(acknowledge, f"{step.cases.last} {_size(step.cases)}\n".encode())


def _size(cases: Cases | None) -> int:
    """How far the history has come: the number of changes of all cases."""
    return sum(case.revision for case in cases or ())


def _killed(opened: Callable[[], SqlStore], first: int, seconds: float) -> list[str]:
    """Start a process that records steps, kill it some time after a number of steps; return what it acknowledged."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(read)
            _record_until_killed(opened, write)
        finally:
            os._exit(1)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        begun = [pipe.readline() for _ in range(first)]
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        assert os.WIFSIGNALED(status), "the process ended by itself"
        return b"".join([*begun, *pipe.readlines()]).decode().splitlines()


def _look(opened: Callable[[], SqlStore], acknowledged: list[str], expected: list[Step]) -> None:
    """What is left is a whole number of steps: all that were acknowledged, and at most one more."""
    with opened() as store:
        store.verify()
        cases = store.read()
        logged = [entry.what for entry in store.log()]
    while expected and cases is not None and _before(expected[-1].cases, cases):
        expected.append(next_step(expected[-1].cases))
    if cases is not None and not expected:
        expected.append(next_step(None))
        while expected[-1].cases != cases and _before(expected[-1].cases, cases):
            expected.append(next_step(expected[-1].cases))
    recorded = [each for each in expected if not (cases is None or _before(cases, each.cases))]
    assert cases == (recorded[-1].cases if recorded else None)
    assert logged == [what for step in recorded for what in (*step.changes, *step.notices)]
    marks = [f"{step.cases.last} {_size(step.cases)}" for step in recorded]
    assert not acknowledged or acknowledged[-1] in marks[-2:], (acknowledged[-1:], marks[-3:])


def _before(cases: Cases, others: Cases) -> bool:
    assert cases.last is not None
    assert others.last is not None
    return (cases.last, _size(cases)) < (others.last, _size(others))


def kill_again_and_again(
    address: Callable[[int], str], count: int, durability: Durability = "full"
) -> Counter[str]:
    """Kill a process some times at different moments; return how often it had acknowledged something."""
    machine()
    next_step(next_step(None).cases)
    found: Counter[str] = Counter()
    expected: list[Step] = []
    for number in range(count):
        if number % KILLS_A_STORE == 0:
            expected = []
        name = address(number // KILLS_A_STORE)

        def opened(name: str = name) -> SqlStore:
            return coopgov.open_store(name, durability=durability)

        acknowledged = _killed(opened, number % 4, 0.0005 * (number * 31 % DELAYS))
        _look(opened, acknowledged, expected)
        found["acknowledged" if acknowledged else "nothing"] += 1
        found["steps"] += len(acknowledged)
    return found


def _nth(address: str, block: int, number: int) -> str:
    """The store of a number in a block of kills."""
    name = f"{os.getpid()}_{block}_{number}"
    return f"{address}?schema=k{name}" if "://" in address else f"{address}-{name}.db"


def main(address: str, count: int, durability: Durability) -> None:
    """Kill by hand, and say every hundred times how far it is."""
    total: Counter[str] = Counter()
    for block in range(0, count, 100):
        block_address = partial(_nth, address, block)
        total += kill_again_and_again(block_address, min(100, count - block), durability)
        print(block + 100, dict(total), flush=True)  # noqa: T201  # by hand


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "full")  # type: ignore[arg-type]
