"""Plans in MSPDI: lags, elapsed and percent formats, days of 8 hours, baselines, and what is no task."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopgov.errors import SourceError
from coopgov.imports import mspdi_text, read_new, tasks_csv
from coopgov.model import dump_agreement, load_agreement
from importing import DAY, agreement, codes, read, task, tasks

if TYPE_CHECKING:
    from coopgov.model import Agreement, Task

ROOT = Path(__file__).parents[2]
MAPPING = "from: mspdi\nphase: {by: Outline level 1, values: {Core: core, Plan: rollout}}\n"
HEAD = "<StatusDate>2026-06-30T17:00:00</StatusDate><CurrencyCode>CNY</CurrencyCode>"
SUMMARY = "<Task><UID>1</UID><Name>Core</Name><OutlineLevel>1</OutlineLevel><Summary>1</Summary></Task>"


def leaf(uid: int, inside: str = "", level: int = 2) -> str:
    """A task of 3 days."""
    days = (
        ""
        if "<Start>" in inside
        else "<Start>2026-06-01T08:00:00</Start><Finish>2026-06-03T17:00:00</Finish>"
    )
    return (
        f"<Task><UID>{uid}</UID><ID>{uid + 7}</ID><Name>T{uid}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Duration>PT24H0M0S</Duration>{days}{inside}</Task>"
    )


def plan(
    *parts: str,
    head: str = HEAD,
    more: str = "",
    space: str = ' xmlns="http://schemas.microsoft.com/project"',
) -> str:
    """A plan with a summary task and others."""
    return f"<?xml version='1.0'?><Project{space}><Title>Plan</Title>{head}<Tasks>{SUMMARY}{''.join(parts)}</Tasks>{more}</Project>"  # noqa: E501  # a row as it is


def link(lag: int, form: int, sort: int = 1) -> str:
    """A link to task 2."""
    return (
        f"<PredecessorLink><PredecessorUID>2</PredecessorUID><Type>{sort}</Type><LinkLag>{lag}</LinkLag>"
        f"<LagFormat>{form}</LagFormat></PredecessorLink>"
    )


@pytest.mark.parametrize(
    ("lag", "form", "expected"),
    [
        (4800, 7, "1 working day"),
        (4800, 5, "1 working day"),
        (2400, 7, "0.5 working days"),
        (-9600, 9, "-2 working days"),
        (14400, 8, "1 day"),
        (28800, 4, "2 days"),
        (14400, 40, "1 day"),
        (50, 19, "1.5 working days"),
        (50, 51, "1.5 working days"),
        (100, 20, "1 day"),
        (0, 7, None),
    ],
)
def test_lags_are_tenths_of_minutes_but_percentages(
    tmp_path: Path, lag: int, form: int, expected: str | None
) -> None:
    """Whatever the format says; elapsed formats are days, and a percentage is of the predecessor's 3 days."""
    found = read(tmp_path, plan(leaf(2), leaf(3, link(lag, form))), MAPPING)
    (after,) = task(found, "u3").after
    assert (after.task, after.lag and str(after.lag)) == ("u2", expected)


@pytest.mark.parametrize(("number", "name"), [(0, "FF"), (1, "FS"), (2, "SF"), (3, "SS")])
def test_types_of_links(tmp_path: Path, number: int, name: str) -> None:
    """The end of the predecessor comes first."""
    found = read(tmp_path, plan(leaf(2), leaf(3, link(0, 7, number))), MAPPING)
    assert task(found, "u3").after[0].type == name


def test_days_have_the_hours_of_the_project(tmp_path: Path) -> None:
    """4 hours are half a day of 8 hours, and 2 of 3 days of 6."""
    head = HEAD + "<MinutesPerDay>360</MinutesPerDay>"
    found = read(tmp_path, plan(leaf(2), leaf(3, link(3600, 7)), head=head), MAPPING)
    assert str(task(found, "u3").after[0].lag) == "1 working day"


def test_a_finish_at_midnight_is_the_day_before(tmp_path: Path) -> None:
    """A task that ends at 00:00 has no work on that day."""
    inside = "<Start>2026-06-01T08:00:00</Start><Finish>2026-06-04T00:00:00</Finish>"
    assert task(read(tmp_path, plan(leaf(2, inside)), MAPPING), "u2").planned.end == date(2026, 6, 3)


@pytest.mark.parametrize("space", ["", ' xmlns="http://schemas.microsoft.com/project"', ' xmlns:p="x"'])
def test_the_namespace_is_optional(tmp_path: Path, space: str) -> None:
    """Programs other than MS Project leave it out."""
    assert list(tasks(read(tmp_path, plan(leaf(2), space=space), MAPPING))) == ["u2"]


