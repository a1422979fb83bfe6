"""Work in several processes gives what it gives in one."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import closing
from functools import partial
from itertools import count, islice
from operator import neg, truediv

import pytest

from coopgov import processes
from coopgov.processes import jobs_for, spread


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("number", [0, 1, 8, 9, 40])
def test_results_come_in_the_order_of_the_items(jobs: int, number: int) -> None:
    """However many items there are, and processes that share them."""
    assert list(spread(neg, range(number), jobs)) == [-each for each in range(number)]
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_raised_comes_in_the_place_of_the_result(jobs: int) -> None:
    """The results before it are there, and what comes after it is not asked for."""
    seen: list[float] = []
    with pytest.raises(ZeroDivisionError):
        seen.extend(spread(partial(truediv, 60), [1, 2, 3, *range(4, 13), 0, 5], jobs))
    assert seen == [60 / each for each in range(1, 13)]
    assert multiprocessing.active_children() == []


def test_items_are_taken_as_they_are_needed() -> None:
    """So there may be any number of them, and no process outlives the iterator."""
    with closing(spread(neg, count(), 2)) as results:
        assert list(islice(results, 100)) == [-each for each in range(100)]
        assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []


def test_a_process_that_is_killed_is_an_error() -> None:
    """Nothing waits for its results for ever."""
    results = spread(neg, count(), 2)
    next(results)
    for child in multiprocessing.active_children():
        os.kill(child.pid or 0, signal.SIGKILL)
    with pytest.raises(ChildProcessError, match="a process ended with exit code -9"):
        list(results)


def test_a_few_items_need_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process takes longer to start than to assess a few agreements; what is asked for counts."""
    monkeypatch.setattr(processes, "_cores", lambda: 4)
    assert [jobs_for(each) for each in (0, 1, 95, 96, 1_000)] == [1, 1, 1, 2, 4]
    assert [jobs_for(10, asked) for asked in (1, 2, 20)] == [1, 2, 10]
