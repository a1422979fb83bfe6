"""Run `deliver` in processes that are killed with -9: between sending and recording, or at any moment.

Called as `killed.py STORE CHANNELS KILLS HOW SEED`. One process begins each run in a fork of its own, so that no run
has to import anything.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from coopgov.cases.store import open_store
from coopgov.cases.store.outbox import SqlOutbox
from coopgov.notify import deliver, load_channels
from coopgov.notify.http import post

NOW = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)


def _die(*_arguments: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _run(store: str, channels: str, now: datetime, *, die: bool) -> NoReturn:
    """One run, which ends the process."""
    if die:
        SqlOutbox.delivered = _die  # type: ignore[method-assign, assignment]  # it is killed where it would record
    with open_store(store, create=False, durability="normal") as opened:
        deliver(opened.outbox, load_channels(channels), now=now)
    os._exit(0)


def main(store: str, channels: str, kills: int, how: str, seed: int) -> None:
    """Kill so many runs, then let runs end until nothing is left."""
    post("webhook", "http://127.0.0.1:1/", b"", {})  # imports what sends, and reads certificates
    choose = random.Random(seed)  # noqa: S311  # only where a run is killed
    now = NOW
    for _ in range(kills):
        child = os.fork()
        if not child:
            _run(store, channels, now, die=how == "mark")
        if how != "mark":
            time.sleep(choose.uniform(0, 0.06))
            os.kill(child, signal.SIGKILL)
            now += timedelta(seconds=choose.choice([1, 90]))
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or how != "mark", status
    for _ in range(4):
        now += timedelta(hours=5)
        child = os.fork()
        if not child:
            _run(store, channels, now, die=False)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
