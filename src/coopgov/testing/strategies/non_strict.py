"""Strategies for non-strict agreements (`strict: false`): some dates are missing, some ends are before starts."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

__all__ = ["loosen"]

Place = tuple[dict[str, Any], str]
"""A mapping and one of its keys."""


def loosen(draw: DrawFn, mapping: dict[str, Any]) -> None:
    """Make an agreement non-strict: remove some days, and swap the ends of some windows."""
    mapping["strict"] = False
    places = list(_places(mapping))
    for holder, key in draw(st.lists(st.sampled_from(places), max_size=8)):
        value = holder.get(key)
        if isinstance(value, dict) and {"start", "end"} <= value.keys() and draw(st.booleans()):
            value["start"], value["end"] = value["end"], value["start"]
        else:
            holder.pop(key, None)


def _places(mapping: dict[str, Any]) -> Iterator[Place]:
    yield from _window(mapping, "term")
    for member in mapping["team"]["members"]:
        yield from ((absence, "from") for absence in member["absent"])
    for report in mapping.get("reports") or ():
        yield report, "due"
        yield from _window(report, "period")
    for phase in mapping.get("phases") or ():
        for part in (phase, *(phase.get("tasks") or ())):
            for key in ("planned", "original", "actual"):
                yield from _window(part, key)
        for point in chain(phase.get("milestones") or (), phase.get("deliverables") or ()):
            yield point, "due"
        yield from ((payment, "on") for payment in phase.get("spending") or ())


def _window(holder: dict[str, Any], key: str) -> Iterator[Place]:
    value = holder.get(key)
    if isinstance(value, dict):
        yield holder, key
        yield from ((value, end) for end in ("start", "end") if end in value)
