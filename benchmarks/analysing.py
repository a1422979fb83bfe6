"""How long `coopgov rules check` takes on 300 rules: `python benchmarks/analysing.py` prints seconds of CPU."""

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

_RULES = 300
_TARGETS = {"never": 2.0, "always": 20.0}


def analyse_rows(rounds: int) -> Iterator[Row]:
    """The whole process, without and (where it is installed) with the solver; then the analysis alone."""
    text = rule_file(rules_of(_RULES))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.yaml"
        path.write_text(text, encoding="utf-8")
        for solver, target in _TARGETS.items():
            if solver == "never" or find_spec("z3"):
                seconds = min(_cpu_seconds(path, solver) for _ in range(max(2, rounds)))
                yield Row(
                    f"`coopgov rules check`, {_RULES} rules, solver: {solver}", seconds, "s of CPU", target
                )
    rules = coopgov.parse_rules(text)
    best = best_seconds({"analyse": lambda: coopgov.analyse(rules, solver=False)}, rounds)
    yield Row(f"`analyse` of {_RULES} loaded rules, without the solver", 1000 * best["analyse"], "ms")


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
