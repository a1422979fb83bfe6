"""One command line for all benchmarks: rows are measured one after the other and printed as a Markdown table."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import coopgov

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from timing import Row

    Source = Callable[[int], Iterator[Row]]

__all__ = ["measure"]


@dataclass(frozen=True)
class _Options:
    """What was asked for on the command line."""

    json: Path | None
    quick: bool
    history: Path | None


def measure(description: str, sources: Iterable[Source]) -> int:
    """Print the rows of all sources, each of which takes the number of rounds; the answer is an exit code."""
    chosen = _options(description)
    found: list[Row] = []
    print(_machine(), end="\n\n")
    print("| What | Target | Measured | Unit | |\n|---|---:|---:|---|---|")
    for source in sources:
        for row in source(3 if chosen.quick else 15):
            print(row.markdown(), flush=True)
            found.append(row)
    missed = [row.what for row in found if row.met is False]
    print(f"\nTargets missed: {'; '.join(missed) if missed else 'none'}.")
    if chosen.json:
        text = json.dumps([{**asdict(row), "met": row.met} for row in found], indent=2)
        chosen.json.write_text(text + "\n", encoding="utf-8")
    if chosen.history:
        _remember(chosen.history, found)
    return 0


def _remember(history: Path, rows: list[Row]) -> None:
    """Add the figures of this commit to the history: one line of JSON."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    figures = {row.what: [round(row.measured, 4), row.target and round(row.target, 4)] for row in rows}
    line = json.dumps({"commit": described.stdout.strip(), "machine": _machine(), "figures": figures})
    with history.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _options(description: str) -> _Options:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, help="write the rows to this file as well")
    parser.add_argument(
        "--quick", action="store_true", help="fewer repetitions: noisier, but it takes seconds"
    )
    parser.add_argument(
        "--history", type=Path, help="add the figures of this commit to this file, as a line of JSON"
    )
    return _Options(**vars(parser.parse_args()))


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores"
    return f"coopgov {coopgov.__version__}, CPython {platform.python_version()}, {system}"


def _processor() -> str:
    """The name of the processor, if the system reports it."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "processor unknown")
