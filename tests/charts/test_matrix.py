"""Risk matrices: each risk in its cell, worst first, none lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import build_agreement, derive, load_agreement
from coopgov.charts import matrix
from coopgov.charts.risk_matrix import Rated, matrix_of
from coopgov.testing import agreements
from drawn import texts, wrong

if TYPE_CHECKING:
    from coopgov.model import Agreement

PILOT = Path(__file__).parents[2] / "examples/pilot/agreement.yaml"
DAY = date(2026, 6, 30)


def built(*risks: dict[str, Any]) -> Agreement:
    """An agreement with risks."""
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "pier",
            "title": "The pier",
            "currency": "EUR",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "a"}, {"id": "b"}],
            "risks": [
                {"id": f"r{number}", "title": f"Risk {number}", **risk} for number, risk in enumerate(risks)
            ],
        }
    )


@pytest.mark.parametrize(
    ("probability", "row"), [(0.0, 1), (0.2, 1), (0.21, 2), (0.5, 3), (0.8, 4), (0.81, 5), (1.0, 5)]
)
def test_a_row_is_a_fifth_of_the_probability(probability: float, row: int) -> None:
    """Its upper end belongs to it."""
    assert Rated("r", "R", "", probability, 4, occurred=False).cell == (4, row)


def test_a_risk_without_an_estimate_is_listed_but_in_no_cell() -> None:
    """It comes last, and says what is unknown."""
    risks = matrix_of(derive(built({"impact": 5}, {"probability": "10 %", "impact": 1}), DAY), "en").risks
    assert [(risk.name, risk.said, risk.cell) for risk in risks] == [
        ("Risk 1", "10 %, impact 1, open", (1, 1)),
        ("Risk 0", "unknown, impact 5, open", None),
    ]


def test_the_worst_risk_has_the_first_number_and_closed_ones_have_none() -> None:
    """The order is that of probability times impact."""
    rated = [("50 %", 2, "open"), ("50 %", 4, "occurred"), ("90 %", 5, "closed")]
    risks = [{"probability": p, "impact": i, "status": s} for p, i, s in rated]
    assert [risk.name for risk in matrix_of(derive(built(*risks), DAY), "en").risks] == ["Risk 1", "Risk 0"]


def test_estimates_after_the_date_are_not_visible() -> None:
    """The matrix shows the risk as it was estimated then."""
    risk = {"probability": "10 %", "impact": [{"is": 1, "on": "2026-01-01"}, {"is": 5, "on": "2026-07-01"}]}
    assert matrix_of(derive(built(risk), DAY), "en").risks[0].impact == 1


def test_the_pilot_in_chinese() -> None:
    """The library's words are Chinese; a name that is only in English stays."""
    written = [each.text for each in texts(matrix(load_agreement(PILOT), as_of=DAY, language="zh-Hans"))]
    assert {"风险矩阵", "截至 2026-06-30", "50 %，影响 4，未关闭"} <= set(written)


def test_risks_without_room_in_their_cell_are_counted() -> None:
    """Thirty risks of one cell: all are in the list."""
    chart = matrix(built(*[{"probability": "50 %", "impact": 3}] * 30), as_of=DAY)
    assert wrong(chart) == []
    written = [each.text for each in texts(chart)]
    shown = [each for each in written if each.startswith("+")]
    assert len(shown) == 1
    in_cell = 30 - int(shown[0])
    assert sum(each.isdigit() for each in written) == 5 + 30 + in_cell


def test_an_agreement_without_risks_says_so() -> None:
    """It is still a picture."""
    assert "no open risk" in matrix(built(), as_of=DAY).alt


@settings(deadline=None)
@given(agreements(), st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from([320, 358, 800]))
def test_whatever_the_register_the_matrix_is_readable(agreement: Agreement, day: date, width: float) -> None:
    """No label overlaps, and nothing leaves the frame."""
    assert wrong(matrix(agreement, as_of=day, width=width)) == []
