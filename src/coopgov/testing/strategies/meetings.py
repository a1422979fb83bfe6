"""Strategies for meetings with minutes and decisions, and for periodic reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.testing.strategies.scalars import cadences, identifiers, optional, texts, windows

if TYPE_CHECKING:
    from datetime import date

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["meeting_mappings", "report_mappings"]


@st.composite
def meeting_mappings(draw: DrawFn, owners: SearchStrategy[str], days: SearchStrategy[date]) -> dict[str, Any]:
    """Meetings without an id; a day has minutes once, and ids of decisions are unique within the meeting."""
    written = draw(st.lists(days, unique=True, max_size=2))
    ids = iter(draw(st.lists(identifiers, unique=True, min_size=4, max_size=4)))
    more = optional(owner=owners, due=days, done=days)
    minutes = [
        {
            "on": day,
            "decisions": [{"id": next(ids), "what": draw(texts), **draw(more)} for _ in range(count)],
        }
        for day, count in ((day, draw(st.integers(0, 2))) for day in written)
    ]
    held = st.lists(days, max_size=3)
    plain = draw(optional(name=texts, every=cadences, held=held, agenda=texts))
    return {**plain, "minutes": minutes}


def report_mappings(days: SearchStrategy[date], parties: list[str]) -> SearchStrategy[dict[str, Any]]:
    """Reports without an id, signed by some of the parties."""
    return st.builds(
        lambda required, more: {**required, **more},
        st.fixed_dictionaries({"period": windows(days), "due": days}),
        optional(name=texts, signed_by=st.dictionaries(st.sampled_from(parties), days)),
    )
