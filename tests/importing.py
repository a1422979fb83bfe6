"""A small agreement, and files of other systems, for the tests of readers."""

from __future__ import annotations

from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING

from coopgov.imports import Import, parse_import_mapping, read_import
from coopgov.model import Agreement, Task, parse_agreement

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DAY", "agreement", "codes", "read", "task", "tasks"]

DAY = date(2026, 6, 30)
_AGREEMENT = """
coopgov: agreement/1
id: harbour
title: Harbour
currency: CNY
term: {start: 2026-01-05, end: 2027-06-30}
time_zone: Asia/Shanghai
parties: [{id: port, name: Port}]
team:
  members: [{id: pm, name: Manager, party: port, role: project-manager}, {id: tech, name: Liaison, party: port}]
kpis:
  - {id: r1i1, name: Ships, readings: [{on: 2026-03-31, value: 3}]}
phases:
  - id: core
    name: {en: Core system, zh-Hans: 核心系统}
    planned: {start: 2026-01-05, end: 2026-12-31}
    milestones: [{id: m1, due: 2026-06-01}]
  - {id: rollout, planned: {start: 2027-01-01, end: 2027-06-30}}
"""


def agreement() -> Agreement:
    """An agreement with two phases and two members, in Shanghai."""
    return parse_agreement(_AGREEMENT)


def read(folder: Path, content: str | bytes, mapping: str, *, as_of: date | None = DAY) -> Import:
    """What the reader of a mapping makes of a file; the part fits the agreement."""
    source = folder / "source.txt"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    whole = agreement()
    found = read_import(
        source,
        parse_import_mapping("coopgov: import/1\ninto: harbour\n" + dedent(mapping)),
        whole,
        as_of=as_of,
    )
    assert found.part is not None
    whole.with_part(found.part)
    return found


def tasks(found: Import) -> dict[str, Task]:
    """The tasks of an import by their ids."""
    assert found.part is not None
    return {each.id: each for phase in found.part.phases for each in phase.tasks}


def task(found: Import, name: str) -> Task:
    """One task of an import."""
    return tasks(found)[name]


def codes(found: Import) -> dict[str, str]:
    """What an import reports, by code."""
    return {each.code: str(each.text) for each in found.told}
