"""Strategies for schedules and costs: phases with their milestones, deliverables, tasks, budgets and spending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.model import Phase
from coopgov.testing.strategies import scalars
from coopgov.testing.strategies.arguments import strategy
from coopgov.testing.strategies.scalars import (
    custom_values,
    dated,
    identifiers,
    named,
    optional,
    shares,
    texts,
    windows,
)
from coopgov.testing.strategies.team import STANDARD_OWNERS

if TYPE_CHECKING:
    from datetime import date

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["phase_mappings", "phases"]


def phase_mappings(
    owners: SearchStrategy[str], days: SearchStrategy[date], digits: int, *, rates: bool
) -> SearchStrategy[dict[str, Any]]:
    """Phases without an id; money has a number of decimals, and may be in another currency if there are rates."""
    money = scalars.money(digits)
    amounts = money | st.builds(lambda amount: f"{amount} USD", scalars.money(2)) if rates else money
    forecasts = dated("end", days, days) | st.fixed_dictionaries({"cost": money, "on": days})
    spending = st.fixed_dictionaries({"on": days, "amount": amounts}, optional={"note": texts})
    return st.builds(
        lambda required, more: {**required, **more},
        st.fixed_dictionaries({"planned": windows(days)}),
        optional(
            name=texts,
            owner=owners,
            actual=windows(days) | st.fixed_dictionaries({"start": days}),
            original=windows(days),
            forecast=forecasts,
            budget=dated("amount", amounts | st.just(0), days),
            spending=st.lists(spending, max_size=3),
            progress=dated("is", shares, days),
            baselines=st.lists(_baseline(days), max_size=1),
            source=texts,
            buffer=st.sampled_from(["5 days", "2 weeks", "1 working day"]),
            milestones=named(_milestone(owners, days), 2),
            deliverables=named(_point(owners, days, "delivered", "accepted"), 1),
            tasks=named(_task(owners, days), 2),
            custom=custom_values,
        ),
    )


def _point(
    owners: SearchStrategy[str], days: SearchStrategy[date], *reached: str
) -> SearchStrategy[dict[str, Any]]:
    """A due day, and the days on which steps were reached, in their order."""

    def point(due: date, seen: list[date], more: dict[str, Any]) -> dict[str, Any]:
        return {"due": due, **dict(zip(reached, sorted(seen), strict=False)), **more}

    more = optional(name=texts, owner=owners, custom=custom_values)
    return st.builds(point, days, st.lists(days, max_size=len(reached)), more)


def _baseline(days: SearchStrategy[date]) -> SearchStrategy[dict[str, Any]]:
    """A plan that was kept when it was changed."""
    return st.builds(
        lambda window, more: {"id": "b", **window, **more},
        windows(days),
        optional(on=days, by=texts, reason=texts),
    )


def _milestone(owners: SearchStrategy[str], days: SearchStrategy[date]) -> SearchStrategy[dict[str, Any]]:
    statuses = dated("is", st.sampled_from(["not met", "partially met", "met"]), days)
    return st.builds(lambda a, b: {**a, **b}, _point(owners, days, "met"), optional(status=statuses))


def _task(owners: SearchStrategy[str], days: SearchStrategy[date]) -> SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda a, b: {**a, **b},
        optional(name=texts, owner=owners, custom=custom_values),
        st.fixed_dictionaries(
            {"planned": windows(days)},
            optional={
                "forecast": dated("end", days, days),
                "status": dated(
                    "is", st.sampled_from(["not started", "in progress", "done", "cancelled"]), days
                ),
                "progress": dated("is", shares | st.just("100 %"), days),
                "load": shares,
                "deadline": days,
                "source": texts,
                "baselines": st.lists(_baseline(days), max_size=1),
                "constraint": st.fixed_dictionaries({"type": st.just("must finish on"), "on": days}),
                "actual": windows(days) | st.fixed_dictionaries({"start": days}),
            },
        ),
    )


@st.composite
def phases(
    draw: DrawFn,
    *,
    days: SearchStrategy[date] = scalars.days,
    owners: SearchStrategy[str] = STANDARD_OWNERS,
) -> Phase:
    """Phases with milestones, deliverables, tasks and money.

    Args:
        draw: given by Hypothesis.
        days: the days on which anything starts, is due or is observed.
        owners: the owners of the phases and of their parts; by default the standard roles, which every agreement knows.
    """
    owners, days = strategy(owners, "owners"), strategy(days, "days")
    mapping = phase_mappings(owners, days, 0, rates=False)
    return Phase.model_validate({"id": draw(identifiers), **draw(mapping)})
