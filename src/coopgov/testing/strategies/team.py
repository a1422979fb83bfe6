"""Strategies for teams: parties, members, bodies and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.model import STANDARD_ROLES
from coopgov.testing.strategies.scalars import (
    cadences,
    custom_values,
    identifiers,
    optional,
    shares,
    texts,
    windows,
)

if TYPE_CHECKING:
    from datetime import date

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["STANDARD_OWNERS", "team_mappings"]

STANDARD_OWNERS = st.sampled_from(STANDARD_ROLES)
"""The roles that every agreement knows."""

_ROLES = STANDARD_OWNERS | st.just("safety-officer")


@st.composite
def team_mappings(draw: DrawFn, parties: list[str], days: SearchStrategy[date]) -> dict[str, Any]:
    """Teams whose members and bodies share a namespace, and whose roles are not the id of any of them."""
    ids = draw(st.lists(identifiers, unique=True, max_size=5))
    member_ids, body_ids = ids[:3], ids[3:]
    fields = optional(
        name=texts, party=st.sampled_from(parties), role=_ROLES, load=shares, custom=custom_values
    )
    members = [{"id": name, **draw(fields)} for name in member_ids]
    for member in members:
        member["absent"] = draw(st.lists(absences(days), max_size=2))
    for member in members:
        others = [name for name in member_ids if name != member["id"]]
        member["deputy"] = draw(st.none() | st.sampled_from(others)) if others else None
    some = st.lists(st.sampled_from(member_ids), unique=True) if member_ids else st.just([])
    body = optional(name=texts, members=some, every=cadences, held=st.lists(days, max_size=3), duty=texts)
    bodies = [{"id": name, **draw(body)} for name in body_ids]
    chair = st.fixed_dictionaries({"by": st.sampled_from(member_ids or [""]), "from": days})
    chairs = st.lists(chair, max_size=3 if member_ids else 0, unique_by=lambda each: each["from"])
    more = draw(optional(leadership=st.sampled_from(["joint", "rotating"]), chairs=chairs))
    return {**more, "members": members, "bodies": bodies}


def absences(days: SearchStrategy[date]) -> SearchStrategy[dict[str, date]]:
    """The days on which a member is away; the last one may be open."""
    closed = windows(days).map(lambda window: {"from": window["start"], "to": window["end"]})
    return closed | st.fixed_dictionaries({"from": days})