def test_without_a_status_date_the_current_date_counts(tmp_path: Path) -> None:
    """Which is reported; without either, the file is refused."""
    current = "<CurrentDate>2026-06-28T08:00:00</CurrentDate>"
    found = read(tmp_path, plan(leaf(2), head=current), MAPPING, as_of=None)
    assert (found.on, "current-date" in codes(found)) == (date(2026, 6, 28), True)
    with pytest.raises(SourceError) as error:
        read(tmp_path, plan(leaf(2), head=""), MAPPING, as_of=None)
    assert error.value.faults[0].code == "no-day"


def test_summaries_blank_and_inactive_rows_are_no_tasks(tmp_path: Path) -> None:
    """Inactive ones are counted; a row with rows below it is a summary whatever it says."""
    blank = "<Task><UID>9</UID><IsNull>1</IsNull></Task>"
    found = read(tmp_path, plan(blank, leaf(2, "<Active>0</Active>"), leaf(3), leaf(4, level=3)), MAPPING)
    assert list(tasks(found)) == ["u4"]
    assert codes(found)["inactive"] == "1 inactive tasks are left out: T2"


def test_a_leaf_at_outline_level_1_goes_to_the_phase_of_the_project(tmp_path: Path) -> None:
    """Ids are `u` and the UID, never the ID."""
    found = read(tmp_path, plan(leaf(5, level=1)), MAPPING)
    assert found.part is not None
    assert [(phase.id, [each.id for each in phase.tasks]) for phase in found.part.phases] == [
        ("rollout", ["u5"])
    ]


def test_baselines_0_to_10(tmp_path: Path) -> None:
    """The first is the original window; each of start, end and budget is optional; costs are hundredths."""
    baselines = (
        "<Baseline><Number>0</Number><Start>2026-05-01T08:00:00</Start><Finish>2026-05-03T17:00:00</Finish></Baseline>"
        "<Baseline><Number>1</Number><Finish>2026-05-10T17:00:00</Finish></Baseline>"
        "<Baseline><Number>10</Number><Cost>120050</Cost></Baseline>"
    )
    one = task(read(tmp_path, plan(leaf(2, baselines)), MAPPING), "u2")
    assert one.original is not None
    assert one.original.start == date(2026, 5, 1)
    assert [(each.id, each.start, each.end, each.budget and str(each.budget)) for each in one.baselines] == [
        ("b1", None, date(2026, 5, 10), None),
        ("b10", None, None, "1200.5"),
    ]


def test_constraints_deadlines_progress_and_actual_days(tmp_path: Path) -> None:
    """100 % or an actual finish is done."""
    inside = (
        "<ConstraintType>4</ConstraintType><ConstraintDate>2026-06-01T08:00:00</ConstraintDate>"
        "<Deadline>2026-06-20T17:00:00</Deadline><PercentComplete>40</PercentComplete>"
        "<ActualStart>2026-06-02T08:00:00</ActualStart>"
    )
    found = read(
        tmp_path, plan(leaf(2, inside), leaf(3, "<PercentComplete>100</PercentComplete>"), leaf(4)), MAPPING
    )
    one = task(found, "u2")
    assert one.constraint is not None
    assert (one.constraint.type, one.deadline, one.status[0].value) == (
        "start no earlier than",
        date(2026, 6, 20),
        "in progress",
    )
    assert [each.status[0].value for each in tasks(found).values()] == ["in progress", "done", "not started"]


def test_links_to_what_is_not_imported_are_lost(tmp_path: Path) -> None:
    """Such as links to summary tasks; a link into another phase names it."""
    summary = "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink>"
    found = read(tmp_path, plan(leaf(2, summary), leaf(3, link(0, 7), level=1)), MAPPING)
    assert {str(each.what) for each in found.lost} == {
        "Task.Duration",
        "Task.ID",
        "links to tasks that are not imported",
        "summary tasks",
    }
    assert task(found, "u3").after[0].task == "core/u2"


def test_resources_are_owners_and_their_calendars_are_lost(tmp_path: Path) -> None:
    """Several owners are reported, and none is chosen."""
    more = (
        "<Calendars><Calendar><UID>5</UID><IsBaseCalendar>0</IsBaseCalendar></Calendar></Calendars>"
        "<Resources><Resource><UID>1</UID><Name>Wang</Name></Resource><Resource><UID>2</UID><Name>Li</Name></Resource></Resources>"
        "<Assignments><Assignment><TaskUID>2</TaskUID><ResourceUID>1</ResourceUID></Assignment>"
        "<Assignment><TaskUID>3</TaskUID><ResourceUID>1</ResourceUID></Assignment>"
        "<Assignment><TaskUID>3</TaskUID><ResourceUID>2</ResourceUID></Assignment></Assignments>"
    )
    mapping = MAPPING + "fields: {owner: {from: Resource names, values: {Wang: pm, Li: tech}}}\n"
    found = read(tmp_path, plan(leaf(2), leaf(3), more=more), mapping)
    assert (task(found, "u2").owner, task(found, "u3").owner) == ("pm", None)
    assert "several-owners" in codes(found)
    assert {str(each.what): each.count for each in found.lost}["calendars of resources"] == 1


