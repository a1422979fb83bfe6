"""A column may have synonyms: they match the literals of rules on every engine, as they do in records."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import coopgov
from backends.columnar.engines import needs, rows_of

needs("polars", "pandas", "pyarrow", "duckdb", "dask")
import pyarrow as pa  # noqa: E402

from backends.columnar.host_frames import ENGINES  # noqa: E402
from coopgov import portfolio  # noqa: E402

NAMES = [name for name in ENGINES if name != "pandas-objects"]
RULES = coopgov.parse_rules("""
coopgov: rules/1
pack: synonyms
version: 1.0.0
rules:
  - {id: same, about: kpi, kind: quality, when: 'category is "满意度"', severity: minor, message: m}
  - {id: other, about: kpi, kind: quality, when: 'category is not "satisfaction"', severity: minor, message: m}
  - {id: among, about: kpi, kind: quality, when: 'category in ["品质", "survey"]', severity: minor, message: m}
  - {id: high, about: kpi, kind: quality, when: 'value above 80 分', severity: minor, message: m}
""")
CATEGORIES = ["satisfaction", "满意度", "滿意度", "Satisfaction", "quality", "survey", "Survey", None]
EXPECTED = {
    "same": [0, 1, 2, 3],
    "other": [4, 5, 6],
    "among": [4, 5],
    "high": [0, 1, 2],
}
UNITS = ["points", "分", "point", "件", "天", "", "points", "points"]
VALUES = [81.0, 81.0, 81.0, 81.0, 81.0, 81.0, 80.0, None]


@pytest.mark.parametrize("engine", NAMES)
def test_a_column_may_have_synonyms(engine: str) -> None:
    """A category and a unit by any of their names; an absent category is neither the same nor another one."""
    ids = [str(number) for number in range(len(CATEGORIES))]
    table = pa.table({"id": ids, "category": CATEGORIES, "unit": UNITS, "value": VALUES})
    found: Any = portfolio.check(ENGINES[engine](table), RULES, "kpi", as_of=date(2026, 6, 30))
    hits = {
        rule: sorted(int(row["id"]) for row in rows_of(found.hits) if row["rule"] == rule)
        for rule in EXPECTED
    }
    assert hits == EXPECTED


@pytest.mark.parametrize("backend", ["direct", "interpreter"])
def test_a_record_agrees_with_a_column(backend: str) -> None:
    """Row by row."""
    check = RULES.checker("kpi", backend=backend)
    for number, (category, unit, value) in enumerate(zip(CATEGORIES, UNITS, VALUES, strict=True)):
        record = {"category": category, "unit": unit, "value": value, "value_on": date(2026, 6, 1)}
        hits, _ = check(record, as_of=date(2026, 6, 30))
        assert sorted(hit[0] for hit in hits) == sorted(
            rule for rule, rows in EXPECTED.items() if number in rows
        )
