"""Timing that is fair on a busy machine: what is compared runs in turn, and the best of several rounds counts."""

from __future__ import annotations

import gc
import os
import re
import resource
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Row", "best_seconds", "keeping_compiled", "peak_megabytes"]


@dataclass(frozen=True)
class Row:
    """One measured figure; without a target it is for information."""

    what: str
    measured: float
    unit: str
    target: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the figure is within its target."""
        return None if self.target is None else self.measured <= self.target

    def markdown(self) -> str:
        """The row of the table."""
        target = "" if self.target is None else f"{self.target:g}"
        verdict = {True: "met", False: "**missed**", None: ""}[self.met]
        return f"| {self.what} | {target} | {self.measured:.2f} | {self.unit} | {verdict} |"


def best_seconds(
    works: Mapping[str, Callable[[], Any]], rounds: int, clock: Callable[[], float] = perf_counter
) -> dict[str, float]:
    """The shortest time of each piece of work; in every round each has its turn. Garbage collection stays on.

    With `time.process_time` as the clock it is the time of the processor, of all threads.
    """
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            gc.collect()
            start = clock()
            result = work()
            best[name] = min(best[name], clock() - start)
            del result
    return best


def keeping_compiled(cache: str) -> dict[str, str]:
    """The environment of processes that keep compiled modules in a folder, as an installation has them."""
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": cache}


def peak_megabytes() -> float:
    """The most memory that this process has held; `getrusage` of Linux counts that of the one that started it, too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
