"""Gantt charts: true to the facts, inside their frame, readable in every language and width."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import ArgumentError, UnknownNameError, build_agreement, derive, load_agreement
from coopgov.charts import gantt
from coopgov.charts.gantt_chart import draw_plan
from coopgov.charts.looks import BAD
from coopgov.charts.plan import MOST_ROWS, plan_of
from coopgov.testing import agreements
from drawn import rects, root_of, texts, wrong

if TYPE_CHECKING:
    from coopgov.model import Agreement

PILOT = Path(__file__).parents[2] / "examples/pilot/agreement.yaml"
DAY = date(2026, 6, 30)
LANGUAGES = st.sampled_from(["en", "zh-Hans", "zh-Hant"])
WIDTHS = st.sampled_from([320, 358, 559, 560, 960, 1280])


def built(phases: list[dict[str, Any]], **more: Any) -> Agreement:
    """An agreement that has nothing but phases."""
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "pier",
            "title": "The pier",
            "currency": "EUR",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "a"}, {"id": "b"}],
            "phases": phases,
            **more,
        }
    )


def work(id_: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    """A phase or task with its planned days."""
    return {"id": id_, "planned": {"start": start, "end": end}, **more}


def said(chart: str) -> list[str]:
    """All that is written."""
    return [each.text for each in texts(chart)]


def test_the_pilot_shows_what_is_late() -> None:
    """Set-up ended 20 days late, the core is 14 days late by forecast, and the first delivery is missed."""
    written = said(gantt(load_agreement(PILOT), as_of=DAY))
    late = [each.text for each in texts(gantt(load_agreement(PILOT), as_of=DAY)) if each.fill == BAD]
    assert late == [
        "as of 2026-06-30",
        "20 days late",
        "met 26 days late",
        "14 days late by forecast",
        "10 days late so far",
        "missed by 15 days so far",
    ]
    assert {"Set-up", "Core projects", "Roll-out", "First results delivered", "starts 2026-10-01"} <= set(
        written
    )


def test_one_language_and_names_instead_of_ids() -> None:
    """Where the agreement has a name in the language, it is used; the library's own words are all in that language."""
    written = said(gantt(load_agreement(PILOT), as_of=DAY, language="zh-Hans"))
    assert {"港口数据合作", "基础搭建", "预计延误 14 天", "未达成，已逾期 15 天", "缓冲时间"} <= set(written)
    assert not {"setup", "core", "t1"} & set(written)


def test_the_description_says_what_the_chart_shows() -> None:
    """Readers who cannot see it learn the period, and the state of each row."""
    chart = gantt(load_agreement(PILOT), as_of=DAY)
    assert chart.alt == (
        "Harbour data cooperation, as of 2026-06-30, from 2026-01-01 to 2027-06-30. Set-up: 20 days late; "
        "Agreement signed: met; Resources in place: met 26 days late; Core projects: 14 days late by forecast; "
        "Data model: done; Interface: 10 days late so far; First results delivered: missed by 15 days so far; "
        "Roll-out: starts 2026-10-01."
    )
    root = root_of(chart)
    assert [each.text for each in root[:2]] == ["Gantt chart: Harbour data cooperation", chart.alt]


def test_what_was_not_known_on_the_date_is_not_drawn() -> None:
    """In February nobody knows that the set-up will end late, nor the forecast of June."""
    written = said(gantt(load_agreement(PILOT), as_of=date(2026, 2, 1)))
    assert "running" in written
    assert not any("late" in each for each in written)


