"""How long `coopgov rules check` takes, by the number of rules: `python benchmarks/analysing.py` prints the rows."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hot import rules_of
from installed import Installed
from timing import Row, best_seconds
from workload import rule_file

import coopgov

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["analyse_rows"]

_TARGETS = {(300, "never"): 0.6, (1_000, "never"): 2.0, (3_000, "never"): 6.0, (300, "always"): 20.0}
_FULL = 5
"""With fewer rounds, only 300 rules are checked."""


def analyse_rows(rounds: int) -> Iterator[Row]:
    """The whole process, without and (where z3 is installed) with the solver; then the analysis alone."""
    with tempfile.TemporaryDirectory() as folder:
        installed = Installed(Path(folder) / "installed")
        for (number, solver), target in _TARGETS.items():
            if (number > 300 and rounds < _FULL) or (solver != "never" and not find_spec("z3")):
                continue
            path = Path(folder) / f"rules-{number}.yaml"
            path.write_text(rule_file(rules_of(number)), encoding="utf-8")
            times = max(2, min(rounds, 1_500 // number))
            command = ("-m", "coopgov", "rules", "check", str(path), "--solver", solver)
            seconds = installed.seconds(times, *command)
            what = f"`coopgov rules check`, {number:,} rules, solver: {solver}"
            yield Row(what, seconds, "s of CPU", target)
    rules = coopgov.parse_rules(rule_file(rules_of(300)))
    best = best_seconds({"analyse": lambda: coopgov.analyse(rules, solver=False)}, rounds)
    yield Row("`analyse` of 300 loaded rules, without the solver", 1000 * best["analyse"], "ms")


if __name__ == "__main__":
    for row in analyse_rows(3):
        print(row.markdown())
