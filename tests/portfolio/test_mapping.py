"""Mapping files: their meaning for a table, and all their faults at once, each at its place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov import portfolio
from coopgov.portfolio.cells import read_cells
from coopgov.schema import zones
from portfolio.tables import RULES, rules

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.portfolio.bind_mapping import Reading

HEAD = "coopgov: mapping/1\nabout: phase\n"


def faults(text: str) -> list[tuple[int, int, str, str]]:
    """Line, column, code and found of each fault."""
    with pytest.raises(coopgov.MappingError) as error:
        portfolio.parse_mapping(text, rules(), "map.yaml")
    return [(each.place.line, each.place.column, each.code, each.found) for each in error.value.faults]


def test_all_faults_at_once() -> None:
    """Each with its place, what was found, what was expected, and a hint."""
    text = """\
coopgov: mapping/1
about: phase
currency: USD
columns:
  planed_end: Planned
  delay: Delay
  tasks: Tasks
  milestone.due: Due
  agreement.endd: End
  budget: {from: Budget, unit: 1000 CNY, date: M/D/YYYY}
  spent: {from: Spent, unit: weeks}
  actual_end: {from: End, number: {thousands: ","}}
"""
    with pytest.raises(coopgov.MappingError) as error:
        portfolio.parse_mapping(text, rules(), "map.yaml")
    assert (
        str(error.value)
        == """\
map.yaml:5:3: unknown-fact: found "planed_end", expected a fact about `phase`; did you mean "planned_end"?
      planed_end: Planned
      ^^^^^^^^^^
map.yaml:6:3: derived-fact: found "delay", which is max(0 days, (actual_end else max(forecast_end else as_of, as_of)) - planned_end), expected a base fact
      delay: Delay
      ^^^^^
map.yaml:7:3: collection-fact: found "tasks", expected a fact with one value; a collection belongs under `children`
      tasks: Tasks
      ^^^^^
map.yaml:8:3: unknown-subject: found "milestone", expected a type of subject that a phase belongs to
      milestone.due: Due
      ^^^^^^^^^^^^^
map.yaml:9:3: unknown-fact: found "agreement.endd", expected a fact about `agreement`; did you mean "agreement.end"?
      agreement.endd: End
      ^^^^^^^^^^^^^^
map.yaml:10:32: unit-mismatch: found "1000 CNY", expected a unit that is brought to money
      budget: {from: Budget, unit: 1000 CNY, date: M/D/YYYY}
                                   ^^^^^^^^
map.yaml:10:42: type-mismatch: found `date` for money, expected no `date` here
      budget: {from: Budget, unit: 1000 CNY, date: M/D/YYYY}
                                             ^^^^
map.yaml:11:30: unit-mismatch: found "weeks", expected a unit that is brought to money
      spent: {from: Spent, unit: weeks}
                                 ^^^^^