def test_a_bar_is_as_long_as_its_days() -> None:
    """The last day belongs to the bar: ten days are ten times as wide as one."""
    one = work("one", "2026-03-01", "2026-03-01")
    ten = work("ten", "2026-03-01", "2026-03-10")
    bars = rects(gantt(built([one, ten]), as_of=date(2026, 1, 1)))[:2]
    assert bars[1].right - bars[1].left == pytest.approx(10 * (bars[0].right - bars[0].left), abs=0.1)


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [
        ({"met": "2026-03-01"}, "met"),
        ({"met": "2026-03-02"}, "met 1 day late"),
        ({"status": "met"}, "met"),
        ({}, "missed by 121 days so far"),
        ({"status": "partially met"}, "partially met; 121 days overdue so far"),
        ({"due": "2026-07-01"}, "due 2026-07-01"),
    ],
)
def test_each_state_of_a_milestone_is_in_words(milestone: dict[str, Any], expected: str) -> None:
    """So colour and shape only repeat what is written."""
    entry = {"id": "m", "due": "2026-03-01", **milestone}
    phase = work("p", "2026-01-01", "2026-12-31", milestones=[entry])
    assert plan_of(derive(built([phase]), DAY), "en").rows[1].said == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "starts 180 days late so far"),
        ({"actual": {"start": "2026-01-01"}}, "running"),
        ({"actual": {"start": "2026-01-01"}, "forecast": {"end": "2026-08-03"}}, "3 days late by forecast"),
        ({"actual": {"start": "2026-01-01", "end": "2026-06-01"}}, "ended on time"),
    ],
)
def test_each_state_of_a_phase_is_in_words(more: dict[str, Any], expected: str) -> None:
    """Late, late by forecast, running, ended, or not begun."""
    phase = work("p", "2026-01-01", "2026-07-31", **more)
    assert plan_of(derive(built([phase]), DAY), "en").rows[0].said == expected


def test_a_replanned_phase_has_its_original_outline() -> None:
    """The legend says so; a phase that was never replanned has none."""
    first = {"start": "2026-01-01", "end": "2026-03-31"}
    assert "original plan" in said(
        gantt(built([work("p", "2026-02-01", "2026-05-31", original=first)]), as_of=DAY)
    )
    assert "original plan" not in said(gantt(built([work("p", "2026-02-01", "2026-05-31")]), as_of=DAY))


def test_a_used_buffer_is_dark() -> None:
    """A phase that runs into its buffer shows how far."""
    phase = work("p", "2026-01-01", "2026-06-30", buffer="20 days", actual={"start": "2026-01-01"})
    plan = plan_of(derive(built([phase]), date(2026, 6, 20)), "en")
    assert plan.rows[0].buffer_used == pytest.approx(0.5)
    assert "buffer used" in said(draw_plan(plan))


def test_an_arrow_joins_a_task_to_its_predecessor() -> None:
    """It is drawn once for each predecessor."""
    tasks = [work("a", "2026-01-01", "2026-01-31"), work("b", "2026-02-01", "2026-02-28", after=["a"])]
    phase = work("p", "2026-01-01", "2026-06-30", tasks=tasks)
    heads = [
        each for each in root_of(gantt(built([phase]), as_of=DAY)) if each.get("d", "").endswith("l4 3l-4 3z")
    ]
    assert len(heads) == 1


@pytest.mark.parametrize(
    ("kind", "head", "first", "last"),
    [("FS", "l4 3", 1, 0), ("SS", "l4 3", 0, 0), ("FF", "l-4 3", 1, 1), ("SF", "l-4 3", 0, 1)],
)
def test_an_arrow_leads_from_end_to_end_as_the_type_of_its_link_says(
    kind: str, head: str, first: int, last: int
) -> None:
    """It leaves the first bar at its start or end, and points at the start (to the right) or end of the second."""
    after = [{"task": "a", "type": kind, "lag": "1 day"}]
    tasks = [work("a", "2026-02-01", "2026-02-28"), work("b", "2026-04-01", "2026-04-30", after=after)]
    root = root_of(gantt(built([work("p", "2026-01-01", "2026-06-30", tasks=tasks)]), as_of=DAY))
    paths = [each.get("d", "") for each in root.iter() if each.tag.endswith("path")]
    (pointed,) = (each for each in paths if head in each)
    line = paths[paths.index(pointed) - 1]
    rects = (each for each in root.iter() if each.tag.endswith("rect") and each.get("width") != "100%")
    spans = [(float(each.get("x", 0)), float(each.get("width", 0))) for each in rects]
    bars = [(x, x + width) for x, width in spans if 50 < width < 200]
    begins = float(line[1:].split(" ")[0])
    tip = float(pointed[1:].split(" ")[0]) + (4 if head == "l4 3" else -4)
    assert any(abs(begins - bar[first]) < 1 for bar in bars)
    assert any(abs(tip - bar[last]) < 1 for bar in bars)


def test_days_off_are_shaded_once_a_day_is_wide_enough() -> None:
    """A month shows its weekends, a year does not."""
    month = built([work("p", "2026-03-01", "2026-03-31")])
    assert "days off" in said(gantt(month, as_of=date(2026, 3, 10)))
    assert "days off" not in said(gantt(month, as_of=date(2026, 12, 10)))


