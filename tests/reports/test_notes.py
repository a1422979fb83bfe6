"""Notes of reports: what people write is read, and every fault has its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov.errors import ReportNotesError
from coopgov.reports.notes import load_report_notes, parse_report_notes
from coopgov.reports.report import report
from coopgov.reports.write import write_report
from made_reports import notes
from pilot import pack, pilot

if TYPE_CHECKING:
    from pathlib import Path

WRONG = """\
coopgov: report/1
agreement: harbour-data
kind: weekly
period: {start: 2026-06-30, end: 2026-04-01}
sections: [overview, gaols]
notes:
  lessons: [{case: x}]
review: [{by: pm}]
brand: {accent: "#ffee00", logo: 3}
colour: red
"""


def test_the_notes_of_the_pilot_are_read() -> None:
    """Texts in two languages, the period, the languages."""
    found = notes()
    assert str(found.period) == "2026-Q2"
    assert found.file.languages == ("zh-Hans", "en")
    assert found.written("overview", "zh-Hant") == "核心项目启动顺利，但客户满意度下降。"
    assert repr(found) == "<ReportNotes of harbour-data>"


def test_all_faults_of_notes_are_reported_with_their_places() -> None:
    """One for each line that is wrong."""
    with pytest.raises(ReportNotesError) as caught:
        parse_report_notes(WRONG, "notes.yaml")
    assert {(fault.code, fault.place.line) for fault in caught.value.faults} == {
        ("wrong-choice", 3),
        ("wrong-order", 4),
        ("wrong-choice", 5),
        ("missing-key", 7),
        ("missing-key", 8),
        ("low-contrast", 9),
        ("unknown-key", 10),
    }


@pytest.mark.parametrize(
    ("written", "code", "line"),
    [
        ("agreement: harbor-data", "other-agreement", 2),
        ("agreement: harbour-data\nreview: [{party: prot, by: pm}]", "unknown-reference", 3),
    ],
)
def test_names_are_compared_with_the_agreement(written: str, code: str, line: int) -> None:
    """Another agreement, or a party that does not exist."""
    found = parse_report_notes(f"coopgov: report/1\n{written}", "notes.yaml")
    with pytest.raises(ReportNotesError) as caught:
        report(pilot(), pack(), period="2026-Q2", notes=found)
    assert [(fault.code, fault.place.line) for fault in caught.value.faults] == [(code, line)]


def test_only_the_wanted_sections_are_in_the_report() -> None:
    """In their own order, and the appendix."""
    found = parse_report_notes("{coopgov: report/1, agreement: harbour-data, sections: [next, overview]}")
    made = report(pilot(), pack(), period="2026-Q2", notes=found)
    assert [section.id for section in made.sections] == ["overview", "next", "appendix"]


def test_a_house_style_has_a_colour_and_a_logo(tmp_path: Path) -> None:
    """The logo is embedded, so that the page needs nothing from outside."""
    logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    (tmp_path / "logo.svg").write_text(logo)
    path = tmp_path / "notes.yaml"
    path.write_text(
        "{coopgov: report/1, agreement: harbour-data, brand: {accent: '#7A1F5C', logo: logo.svg}}"
    )
    made = report(pilot(), pack(), period="2026-Q2", notes=load_report_notes(path))
    page = write_report(made, "html").decode()
    assert "--accent:#7a1f5c" in page
    assert 'src="data:image/svg+xml;base64,' in page


@pytest.mark.parametrize("logo", ["../logo.svg", "/etc/passwd", "none.svg", "notes.yaml"])
def test_a_logo_outside_its_folder_is_refused(logo: str, tmp_path: Path) -> None:
    """Or one that is missing, or no picture."""
    path = tmp_path / "notes.yaml"
    path.write_text(f"coopgov: report/1\nagreement: harbour-data\nbrand: {{logo: {logo}}}\n")
    with pytest.raises(ReportNotesError) as caught:
        load_report_notes(path)
    assert [(fault.code, fault.place.line) for fault in caught.value.faults] == [("unusable-logo", 3)]