map.yaml:12:27: type-mismatch: found `number` for a date, expected no `number` here
      actual_end: {from: End, number: {thousands: ","}}
                              ^^^^^^"""  # noqa: E501  # a file as people write it
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("coopgov: mapping/2\n", [(1, 10, "wrong-version", '"mapping/2"')]),
        (HEAD, [(1, 1, "missing-key", "nothing")]),
        (HEAD + "columns: {budget: x}\nfoo: 1\n", [(4, 1, "unknown-key", 'the key "foo"')]),
        (HEAD.replace("phase", "fase") + "columns: {budget: x}\n", [(2, 8, "unknown-subject", '"fase"')]),
        (HEAD + "columns: {budget: {from: x, form: y}}\n", [(3, 29, "unknown-key", 'the key "form"')]),
        (HEAD + "columns: {budget: {unit: '%'}}\n", [(3, 19, "missing-key", "nothing")]),
        (HEAD + "columns: {}\ncsv: {separator: ab, encoding: utf-0}\n", [(4, 18, "wrong-choice", '"ab"')]),
        (HEAD + "columns: {}\ncsv: {encoding: utf-0}\n", [(4, 17, "encoding", '"utf-0"')]),
        (HEAD + "columns: {}\ncsv: {quotes: no}\n", [(4, 15, "not-a-truth-value", '"no"')]),
        (HEAD + "columns: {}\nnumber: {thousands: '.'}\n", [(4, 9, "wrong-choice", '"."')]),
        (HEAD + "columns: {}\nnumber: {suffix: [a, 1]}\n", [(4, 22, "wrong-type", '"1"')]),
        (HEAD + "columns: {actual_end: a}\ndate: YY-MM-DD\n", [(4, 7, "missing-key", "years of two digits")]),
        (HEAD + "columns: {}\nkey: [a, []]\n", [(4, 10, "wrong-type", "a list")]),
        (HEAD + "columns: {}\ncalendar: {country: XX}\n", [(4, 21, "unknown-country", 'the country "XX"')]),
        (HEAD + "columns: {2x: a}\n", [(3, 15, "not-an-identifier", '"2x"')]),
        (
            HEAD.replace("phase", "task") + "columns: {status: {from: x, values: {a: dun}}}\n",
            [(3, 41, "unknown-choice", '"dun"')],
        ),
        (
            HEAD
            + (
                "columns: {}\nkey: a\nchildren: {taskz: {data: x, key: a, columns: {}}, tasks: "
                "{data: x, key: [a, b], columns: {}}}\n"
            ),
            [(5, 12, "unknown-fact", '"taskz"'), (5, 73, "ragged-row", "2 columns")],
        ),
        (
            HEAD + "columns: {}\nchildren: {tasks: {data: x, key: a, columns: {}}}\n",
            [(4, 34, "ragged-row", "1 columns")],
        ),
    ],
)
def test_faults(text: str, found: list[tuple[int, int, str, str]]) -> None:
    """What does not fit is a fault at its place."""
    assert faults(text) == found


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """It is an error of mapping files, too."""
    with pytest.raises(coopgov.MappingError, match="unreadable-file"):
        portfolio.load_mapping(tmp_path / "map.yaml", rules())
    assert faults(b"\xff".decode("latin-1") + ": [") != []


def test_facts_of_rule_files_and_of_subjects_above() -> None:
    """A mapping is checked against the catalogue of the rules: facts that they declare count, too."""
    text = RULES + "facts: [{name: stage, about: phase, type: text}]\n"
    mapping = HEAD + "columns: {stage: Stage, agreement.end: End}\n"
    bound = portfolio.parse_mapping(mapping, rules(text))
    assert [(each.fact, str(each.kind)) for each in bound.readings] == [
        ("stage", "a text"),
        ("agreement.end", "a date"),
    ]


def test_working_days_are_those_of_the_file() -> None:
    """Its calendar is that of an agreement; without one, Saturday and Sunday are off."""
    calendar = "calendar: {weekend: [friday], holidays: [2026-06-29]}\n"
    own = portfolio.parse_mapping(HEAD + "columns: {}\n" + calendar, rules()).calendar
    usual = portfolio.parse_mapping(HEAD + "columns: {}\n", rules()).calendar
    days = date(2026, 6, 25), date(2026, 6, 30)
    assert (own.count(*days), usual.count(*days)) == (3, 3)
    assert own.weekend == frozenset({4})
    assert own.holidays == frozenset({date(2026, 6, 29)})


def outcome(reading: Reading, text: str) -> str:
    """What becomes of a cell."""
    import pyarrow as pa

    cells = read_cells(pa.array([text]), reading, pa.array([1]))
    if cells.broken:
        return "broken"
    return "absent" if cells.not_applicable is None else "not applicable"


def test_columns_say_it_for_themselves_or_the_file_does() -> None:
    """Codes and absent texts of a column come on top of those of the file.

    What a column says of a text outweighs the file.
    """
    mapping = (
        HEAD
        + """\
date: M/D/YYYY
not_applicable: [PNS, 0]
absent: TBD
columns:
  budget: {from: a, absent: [0]}
  spent: {from: b, not_applicable: TBD}
  actual_end: {from: c, date: YYYY-MM-DD}
  planned_end: d
"""
    )
    budget, spent, actual_end, planned_end = portfolio.parse_mapping(mapping, rules()).readings
    texts = ["", "0", "PNS", "TBD", "~"]
    assert [outcome(budget, text) for text in texts] == [
        "absent",
        "absent",
        "not applicable",
        "absent",
        "broken",
    ]
    assert [outcome(spent, text) for text in texts] == [
        "absent",
        "not applicable",
        "not applicable",
        "not applicable",
        "broken",
    ]
    assert (actual_end.date.text, planned_end.date.text) == ("YYYY-MM-DD", "M/D/YYYY")


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("Asia/Shangai", 'did you mean "Asia/Shanghai"?'),
        ("asia/shanghai", 'did you mean "Asia/Shanghai"?'),
        ("Asia/Ho Chi Minh", 'did you mean "Asia/Ho_Chi_Minh"?'),
        ("localtime", ""),
        ("+08:00", ""),
        ("GMT+8", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_time_zones_have_names_of_iana(zone: str, hint: str) -> None:
    """What is none of them is a fault, with the nearest name; the machine's own zone is not a zone."""
    with pytest.raises(coopgov.MappingError) as error:
        portfolio.parse_mapping(HEAD + f"columns: {{}}\ntime_zone: '{zone}'\n", rules(), "map.yaml")
    (fault,) = error.value.faults
    assert (fault.place.line, fault.code, fault.found, fault.hint) == (
        4,
        "unknown-time-zone",
        f'"{zone}"',
        hint,
    )


def test_utc_needs_no_list_of_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has none, other zones are refused with what to install."""
    monkeypatch.setattr(zones, "_names", frozenset)
    assert portfolio.parse_mapping(HEAD + "columns: {}\ntime_zone: UTC\n", rules()).time_zone == "UTC"
    assert zones.zone_of("UTC").utcoffset(None) == timedelta(0)
    with pytest.raises(coopgov.MappingError, match=r"missing-library: .* run `pip install tzdata`"):
        portfolio.parse_mapping(HEAD + "columns: {}\ntime_zone: Asia/Shanghai\n", rules())
