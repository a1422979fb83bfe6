"""Plans in MSPDI: lags, elapsed and percent formats, days of 8 hours, baselines, and what is no task."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from coopgov.errors import SourceError
from coopgov.imports import mspdi_text, read_new, tasks_csv
from coopgov.model import dump_agreement, dump_part, load_agreement
from importing import DAY, agreement, codes, read, task, tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.model import Agreement, Task

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).parent / "files" / "mspdi"
MAPPING = """
from: mspdi
phase: {by: Outline level 1, values: {Core: core, Plan: rollout}}
fields: {owner: {from: Resource names, values: {Wang: pm, Li: tech}}}
"""
JUNE = {"start": "2026-06-01", "end": "2026-06-03"}
NOT_STARTED, IN_PROGRESS, DONE = (
    {"is": each, "on": "2026-06-30"} for each in ("not started", "in progress", "done")
)
NEW: Mapping[str, Any] = {}
"""Of a task that has its days and nothing else."""


class Gives(NamedTuple):
    """What a plan must give.

    `tasks` have what differs from a task of 3 days that has not started; `lost` has what differs from a summary task
    and the numbers and durations of tasks.
    """

    tasks: Mapping[str, Mapping[str, Any]]
    told: tuple[str, ...] = ()
    lost: Mapping[str, int] = {}
    phase: str = "core"
    on: str = "2026-06-30"


def after(link: Any) -> Mapping[str, Any]:
    """A task after another one."""
    return {"after": [link]}


def lag(text: str) -> Mapping[str, Any]:
    """A task after `u2` with a lag."""
    return after({"task": "u2", "type": "FS", "lag": text})


PLANS = {
    # lags are tenths of minutes, whatever their format says
    "lags-in-working-days": Gives(
        {
            "u2": NEW,
            "u3": lag("1 working day"),
            "u4": lag("1 working day"),
            "u5": lag("0.5 working days"),
            "u6": lag("-2 working days"),
            "u7": after("u2"),
        }
    ),
    "days-of-6-hours": Gives({"u2": NEW, "u3": lag("1 working day")}),
    # elapsed formats are days
    "lags-in-elapsed-days": Gives({"u2": NEW, "u3": lag("1 day"), "u4": lag("2 days"), "u5": lag("1 day")}),
    # a percentage is of the 24 hours of the predecessor, which are 3 days
    "lags-in-percent": Gives({"u2": NEW, "u3": lag("1.5 working days"), "u4": lag("1.5 working days")}),
    "lag-in-elapsed-percent": Gives({"u2": NEW, "u3": lag("1 day")}),
    # the end of the predecessor comes first
    "link-types": Gives(
        {
            "u2": NEW,
            "u3": after({"task": "u2", "type": "FF"}),
            "u4": after("u2"),
            "u5": after({"task": "u2", "type": "SF"}),
            "u6": after({"task": "u2", "type": "SS"}),
        }
    ),
    "link-to-a-summary": Gives({"u2": NEW}, lost={"links to tasks that are not imported": 1}),
    # a task that ends at 00:00 has no work on that day
    "finish-at-midnight": Gives({"u2": NEW}),
    # programs other than MS Project leave the namespace out
    "no-namespace": Gives({"u2": NEW}),
    "another-namespace-declared": Gives({"u2": NEW}),
    "no-status-date": Gives(
        {"u2": {"status": {"is": "not started", "on": "2026-06-28"}}}, ("current-date",), on="2026-06-28"
    ),
    # blank rows are no tasks, inactive ones are counted, and a row with rows below it is a summary whatever it says
    "blank-and-inactive-rows": Gives({"u4": NEW}, ("inactive",), {"tasks that are left out": 1}),
    "summary-that-does-not-say-so": Gives({"u4": NEW}, lost={"summary tasks": 2}),
    # a leaf at outline level 1 goes to the phase of the project's name; ids are `u` and the UID, never the ID
    "task-at-outline-level-1": Gives({"u5": NEW}, ("project-phase",), phase="rollout"),
    # the first is the original window; each of start, end and budget is optional; costs are hundredths
    "baselines": Gives(
        {
            "u2": {
                "original": {"start": "2026-05-01", "end": "2026-05-03"},
                "baselines": [{"id": "b1", "end": "2026-05-10"}, {"id": "b10", "budget": "1200.5"}],
            }
        }
    ),
    "constraint-and-deadline": Gives(
        {
            "u2": {
                "constraint": {"type": "start no earlier than", "on": "2026-06-01"},
                "deadline": "2026-06-20",
            }
        }
    ),
    # 100 % or an actual finish is done
    "progress": Gives(
        {
            "u2": {
                "status": IN_PROGRESS,
                "progress": {"is": "40 %", "on": "2026-06-30"},
                "actual": {"start": "2026-06-02"},
            },
            "u3": {"status": DONE, "progress": {"is": "100 %", "on": "2026-06-30"}},
            "u4": NEW,
            "u5": {"status": DONE, "actual": {"start": "2026-06-01", "end": "2026-06-02"}},
        }
    ),
    # several owners are reported, and none is chosen
    "several-resources": Gives(
        {"u2": {"owner": "pm"}, "u3": NEW}, ("several-owners",), {"owners that no member is": 1}
    ),
    "calendar-of-a-resource": Gives({"u2": NEW}, lost={"calendars of resources": 1}),
}
REFUSED = {
    "no-day": "no-day",
    "doctype": "doctype",
    "doctype-in-utf-16": "doctype",
    "too-deep": "too-deep",
    "never-closed": "syntax",
    "unknown-encoding": "syntax",
    "another-root": "wrong-type",
    "empty": "syntax",
}
EMPTY = ("no-tasks", "empty-list-of-tasks", "only-the-row-of-the-project")
SPLIT = "link-into-another-phase"


def file(name: str) -> bytes:
    """A plan."""
    return (FILES / f"{name}.xml").read_bytes()


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_gives_its_tasks_and_its_account(tmp_path: Path, name: str) -> None:
    """What the tasks are, what is reported, and what is lost: no more and no less."""
    gives = PLANS[name]
    found = read(tmp_path, file(name), MAPPING, as_of=None)
    assert found.part is not None
    (phase,) = json.loads(dump_part(found.part, "json"))["phases"]
    assert (phase["id"], str(found.on), tuple(codes(found))) == (gives.phase, gives.on, gives.told)
    assert phase["tasks"] == [
        {
            "id": each,
            "source": each,
            "name": each.replace("u", "T"),
            "planned": JUNE,
            "status": NOT_STARTED,
            **more,
        }
        for each, more in gives.tasks.items()
    ]
    lost = {
        str(each.what): each.count
        for each in found.lost
        if str(each.what) not in ("Task.ID", "Task.Duration")
    }
    assert lost == {"summary tasks": 1, **gives.lost}


@pytest.mark.parametrize("name", REFUSED)
def test_a_plan_that_is_refused(tmp_path: Path, name: str) -> None:
    """A plan without a day; a DOCTYPE in any encoding, by the parser's own event; too deep; no XML; another root."""
    with pytest.raises(SourceError) as error:
        read(tmp_path, file(name), MAPPING, as_of=None)
    assert [each.code for each in error.value.faults] == [REFUSED[name]]


