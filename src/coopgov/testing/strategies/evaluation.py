"""Strategies for evaluations and surveys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.testing.strategies import scalars
from coopgov.testing.strategies.scalars import cadences, optional, texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["evaluation_mappings", "survey_mappings"]

_TENTHS = 10


def survey_mappings(days: SearchStrategy[date]) -> SearchStrategy[dict[str, Any]]:
    """Surveys without an id."""
    answers = st.integers(0, 50).flatmap(
        lambda number: st.fixed_dictionaries(
            {"on": days, "answers": st.just(number), "positive": st.integers(0, number)}
        )
    )
    readings = st.lists(answers, max_size=3, unique_by=lambda each: each["on"])
    return optional(name=texts, every=cadences, source=texts, readings=readings)


@st.composite
def evaluation_mappings(
    draw: DrawFn, days: SearchStrategy[date], kpis: Sequence[str], surveys: Sequence[str], digits: int
) -> dict[str, Any]:
    """Evaluations of at least one dimension, whose weights sum to 100 %."""
    money, aims = scalars.money(digits), st.sampled_from(["5 %", "90 %", "150 %"])
    flows = st.lists(
        st.fixed_dictionaries(
            {"on": days, "amount": money},
            optional={"kind": st.sampled_from(["saving", "revenue"]), "note": texts},
        ),
        max_size=3,
    )
    profit = st.fixed_dictionaries(
        {"baseline": money, "target": aims},
        optional={"readings": st.lists(st.fixed_dictionaries({"on": days, "value": money}), max_size=2)},
    )
    parts: dict[str, SearchStrategy[dict[str, Any]]] = {
        "finance": optional(
            benefits=flows,
            costs=st.just("phases") | flows,
            profit=profit,
            discount=st.sampled_from(["0 %", "8 %", "-1 %"]),
            roi_target=aims,
        )
    }
    if kpis:
        named = st.lists(st.sampled_from(kpis), min_size=1, max_size=2, unique=True)
        parts |= dict.fromkeys(("efficiency", "satisfaction"), st.fixed_dictionaries({"kpis": named}))
    if surveys:
        parts["team"] = st.fixed_dictionaries({"survey": st.sampled_from(surveys), "target": aims})
    chosen = draw(st.lists(st.sampled_from(sorted(parts)), min_size=1, unique=True))
    found, left = {}, _TENTHS
    for position, name in enumerate(chosen):
        last = position == len(chosen) - 1
        weight = left if last else draw(st.integers(0, left))
        left -= weight
        found[name] = {**draw(parts[name]), "weight": f"{weight * 10} %"}
    if draw(st.booleans()):
        found["ratings"] = {"excellent": 80, "good": 70, "fair": 0.5}
    return found
