"""What an export leaves out is listed: whatever does not come back was announced."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from coopgov.imports import export_losses, mspdi_text, read_new, tasks_csv
from coopgov.model import Agreement, load_agreement, plain_agreement
from coopgov.testing import agreements
from damaged_files import DAY, ROOT


def paths(value: Any, path: str = "") -> Counter[str]:
    """How often each key of a tree occurs, by the keys on the way to it."""
    found: Counter[str] = Counter()
    if isinstance(value, dict):
        for key, each in value.items():
            if each in ([], {}, ""):
                continue
            name = f"{path}.{key}" if path else key
            found[name] += 1
            if key not in {"name", "title"}:  # which are texts, or texts by language
                found += paths(each, name)
    elif isinstance(value, list):
        for each in value:
            found += paths(each, path)
    return found


def announced(whole: Agreement, to: Any) -> set[str]:
    """The keys that an export says that it leaves out."""
    return {
        str(each.what).removeprefix("other entries of ") for each in export_losses(whole, to=to, as_of=DAY)
    }


def missing(whole: Agreement, again: Agreement, said: set[str]) -> set[str]:
    """The keys that came back less often than they were there, and that nobody announced."""
    there = paths(plain_agreement(again))
    there["phases.tasks.owner"] += there["phases.tasks.custom.resources"]  # a new agreement has no members
    lost = paths(plain_agreement(whole)) - there
    names = {name for name in lost if not any(name == each or name.startswith(f"{each}.") for each in said)}
    return {name for name in names if not any(each.startswith(f"{name}.") for each in said)}


def read_again(whole: Agreement) -> Agreement | None:
    """The agreement that is made of an exported plan."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xml"
        path.write_text(mspdi_text(whole, as_of=DAY), encoding="utf-8")
        found = read_new(path, as_of=DAY)
    return found.agreements[0] if found.agreements else None


@pytest.mark.parametrize("name", ["pilot", "full"])
def test_what_does_not_come_back_from_a_plan_was_announced(name: str) -> None:
    """Written and read again, an agreement lacks only what the export listed."""
    whole = load_agreement(ROOT / "examples" / name / "agreement.yaml")
    again = read_again(whole)
    assert again is not None
    assert missing(whole, again, announced(whole, "mspdi")) == set()


@settings(deadline=None, max_examples=3)
@given(agreements())
def test_of_any_agreement(whole: Agreement) -> None:
    """The same for generated ones."""
    again = read_again(whole)
    if again is not None:
        assert missing(whole, again, announced(whole, "mspdi")) == set()


@pytest.mark.parametrize("name", ["pilot", "full"])
def test_every_value_of_a_task_is_in_the_table_or_announced(name: str) -> None:
    """Each text of the tasks is a cell of the table, or its key is listed."""
    whole = load_agreement(ROOT / "examples" / name / "agreement.yaml")
    said = announced(whole, "csv")
    cells = " ".join(" ".join(row) for row in csv.reader(io.StringIO(tasks_csv(whole, as_of=DAY))))
    for phase in plain_agreement(whole)["phases"]:
        for task in phase.get("tasks", []):
            for key, value in task.items():
                for each in value if isinstance(value, list) else [value]:
                    texts = each.values() if isinstance(each, dict) else [each]
                    kept = any(str(text).removesuffix(" %") in cells for text in texts)
                    assert kept or any(one.startswith(f"phases.tasks.{key}") for one in said), (
                        task["id"],
                        key,
                    )


def test_nothing_is_announced_of_what_is_written() -> None:
    """A plan that was read and is written again loses only what an agreement must have besides."""
    again = read_again(load_agreement(ROOT / "examples" / "pilot" / "agreement.yaml"))
    assert again is not None
    assert announced(again, "mspdi") == {
        "parties",
        "phases.milestones.source",
        "phases.tasks.source",
        "phases.tasks.status",
    }
