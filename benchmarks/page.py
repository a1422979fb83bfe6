"""The tables of the performance page, from the results of one run: `python benchmarks/page.py [--check]`.

`python benchmarks/all.py --keep` writes the results, and then these tables. In the page, each stands between two
comments.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aims import AIMS
from timing import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["RESULTS", "write_page"]

RESULTS = Path(__file__).parent / "results.json"
_PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "performance.md"
_TABLE = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SIZES = (3, 30, 300)
_ENGINE = re.compile(r"(.* \([\d.]+\)), (\d+) rules")
"""The name of a row about an engine: the engine and its version, and the number of rules."""


def main() -> int:
    """Write the tables or, with `--check`, return 1 if they are not those of the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a table is stale")
    return write_page(only_check=parser.parse_args().check)


def write_page(*, only_check: bool = False) -> int:
    """Put the tables into the page; the answer is an exit code."""
    if not RESULTS.exists():
        print(f"no {RESULTS.name}: run `python benchmarks/all.py --keep` first", file=sys.stderr)
        return 1
    run = json.loads(RESULTS.read_text(encoding="utf-8"))
    rows = {
        each["what"]: Row(*(each[name] for name in ("what", "measured", "unit", "target")))
        for each in run["rows"]
    }
    page = _PAGE.read_text(encoding="utf-8")
    fresh = _TABLE.sub(lambda found: f"{found[1]}\n{_TABLES[found[2]](run, rows)}\n\n{found[3]}", page)
    if only_check:
        print("fresh" if fresh == page else f"stale: {_PAGE.name}")
        return int(fresh != page)
    _PAGE.write_text(fresh, encoding="utf-8")
    return 0


def figure(number: float) -> str:
    """A figure with two digits or so."""
    if number >= 100:  # from here on, all digits before the point
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"  # one digit more below


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    rule = "|".join(["---", *("---:" for _ in head[1:])])
    return "\n".join([f"| {' | '.join(head)} |", f"|{rule}|", *(f"| {' | '.join(line)} |" for line in lines)])


def _machine(run: Mapping[str, Any], _: Mapping[str, Row]) -> str:
    return f"Measured on {run['day']}, in one run, at commit {run['commit']}: {run['machine']}."


def _aims(_: Mapping[str, Any], rows: Mapping[str, Row]) -> str:
    lines = []
    for aim in AIMS:
        for what, before in aim.parts:
            row = rows.get(what)
            if row is None:
                lines.append((f"{aim.number} {aim.work}: {what}", before, "not measured", "", ""))
                continue
            required = "" if row.target is None else figure(row.target)
            missed = "**missed**" if row.met is False else ""
            name = f"{aim.number} {aim.work}: {what} ({row.unit})"
            lines.append((name, before, figure(row.measured), required, missed))
    return _table(("what", "before", "now", "required", ""), lines)


def _records(_: Mapping[str, Any], rows: Mapping[str, Row]) -> str:
    engines: dict[str, dict[int, Row]] = {}
    for what, row in rows.items():
        found = _ENGINE.fullmatch(what)
        if found:
            engines.setdefault(found[1], {})[int(found[2])] = row
    lines = [
        (name, *(figure(some[size].measured) if size in some else "not measured" for size in _SIZES))
        for name, some in sorted(
            engines.items(), key=lambda item: item[1][30].measured if 30 in item[1] else 1e9
        )
    ]
    return _table(("engine", *(f"{size} rules" for size in _SIZES)), lines)


def _those(part: str) -> Callable[[Mapping[str, Any], Mapping[str, Row]], str]:
    def table(_: Mapping[str, Any], rows: Mapping[str, Row]) -> str:
        head = ("what", "required", "measured")
        return _table(head, (_line(row) for what, row in rows.items() if _part_of(what) == part))

    return table


def _line(row: Row) -> tuple[str, ...]:
    required = "" if row.target is None else figure(row.target)
    return (
        f"{row.what} ({row.unit})",
        required,
        figure(row.measured) + (" **missed**" if row.met is False else ""),
    )


_PARTS = {
    "records": _ENGINE.pattern,
    "gaps": r"^one record|^100,000 records in one|^the same, keeping",
    "changes": r"changed",
    "columns": r"records in (Polars|DuckDB|lazy Polars)|^a record of|at its peak, [\d,]+ records",
    "cases": r"`advance`|`catch_up`|durability",
}
"""Which rows are in which table; all others are in the table `rest`."""


def _part_of(what: str) -> str:
    return next((part for part, pattern in _PARTS.items() if re.search(pattern, what)), "rest")


_TABLES = {
    "machine": _machine,
    "aims": _aims,
    "records": _records,
    **{part: _those(part) for part in ("gaps", "changes", "columns", "cases", "rest")},
}


if __name__ == "__main__":
    sys.exit(main())
