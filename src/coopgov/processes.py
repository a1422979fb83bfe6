"""Work on many items in several processes; results come in the order of the items, whatever the number of processes."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from contextlib import ExitStack, closing
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from multiprocessing.connection import Connection

__all__ = ["jobs_for", "spread"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_CHUNK = 8
_AHEAD = 2
"""How many chunks a process has at most: one that it works on, and one that waits."""
_WORTH = 48
"""How many items a process must get before it is worth its start."""


def jobs_for(items: int, asked: int | None = None) -> int:
    """The number of processes for some items: as many as asked for, else one for each core that gets enough to do."""
    return max(1, min(items, asked) if asked else min(items // _WORTH, _cores()))


def _cores() -> int:
    of_process = getattr(os, "sched_getaffinity", None)  # a container may have fewer than the machine
    return len(of_process(0)) if of_process else os.cpu_count() or 1


def spread(work: Callable[[_Item], _Result], items: Iterable[_Item], jobs: int) -> Generator[_Result]:
    """Yield what `work` returns for each item, in order, and raise what it raises.

    With one job, everything happens in this process, item by item. With more, `work`, items and results are pickled,
    and a process is a few chunks ahead of what has been taken from it. No process outlives the iterator.

    Raises:
        ChildProcessError: a process ended before its work, such as for lack of memory.
    """
    if jobs < 2:
        yield from map(work, items)
        return
    remaining, chunks = iter(items), deque["_Worker"]()
    with ExitStack() as stack:
        workers = [stack.enter_context(closing(_Worker(work))) for _ in range(jobs)]
        for worker in cycle(workers):
            chunk = list(islice(remaining, _CHUNK))
            if chunk:
                worker.send(chunk)
                chunks.append(worker)
            if not chunk or len(chunks) == _AHEAD * jobs:
                if not chunks:
                    return
                yield from chunks.popleft().results()


class _Worker:
    """A process that works on chunks of items."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        from multiprocessing import get_context  # heavy, and one job needs none

        context = get_context("spawn")  # a fork would copy locks and threads of libraries
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(work, theirs, gc.get_threshold()), daemon=True)
        self.process.start()
        theirs.close()  # so that each end notices when the other is gone

    def send(self, chunk: list[Any]) -> None:
        """Hand a chunk over."""
        try:
            self.connection.send(chunk)
        except OSError:
            raise self._ended() from None

    def results(self) -> Iterator[Any]:
        """The results of the oldest chunk."""
        try:
            results, error = self.connection.recv()
        except (EOFError, OSError):
            raise self._ended() from None
        yield from results
        if error is not None:
            raise error

    def _ended(self) -> ChildProcessError:
        self.process.join()
        return ChildProcessError(f"a process ended with exit code {self.process.exitcode}")

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.connection.close()
        self.process.terminate()
        self.process.join()


def _serve(work: Callable[[Any], Any], connection: Connection, threshold: tuple[int, int, int]) -> None:
    """Work on chunks until the other end is closed; an interruption is left to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*threshold)
    try:
        while True:
            chunk = connection.recv()
            results: list[Any] = []
            try:
                results.extend(map(work, chunk))
            except Exception as error:  # noqa: BLE001  # it is raised where the result was asked for
                connection.send((results, error))
            else:
                connection.send((results, None))
    except (EOFError, OSError):
        return
