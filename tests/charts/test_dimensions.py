"""Charts of evaluations: every score in words, what is missing hatched and named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import ArgumentError, evaluate, load_agreement
from coopgov.charts import dimensions
from coopgov.testing import agreements
from drawn import texts, wrong

if TYPE_CHECKING:
    from coopgov.model import Agreement

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = date(2026, 12, 31)


def chart(name: str, language: str = "en", width: float = 800) -> str:
    """The chart of an example."""
    agreement = load_agreement(EXAMPLES / name / "agreement.yaml")
    return dimensions(evaluate(agreement, as_of=DAY), agreement, language=language, width=width)


def test_scores_ratings_and_what_is_missing_are_written() -> None:
    """The total is a range, because one dimension lacks its data."""
    written = [each.text for each in texts(chart("full"))]
    assert {"27.5 · poor", "100 · excellent", "undetermined", "56.9 to 81.9 · not rated"} <= set(written)
    assert "missing: a reading of Passenger satisfaction" in written
    assert "Customer satisfaction, 25 %" in written


def test_the_chart_in_chinese() -> None:
    """With the names of the plan."""
    written = [each.text for each in texts(chart("full", "zh-Hans"))]
    assert {"合作效率，25 %", "100 · 优", "缺少：乘客满意度的读数"} <= set(written)


def test_what_is_not_evaluated_has_no_bar() -> None:
    """It says so instead of a score."""
    written = [each.text for each in texts(chart("pilot"))]
    assert written.count("not evaluated") == 4


def test_only_an_evaluation_can_be_drawn() -> None:
    """The error says what makes one."""
    with pytest.raises(ArgumentError, match="evaluate"):
        dimensions("agreement.yaml", load_agreement(EXAMPLES / "pilot" / "agreement.yaml"))  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    agreements(), st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(["en", "zh-Hans"]), st.data()
)
def test_whatever_is_evaluated_the_chart_is_readable(
    agreement: Agreement, day: date, language: str, data: st.DataObject
) -> None:
    """No label overlaps, and nothing leaves the frame."""
    width = data.draw(st.sampled_from([320, 358, 800]))
    found = evaluate(agreement, as_of=day)
    assert wrong(dimensions(found, agreement, language=language, width=width)) == []
