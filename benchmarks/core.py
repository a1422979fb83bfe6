"""Speed against its targets: `python benchmarks/core.py [--json FILE] [--quick]` prints one Markdown table.

What is compared, and by which rules, stands in the README beside this file.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysing import analyse_rows
from assessing import assess_rows
from cold import cold_rows
from compiling import compile_rows
from hot import hot_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timing import Row


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    json: Path | None
    quick: bool


def options() -> Options:
    parser = argparse.ArgumentParser(description="Measure coopgov against its targets.")
    parser.add_argument("--json", type=Path, help="write the rows to this file as well")
    parser.add_argument(
        "--quick", action="store_true", help="fewer repetitions: noisier, but it takes seconds"
    )
    return Options(**vars(parser.parse_args()))


def rows(rounds: int) -> Iterator[Row]:
    yield from hot_rows(rounds)
    yield from compile_rows(rounds)
    yield from cold_rows(rounds)
    yield from assess_rows(rounds)
    yield from analyse_rows(rounds)


def main() -> int:
    chosen = options()
    found: list[Row] = []
    print(f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print("| What | Target | Measured | Unit | |\n|---|---:|---:|---|---|")
    for row in rows(3 if chosen.quick else 15):
        print(row.markdown(), flush=True)
        found.append(row)
    missed = [row.what for row in found if row.met is False]
    print(f"\nTargets missed: {'; '.join(missed) if missed else 'none'}.")
    if chosen.json:
        text = json.dumps([{**asdict(row), "met": row.met} for row in found], indent=2)
        chosen.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
