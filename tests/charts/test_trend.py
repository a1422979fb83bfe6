"""Trend charts: readings as they were known, the way to the target, and no false precision."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import UnknownNameError, build_agreement, load_agreement
from coopgov.charts import trend
from coopgov.charts.trend_chart import draw_trend, trend_of
from coopgov.testing import agreements
from drawn import texts, wrong

if TYPE_CHECKING:
    from coopgov.charts.trend_chart import Trend
    from coopgov.model import Agreement

PILOT = Path(__file__).parents[2] / "examples/pilot/agreement.yaml"
DAY = date(2026, 6, 30)


def shown(as_of: date = DAY, **kpi: Any) -> Trend:
    """What is drawn of a KPI."""
    agreement = build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "pier",
            "title": "The pier",
            "currency": "EUR",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "a"}, {"id": "b"}],
            "kpis": [{"id": "k", **kpi}],
        }
    )
    return trend_of(agreement, agreement.kpis[0], as_of, "en")


def said(chart: str) -> list[str]:
    """All that is written, except the marks of the axes."""
    return [each.text for each in texts(chart) if not each.text.replace(".", "").isdigit()]


def test_readings_after_the_date_are_not_drawn() -> None:
    """The reading of 15 July is not known on 30 June."""
    agreement = load_agreement(PILOT)
    assert "78 on 2026-06-25" in said(trend(agreement, "satisfaction", as_of=DAY))
    assert "95 on 2026-07-15" in said(trend(agreement, "kpi/satisfaction", as_of=date(2026, 7, 31)))


def test_a_kpi_without_a_reading_says_so() -> None:
    """It is undetermined, not fine: the words are in the colour of bad news, and in the description."""
    chart = trend(load_agreement(PILOT), "acceptance-rate", as_of=DAY)
    assert "no reading yet" in said(chart)
    assert chart.alt.endswith("no reading yet.")
    assert wrong(chart) == []


def test_the_way_leads_from_the_baseline_to_the_target() -> None:
    """On the day between the two, the way is half way; without a day, the term begins and ends it."""
    way = shown(baseline={"value": 0}, target={"value": 100}).way
    assert way is not None
    assert (way.first, way.last) == (date(2026, 1, 1), date(2026, 12, 31))
    assert way.at(date(2026, 7, 2)) == 50


def test_readings_on_a_line_are_continued_on_it() -> None:
    """The baseline counts as a point; a fit through points of one line is that line."""
    kpi: dict[str, Any] = {
        "baseline": {"value": 100, "on": "2026-01-01"},
        "target": {"value": 200, "by": "2026-04-11"},
        "readings": [{"on": "2026-01-11", "value": 110}, {"on": "2026-01-31", "value": 130}],
    }
    continued = shown(**kpi).continued
    assert continued is not None
    assert (continued.start, continued.last, continued.end) == (130, date(2026, 4, 11), 200)


def test_two_points_are_not_continued() -> None:
    """They have a direction only by chance."""
    kpi: dict[str, Any] = {
        "target": {"value": 9},
        "readings": [{"on": "2026-02-01", "value": 1}, {"on": "2026-03-01", "value": 2}],
    }
    assert shown(**kpi).continued is None


def test_the_continued_line_stays_on_the_scale_and_is_as_exact_as_the_readings() -> None:
    """No KPI in points ends at 104.37."""
    readings = [{"on": f"2026-0{month}-01", "value": value} for month, value in ((1, 70), (2, 80), (4, 97))]
    kpi: dict[str, Any] = {"target": {"value": 98}, "readings": readings}
    free = shown(**kpi).continued
    assert free is not None
    assert free.end == int(free.end) > 100
    held = shown(**kpi, scale={"from": 0, "to": 100}).continued
    assert held is not None
    assert held.end == 100


def test_a_kpi_with_a_reading_alone_is_drawn() -> None:
    """Neither baseline nor target nor floor is needed."""
    agreement = build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "pier",
            "title": "The pier",
            "currency": "EUR",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "a"}, {"id": "b"}],
            "kpis": [{"id": "k", "readings": [{"on": "2026-02-01", "value": 3}]}],
        }
    )
    chart = trend(agreement, "k", as_of=DAY)
    assert chart.alt == "k: last reading 3 on 2026-02-01."
    assert wrong(chart) == []


def test_an_unknown_kpi_is_an_error_with_the_near_one() -> None:
    """As for every other name of a subject."""
    with pytest.raises(UnknownNameError, match="kpi/satisfaction"):
        trend(load_agreement(PILOT), "satisfactoin", as_of=DAY)


@pytest.mark.parametrize("width", [320, 358, 640])
def test_names_of_lines_do_not_overlap(width: float) -> None:
    """Target, floor and continued line end at one point here; their names are still apart."""
    kpi: dict[str, Any] = {
        "name": "Rate",
        "baseline": {"value": 49, "on": "2026-01-01"},
        "target": {"value": 50},
        "floor": 50,
        "readings": [{"on": "2026-02-01", "value": 50}, {"on": "2026-03-01", "value": 50}],
    }
    chart = draw_trend(shown(**kpi), width)
    assert wrong(chart) == []
    assert {"target 50", "floor 50"} <= set(said(chart))


@settings(deadline=None)
@given(
    agreements(), st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(["en", "zh-Hans"]), st.data()
)
def test_whatever_was_read_the_chart_is_readable(
    agreement: Agreement, day: date, language: str, data: st.DataObject
) -> None:
    """No label overlaps, and nothing leaves the frame."""
    width = data.draw(st.sampled_from([320, 358, 640, 960]))
    for kpi in agreement.kpis:
        assert wrong(trend(agreement, kpi.id, as_of=day, language=language, width=width)) == []
