"""Finds what an older part of a source has, and its newest part lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import verbatim
from coopgov.model.evaluation import Survey
from coopgov.model.meetings import Meeting
from coopgov.model.parts.observed import CONTAINERS, OBSERVED, fault_at
from coopgov.model.parts.part import Gone, PartResponse, PartRisk
from coopgov.model.parts.tree import Branch, Items
from coopgov.model.phases import Deliverable, Milestone, Phase, Task
from coopgov.model.targets import Kpi
from coopgov.model.team import Body
from coopgov.schema.problems import Defect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.faults import Place
    from coopgov.model.parts.tree import Tree

__all__ = ["gone_from"]

_PREFIXES: Mapping[type, str] = {
    Body: "body",
    Deliverable: "deliverable",
    Kpi: "kpi",
    Survey: "survey",
    Meeting: "meeting",
    Milestone: "milestone",
    PartResponse: "response",
    PartRisk: "risk",
    Phase: "phase",
    Task: "task",
}


def gone_from(
    older: Branch, newest: Branch, source: str, last: date, since: date, known: Sequence[Gone]
) -> list[Gone]:
    """Return what is gone since an older part, except what is known to be."""
    already = {(each.subject, each.key) for each in known if each.source == source}
    return [
        Gone(subject, key, source, last, since, _place(tree))
        for subject, key, tree in _gone(older, newest, "")
        if (subject, key) not in already and (subject, "") not in already
    ]


def _gone(older: Branch, newest: Branch | None, above: str) -> Iterator[tuple[str, str, Tree]]:
    subject = _subject(older, above)
    for key, value in older.entries.items():
        mine = newest.entries.get(key) if newest else None
        if isinstance(value, Branch) and key == "team":
            yield from _gone(value, mine if isinstance(mine, Branch) else None, "")
        elif isinstance(value, Items) and key in CONTAINERS.get(older.kind, ()):
            yield from _gone_things(value, mine, older.text("id"))
        elif key in OBSERVED.get(older.kind, ()):
            yield from ((subject, gone, tree) for gone, tree in _gone_values(key, value, mine))


def _gone_things(older: Items, newest: Tree | None, above: str) -> Iterator[tuple[str, str, Tree]]:
    things = newest.items if isinstance(newest, Items) else []
    known = {each.text("id"): each for each in things if isinstance(each, Branch)}
    for each in older.items:
        if isinstance(each, Branch):
            mine = known.get(each.text("id"))
            if mine is None and each.kind is Task:
                yield _subject(each, above), "", each
            else:
                yield from _gone(each, mine, above)


def _gone_values(key: str, older: Tree, newest: Tree | None) -> Iterator[tuple[str, Tree]]:
    """The undated values that are gone; dated entries stay."""
    if isinstance(older, Items):
        undated = [each for each in older.items if isinstance(each, Branch) and "on" not in each.entries]
        if undated and not (isinstance(newest, Items) and newest.items):
            yield key, undated[0]
    elif isinstance(older, Branch):
        left = newest.entries if isinstance(newest, Branch) else {}
        yield from ((f"{key}.{name}", each) for name, each in older.entries.items() if name not in left)
    elif newest is None:
        yield key, older


def _subject(thing: Branch, above: str) -> str:
    prefix = _PREFIXES.get(thing.kind, "")
    return "/".join(each for each in (prefix, above, thing.text("id")) if each)


def _place(tree: Tree) -> Place:
    return fault_at(tree, Defect(tree.path, "", verbatim(""), verbatim(""))).place
