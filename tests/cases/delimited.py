"""Delimited files of the cases, and small ones beside them.

Checked, with what is over its budget and what is rejected.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov import portfolio
from portfolio.tables import checked, read

if TYPE_CHECKING:
    from coopgov.portfolio import Summary

__all__ = ["COLUMNS", "HEAD", "RULES", "case", "made", "run"]

CASES = Path(__file__).parent
HEAD = "coopgov: mapping/1\nabout: phase\nkey: id\ncurrency: CNY\n"
COLUMNS = "columns: {spent: spent, budget: budget, planned_end: end}\n"
RULES = (CASES / "20-signs-of-numbers" / "r.yaml").read_text(encoding="utf-8")


def run(
    folder: Path, data: Path, mapping: str, text: str = RULES
) -> tuple[Summary, dict[str, Any], list[tuple[Any, ...]]]:
    """The summary of a table, by how much each subject is over its budget, and what is rejected."""
    outputs = portfolio.Outputs(folder / "hits.csv", rejects=folder / "rejects.csv")
    summary = checked(data, mapping, text, outputs=outputs)
    over = {row["id"]: row["value"] for row in read(folder / "hits.csv") if row["rule"] == "over"}
    rejects = [
        (row["row"], row["column"] or "", row["code"], row["found"]) for row in read(folder / "rejects.csv")
    ]
    return summary, over, rejects


def made(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A CSV file of exactly this text."""
    path = folder / "t.csv"
    path.write_bytes(text.encode(encoding))
    return path


def case(name: str, file: str) -> tuple[Path, str]:
    """A file of a case, and the mapping beside it."""
    path = CASES / name / file
    own = path.with_name(f"{path.stem}.yaml")
    return path, (own if own.exists() else path.with_name("m.yaml")).read_text(encoding="utf-8")
