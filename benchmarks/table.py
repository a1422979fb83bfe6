"""One command line for all benchmarks: rows are measured one after the other and printed as a Markdown table."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import coopgov

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from timing import Row

    Source = Callable[[int], Iterator[Row]]

__all__ = ["measure"]


_HERE = Path(__file__).parent


@dataclass(frozen=True)
class _Options:
    """What was asked for on the command line."""

    json: Path | None
    quick: bool
    history: Path | None
    only: str
    keep: bool = False


def measure(description: str, sources: Iterable[Source], then: Callable[[], int] | None = None) -> int:
    """Print the rows of all sources, each of which takes the number of rounds; the answer is an exit code.

    `then` is run once the results have been kept, if the command line asks for that.
    """
    chosen = _options(description, keeps=then is not None)
    wanted = chosen.only.split(",") if chosen.only else []
    found: list[Row] = []
    seconds: dict[str, float] = {}
    print(_machine(), end="\n\n")
    print("| What | Target | Measured | Unit | |\n|---|---:|---:|---|---|")
    for source in sources:
        name = source.__name__.removesuffix("_rows")
        if wanted and name not in wanted:
            continue
        start = perf_counter()
        for row in source(3 if chosen.quick else 15):
            print(row.markdown(), flush=True)
            found.append(row)
        seconds[name] = perf_counter() - start
    missed = [row.what for row in found if row.met is False]
    print(f"\nTargets missed: {'; '.join(missed) if missed else 'none'}.")
    print("Seconds:", ", ".join(f"{name} {taken:.0f}" for name, taken in seconds.items()))
    if chosen.json:
        chosen.json.write_text(_text(found), encoding="utf-8")
    if chosen.history:
        _remember(chosen.history, found)
    if then is None or not chosen.keep:
        return 0
    _remember(_HERE / "history.jsonl", found)
    (_HERE / "results.json").write_text(_text(found), encoding="utf-8")
    return then()


def _text(rows: list[Row]) -> str:
    """A run as JSON."""
    run = {"commit": _commit(), "day": date.today().isoformat(), "machine": _machine()}  # noqa: DTZ011  # a label
    return json.dumps({**run, "rows": [{**asdict(row), "met": row.met} for row in rows]}, indent=2) + "\n"


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    described = subprocess.run(command, cwd=_HERE, capture_output=True, text=True, check=False)
    return described.stdout.strip()


def _remember(history: Path, rows: list[Row]) -> None:
    """Add the figures of this commit to the history: one line of JSON."""
    figures = {row.what: [round(row.measured, 4), row.target and round(row.target, 4)] for row in rows}
    line = json.dumps({"commit": _commit(), "machine": _machine(), "figures": figures})
    with history.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _options(description: str, *, keeps: bool) -> _Options:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", type=Path, help="write the rows to this file as well")
    parser.add_argument(
        "--quick", action="store_true", help="fewer repetitions and smaller data: noisier, but much shorter"
    )
    parser.add_argument(
        "--history", type=Path, help="add the figures of this commit to this file, as a line of JSON"
    )
    parser.add_argument("--only", default="", help="only these parts, such as `hot,column`")
    if keeps:
        parser.add_argument(
            "--keep", action="store_true", help="write results, history and the performance page"
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
