"""Exports of Jira, in CSV and JSON, with what real ones have in them."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.errors import MappingError, SourceError
from importing import codes, read, task, tasks

if TYPE_CHECKING:
    from pathlib import Path

CSV = """
    from: jira-csv
    phase: {id: core}
    fields:
      planned_end: Due date
      status: {from: Status, values: {To Do: not started, In Progress: in progress, Done: done}}
      owner: {from: Assignee, values: {dev-1: tech}}
"""
JSON = """
    from: jira-json
    phase: {id: core}
    fields:
      planned_end: Due date
      status: {from: Status, values: {Doing: in progress, Won't do: cancelled}}
"""


def test_labels_comments_and_lines_in_cells_stay_in_place(tmp_path: Path) -> None:
    """Columns that repeat are counted by position; a comment with `;` and line breaks is one cell."""
    text = (
        "Issue key,Summary,Labels,Labels,Comment,Comment,Due date,Status,Assignee\n"
        'HD-1,"Gate,\nmulti-line",a,b,"25/Jun/26 12:44;dev-1;first; second\nthird",,25/Jun/26,Done,dev-1\n'
        "HD-2,Next,,,,,26/Jun/26,To Do,dev-2\n"
    )
    found = read(tmp_path, text, CSV)
    first = task(found, "HD-1")
    assert (str(first.name), first.owner, first.planned.end) == (
        "Gate,\nmulti-line",
        "tech",
        date(2026, 6, 25),
    )
    assert {str(each.what): (each.count, each.places) for each in found.lost}["Labels"][0] == 2
    assert {str(each.what): each.count for each in found.lost}["Comment"] == 1
    assert codes(found)["unknown-person"].endswith(": dev-2")


def test_due_date_and_due_date_are_two_columns(tmp_path: Path) -> None:
    """The exact spelling is the one that counts."""
    text = "Issue key,Due Date,Due date,Status,Assignee\nHD-1,25/Jun/26 12:44,26/Jun/26 12:44,,\n"
    assert task(read(tmp_path, text, CSV), "HD-1").planned.end == date(2026, 6, 26)


def test_two_start_dates_of_different_meaning_are_a_fault(tmp_path: Path) -> None:
    """`which` says which one is meant."""
    text = "Issue key,Custom field (Start date),Custom field (Start date)\nHD-1,2026-05-01,2026-06-01\n"
    mapping = "from: jira-csv\nphase: {id: core}\nfields: {planned_start: Custom field (Start date)}\n"
    with pytest.raises(MappingError) as error:
        read(tmp_path, text, mapping)
    assert error.value.faults[0].code == "column-repeats"
    chosen = mapping.replace("Custom field (Start date)", "{from: Custom field (Start date), which: 1}")
    assert task(read(tmp_path, text, chosen), "HD-1").planned.start == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Parent", "10001"),
        ("Parent key", "HD-100"),
        ("Custom field (Epic Link)", "HD-100"),
        ("Epic Link", "HD-100"),
    ],
)
def test_epics_are_found_by_id_key_or_link(tmp_path: Path, header: str, cell: str) -> None:
    """Also for a sub-task, through its story."""
    story = {"Parent": "1", "Parent key": "HD-1"}.get(header, "HD-100")
    text = (
        f"Issue key,Issue id,Issue Type,Summary,{header}\n"
        "HD-100,10001,Epic,Core system,\n"
        f"HD-1,1,Story,Gate,{cell}\nHD-2,2,Sub-task,Part,{story}\n"
    )
    by = "from: jira-csv\ntasks: {skip: {Issue Type: Epic}}\nphase: {by: Epic, values: {HD-100: core}}\n"
    assert list(tasks(read(tmp_path, text, by))) == ["HD-1", "HD-2"]
    by_name = by.replace(", values: {HD-100: core}", "")
    assert list(tasks(read(tmp_path, text, by_name))) == ["HD-1", "HD-2"]


@pytest.mark.parametrize(
    ("by", "header"), [("Component", "Component/s"), ("Fix version", "Fix Version/s"), ("Sprint", "Sprint")]
)
def test_phases_by_component_version_and_sprint(tmp_path: Path, by: str, header: str) -> None:
    """Of several sprints the newest counts; components of two phases are rejected."""
    text = f"Issue key,{header},{header}\nHD-1,core,\nHD-2,core,rollout\n"
    found = read(tmp_path, text, f"from: jira-csv\nphase: {{by: {by}}}\n")
    if by == "Sprint":
        assert [each.id for each in found.part.phases] == ["core", "rollout"]  # type: ignore[union-attr]
    else:
        assert [each.code for each in found.rejected] == ["several-phases"]


def test_rows_wider_than_the_header_are_kept_and_told(tmp_path: Path) -> None:
    """The cells beyond it are lost with their place."""
    found = read(tmp_path, "Issue key,Summary\nHD-1,Gate,x,y\n", "from: jira-csv\nphase: {id: core}\n")
    assert [(each.what, each.count) for each in found.lost] == [("cells beyond the header", 2)]
    assert "wide-rows" in codes(found)


def test_tasks_without_days_are_counted_as_not_scheduled(tmp_path: Path) -> None:
    """None of 31 issues has a day: none is on time."""
    rows = "".join(f"HD-{number},Task,,To Do,\n" for number in range(31))
    found = read(tmp_path, "Issue key,Summary,Due date,Status,Assignee\n" + rows, CSV)
    assert codes(found)["not-scheduled"].startswith("31 tasks")
    assert all(each.planned.end is None for each in tasks(found).values())


def test_a_round_count_is_told(tmp_path: Path) -> None:
    """Exports of Jira stop at a round number of issues."""
    rows = "".join(f"HD-{number}\n" for number in range(1000))
    assert "round-count" in codes(read(tmp_path, "Issue key\n" + rows, "from: jira-csv\nphase: {id: core}\n"))


def test_a_sprint_that_an_older_jira_writes_out_plans_its_tasks(tmp_path: Path) -> None:
    """Its days are in the text of the cell."""
    sprint = "com.atlassian.greenhopper.service.sprint.Sprint@1f[id=1,name=S1,"
    sprint += "startDate=2026-05-01T08:00:00.000+08:00,endDate=2026-05-14T17:00:00.000+08:00,goal=]"
    found = read(
        tmp_path,
        f'Issue key,Sprint\nHD-1,"{sprint}"\n',
        "from: jira-csv\nphase: {id: core}\nno_dates: sprint\n",
    )
    assert (task(found, "HD-1").planned.start, task(found, "HD-1").planned.end) == (
        date(2026, 5, 1),
        date(2026, 5, 14),
    )


def issue(key: str, status: str = "Doing", category: str = "indeterminate", **more: Any) -> dict[str, Any]:
    """An issue of Jira."""
    fields = {"summary": key, "status": {"name": status, "statusCategory": {"key": category}}, **more}
    changes = fields.pop("changes", [])
    histories = [
        {"created": at, "items": [{"field": "status", "fromString": "", "toString": to}]}
        for at, to in changes
    ]
    return {
        "key": key,
        "id": key[-1],
        "fields": fields,
        **({"changelog": {"histories": histories}} if histories else {}),
    }


def found_in(tmp_path: Path, *issues: dict[str, Any], mapping: str = JSON, **more: Any) -> Any:
    """What is read of a search."""
    return read(tmp_path, json.dumps({"issues": issues, **more}), mapping)


def test_custom_fields_have_the_names_that_the_file_gives_them(tmp_path: Path) -> None:
    """A mapping can use the name or the key; a name that nothing gives is missing."""
    one = issue("HD-1", customfield_10015="2026-05-01")
    mapping = "from: jira-json\nphase: {id: core}\nfields: {planned_start: Start date}\n"
    found = found_in(tmp_path, one, mapping=mapping, names={"customfield_10015": "Start date"})
    assert task(found, "HD-1").planned.start == date(2026, 5, 1)
    by_key = mapping.replace("Start date", "customfield_10015")
    assert task(found_in(tmp_path, one, mapping=by_key), "HD-1").planned.start == date(2026, 5, 1)
    with pytest.raises(MappingError) as error:
        found_in(tmp_path, one, mapping=mapping)
    assert error.value.faults[0].code == "unknown-header"


def test_categories_beat_names_in_any_language(tmp_path: Path) -> None:
    """But the mapping's own values come first."""
    issues = [
        issue("HD-1", "Fertig", "done"),
        issue("HD-2", "进行", "indeterminate"),
        issue("HD-3", "Won't do", "done"),
    ]
    found = found_in(
        tmp_path, *(each | {"fields": {**each["fields"], "duedate": "2026-06-01"}} for each in issues)
    )
    assert [each.status[0].value for each in tasks(found).values()] == ["done", "in progress", "cancelled"]


def test_actual_days_come_from_the_changelog(tmp_path: Path) -> None:
    """The first change to a status in progress, and the last to done if none follows; `+0000` is in the zone."""
    changes = [("2026-05-04T18:00:00.000+0000", "Doing"), ("2026-05-10T01:00:00.000+0000", "Done")]
    reopened = [*changes, ("2026-05-11T01:00:00.000+0000", "Doing")]
    done = issue(
        "HD-1",
        "Done",
        "done",
        changes=changes,
        duedate="2026-06-01",
        resolutiondate="2026-05-20T00:00:00.000+0000",
    )
    found = found_in(tmp_path, done, issue("HD-2", changes=reopened))
    assert task(found, "HD-1").actual.start == date(2026, 5, 5)  # type: ignore[union-attr]
    assert task(found, "HD-1").actual.end == date(2026, 5, 10)  # type: ignore[union-attr]
    assert task(found, "HD-2").actual.end is None  # type: ignore[union-attr]


def test_without_changelog_the_resolution_counts(tmp_path: Path) -> None:
    """Only of an issue that is done."""
    resolved = {"resolutiondate": "2026-05-20T18:00:00.000+0000", "duedate": "2026-06-01"}
    found = found_in(tmp_path, issue("HD-1", "Done", "done", **resolved), issue("HD-2", **resolved))
    assert task(found, "HD-1").actual.end == date(2026, 5, 21)  # type: ignore[union-attr]
    assert task(found, "HD-2").actual is None


def test_descriptions_are_documents(tmp_path: Path) -> None:
    """Their text can be kept as an own value."""
    document = {
        "type": "doc",
        "content": [
            {
                "type": "paragraph",
                "content": [{"type": "text", "text": "Hello"}, {"type": "text", "text": "there"}],
            }
        ],
    }
    mapping = "from: jira-json\nphase: {id: core}\ncustom: {about: Description}\n"
    found = found_in(tmp_path, issue("HD-1", description=document), mapping=mapping)
    assert task(found, "HD-1").custom["about"] == "Hello there"


def test_a_file_with_a_part_of_the_issues_is_told(tmp_path: Path) -> None:
    """By its total, or by the token of the next page."""
    mapping = "from: jira-json\nphase: {id: core}\n"
    assert "incomplete" in codes(found_in(tmp_path, issue("HD-1"), mapping=mapping, total=500))
    assert "incomplete" in codes(found_in(tmp_path, issue("HD-1"), mapping=mapping, nextPageToken="x"))


def test_epics_of_json_are_parents(tmp_path: Path) -> None:
    """A parent has its key and, in newer files, its summary."""
    parent = {"key": "HD-9", "fields": {"summary": "Core system", "issuetype": {"name": "Epic"}}}
    found = found_in(tmp_path, issue("HD-1", parent=parent), mapping="from: jira-json\nphase: {by: Epic}\n")
    assert list(tasks(found)) == ["HD-1"]


@pytest.mark.parametrize("text", ["", "[", "[]", '{"a": 1}', '{"issues": 3}', '{"issues": [3]}'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    """With one fault."""
    with pytest.raises(SourceError):
        read(tmp_path, text, "from: jira-json\nphase: {id: core}\n")
