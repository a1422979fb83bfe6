"""Reports: six sections, every warning once, nothing invented, and the same report again."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.assessment.assess import assess
from coopgov.cases.cases import Cases
from coopgov.cases.catch_up import catch_up
from coopgov.cases.event import Event
from coopgov.errors import PeriodError
from coopgov.reports.document import items_of
from coopgov.reports.report import report
from coopgov.reports.write import write_report
from coopgov.reports.writers.json_text import to_dict
from coopgov.testing import agreements
from made_reports import (
    EXAMPLES,
    SIX,
    compact_agreement,
    compact_report,
    compact_rules,
    count_of,
    pilot_report,
    written,
)
from optional import needs
from pilot import NOW, PILOT, pack, pilot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopgov.model import Agreement
    from coopgov.reports.report import Report

LANGUAGES = ("en", "zh-Hans")


def _ids() -> dict[str, list[str]]:
    assessment = assess(pilot(), pack(), as_of=NOW)
    return {
        "warning": [each.id for each in assessment.warnings],
        "undetermined": [f"{each.rule}@{each.about}" for each in assessment.undetermined],
        "kpi": [f"kpi/{each.id}" for each in pilot().kpis],
    }


@pytest.mark.parametrize("made", [pilot_report("en"), pilot_report("zh-Hans"), compact_report()], ids=repr)
def test_a_report_has_the_six_sections_in_order(made: Report) -> None:
    """And then the appendix."""
    assert [section.id for section in made.sections] == [*SIX, "appendix"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_assessment_is_an_item_once(language: str) -> None:
    """Every warning, every undetermined entry and every KPI, by its id."""
    found = list(items_of(pilot_report(language)))
    for kind, ids in _ids().items():
        assert sorted(id_ for each, id_ in found if each == kind) == sorted(ids)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_", ["html", "md", "docx", "pdf"])
def test_every_id_is_in_the_text_once(language: str, format_: str, tmp_path: Path) -> None:
    """In the text of each format, as readers and their programs find it."""
    said = _text(language, format_, tmp_path)
    counted = {id_: count_of(id_, said) for ids in _ids().values() for id_ in ids}
    assert counted == dict.fromkeys(counted, 1)


def _text(language: str, format_: str, folder: Path) -> str:
    if format_ == "docx":
        needs("docx")
    if format_ == "pdf":
        needs("typst")
        return _text_of_pdf(written(language, "pdf"), folder)
    data = written(language, format_)
    if format_ == "html":
        return unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", data.decode(), flags=re.DOTALL))
    return data.decode() if format_ == "md" else _text_of_word(data)


def _text_of_word(data: bytes) -> str:
    import docx

    file = docx.Document(BytesIO(data))
    parts = (each for each in file.element.body.iter() if each.tag.endswith(("}t", "}p", "}br")))
    return "".join((each.text or "") if each.tag.endswith("}t") else "\n" for each in parts)


def _text_of_pdf(data: bytes, folder: Path) -> str:
    path = folder / "report.pdf"
    path.write_bytes(data)
    try:
        ran = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("needs pdftotext of poppler-utils")
    return ran.stdout.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_", ["html", "md"])
def test_every_number_of_a_text_is_in_the_json(language: str, format_: str, tmp_path: Path) -> None:
    """Nothing is computed by a writer."""
    known = set(re.findall(r"\d+(?:[.,]\d+)*", written(language, "json").decode()))
    said = re.sub(r"<(?:svg|head).*?</(?:svg|head)>", "", _text(language, format_, tmp_path), flags=re.DOTALL)
    assert set(re.findall(r"\d+(?:[.,]\d+)*", said)) - known == set()


def test_the_json_has_values_for_machines() -> None:
    """The values of KPIs as numbers, and ids of items."""
    found = {each["id"]: each["data"] for each in _rows(to_dict(pilot_report())) if each.get("kind") == "kpi"}
    assert found["kpi/satisfaction"]["value"] == 78
    assert found["kpi/satisfaction"]["attainment"] == -1.0
    assert found["kpi/acceptance-rate"]["value"] is None


def _rows(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "cells" in value:
            yield value
        for each in value.values():
            yield from _rows(each)
    elif isinstance(value, list):
        for each in value:
            yield from _rows(each)


def test_own_and_inherited_delay_are_apart() -> None:
    """The set-up began 3 days late and ended 20 days late; the core project inherits its delay."""
    said = write_report(pilot_report(), "md").decode()
    assert "| Set-up | 20 days | 17 days | 3 days |" in said
    assert "| Core projects | 14 days | 0 days | 14 days |" in said


def test_what_nobody_wrote_is_a_blank_with_its_owner() -> None:
    """Nothing is invented."""
    said = write_report(report(pilot(), pack(), period="2026-Q2"), "md").decode()
    assert said.count("【to be written by Project manager of the port】") == len(SIX)
    assert "【" not in write_report(pilot_report(), "md").decode()


def test_a_review_that_is_missing_is_shown() -> None:
    """The university has named who reviews, and has not agreed yet."""
    said = write_report(pilot_report(), "md").decode()
    assert "| Port Authority | Project manager of the port | 2026-07-06 |" in said
    assert "| City University | Technical liaison of the university | **not reviewed yet** |" in said


def test_closed_cases_are_lessons_with_cause_action_and_outcome() -> None:
    """And the warning of an open case has the action that was agreed for it, with its state."""
    begun, name = Cases.begin("harbour-data", date(2026, 3, 25)), "milestone-missed@milestone/setup/resources"
    body = "body-not-met@body/resource-committee"
    said: dict[str, Any] = {"by": "pm", "on": date(2026, 4, 2)}
    events = [
        Event(**said, case=name, event="cause", is_="resources", note="two people left"),
        Event(
            **said, case=name, event="agree", action="substitute-resources", owner="pm", due=date(2026, 4, 9)
        ),
        Event(**said, case=body, event="agree", action="hold-meeting", owner="comms", due=date(2026, 4, 20)),
    ]
    cases = catch_up(begun, pilot(), pack(), to=NOW, events=events).cases
    made = report(pilot(), pack(), period="2026-Q2", cases=cases)
    page = write_report(made, "md").decode()
    lessons = page.partition("## 5 Lessons")[2].partition("## 6")[0]
    assert "resources (two people left)" in lessons
    assert "Use substitute resources: Project manager of the port, by 2026-04-09, dropped" in lessons
    assert (
        "Hold the meeting and write its minutes: Communication officer of the university, by 2026-04-20"
        in page
    )
    ids = [id_ for kind, id_ in items_of(made) if kind in ("warning", "undetermined", "kpi", "case")]
    assert len(ids) == len(set(ids))


def test_a_first_report_says_that_there_is_nothing_to_compare() -> None:
    """The cooperation began in the first quarter."""
    said = write_report(report(pilot(), pack(), period="2026-Q1"), "md").decode()
    assert "There is no earlier period to compare with" in said


@pytest.mark.parametrize(
    ("period", "subtitle"),
    [
        ("2026-Q2", "Quarterly report, second quarter of 2026"),
        ("2026", "Yearly report, 2026"),
        ("2026-05", "Report, 2026-05-01 to 2026-05-31"),
        ("2026-04-15..2026-05-03", "Report, 2026-04-15 to 2026-05-03"),
    ],
)
def test_a_period_can_be_a_quarter_a_year_or_any_days(period: str, subtitle: str) -> None:
    """The title follows from its length."""
    assert report(pilot(), pack(), period=period).subtitle == subtitle


def test_a_reading_before_the_period_is_no_news() -> None:
    """Silence is neither progress nor standstill: a reading of 2009 says nothing about 2012."""
    said = write_report(compact_report(), "md").decode()
    row = next(each for each in said.splitlines() if "`kpi/crop-income-afram-west`" in each)
    assert "behind then" in row
    assert row.endswith("| no reading |")
    assert "unchanged" not in row


def test_alike_warnings_are_together_and_still_once() -> None:
    """What holds for all of them is said once; each has its id."""
    assessment = assess(compact_agreement(), compact_rules(), as_of=date(2013, 6, 30))
    found = [id_ for kind, id_ in items_of(compact_report()) if kind == "warning"]
    assert sorted(found) == sorted(each.id for each in assessment.warnings)
    page = write_report(compact_report(), "md").decode()
    assert "KPI behind its expected course: 11 warnings · critical" in page
    assert page.count("- Possible causes: resources, technical, external") == 3


def test_the_overview_says_why_the_status_is_what_it_is() -> None:
    """The worst warnings follow the status."""
    overview = write_report(pilot_report(), "md").decode().partition("## 2")[0]
    assert "- **critical** KPI behind its expected course: Customer satisfaction" in overview
    assert "Reviewed: Port Authority (2026-07-06); **City University: not reviewed yet**" in overview


@given(
    agreements(), st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(["en", "zh-Hans", "zh-Hant"])
)
def test_every_agreement_can_be_reported(agreement: Agreement, day: date, language: str) -> None:
    """Whatever it has or lacks: each warning is an item once, in both forms, and each writer of texts takes it."""
    warnings = sorted(each.id for each in assess(agreement, pack(), as_of=day).warnings)
    period = (day - timedelta(days=day.day - 1), day)
    made = report(agreement, pack(), period=period, language=language)
    assert sorted(id_ for kind, id_ in items_of(made) if kind == "warning") == warnings
    for form in (made, report(agreement, pack(), period=period, language=language, brief=True)):
        assert all(write_report(form, name) for name in ("html", "md", "json"))


def test_a_plan_after_the_term_says_so() -> None:
    """So that few entries are no omission."""
    assert "The term of the cooperation ends on 2013-06-30" in write_report(compact_report(), "md").decode()
    assert "The term of the cooperation ends" not in write_report(pilot_report(), "md").decode()


def test_the_kind_can_be_named() -> None:
    """Then the command that repeats the report names it, too."""
    made = report(pilot(), pack(), period="2026-Q2", kind="custom", as_of=date(2026, 7, 20))
    assert made.subtitle == "Report, second quarter of 2026"
    assert "--kind custom --as-of 2026-07-20" in made.command


def test_a_day_before_the_period_is_refused() -> None:
    """Nothing of the period would be known."""
    with pytest.raises(
        PeriodError, match=r"found 2026-03-31, expected a date in the period, 2026-04-01 or later"
    ):
        report(pilot(), pack(), period="2026-Q2", as_of=date(2026, 3, 31))


def test_later_data_are_not_seen() -> None:
    """The reading of July is not in the report as of June."""
    assert "2026-07-15" not in write_report(pilot_report(), "json").decode()


def test_the_brief_form_has_the_same_sections() -> None:
    """On one page."""
    made = pilot_report(brief=True)
    assert [section.id for section in made.sections] == [*SIX, "appendix"]
    assert len(write_report(made, "md")) < 6000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_", ["html", "md"])
def test_the_reports_of_the_repository_are_fresh(language: str, format_: str) -> None:
    """Byte for byte; `python tests/made_reports.py` writes them."""
    made = pilot_report(language)
    assert (EXAMPLES / "reports" / f"{made.id}.{language}.{format_}").read_bytes() == write_report(
        made, format_
    )


@pytest.mark.parametrize("format_", ["html", "md"])
def test_the_report_of_the_real_compact_is_fresh(format_: str) -> None:
    """Byte for byte."""
    made = compact_report()
    assert (EXAMPLES / "reports" / f"{made.id}.en.{format_}").read_bytes() == write_report(made, format_)


_AGAIN = """
import hashlib, sys
from coopgov import load_agreement, load_report_notes, report, write_report
agreement = load_agreement("agreement.yaml")
for language in ("en", "zh-Hans"):
    made = report(agreement, period="2026-Q2", notes=load_report_notes("../reports/notes.yaml"), language=language)
    for name in sys.argv[1:]:
        print(language, name, hashlib.sha256(write_report(made, name)).hexdigest())
"""


def test_other_runs_give_equal_bytes() -> None:
    """Whatever the hash seed and the time zone are."""
    needs("docx")
    needs("typst")
    runs = {
        subprocess.run(
            [sys.executable, "-c", _AGAIN, "html", "md", "json", "pdf", "docx"],
            cwd=PILOT,
            env={
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "PYTHONPATH": ":".join(sys.path),
                "PATH": "/usr/bin:/bin",
            },
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"), ("2", "America/Los_Angeles"))
    }
    assert len(runs) == 1
    assert len(next(iter(runs)).splitlines()) == 10
