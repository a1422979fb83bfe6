"""Divides the values of an agreement into the rows of the sheets, and puts rows together again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["LISTS", "rows_of"]

LISTS: Mapping[str, tuple[str, ...]] = {
    "parties": ("parties",),
    "members": ("team", "members"),
    "bodies": ("team", "bodies"),
    "meetings": ("meetings",),
    "goals": ("goals",),
    "kpis": ("kpis",),
    "phases": ("phases",),
    "risks": ("risks",),
    "plans": ("plans",),
    "reports": ("reports",),
    "waivers": ("waivers",),
}
"""The sheets whose rows are the entries of a list at the top of the file, with its keys."""

_BELOW: Mapping[str, tuple[str, ...]] = {
    "meetings": ("minutes",),
    "kpis": ("readings",),
    "phases": ("milestones", "deliverables", "tasks", "spending"),
    "risks": ("responses",),
}


def rows_of(data: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each sheet, from the plain data of an agreement."""
    rows = {name: [dict(each) for each in _at(data, keys)] for name, keys in LISTS.items()}
    whole = {key: value for key, value in data.items() if key not in LISTS}
    team = {key: value for key, value in data.get("team", {}).items() if key not in ("members", "bodies")}
    whole.pop("team", None)
    return {
        "agreement": [{**whole, **({"team": team} if team else {})}],
        "decisions": [*_decisions(rows["meetings"])],
        "readings": [*_children(rows["kpis"], "readings", "kpi")],
        **{
            name: [*_children(rows["phases"], name, "phase")]
            for name in ("milestones", "deliverables", "tasks")
        },
        "spending": [*_spending(rows["phases"])],
        "responses": [*_children(rows["risks"], "responses", "risk")],
        **{name: [_without(each, *_BELOW.get(name, ())) for each in found] for name, found in rows.items()},
    } | {"tasks": [_without(each, "spending") for each in _children(rows["phases"], "tasks", "phase")]}


def _at(data: Mapping[str, Any], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    value: Any = data
    for key in keys:
        value = value.get(key) or {}
    return list(value)


def _without(row: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _children(rows: list[dict[str, Any]], key: str, parent: str) -> Iterator[dict[str, Any]]:
    for each in rows:
        for child in each.get(key) or ():
            yield {parent: each["id"], **child}


def _decisions(meetings: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in meetings:
        for minutes in each.get("minutes") or ():
            decisions: list[dict[str, Any]] = minutes.get("decisions") or [{}]
            for decision in decisions:
                yield {"meeting": each["id"], "on": minutes["on"], **decision}


def _spending(phases: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for phase in phases:
        for entry in phase.get("spending") or ():
            yield {"phase": phase["id"], **entry}
        for task in phase.get("tasks") or ():
            for entry in task.get("spending") or ():
                yield {"phase": phase["id"], "task": task["id"], **entry}
