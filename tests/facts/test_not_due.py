"""A KPI whose first reading is not due yet lacks nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from coopgov import what_if
from coopgov.assessment.assess import assess
from coopgov.explanation.explain import explain
from coopgov.model import build_agreement
from coopgov.rules import load_rules
from optional import DURABLE

if TYPE_CHECKING:
    from coopgov.model import Agreement

DUE = date(2026, 3, 5)
"""Two months after the term begins, a Thursday."""
RULES = load_rules()


def with_kpi(**more: Any) -> Agreement:
    """An agreement with a KPI that is read every two months, by all that rules ask of it."""
    kpi = {
        "id": "k",
        "category": "satisfaction",
        "unit": "points",
        "baseline": {"value": 85},
        "target": {"value": 90},
        "floor": 80,
        "every": "2 months",
        "source": "survey",
        "owner": "p",
    }
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": "2026-01-05", "end": "2026-12-31"},
            "parties": [{"id": "p"}, {"id": "q"}],
            "kpis": [{**kpi, **more}],
        }
    )


def undetermined(agreement: Agreement, as_of: date, backend: str = "direct") -> set[str]:
    """The rules that cannot be decided for the KPI."""
    found = assess(agreement, RULES, as_of=as_of, backend=backend).undetermined
    return {each.rule for each in found if each.about == "kpi/k"}


@pytest.mark.parametrize("backend", ["direct", "interpreter", DURABLE])
def test_rules_do_not_apply_until_the_first_reading_is_due(backend: str) -> None:
    """Up to the day before, nothing is undetermined; from the day on, every rule that reads a value is."""
    lacking = {"satisfaction-low", "kpi-below-floor", "kpi-behind"}
    assert undetermined(with_kpi(), DUE - timedelta(days=1), backend) == set()
    assert undetermined(with_kpi(), DUE, backend) == lacking


def test_without_a_cycle_the_value_is_missing_from_the_first_day() -> None:
    """Nobody said when it is read, so nobody can say that it is too early."""
    assert "satisfaction-low" in undetermined(with_kpi(every=None), date(2026, 1, 5))


def test_an_early_reading_counts() -> None:
    """A reading before its day is a reading."""
    read = with_kpi(readings=[{"on": "2026-01-20", "value": 75}])
    warnings = assess(read, RULES, as_of=date(2026, 1, 20)).warnings
    assert "satisfaction-low@kpi/k" in {each.id for each in warnings}


def test_an_explanation_says_that_the_value_is_not_set() -> None:
    """The rule does not apply, and the tree shows why."""
    told = explain(with_kpi(), RULES, rule="kpi-below-floor", about="kpi/k", as_of=date(2026, 1, 5))
    assert told.outcome == "not applicable"
    assert (told.missing, told.because) == ((), None)


def test_a_reading_that_is_tried_out_has_a_score() -> None:
    """What if it were read today: what follows from the value is worked out as from any other reading."""
    tried = what_if(with_kpi(), RULES, {"kpi/k.value": 75}, as_of=date(2026, 1, 5))
    assert "satisfaction-low@kpi/k" in {each.id for each in tried.after.warnings}