DOCTYPE = "<!DOCTYPE Project [<!ENTITY a 'aaaa'>]>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f"<?xml version='1.0'?>{DOCTYPE}<Project/>".encode(), "doctype"),
        (f"<?xml version='1.0' encoding='utf-16'?>{DOCTYPE}<Project/>".encode("utf-16"), "doctype"),
        (
            b"<?xml version='1.0'?><!--" + b"x" * 100_000 + b"-->" + DOCTYPE.encode() + b"<Project/>",
            "doctype",
        ),
        (b"<Project>" + b"<a>" * 64 + b"</a>" * 64 + b"</Project>", "too-deep"),
        (b"<Project>", "syntax"),
        (b"<?xml version='1.0' encoding='klingon'?><Project/>", "syntax"),
        (b"<Other/>", "wrong-type"),
        (b"", "syntax"),
    ],
)
def test_xml_that_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """A DOCTYPE in any encoding, and after any prologue, by the parser's own event; too deep; no XML; another root."""
    with pytest.raises(SourceError) as error:
        read(tmp_path, content, MAPPING)
    assert [each.code for each in error.value.faults] == [code]


def test_more_than_ten_thousand_tasks_are_refused(tmp_path: Path) -> None:
    """Before they are read."""
    with pytest.raises(SourceError) as error:
        read(tmp_path, plan("<Task><UID>3</UID></Task>" * 10_001), MAPPING)
    assert error.value.faults[0].code == "too-many-tasks"


def test_a_file_over_50_mb_is_refused(tmp_path: Path) -> None:
    """Before it is parsed."""
    with pytest.raises(SourceError) as error:
        read(tmp_path, b" " * 50_000_001, MAPPING)
    assert error.value.faults[0].code == "file-too-large"


def new(tmp_path: Path, text: str) -> Agreement:
    """The agreement that is made of a plan."""
    source = tmp_path / "plan.xml"
    source.write_text(text, encoding="utf-8")
    (made,) = read_new(source, as_of=DAY).agreements
    return made


def test_export_and_import_are_a_round_trip(tmp_path: Path) -> None:
    """An agreement made of a plan is written and read as an equal one."""
    whole = load_agreement(ROOT / "examples" / "full" / "agreement.yaml")
    first = new(tmp_path, mspdi_text(whole, as_of=DAY))
    again = new(tmp_path, mspdi_text(first, as_of=DAY))
    assert dump_agreement(again) == dump_agreement(first)
    assert [phase.planned for phase in first.phases] == [phase.planned for phase in whole.phases]
    one, other = _tasks(whole), _tasks(first)
    assert [each.planned for each in one] == [each.planned for each in other]
    assert [(each.deadline, each.constraint, each.original) for each in one] == [
        (each.deadline, each.constraint, each.original) for each in other
    ]
    assert [[(link.type, link.lag) for link in each.after] for each in one] == [
        [(link.type, link.lag) for link in each.after] for each in other
    ]
    assert [each.due for phase in whole.phases for each in phase.milestones] == [
        each.due for phase in first.phases for each in phase.milestones
    ]
    assert (first.calendar.holidays, first.calendar.working) == (
        whole.calendar.holidays,
        whole.calendar.working,
    )


def _tasks(whole: Agreement) -> list[Task]:
    return [each for phase in whole.phases for each in phase.tasks]


def test_a_table_is_written_and_read(tmp_path: Path) -> None:
    """What no spreadsheet takes for a formula comes back."""
    first = agreement().with_part(read(tmp_path, plan(leaf(2)), MAPPING).part)  # type: ignore[arg-type]
    mapping = """
        from: csv
        phase: {by: Phase}
        fields: {id: ID, name: Name, planned_start: Planned start, planned_end: Planned end, status: Status}
    """
    found = read(tmp_path, tasks_csv(first, as_of=DAY), mapping)
    assert task(found, "u2").planned == first.phases[0].tasks[0].planned


@pytest.mark.parametrize(
    "tasks_of_it", ["", "<Tasks/>", "<Tasks><Task><UID>0</UID><OutlineLevel>0</OutlineLevel></Task></Tasks>"]
)
def test_a_plan_without_tasks_is_read(tmp_path: Path, tasks_of_it: str) -> None:
    """As a part without phases, and as an agreement without phases."""
    text = f"<Project><Name>P</Name>{HEAD}{tasks_of_it}</Project>"
    assert tasks(read(tmp_path, text, MAPPING)) == {}
    assert new(tmp_path, text).phases == ()
