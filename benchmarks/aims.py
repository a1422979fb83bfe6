"""The thirteen aims of speed: what each measured before the work on it began, and what is required.

Every part names the row of the benchmarks that measures it. Required times are of another machine; the benchmarks
multiply them by how much longer this one takes to parse YAML.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AIMS", "Aim"]


@dataclass(frozen=True)
class Aim:
    """One of the aims: its number, its work, and for each part the row that measures it, and the figure before."""

    number: int
    work: str
    parts: tuple[tuple[str, str], ...]


_GAPS = "records in Polars, a tenth of the data missing, 30 rules"
_PEAK = "memory at its peak,"
_COLD = "cold `coopgov check`,"
_ANALYSE = "`coopgov rules check`,"

AIMS = (
    Aim(
        1,
        "tables with gaps",
        (
            (f"10,000 {_GAPS}", "4.05"),
            (f"100,000 {_GAPS}", "0.57"),
            (f"1,000,000 {_GAPS}", "0.33"),
            (f"10,000,000 {_GAPS}", "0.70"),
            (f"{_PEAK} 10,000,000 records, a tenth of the data missing, 30 rules", "5,800"),
        ),
    ),
    Aim(
        2,
        "complete tables",
        (
            ("10,000 records in Polars, 30 rules", "0.81"),
            ("100,000 records in Polars, 30 rules", "0.16"),
            ("1,000,000 records in Polars, 30 rules", "0.08"),
        ),
    ),
    Aim(
        3,
        "lazy tables",
        (
            ("100,000 records in DuckDB, 30 rules", "8.9"),
            ("100,000 records in lazy Polars, 30 rules", "1.44"),
        ),
    ),
    Aim(
        4,
        "many goals",
        (("`assess`, 2,000 goals with a KPI each", "6.5"), ("a goal of 2,000 against one of 500", "5.3")),
    ),
    Aim(
        5,
        "checking rules",
        tuple(
            (f"{_ANALYSE} {number} rules, solver: never", before)
            for number, before in (("300", "0.6"), ("1,000", "2.5"), ("3,000", "18"))
        ),
    ),
    Aim(
        6,
        "explaining",
        tuple(
            (f"explaining everything, {number} tasks", before)
            for number, before in (("10", "44"), ("100", "78"), ("1,000", "164"))
        ),
    ),
    Aim(
        7,
        "reading",
        tuple(
            (f"reading {number} tasks, {form}", before)
            for number, form, before in (
                ("1,000", "YAML", "90"),
                ("10,000", "YAML", "1,918"),
                ("1,000", "JSON", "91"),
                ("10,000", "JSON", "1,970"),
            )
        ),
    ),
    Aim(8, "cold starts", ((f"{_COLD} pilot, installed", "241"), (f"{_COLD} compact, installed", "630"))),
    Aim(9, "histories", (("`backtest`, 1,000 tasks, a year", "20"),)),
    Aim(10, "results as JSON", (("`to_json` of 2,678 warnings", "114"),)),
    Aim(
        11,
        "folders",
        (
            ("`coopgov check` of 1,000 agreements", "12"),
            ("memory at its peak of the largest of its processes", "589"),
            ("`coopgov portfolio check` of 1,000 agreements", "10"),
        ),
    ),
    Aim(
        12,
        "a large agreement",
        (("`coopgov check` of 10,000 tasks and 5,000 KPIs", "4.0"), (f"{_PEAK} the same", "730")),
    ),
    Aim(
        13,
        "many rules, one record",
        (("one record, 300 rules, a tenth of the data missing, all numbers floats", "2.85"),),
    ),
)
