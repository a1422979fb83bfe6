"""An assessment does work in proportion to what it assesses."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import coopgov
from work import growth

if TYPE_CHECKING:
    from collections.abc import Callable

AS_OF = date(2026, 6, 30)
_RULES = coopgov.load_rules()


def _agreement(**more: Any) -> coopgov.Agreement:
    return coopgov.Agreement.model_validate(
        {
            "coopgov": "agreement/1",
            "id": "harbour",
            "title": "Harbour",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2028-12-31"},
            "parties": [{"id": "port"}, {"id": "university"}],
            **more,
        }
    )


def _kpi(number: int) -> dict[str, Any]:
    readings = [{"on": "2026-02-01", "value": 60 + number % 5}]
    return {"id": f"kpi-{number}", "unit": "points", "floor": 68, "direction": "up", "readings": readings}


def _assessing(agreement: coopgov.Agreement) -> Callable[[], object]:
    engine = coopgov.Engine(_RULES)
    coopgov.assess(agreement, engine, as_of=AS_OF)
    return lambda: coopgov.assess(agreement, engine, as_of=AS_OF)


def test_an_assessment_looks_at_the_goals_once_and_not_for_each_warning() -> None:
    """With four times as many goals and KPIs, an assessment makes about four times as many calls."""

    def assessing(size: int) -> Callable[[], object]:
        goals = [
            {"id": f"goal-{each}", "statement": "Grow.", "kpis": [f"kpi-{each}"]} for each in range(size)
        ]
        return _assessing(_agreement(kpis=[_kpi(each) for each in range(size)], goals=goals))

    assert growth(assessing, 30) < 1.2
