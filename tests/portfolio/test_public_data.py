"""The public tables, with the mapping files and rules of the examples, give the counts of their publishers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov import portfolio
from coopgov.testing import find_tests, mutation_run, run_tests
from portfolio.tables import ROOT, public_data, shown

if TYPE_CHECKING:
    from coopgov.portfolio.summary import Summary

SCHOOLS = ("nyc_sca_phases", "Capital_Project_Schedules_and_Budgets.csv")
COMPACTS = ("mcc_compacts", "indicators.csv")


def summary_of(example: str, *data: str, engine: str = "polars") -> Summary:
    """The summary of a public table by the files of an example."""
    folder = ROOT / "examples" / example
    rules = coopgov.load_rules(folder / "rules.yaml")
    bound = portfolio.load_mapping(folder / "mapping.yaml", rules)
    return portfolio.check_table(public_data(*data), bound, rules, as_of=date(2025, 9, 20), engine=engine)


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow", "dask"])
def test_school_construction(engine: str) -> None:
    """Late or over budget, and by how much.

    Of 3,423 phases that ended and have a window, 1,637 ended late, 1,420 by more than 10 %; of 3,159 that ended and
    have a budget, 1,297 cost more, 1,041 by more than 15 %; 491 did both. 52 windows have no day.
    """
    pytest.importorskip(engine, reason=f"needs {engine}")
    summary = summary_of("nyc-school-construction", *SCHOOLS, engine=engine)
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (13_153, 13_153, 0, 0)
    assert shown(summary, "rule", "decided", "severities", "undetermined") == [
        ("finished-late", 3_423, {"minor": 1_420, "notice": 217}, 8),
        ("window-backwards", 3_475, {"notice": 52}, 8),
        ("over-budget", 3_159, {"minor": 1_041, "notice": 256}, 0),
        ("forecast-over-budget", 7_257, {"minor": 1_642}, 0),
        ("late-and-over-budget", 3_110, {"major": 491}, 0),
    ]


def test_compacts() -> None:
    """Of 479 KPIs with three numbers and a way to go, 113 have made less than 80 % of it, 11 of them less than nothing.

    17 KPIs with dates are left out; 50 rows, of which 43 are shifted by a column, have cells that cannot be read.
    Before, they were rejected whole; now those cells are unknown, and 45 of the rows are undetermined.
    """
    summary = summary_of("mcc-compacts", *COMPACTS)
    assert (summary.read, summary.checked, summary.rejected, summary.left_out) == (785, 768, 0, 17)
    assert (summary.faulty, summary.all_faulty) == (50, 50)
    assert shown(summary, "rule", "decided", "severities", "undetermined") == [
        ("attainment-low", 479, {"major": 11, "minor": 102}, 111)
    ]
    assert shown(summary, "because", "missing") == [
        ({"absent data": 81, "unreadable cell": 30}, {"baseline": 45, "target": 4, "value": 85})
    ]
    assert shown(summary, "does_not_apply", "where_false", "not_set") == [
        (178, 7, {"baseline": 18, "target": 165})
    ]


@pytest.mark.parametrize("example", ["nyc-school-construction", "mcc-compacts"])
def test_the_rules_pass_the_workbench(example: str) -> None:
    """No findings, all tests pass, everything is covered, and every mutant is caught."""
    folder = ROOT / "examples" / example
    rules = coopgov.load_rules(folder / "rules.yaml")
    assert coopgov.analyse(rules, as_of=date(2026, 6, 30)).findings == ()
    assert run_tests(str(folder)).passed
    found = find_tests(str(folder))
    assert found.coverage().share == 1
    assert mutation_run(rules, *found.suites).survived == ()
