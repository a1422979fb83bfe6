"""Any table of tasks: columns, days, statuses, people and phases, and an account of everything else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from coopgov.errors import MappingError, SourceError
from coopgov.imports import parse_import_mapping
from importing import DAY, codes, read, task, tasks

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """
    from: csv
    phase: {id: core}
    fields: {id: No, name: Task, planned_start: Begin, planned_end: Due, status: State, owner: Who}
"""


def test_everything_is_kept_or_listed(tmp_path: Path) -> None:
    """A column that nothing names is lost with its place, and an unknown person is reported, not invented."""
    found = read(
        tmp_path,
        "No,Task,Begin,Due,Who,Note\nT1,Gate,2026-05-01,2026-06-01,Wu,late\n",
        MAPPING.replace(", status: State", ""),
    )
    assert found.kept == {"tasks": 1, "name": 1, "planned": 1}
    assert [(each.what, each.count, each.places) for each in found.lost] == [
        ("owners that no member is", 1, ("source.txt:2",)),
        ("Note", 1, ("source.txt:2",)),
    ]
    assert codes(found) == {"unknown-person": "1 values name people who are no members: Wu"}
    assert found.to_dict("zh-Hans")["told"][0]["text"] == "1 处人员不是成员：Wu"


def test_the_day_must_be_known(tmp_path: Path) -> None:
    """A CSV file does not say its day, so it is refused without one."""
    with pytest.raises(SourceError) as error:
        read(tmp_path, "No,Task,Begin,Due,State,Who\n", MAPPING, as_of=None)
    assert [each.code for each in error.value.faults] == ["no-day"]


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        (("25/Jun/20 12:44",), date(2020, 6, 25)),
        (("25/Feb/26 10:17 PM",), date(2026, 2, 25)),
        (("25/六月/20 12:44 下午",), date(2020, 6, 25)),
        (("25/6月/20",), date(2020, 6, 25)),
        (("1. März 2026",), date(2026, 3, 1)),
        (("2026/7/1",), date(2026, 7, 1)),
        (("2026年7月1日",), date(2026, 7, 1)),
        (("２０２６-０７-０１",), date(2026, 7, 1)),
        (("Jul 1, 2026",), date(2026, 7, 1)),
        (("2026-06-30T16:00:00Z",), date(2026, 7, 1)),
        (("2026-06-30T16:00:00.000+0000",), date(2026, 7, 1)),
        (("03/04/2026", "25/04/2026"), date(2026, 4, 3)),
        (("03/04/2026", "04/25/2026"), date(2026, 3, 4)),
        (("04/04/2026",), date(2026, 4, 4)),
    ],
)
def test_days_are_read_as_they_are_written(tmp_path: Path, cells: tuple[str, ...], day: date) -> None:
    """Names of months in many languages, zones, full-width digits; another cell of the column decides what is open."""
    rows = "".join(f'T{at},"{cell}"\n' for at, cell in enumerate(cells))
    found = read(
        tmp_path, f"No,Due\n{rows}", "from: csv\nphase: {id: core}\nfields: {id: No, planned_end: Due}\n"
    )
    planned = task(found, "T0").planned
    assert (found.rejected, planned.start, planned.end) == ((), None, day)


def test_a_day_with_two_readings_is_a_fault_of_the_mapping(tmp_path: Path) -> None:
    """Neither another column nor the reader decides; the hint works."""
    mapping = "from: csv\nphase: {id: core}\nfields: {id: No, planned_end: Due}\n"
    with pytest.raises(MappingError) as error:
        read(tmp_path, "No,Due,Other\nT1,03/04/2026,25/04/2026\n", mapping)
    (fault,) = error.value.faults
    assert (fault.place.line, fault.code, fault.found) == (
        5,
        "ambiguous-date",
        "03/04/2026 in the column Due, which can be two days",
    )
    assert fault.hint == "write `date: D/M/YYYY` or `date: M/D/YYYY`"
    found = read(tmp_path, "No,Due\nT1,03/04/2026\n", mapping + "date: D/M/YYYY\n")
    assert task(found, "T1").planned.end == date(2026, 4, 3)


def test_columns_that_contradict_each_other_are_a_fault(tmp_path: Path) -> None:
    """A column with days first and months first has no reading."""
    with pytest.raises(MappingError) as error:
        read(
            tmp_path,
            "No,Due\nT1,25/04/2026\nT2,04/25/2026\n",
            "from: csv\nphase: {id: core}\nfields: {id: No, planned_end: Due}\n",
        )
    assert error.value.faults[0].code == "ambiguous-date"


def test_a_row_with_an_unreadable_day_is_rejected(tmp_path: Path) -> None:
    """With its place, what was found and what was expected."""
    found = read(
        tmp_path,
        "No,Due\nT1,soon\nT2,0000-00-00\n",
        "from: csv\nphase: {id: core}\nfields: {id: No, planned_end: Due}\n",
    )
    (rejected,) = found.rejected
    assert (rejected.place, rejected.code, rejected.found, rejected.expected) == (
        "source.txt:2",
        "not-a-date",
        '"soon"',
        "a day in the column Due",
    )
    assert list(tasks(found)) == ["T2"]


def test_repeated_columns_with_different_values_are_a_fault(tmp_path: Path) -> None:
    """`which` chooses one; without it, two different filled cells of one name cannot be read."""
    text = "No,Start,Start\nT1,2026-05-01,2026-06-01\n"
    mapping = "from: csv\nphase: {id: core}\nfields: {id: No, planned_start: Start}\n"
    with pytest.raises(MappingError) as error:
        read(tmp_path, text, mapping)
    assert error.value.faults[0].code == "column-repeats"
    found = read(tmp_path, text, mapping.replace("Start}", "{from: Start, which: 2}}"))
    assert task(found, "T1").planned.start == date(2026, 6, 1)
    equal = read(tmp_path, "No,Start,Start\nT1,2026-05-01,\nT2,,2026-05-01\n", mapping)
    assert [each.planned.start for each in tasks(equal).values()] == [date(2026, 5, 1)] * 2


def test_headers_match_without_regard_to_case_where_one_matches(tmp_path: Path) -> None:
    """An exact name wins; a name that several spellings match is a fault."""
    mapping = "from: csv\nphase: {id: core}\nfields: {id: No, planned_end: DUE}\n"
    assert task(read(tmp_path, "no,Due\nT1,2026-06-01\n", mapping), "T1").planned.end == date(2026, 6, 1)
    with pytest.raises(MappingError) as error:
        read(tmp_path, "No,Due,due\nT1,2026-06-01,2026-07-01\n", mapping)
    assert error.value.faults[0].code == "ambiguous-column"


def test_a_column_that_is_missing_has_a_near_name(tmp_path: Path) -> None:
    """All columns of a list may be missing but one."""
    mapping = "from: csv\nphase: {id: core}\nfields: {id: No, planned_end: Duo}\n"
    with pytest.raises(MappingError) as error:
        read(tmp_path, "No,Due\nT1,2026-06-01\n", mapping)
    (fault,) = error.value.faults
    assert (fault.code, fault.hint) == ("unknown-header", 'did you mean "Due"?')
    assert tasks(read(tmp_path, "No,Due\nT1,2026-06-01\n", mapping.replace("Duo", "[Duo, Due]")))


def test_rows_without_a_known_phase_are_rejected_with_the_list(tmp_path: Path) -> None:
    """An id or a name of the agreement in any language is a phase; with `values`, only they are."""
    text = "No,Phase\nT1,core\nT2,核心系统\nT3,other\nT4,\nT5,Core system\n"
    found = read(tmp_path, text, "from: csv\nphase: {by: Phase}\nfields: {id: No}\n")
    assert list(tasks(found)) == ["T1", "T2", "T5"]
    assert [(each.code, each.expected) for each in found.rejected] == [
        ("unknown-phase", "one of core, rollout"),
        ("no-phase", "one of core, rollout"),
    ]
    mapped = read(
        tmp_path, text, "from: csv\nphase: {by: Phase, values: {other: rollout}}\nfields: {id: No}\n"
    )
    assert list(tasks(mapped)) == ["T3"]


def test_a_phase_of_the_mapping_must_exist(tmp_path: Path) -> None:
    """The fault is at its place in the mapping."""
    with pytest.raises(MappingError) as error:
        read(tmp_path, "No\nT1\n", "from: csv\nphase: {id: corr}\nfields: {id: No}\n")
    (fault,) = error.value.faults
    assert (fault.code, fault.place.line, fault.hint) == ("unknown-phase", 4, 'did you mean "core"?')


@pytest.mark.parametrize(
    ("choice", "kept"),
    [("keep-without-plan", ["T1", "T2", "T3"]), ("reject", ["T1", "T2"]), ("sprint", ["T1", "T2"])],
)
def test_tasks_without_days_are_not_scheduled(tmp_path: Path, choice: str, kept: list[str]) -> None:
    """They are counted, and rejected only if the mapping says so; one day alone is no schedule."""
    text = "No,Begin,Due\nT1,2026-05-01,2026-06-01\nT2,,2026-06-01\nT3,,\n"
    mapping = f"from: csv\nphase: {{id: core}}\nno_dates: {choice}\nfields: {{id: No, planned_start: Begin, planned_end: Due}}\n"  # noqa: E501  # a row as it is
    found = read(tmp_path, text, mapping)
    assert list(tasks(found)) == kept
    assert ("T2" in codes(found)["not-scheduled"], [each.code for each in found.rejected]) == (
        True,
        [] if len(kept) == 3 else ["not-scheduled"],
    )


def test_sprints_of_the_mapping_plan_tasks(tmp_path: Path) -> None:
    """With `no_dates: sprint`, the newest sprint that the mapping knows."""
    mapping = """
        from: csv
        phase: {id: core}
        no_dates: sprint
        sprints: {S1: {start: 2026-05-01, end: 2026-05-14}, S2: {start: 2026-05-15, end: 2026-05-28}}
        fields: {id: No}
    """
    found = read(tmp_path, "No,Sprint,Sprint\nT1,S1,S2\n", mapping)
    assert task(found, "T1").planned.start == date(2026, 5, 15)


def test_statuses_are_mapped_known_in_a_language_or_told(tmp_path: Path) -> None:
    """A status is dated with the day of the file; an unknown one is not guessed."""
    mapping = (
        "from: csv\nphase: {id: core}\nfields: {id: No, status: {from: State, values: {Ship it: done}}}\n"
    )
    found = read(tmp_path, "No,State\nT1,Ship it\nT2,进行中\nT3,Limbo\n", mapping)
    assert [[(one.value, one.on) for one in each.status] for each in tasks(found).values()] == [
        [("done", DAY)],
        [("in progress", DAY)],
        [],
    ]
    assert codes(found)["unknown-status"] == "1 statuses have no meaning in the mapping: Limbo"


def test_rows_are_chosen_and_counted(tmp_path: Path) -> None:
    """`only` and `skip` leave rows out, and the account says how many."""
    mapping = "from: csv\nphase: {id: core}\ntasks: {only: {Type: [Task, Bug]}, skip: {State: [Won't do]}}\nfields: {id: No}\n"  # noqa: E501  # a row as it is
    found = read(tmp_path, "No,Type,State\nT1,Task,Open\nT2,Epic,Open\nT3,Bug,Won't do\n", mapping)
    assert (list(tasks(found)), codes(found)["left-out"]) == (
        ["T1"],
        "2 rows are left out, as the mapping says",
    )


def test_ids_are_there_and_only_once(tmp_path: Path) -> None:
    """A second row of one id, one without, and one that cannot be an id are rejected."""
    found = read(
        tmp_path,
        "No,Task\nT1,a\nT1,b\n,c\n#1/2,d\n",
        "from: csv\nphase: {id: core}\nfields: {id: No, name: Task}\n",
    )
    assert [(each.place, each.code) for each in found.rejected] == [
        ("source.txt:3", "duplicate-id"),
        ("source.txt:4", "missing-id"),
        ("source.txt:5", "not-an-identifier"),
    ]


def test_shares_need_their_percent_sign(tmp_path: Path) -> None:
    """60% is a share; a bare 60 is rejected, because 0.6 would be one, too."""
    found = read(
        tmp_path,
        "No,Done\nT1,60%\nT2,60\nT3,６０％\n",
        "from: csv\nphase: {id: core}\nfields: {id: No, progress: Done}\n",
    )
    assert {name: str(each.progress[0].value) for name, each in tasks(found).items()} == {
        "T1": "0.60",
        "T3": "0.60",
    }
    assert [each.code for each in found.rejected] == ["not-a-share"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_found(tmp_path: Path, encoding: str, separator: str) -> None:
    """By byte order marks, and by the columns that the mapping names."""
    text = separator.join(["No", "Täsk"]) + "\n" + separator.join(["T1", "Größe"]) + "\n"
    found = read(
        tmp_path, text.encode(encoding), "from: csv\nphase: {id: core}\nfields: {id: No, name: Täsk}\n"
    )
    assert str(task(found, "T1").name) == "Größe"


def test_another_encoding_is_refused_with_a_hint_that_works(tmp_path: Path) -> None:
    """No file is read in a guessed encoding."""
    text, mapping = "No,任务\nT1,接口\n".encode("gb18030"), "from: csv\nphase: {id: core}\nfields: {id: No}\n"
    with pytest.raises(SourceError) as error:
        read(tmp_path, text, mapping)
    (fault,) = error.value.faults
    assert (fault.code, fault.hint) == ("encoding", "write `csv: {encoding: gb18030}`")
    assert tasks(read(tmp_path, text, mapping + "csv: {encoding: gb18030}\n"))


@pytest.mark.parametrize("text", ['No,Task\nT1,"open\n', 'No,Task\nT1,"a"b"\n'])
def test_broken_quotes_are_refused(tmp_path: Path, text: str) -> None:
    """A quote that is never closed would swallow the rest of the file."""
    with pytest.raises(SourceError) as error:
        read(tmp_path, text, "from: csv\nphase: {id: core}\nfields: {id: No}\n")
    assert error.value.faults[0].code == "broken-quotes"


def test_more_than_ten_thousand_tasks_are_refused(tmp_path: Path) -> None:
    """The fault says what to do: split by phase."""
    rows = "".join(f"T{number}\n" for number in range(10_001))
    with pytest.raises(SourceError) as error:
        read(tmp_path, "No\n" + rows, "from: csv\nphase: {id: core}\nfields: {id: No}\n")
    assert error.value.faults[0].code == "too-many-tasks"


def test_own_values_are_kept_as_texts(tmp_path: Path) -> None:
    """Estimates in seconds or in hours become hours."""
    mapping = "from: csv\nphase: {id: core}\nfields: {id: No}\ncustom: {team: Team, estimate: {from: Est, unit: hours}}\n"  # noqa: E501  # a row as it is
    found = read(tmp_path, "No,Team,Est\nT1,A,136800\nT2,B,38h\nT3,C,30m\nT4,D,2d\n", mapping)
    assert [each.custom["estimate"] for each in tasks(found).values()] == ["38", "38", "0.5"]
    assert [each.code for each in found.rejected] == ["not-an-estimate"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("from: jira\nphase: {id: core}\n", "wrong-choice"),
        ("from: csv\n", "missing-key"),
        ("from: csv\nphase: {id: core, by: Epic}\n", "missing-key"),
        ("from: csv\nphase: {id: core}\nfields: {strat: A}\n", "wrong-choice"),
        ("from: csv\nphase: {id: core}\ndate: D/M\n", "not-a-date-format"),
        ("from: csv\nphase: {id: core}\ncsv: {encoding: klingon}\n", "encoding"),
    ],
)
def test_faults_of_mappings_have_places(text: str, code: str) -> None:
    """In three languages, with line and column."""
    with pytest.raises(MappingError) as error:
        parse_import_mapping("coopgov: import/1\ninto: harbour\n" + text)
    assert [each.code for each in error.value.faults] == [code]
    assert all(each.place.line for each in error.value.faults)
    assert error.value.in_language("zh-Hans") != error.value.in_language("zh-Hant") != str(error.value)
