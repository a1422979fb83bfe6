"""Cold processes: what a command costs that starts, does one thing and ends."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from timing import Row, best_seconds, keeping_compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cold_rows"]

_ROOT = Path(__file__).resolve().parent.parent
_COMMANDS = {
    "bare": ("-c", "pass"),
    "import": ("-c", "import coopgov"),
    "libraries": ("-c", "from pydantic import BaseModel; import yaml"),
    "check": ("-m", "coopgov", "check", "examples/pilot/agreement.yaml", "--as-of", "2026-06-30"),
}


def cold_rows(rounds: int) -> Iterator[Row]:
    """All with compiled modules in a cache that a first round fills, as after an installation."""
    with tempfile.TemporaryDirectory() as cache:
        environment = keeping_compiled(cache)

        def run(name: str) -> None:
            command = [sys.executable, *_COMMANDS[name]]
            done = subprocess.run(
                command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode not in (0, 1):  # 1: there are warnings
                raise SystemExit(f"{' '.join(command)}:\n{done.stderr}")

        works = {name: lambda name=name: run(name) for name in _COMMANDS}
        best_seconds(works, 1)
        best = {name: 1000 * seconds for name, seconds in best_seconds(works, 2 * rounds).items()}
    yield Row("`import coopgov` above the bare interpreter", best["import"] - best["bare"], "ms", 30)
    ratio = best["check"] / best["libraries"]
    yield Row("cold `coopgov check` of the pilot", ratio, "× importing pydantic and yaml", 2.5)
    yield Row("cold `coopgov check` of the pilot", best["check"], "ms")
