"""Findings about decision tables: in the rows of a rule file, and in the rows of its CSV file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import coopgov

if TYPE_CHECKING:
    from pathlib import Path

CSV = """\
id,delay,severity,message.en,message.zh-Hans
long,above 30 days,major,{phase.name} is late by {delay}.,{phase.name}延误{delay}。
short,between 5 days and 30 days,minor,{phase.name} is late.,
"""
RULES = """\
coopgov: rules/1
pack: ours
version: 1.0.0
tables:
  - id: late
    about: phase
    kind: delay
    csv: late.csv
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A rule file with a table in a CSV file."""
    (tmp_path / "late.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "ours.yaml").write_text(RULES, encoding="utf-8")
    return tmp_path / "ours.yaml"


def test_a_finding_is_in_the_row(table: Path) -> None:
    """Its place is the cell of the CSV file; the rule is that of the row."""
    (found,) = coopgov.analyse(coopgov.load_rules(table)).findings
    place = found.fault.place
    assert (found.fault.code, found.rule) == ("missing-language", "late.short")
    assert (place.file, place.line) == (str(table.parent / "late.csv"), 3)
    assert found.fault.found == "`message` in en"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("csv: late.csv", "csv: late.csv  # coopgov: ignore missing-language: as agreed"),
        ("  - id", "  # coopgov: ignore missing-language: as agreed\n  - id"),
    ],
)
def test_the_entry_of_the_table_ignores_findings_of_its_rows(table: Path, before: str, after: str) -> None:
    """A CSV file has no comments, so those at the table count for its rows."""
    table.write_text(RULES.replace(before, after), encoding="utf-8")
    analysis = coopgov.analyse(coopgov.load_rules(table))
    assert analysis.findings == ()
    assert [each.reason for each in analysis.ignored] == ["as agreed"]


def test_a_row_that_rows_above_always_overtake_is_reported_as_such() -> None:
    """Where the hit policy is `first`, the cells of a row are not to blame if those above it take all it would."""
    rules = coopgov.parse_rules(
        "coopgov: rules/1\npack: ours\nversion: 1.0.0\ntables:\n"
        '  - {id: late, about: phase, kind: delay, hit: first, message: "{phase.name}", conditions: [delay],\n'
        "     rows: [[above 5 days, minor], [above 10 days, major], [-, notice], [-, minor], [below 0 days, minor]]}\n"
    )
    shown = {
        each.rule: each.fault.found
        for each in coopgov.analyse(rules, as_of=date(2026, 6, 30)).findings
        if each.fault.code == "condition-never-true"
    }
    taken = "a row that holds only where a row above it does"
    assert shown == {
        "late.2": taken,
        "late.4": taken,
        "late.5": "`delay below 0 days`, which never holds",
    }
