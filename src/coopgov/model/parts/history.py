"""What stays of a part once its source has a newer one: the dated entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coopgov.model.parts.observed import CONTAINERS, OBSERVED
from coopgov.model.parts.part import AgreementPart
from coopgov.model.parts.tree import Branch, Items, Leaf
from coopgov.model.team import Team

if TYPE_CHECKING:
    from coopgov.model.parts.tree import Tree

__all__ = ["dated_entries", "without_repeated_plans"]


def dated_entries(tree: Branch) -> Branch:
    """Return a part, or a thing in it, with only its dated entries."""
    entries: dict[str, Tree] = {}
    for key, value in tree.entries.items():
        if key == "id":
            entries[key] = value
        elif tree.kind is AgreementPart and isinstance(value, Branch) and value.kind is Team:
            entries[key] = dated_entries(value)
        elif isinstance(value, Items) and key in CONTAINERS.get(tree.kind, ()):
            below: list[Tree] = [dated_entries(each) for each in value.items if isinstance(each, Branch)]
            entries[key] = Items(below, value.source, value.path)
        elif isinstance(value, Items) and key in OBSERVED.get(tree.kind, ()):
            kept = [each for each in value.items if _is_dated(each)]
            if kept:
                entries[key] = Items(kept, value.source, value.path)
    return Branch(tree.kind, entries, tree.source, tree.path, tree.agreed)


def _is_dated(entry: Tree) -> bool:
    if isinstance(entry, Leaf):
        return isinstance(entry.value, date)
    return isinstance(entry, Branch) and "on" in entry.entries


def without_repeated_plans(tree: Branch) -> None:
    """Remove forecasts that only repeat the plan, unless the source had planned something else before."""
    for key, value in tree.entries.items():
        if not isinstance(value, Items):
            continue
        for each in value.items:
            if isinstance(each, Branch) and key in CONTAINERS.get(tree.kind, ()):
                without_repeated_plans(each)
    forecasts = tree.entries.get("forecast")
    if not isinstance(forecasts, Items):
        return
    moved = (
        each
        for each in forecasts.items
        if isinstance(each, Branch) and each.from_plan and not each.as_planned
    )
    days = [_day(each) for each in moved]
    first = min((day for day in days if day is not None), default=date.max)
    forecasts.items = [
        each
        for each in forecasts.items
        if not isinstance(each, Branch) or not each.as_planned or (_day(each) or date.min) > first
    ]
    if not forecasts.items:
        del tree.entries["forecast"]


def _day(entry: Branch) -> date | None:
    on = entry.entries.get("on")
    return on.value if isinstance(on, Leaf) else None