def test_one_phase_can_be_drawn_alone() -> None:
    """Its milestones and tasks are with it, and its name is the title."""
    written = said(gantt(load_agreement(PILOT), as_of=DAY, phase="phase/core"))
    assert written[0] == "Core projects"
    assert "Set-up" not in written


def test_an_unknown_phase_is_an_error_with_the_near_one() -> None:
    """As for every other name of a subject."""
    with pytest.raises(UnknownNameError, match="phase/core"):
        gantt(load_agreement(PILOT), as_of=DAY, phase="phase/cores")


@pytest.mark.parametrize("width", [319, 4001, "960", True])
def test_a_width_that_no_screen_has_is_refused(width: Any) -> None:
    """The error says which widths there are."""
    with pytest.raises(ArgumentError, match="a width from 320 to 4000 pixels"):
        gantt(load_agreement(PILOT), as_of=DAY, width=width)


def test_an_agreement_without_phases_says_so() -> None:
    """It is still a picture."""
    chart = gantt(built([]), as_of=DAY)
    assert "no phases yet" in said(chart)
    assert wrong(chart) == []


def many(tasks: int) -> Agreement:
    """Ten phases with tasks, each of which follows the one before."""
    phases = []
    for number in range(10):
        start = date(2026, 1, 1) + timedelta(30 * number)
        below = []
        for position in range(tasks // 10):
            first, last = start + timedelta(position), start + timedelta(position + 9)
            after = {"after": [f"t{position - 1}"]} if position else {}
            actual = {"start": first, "end": last + timedelta(2)}
            planned = {"start": first, "end": last}
            below.append(
                {
                    "id": f"t{position}",
                    "name": f"Task {position}",
                    "planned": planned,
                    "actual": actual,
                    **after,
                }
            )
        end = start + timedelta(60)
        phases.append({"id": f"p{number}", "planned": {"start": start, "end": end}, "tasks": below})
    return built(phases)


def test_five_hundred_tasks_are_small_and_beyond_them_a_count() -> None:
    """The file has at most 300 kB, and no row disappears without being counted."""
    chart = gantt(many(500), as_of=date(2026, 12, 31))
    assert len(chart.encode()) <= 300_000
    rows = plan_of(derive(many(800), date(2026, 12, 31)), "en").rows
    assert len(rows) <= MOST_ROWS
    assert [row.kind for row in rows].count("phase") == 10
    assert sum(row.hidden or 1 for row in rows) == 810
    assert wrong(gantt(many(800), as_of=date(2026, 12, 31))) == []


def test_more_phases_than_rows_are_folded_too() -> None:
    """The last row counts what is below it."""
    phases = [work(f"p{number}", "2026-01-01", "2026-02-01") for number in range(600)]
    rows = plan_of(derive(built(phases), DAY), "en").rows
    assert len(rows) == MOST_ROWS
    assert rows[-1].name == "… and 101 more"


@settings(deadline=None)
@given(agreements(), st.dates(date(2020, 1, 1), date(2035, 1, 1)), LANGUAGES, WIDTHS)
def test_no_label_overlaps_and_nothing_leaves_the_frame(
    agreement: Agreement, day: date, language: str, width: float
) -> None:
    """Whatever the agreement, the day, the language and the width."""
    assert wrong(gantt(agreement, as_of=day, language=language, width=width)) == []


@given(agreements(), st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_a_later_day_is_further_right(agreement: Agreement, day: date) -> None:
    """Every planned bar begins where its day is, in the order of the days."""
    plan = plan_of(derive(agreement, day), "en")
    planned = [row.planned for row in plan.rows if row.planned]
    bars = [each for each in rects(draw_plan(plan)) if each.fill == "#b9c1ca"][: len(planned)]
    begun = sorted(zip([each.first for each in planned], [each.left for each in bars], strict=True))
    assert [x for _, x in begun] == sorted(x for _, x in begun)


HOSTILE = [
    "<script>alert(1)</script>",
    "]]>",
    "a" * 10_000,
    "שלום עולם",
    "👩‍👩‍👧‍👦 family",
    "x\u202ey",
    "&amp;",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name: str) -> None:
    """They are shown or cut, never run, and never leave the frame."""
    chart = gantt(built([work("p", "2026-01-01", "2026-02-01", name=name)], title=name), as_of=DAY)
    assert wrong(chart) == []
    assert not list(root_of(chart).iter("{http://www.w3.org/2000/svg}script"))
