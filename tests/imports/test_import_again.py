"""Importing a file twice changes nothing; a later file adds to dated lists, and earlier entries stay."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from coopgov.imports import read_import
from coopgov.model import Agreement, AgreementPart, dump_part, load_agreement
from damaged_files import DAY, ROOT, SOURCES

if TYPE_CHECKING:
    from pathlib import Path

PILOT = load_agreement(ROOT / "examples" / "pilot" / "agreement.yaml")
DATED = ("status", "progress", "forecast")


def part_of(folder: Path, name: str, day: date = DAY) -> AgreementPart:
    """What is read of the example of a format, as observed on a day."""
    path = folder / "source"
    path.write_bytes(SOURCES[name][0])
    part = read_import(path, SOURCES[name][1], PILOT, as_of=day).part
    assert part is not None
    return part


def entries(whole: Agreement, name: str) -> dict[str, set[str]]:
    """The dated entries of all tasks and milestones, by their ids."""
    things = [each for phase in whole.phases for each in (*phase.tasks, *phase.milestones)]
    return {each.id: {repr(one) for one in getattr(each, name, ())} for each in things}


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_second_import_changes_nothing(tmp_path: Path, name: str) -> None:
    """The part has the same bytes, and the agreement with both is that with one."""
    first, second = part_of(tmp_path, name), part_of(tmp_path, name)
    assert dump_part(first) == dump_part(second)
    once = PILOT.with_part(first)
    twice = once.with_part(second)
    assert twice.phases == once.phases
    assert twice.kpis == once.kpis


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_later_file_adds_to_dated_lists(tmp_path: Path, name: str) -> None:
    """Every earlier entry is still there, and everything that has a status has one of each day."""
    once = PILOT.with_part(part_of(tmp_path, name))
    later = once.with_part(part_of(tmp_path, name, DAY + timedelta(days=30)))
    for key in DATED:
        before, after = entries(once, key), entries(later, key)
        assert all(before[each] <= after[each] for each in before)
    both = [
        each for phase in later.phases for each in phase.tasks if len({one.on for one in each.status}) > 1
    ]
    assert both or name in {"iati", "ocds"}
