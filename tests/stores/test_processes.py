"""Several processes write to one store: none waits in vain, and none loses what another wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov.cases.change import CaseChange
from coopgov.testing.stores.steps import answering, first_day, of

if TYPE_CHECKING:
    from collections.abc import Callable

WRITING = Path(__file__).with_name("writing.py")


def _started(address: str, case: int, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", str(WRITING), address, str(case), str(count), "normal"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_four_processes_lose_nothing(address: Callable[[str], str], request: pytest.FixtureRequest) -> None:
    """Four times a thousand steps, two of the processes about the same case: all are there, in one chain."""
    steps = 1000 if "sqlite" in request.node.name else 250
    name = address("processes")
    with coopgov.open_store(name, durability="normal") as store:
        store.update(lambda _: first_day(3))
    running = [_started(name, case, steps) for case in (0, 1, 2, 2)]
    assert [each.communicate()[0] for each in running] == [""] * 4
    with coopgov.open_store(name) as store:
        assert [case.revision for case in of(store.read())] == [1 + steps, 1 + steps, 1 + 2 * steps]
        notes = Counter(e.what.note for e in store.log() if isinstance(e.what, CaseChange) and e.what.note)
        assert set(notes.values()) == {4}
        assert len(notes) == steps
        store.verify()


def test_processes_make_one_store_together(address: Callable[[str], str]) -> None:
    """Processes that find no store make its tables at the same time."""
    name = address("together")
    running = [_started(name, 0, 0) for _ in range(4)]
    assert [each.communicate()[0] for each in running] == [""] * 4
    with coopgov.open_store(name) as store:
        assert store.read() is None


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # it forks beside threads of pytest
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
def test_a_store_goes_on_after_a_fork(address: Callable[[str], str]) -> None:
    """A server that opens a store and then forks has a connection of its own in each process."""
    with coopgov.open_store(address("fork"), durability="normal") as store:
        store.update(lambda _: first_day(2))
        process = os.fork()
        if process == 0:
            try:
                store.update(answering(1))
                store.close()
                os._exit(0)
            finally:
                os._exit(1)
        store.update(answering(0))
        assert os.waitpid(process, 0)[1] == 0
        assert [case.revision for case in of(store.read())] == [2, 2]
        store.verify()