@pytest.mark.parametrize("name", EMPTY)
def test_a_plan_without_tasks_is_read(tmp_path: Path, name: str) -> None:
    """As a part without phases, and as an agreement without phases."""
    assert tasks(read(tmp_path, file(name), MAPPING)) == {}
    assert new(tmp_path, file(name).decode()).phases == ()


def test_a_link_into_another_phase_names_it(tmp_path: Path) -> None:
    """The ids of tasks count in their phases."""
    assert str(task(read(tmp_path, file(SPLIT), MAPPING), "u3").after[0].task) == "core/u2"


def test_every_file_is_tested() -> None:
    """No plan lies about unread."""
    assert {each.stem for each in FILES.iterdir()} == {*PLANS, *REFUSED, *EMPTY, SPLIT}


def test_a_doctype_after_a_long_prologue_is_refused(tmp_path: Path) -> None:
    """The parser reports it wherever it is."""
    content = file("doctype").replace(b"<!DOCTYPE", b"<!--" + b"x" * 100_000 + b"--><!DOCTYPE")
    with pytest.raises(SourceError) as error:
        read(tmp_path, content, MAPPING)
    assert [each.code for each in error.value.faults] == ["doctype"]


def test_more_than_ten_thousand_tasks_are_refused(tmp_path: Path) -> None:
    """Before they are read."""
    content = file("no-namespace").replace(b"</Tasks>", b"<Task><UID>3</UID></Task>" * 10_001 + b"</Tasks>")
    with pytest.raises(SourceError) as error:
        read(tmp_path, content, MAPPING)
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
    first = agreement().with_part(read(tmp_path, file("no-namespace"), MAPPING).part)  # type: ignore[arg-type]
    mapping = """
        from: csv
        phase: {by: Phase}
        fields: {id: ID, name: Name, planned_start: Planned start, planned_end: Planned end, status: Status}
    """
    found = read(tmp_path, tasks_csv(first, as_of=DAY), mapping)
    assert task(found, "u2").planned == first.phases[0].tasks[0].planned
