"""Chairs, absences, minutes, decisions and reports: what holds together, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coopgov.errors import AgreementError
from coopgov.locales import Phrase
from coopgov.model import Agreement, build_agreement, dump_agreement, parse_agreement, subjects

WINDOW = {"start": "2026-01-01", "end": "2026-03-31"}
ON = "2026-01-05"


def agreement(**fields: Any) -> Agreement:
    """An agreement with two members and these fields."""
    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": "2026-01-01", "end": "2026-12-31"},
            "parties": [{"id": "p"}],
            "team": team(),
            **fields,
        }
    )


def team(absent: Any = (), **fields: Any) -> dict[str, Any]:
    """A team of two members, the first of whom is absent at times."""
    return {"members": [{"id": "m", "absent": absent}, {"id": "n"}], **fields}


def minutes(*days: str, **decision: Any) -> list[dict[str, Any]]:
    """A meeting with minutes of some days, each with one decision."""
    entries = [
        {"on": day, "decisions": [{"id": f"d{at}", "what": "W"} | decision]} for at, day in enumerate(days)
    ]
    return [{"id": "w", "minutes": entries}]


FAULTS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"team": team([{"from": ON, "to": "2026-01-04"}])}, [("team.members[0].absent[0].to", "wrong-order")]),
    ({"team": team([{"to": ON}])}, [("team.members[0].absent[0].from", "missing-key")]),
    ({"team": team([{"start": ON}])}, [("team.members[0].absent[0].start", "unknown-key")]),
    ({"team": team(chairs=[{"by": "m"}])}, [("team.chairs[0].from", "missing-key")]),
    (
        {"team": team(chairs=[{"by": "m", "from": ON}, {"by": "n", "from": ON}])},
        [("team.chairs[1].from", "duplicate-date")],
    ),
    ({"meetings": minutes(ON, ON)}, [("meetings[0].minutes[1].on", "duplicate-date")]),
    (
        {"meetings": minutes(ON, "2026-01-06", id="d")},
        [("meetings[0].minutes[1].decisions[0].id", "duplicate-id")],
    ),
    ({"meetings": minutes(ON, what=None)}, [("meetings[0].minutes[0].decisions[0].what", "missing-key")]),
    ({"reports": [{"id": "r"}]}, [("reports[0].due", "missing-key"), ("reports[0].period", "missing-key")]),
    (
        {"reports": [{"id": "r", "period": {"start": ON, "end": "2026-01-04"}, "due": ON}]},
        [("reports[0].period.end", "wrong-order")],
    ),
    ({"reports": [{"id": "r", "period": WINDOW, "due": ON}] * 2}, [("reports[1].id", "duplicate-id")]),
    (
        {"risks": [{"id": "r", "title": "R", "responses": [{"id": "s", "title": "S", "held": ["soon"]}]}]},
        [("risks[0].responses[0].held[0]", "not-a-date")],
    ),
]


@pytest.mark.parametrize(("fields", "expected"), FAULTS)
def test_what_does_not_hold_together_is_refused(
    fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """Each fault has its place, by the keys of the file, and is worded in every language."""
    with pytest.raises(AgreementError) as caught:
        agreement(**fields)
    assert [(each.place.file, each.code) for each in caught.value.faults] == expected
    for each in caught.value.faults:
        assert isinstance(each.found, Phrase)
        assert isinstance(each.expected, Phrase)
        assert each.expected.in_language("zh-Hans") != each.expected


def test_a_lenient_agreement_may_lack_days() -> None:
    """First days of absences, periods and due days of reports can be missing or in the wrong order."""
    absent = [{"to": ON}, {"from": ON, "to": "2026-01-04"}]
    reports = [{"id": "r"}, {"id": "s", "period": {"start": ON, "end": "2026-01-04"}}]
    made = agreement(strict=False, team=team(absent), reports=reports)
    assert [(one.fault.place.file, one.fault.code) for one in made.findings] == [
        ("reports[0].due", "missing-key"),
        ("reports[0].period", "missing-key"),
        ("reports[1].due", "missing-key"),
        ("reports[1].period.end", "wrong-order"),
        ("team.members[0].absent[0].from", "missing-key"),
        ("team.members[0].absent[1].to", "wrong-order"),
        ("team.members[0].id", "unused-member"),
        ("team.members[1].id", "unused-member"),
    ]


def test_decisions_responses_and_reports_are_subjects() -> None:
    """A decision belongs to its meeting, whatever its minutes; another meeting may use the same id."""
    meetings = [*minutes(ON, "2026-01-06"), {"id": "x", "minutes": minutes(ON)[0]["minutes"]}]
    made = agreement(meetings=meetings, reports=[{"id": "r", "period": WINDOW, "due": ON}])
    assert [name for name in subjects(made) if name.startswith(("decision/", "report/"))] == [
        "decision/w/d0",
        "decision/w/d1",
        "decision/x/d0",
        "report/r",
    ]
    assert subjects(made)["decision/w/d1"] == ("meetings", 0, "minutes", 1, "decisions", 0)


@pytest.mark.parametrize(
    ("absence", "day", "expected"),
    [
        ({"from": ON, "to": "2026-01-07"}, "2026-01-04", False),
        ({"from": ON, "to": "2026-01-07"}, ON, True),
        ({"from": ON, "to": "2026-01-07"}, "2026-01-07", True),
        ({"from": ON, "to": "2026-01-07"}, "2026-01-08", False),
        ({"from": ON}, "2026-12-31", True),
        ({"to": ON}, ON, None),
        ({"to": ON}, "2026-01-06", False),
        ({}, ON, None),
        ({"from": "2026-01-07", "to": ON}, "2026-01-06", None),
    ],
)
def test_the_days_of_an_absence(absence: dict[str, str], day: str, expected: bool | None) -> None:  # noqa: FBT001
    """Both ends belong to it, one without a last day goes on, and what cannot be decided is unknown."""
    (made,) = agreement(strict=False, team=team([absence])).team.members[0].absent
    assert made.covers(date.fromisoformat(day)) is expected


def test_aliased_keys_are_written_as_in_the_file() -> None:
    """`from` and `to` are keys of the file, not of Python."""
    made = agreement(team=team([{"from": ON, "to": ON}], chairs=[{"by": "m", "from": ON}]))
    text = dump_agreement(made)
    assert "chairs:\n  - {by: m, from: 2026-01-05}" in text
    assert "{from: 2026-01-05, to: 2026-01-05}" in text
    assert parse_agreement(text) == made
