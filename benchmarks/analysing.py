"""How long `coopgov rules check` takes, by the number of rules: `python benchmarks/analysing.py` prints the rows."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hot import rules_of
from timing import Row, best_seconds, keeping_compiled
from workload import rule_file

import coopgov

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["analyse_rows"]

_TARGETS = {(300, "never"): 0.6, (1_000, "never"): 2.0, (3_000, "never"): 6.0, (300, "always"): 20.0}
_FULL = 5
"""With fewer rounds, only 300 rules are checked."""


def analyse_rows(rounds: int) -> Iterator[Row]:
    """The whole process, without and (where it is installed) with the solver; then the analysis alone."""
    with tempfile.TemporaryDirectory() as folder:
        for (number, solver), target in _TARGETS.items():
            if (number > 300 and rounds < _FULL) or (solver != "never" and not find_spec("z3")):
                continue
            path = Path(folder) / f"rules-{number}.yaml"
            path.write_text(rule_file(rules_of(number)), encoding="utf-8")
            times = max(2, min(rounds, 1_500 // number))
            seconds = min(_cpu_seconds(path, solver) for _ in range(times))
            what = f"`coopgov rules check`, {number:,} rules, solver: {solver}"
            yield Row(what, seconds, "s of CPU", target)
    rules = coopgov.parse_rules(rule_file(rules_of(300)))
    best = best_seconds({"analyse": lambda: coopgov.analyse(rules, solver=False)}, rounds)
    yield Row("`analyse` of 300 loaded rules, without the solver", 1000 * best["analyse"], "ms")


def _cpu_seconds(path: Path, solver: str) -> float:
    """What a process of its own takes, its start included; the first one compiles modules, and is not the best."""
    environment = keeping_compiled(str(path.parent / "compiled"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "coopgov", "rules", "check", str(path), "--solver", solver]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode not in (0, 1):  # 1: there are findings
        raise SystemExit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    for row in analyse_rows(3):
        print(row.markdown())
