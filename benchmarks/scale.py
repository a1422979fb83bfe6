"""Work that grows: `python benchmarks/scale.py [--quick]` measures large files, folders and histories.

Targets are times of another machine. They are multiplied by how much longer this one takes to parse the YAML of 1,000
tasks, which took 14 ms there.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import yaml
from cooperation import AS_OF, agreement_text
from installed import Installed
from table import measure
from timing import Row, best_seconds

import coopgov
from coopgov.source import read_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["scale_rows"]

_ROOT = Path(__file__).resolve().parent.parent
_EVENTS = 0.014
_FULL, _FILES, _FEW_FILES = 5, 1_000, 200
"""With fewer rounds, a folder has only a few files, and the result is multiplied."""
_DAYS = 365


def scale_rows(rounds: int) -> Iterator[Row]:
    """Reading, assessing, explaining and replaying, by the size of the agreement; folders; cold processes."""
    text = _tasks(1_000)
    slower = _cpu(lambda: sum(1 for _ in yaml.parse(text, Loader=yaml.CSafeLoader)), 5) / _EVENTS
    yield Row("this machine against the one of the targets, by parsing YAML", slower, "×")
    yield from _reading(text, min(rounds, 5), slower)
    rules = coopgov.Engine(coopgov.load_rules())
    yield from _goals(rules, slower)
    yield from _explaining(rules)
    yield from _results(rules, min(rounds, 5), slower)
    yield from _replaying(rules, text, slower)
    with tempfile.TemporaryDirectory() as folder:
        yield from _processes(Path(folder), rounds, slower)


def _tasks(number: int, kpis: int = 20) -> str:
    return agreement_text(tasks=number // 10, kpis=kpis)


def _cpu(work: Callable[[], Any], rounds: int = 1) -> float:
    return best_seconds({"work": work}, rounds, process_time)["work"]


def _json(text: str) -> str:
    return json.dumps(read_document(text, "").data, ensure_ascii=False, separators=(",", ":"))


def _reading(text: str, rounds: int, slower: float) -> Iterator[Row]:
    for number, source, times, targets in (
        (1_000, text, rounds, (60, 25)),
        (10_000, _tasks(10_000), 1, (900, 350)),
    ):
        for form, written, target in zip(("YAML", "JSON"), (source, _json(source)), targets, strict=True):
            seconds = _cpu(partial(coopgov.parse_agreement, written), times)
            yield Row(f"reading {number:,} tasks, {form}", 1000 * seconds, "ms", target * slower)


def _goals(rules: coopgov.Engine, slower: float) -> Iterator[Row]:
    seconds = {}
    for number in (500, 2_000):
        agreement = coopgov.build_agreement(_with_goals(number))
        coopgov.assess(agreement, rules, as_of=AS_OF)
        seconds[number] = _cpu(partial(coopgov.assess, agreement, rules, as_of=AS_OF))
    yield Row("`assess`, 2,000 goals with a KPI each", seconds[2_000], "s", 2 * slower)
    yield Row("a goal of 2,000 against one of 500", seconds[2_000] / seconds[500] / 4, "×", 1.3)


def _with_goals(number: int) -> dict[str, Any]:
    data: Any = read_document(agreement_text(phases=1, tasks=1, kpis=number), "").data
    data["goals"] = [
        {"id": f"goal-{each}", "statement": "Grow.", "kpis": [f"kpi-{each}"]} for each in range(number)
    ]
    return dict(data)


def _explaining(rules: coopgov.Engine) -> Iterator[Row]:
    for number in (10, 100, 1_000):
        agreement = coopgov.parse_agreement(_tasks(number, kpis=5))
        once = _cpu(partial(coopgov.assess, agreement, rules, as_of=AS_OF), 3)
        ratio = _cpu(partial(coopgov.explain_all, agreement, rules, as_of=AS_OF)) / once
        yield Row(f"explaining everything, {number:,} tasks", ratio, "× `assess`", 5)


def _results(rules: coopgov.Engine, rounds: int, slower: float) -> Iterator[Row]:
    assessment = coopgov.assess(coopgov.build_agreement(_with_goals(1_000)), rules, as_of=AS_OF)
    share = 2_678 / len(assessment.warnings)
    seconds = _cpu(assessment.to_json, rounds)
    yield Row("`to_json` of 2,678 warnings", 1000 * seconds * share, "ms", 40 * slower)


def _replaying(rules: coopgov.Engine, text: str, slower: float) -> Iterator[Row]:
    agreement, first = coopgov.parse_agreement(text), AS_OF - timedelta(days=_DAYS - 1)
    seconds = _cpu(lambda: coopgov.backtest(agreement, rules, first=first, last=AS_OF))
    yield Row("`backtest`, 1,000 tasks, a year", seconds, "s", 3 * slower)


def _processes(folder: Path, rounds: int, slower: float) -> Iterator[Row]:
    installed = Installed(folder / "installed")
    for name, target in (("pilot", 160), ("compact", 250)):
        path = str(_ROOT / "examples" / name / "agreement.yaml")
        seconds = installed.seconds(rounds, "-m", "coopgov", "check", path, "--as-of", "2026-06-30")
        yield Row(f"cold `coopgov check`, {name}, installed", 1000 * seconds, "ms", target * slower)
    many = folder / "many"
    many.mkdir()
    number_there = _FILES if rounds >= _FULL else _FEW_FILES
    for number in range(number_there):
        written = agreement_text(phases=2, tasks=5, kpis=5, seed=number).replace(
            "generated", f"a-{number}", 1
        )
        (many / f"{number}.yaml").write_text(written, encoding="utf-8")
    day = ("--as-of", AS_OF.isoformat())
    files = [str(path) for path in sorted(many.iterdir())]
    seconds, megabytes = installed.run("-m", "coopgov", "check", *files, *day)
    yield Row("`coopgov check` of 1,000 agreements", seconds * _FILES / number_there, "s of CPU", 12 * slower)
    yield Row("memory at its peak of the largest of its processes", megabytes, "MB", 150)
    seconds, _ = installed.run("-m", "coopgov", "portfolio", "check", str(many), *day)
    yield Row(
        "`coopgov portfolio check` of 1,000 agreements",
        seconds * _FILES / number_there,
        "s of CPU",
        6 * slower,
    )
    large = folder / "large.yaml"
    large.write_text(_tasks(10_000, kpis=5_000), encoding="utf-8")
    seconds, megabytes = installed.run("-m", "coopgov", "check", str(large), *day, "--format", "json")
    yield Row("`coopgov check` of 10,000 tasks and 5,000 KPIs", seconds, "s of CPU", 2 * slower)
    yield Row("memory at its peak, the same", megabytes, "MB", 350)


if __name__ == "__main__":
    sys.exit(measure("Measure how work grows.", (scale_rows,)))
