"""Small realistic tables, their mapping files, and a function that checks them in one call."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import coopgov

for _library in ("narwhals", "polars", "pyarrow"):
    pytest.importorskip(_library, reason="needs coopgov[portfolio]")
from coopgov import portfolio  # noqa: E402  # what is tested needs narwhals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.portfolio.summary import Summary

__all__ = [
    "AS_OF",
    "DATA",
    "MAPPING",
    "ROOT",
    "RULES",
    "checked",
    "problems",
    "public_data",
    "read",
    "rules",
    "shown",
    "written",
]

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
AS_OF = date(2026, 6, 30)
RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: late, about: phase, kind: delay, where: ended, measure: delay, bands: {minor: above 0 days, major: above 10 days}, message: m}
  - {id: dear, about: phase, kind: overspend, measure: overspend, bands: {minor: above 10 %}, message: m}
"""  # noqa: E501  # a file as people write it
MAPPING = """\
coopgov: mapping/1
about: phase
currency: CNY
key: Id
date: DD.MM.YYYY
number: {thousands: "'"}
not_applicable: [N/A]
absent: ["-"]
columns: {planned_end: Planned, actual_end: Ended, budget: Budget, spent: Spent}
"""


def rules(text: str = RULES) -> coopgov.RuleSet:
    """The rules of a text."""
    return coopgov.parse_rules(text)


def checked(data: Path, mapping: str = MAPPING, text: str = RULES, **options: Any) -> Summary:
    """The summary of a table."""
    own = rules(text)
    bound = portfolio.parse_mapping(mapping, own, "map.yaml")
    return portfolio.check_table(data, bound, own, as_of=AS_OF, **options)


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file that was written."""
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    table = arrow_csv.read_csv(path) if path.suffix == ".csv" else pq.read_table(path)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def written(
    folder: Path, *lines: str, name: str = "data.csv", header: str = "Id,Planned,Ended,Budget,Spent"
) -> Path:
    """A CSV file."""
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def public_data(*parts: str) -> Path:
    """A file of the public data, which is beside the repository; without it, the test is skipped."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip("needs ../shared/data")
    return path


def shown(summary: Summary, *names: str) -> list[tuple[Any, ...]]:
    """Attributes of what each rule said."""
    return [tuple(getattr(each, name) for name in names) for each in summary.rules]


def problems(summary: Summary) -> Sequence[tuple[str, str, int, int, str]]:
    """Why rows were rejected."""
    return [(each.column, each.code, each.rows, each.first, each.found) for each in summary.rejects]
