"""Kills `coopgov cases advance` and answers, again and again, and runs each again as whoever called it would.

By hand: `python tests/stores/killing_commands.py FOLDER COUNT`, with processes of their own.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from contextlib import redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import coopgov
from coopgov.cli import main as coopgov_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Start = Callable[[list[str], Path], int]

__all__ = ["forked", "kill_commands", "started"]

FIRST = date(2026, 10, 17)
PILOT = str(Path(__file__).parents[2] / "examples/pilot/agreement.yaml")
FRACTIONS = 23
"""How many different moments of a command there are; a prime, so that they meet every command."""
CAUSES = ("resources", "technical", "external", "communication")


def forked(arguments: list[str], out: Path) -> int:
    """Run a command in a copy of this process: quick, since everything is imported."""
    process = os.fork()
    if process == 0:
        code = 70
        try:
            code = _here(arguments, out)
        finally:
            os._exit(code)
    return process


def _here(arguments: list[str], out: Path) -> int:
    with out.open("w", encoding="utf-8") as stream, redirect_stdout(stream):
        return coopgov_command(arguments)


def started(arguments: list[str], out: Path) -> int:
    """Run a command in a process of its own, as a shell does."""
    command = [sys.executable, "-m", "coopgov", *arguments]
    actions = [(os.POSIX_SPAWN_OPEN, 1, str(out), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    return os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)


def _commands(store: str) -> Iterator[tuple[str, list[str]]]:
    """What a cooperation says and does, each with a mark that the log has once it is recorded: days and answers."""
    on, to = FIRST, ["--store", store]
    for turn in range(10_000):
        yield f"day {on}", ["cases", "advance", PILOT, *to, "--as-of", str(on)]
        if turn >= 2:  # from Monday on, there is a late phase
            mark = f"said in turn {turn}"
            said = ["phase-late@phase/core", "--by", "pm", "--is", CAUSES[turn % 4], "--note", mark]
            yield mark, ["cases", "cause", *said, *to]
        on += timedelta(1 + turn % 3)


def kill_commands(folder: Path, count: int, start: Start) -> Counter[str]:
    """Kill some commands at different moments, each until it ends by itself; compare with a store without any kill."""
    store, reference, out = folder / "killed.db", folder / "whole.db", folder / "out.txt"
    found: Counter[str] = Counter()
    seconds, kills = 0.5, 0
    whole = _commands(str(reference))
    for mark, arguments in _commands(str(store)):
        if kills >= count:
            break
        assert _here(next(whole)[1], out) == 0
        for attempt in range(4):
            if mark in _marks(store):
                found["killed after it was recorded"] += 1
                break
            begun = time.perf_counter()
            process = start(arguments, out)
            if attempt == 3 or kills >= count:
                assert _ended(process) == 0
                seconds = time.perf_counter() - begun
                found["not killed"] += 1
            else:
                kills += 1
                code = _killed(process, store, kills, seconds)
                assert code in (0, -signal.SIGKILL), (code, out.read_text("utf-8"))
                if code == 0:
                    assert mark in _marks(store), "what ended well is recorded"
                    found["ended before the kill"] += 1
            found["commands"] += 1
        assert mark in _marks(store)
    assert _log(store) == _log(reference)
    found["kills"] = kills - found["ended before the kill"]
    return found


def _killed(process: int, store: Path, number: int, seconds: float) -> int:
    """Kill a process at any moment, or every other time while it writes; return its exit code, or the signal."""
    begun = time.perf_counter()
    if number % 2:
        time.sleep(seconds * (number * 7 % FRACTIONS) / FRACTIONS)
    else:
        journal = store.with_name(f"{store.name}-wal")
        while not (journal.exists() and journal.stat().st_size) and time.perf_counter() < begun + 2 * seconds:
            time.sleep(0.0002)
        time.sleep(0.001 * (number * 7 % FRACTIONS))
    os.kill(process, signal.SIGKILL)  # also one that has ended, since nobody has waited for it yet
    return _ended(process)


def _ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _marks(store: Path) -> set[str]:
    """What the log has: the days seen, and the notes of answers. The chain is as it was written."""
    if not store.exists():
        return set()
    with coopgov.open_store(store) as opened:
        opened.verify()
        changes = [each.what for each in opened.log() if isinstance(each.what, coopgov.CaseChange)]
    return {f"day {each.on}" if each.what == "day" else str(each.note) for each in changes}


def _log(store: Path) -> list[object]:
    with coopgov.open_store(store) as opened:
        assert coopgov.replay(
            each.what for each in opened.log() if isinstance(each.what, coopgov.CaseChange)
        ) == (opened.read())
        return [each.what for each in opened.log()]


if __name__ == "__main__":
    print(dict(kill_commands(Path(sys.argv[1]), int(sys.argv[2]), started)))  # noqa: T201  # by hand
