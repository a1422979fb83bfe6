"""Facts of chairs, absences, responses, minutes, decisions and reports, as of a date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coopgov.facts import Facts, derive
from coopgov.model import build_agreement

NOW = date(2026, 2, 15)


def facts(as_of: date = NOW, **fields: Any) -> Facts:
    """The facts of an agreement of two parties with these fields."""
    mapping = {
        "coopgov": "agreement/1",
        "id": "a",
        "title": "A",
        "currency": "CNY",
        "term": {"start": "2026-01-05", "end": "2026-12-31"},
        "parties": [{"id": "p"}, {"id": "q"}],
        **fields,
    }
    return derive(build_agreement(mapping), as_of)


def values(known: Facts, subject: str, *names: str) -> list[Any]:
    """Several facts of a subject."""
    return [known.value(subject, name) for name in names]


@pytest.mark.parametrize(
    ("as_of", "chair"), [("2026-02-28", None), ("2026-03-01", "n"), ("2026-05-31", "n"), ("2026-06-01", "m")]
)
def test_the_chair_is_the_newest_that_has_begun(as_of: str, chair: str | None) -> None:
    """Chairs need no order in the file; before the first one nobody chairs."""
    chairs = [{"by": "m", "from": "2026-06-01"}, {"by": "n", "from": "2026-03-01"}]
    known = facts(date.fromisoformat(as_of), team={"chairs": chairs, "members": [{"id": "m"}, {"id": "n"}]})
    assert values(known, "agreement", "chair", "has_chair") == [chair, chair is not None]
    place = known.subject("agreement").places.get("chair")
    assert place == {"n": ("team", "chairs", 1, "by"), "m": ("team", "chairs", 0, "by"), None: None}[chair]


NAMES = ("absent", "absent_since", "absent_until", "absence", "has_stand_in")


@pytest.mark.parametrize(
    ("absent", "expected"),
    [
        ([], [False, None, None, None, False]),
        ([("2026-02-16", None), ("2026-02-01", "2026-02-14")], [False, None, None, None, False]),
        ([("2026-02-15", "2026-02-15")], [True, NOW, NOW, 1, False]),
        ([("2026-02-10", "2026-02-19")], [True, date(2026, 2, 10), date(2026, 2, 19), 10, False]),
        ([("2026-02-10", None)], [True, date(2026, 2, 10), None, 6, False]),
        (
            [("2026-02-12", "2026-02-28"), ("2026-02-10", "2026-02-16")],
            [True, date(2026, 2, 10), date(2026, 2, 28), 19, False],
        ),
        ([("2026-02-16", "2026-02-15")], [None, None, None, None, False]),
        (
            [("2026-02-16", "2026-02-15"), ("2026-02-14", "2026-02-15")],
            [True, date(2026, 2, 14), NOW, 2, False],
        ),
        ([(None, "2026-02-15")], [None, None, None, None, False]),
        ([(None, "2026-02-14")], [False, None, None, None, False]),
    ],
)
def test_absences(absent: list[tuple[str | None, str | None]], expected: list[Any]) -> None:
    """The absences that cover the date count together; it is unknown whether one without sound days covers it."""
    days = [{"from": start, "to": end} for start, end in absent]
    known = facts(strict=False, team={"members": [{"id": "m", "absent": days}]})
    assert values(known, "member/m", *NAMES) == expected


def test_a_deputy_stands_in_unless_it_is_absent() -> None:
    """A deputy's own deputy does not stand in; whether one with unknown days does is unknown."""
    away = [{"from": "2026-02-01"}]
    unknown = [{"to": "2026-02-28"}]
    members = [
        {"id": "a", "deputy": "b"},
        {"id": "b", "deputy": "c", "absent": away},
        {"id": "c", "deputy": "d"},
        {"id": "d", "absent": unknown},
        {"id": "e"},
    ]
    known = facts(strict=False, team={"members": members})
    assert [known.value(f"member/{name}", "has_stand_in") for name in "abcde"] == [
        False,
        True,
        None,
        False,
        False,
    ]
    assert [len(known.value(f"member/{name}", "deputies")) for name in "abcde"] == [1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("risk", "held", "expected"),
    [
        ({}, ["2026-01-20", "2026-02-16"], [date(2026, 1, 20), date(2026, 2, 20), 1, 0]),
        ({}, [], [None, date(2026, 2, 5), 0, 10]),
        ({"on": "2026-01-12"}, [], [None, date(2026, 2, 12), 0, 3]),
        ({"on": "2025-12-01"}, [], [None, date(2026, 2, 5), 0, 10]),
        ({"on": "2026-02-01"}, ["2026-01-09"], [date(2026, 1, 9), date(2026, 2, 9), 1, 6]),
    ],
)
def test_responses_are_due_a_cycle_after_the_last_one(
    risk: dict[str, Any], held: list[str], expected: list[Any]
) -> None:
    """The first cycle begins when the risk was identified, or with the term if that is later."""
    response = {"id": "s", "title": "S", "every": "1 month", "held": held, "owner": "p"}
    known = facts(risks=[{"id": "r", "title": "R", "responses": [response], **risk}])
    names = ("last_held", "next_due", "times_held", "overdue")
    assert values(known, "response/r/s", *names) == expected
    assert values(known, "response/r/s", "name", "owner", "has_owner", "body") == ["S", "p", True, None]
    assert known.subject("response/r/s").record["risk"] is known.subject("risk/r").record


@pytest.mark.parametrize(
    ("owner", "last", "times"), [(None, date(2026, 2, 9), 3), ("p", date(2026, 1, 12), 1)]
)
def test_a_response_of_a_body_alone_is_carried_out_when_it_meets(
    owner: str | None, last: date, times: int
) -> None:
    """Where somebody owns it, meetings of the body say nothing about it."""
    response = {"id": "s", "title": "S", "body": "b", "owner": owner, "held": ["2026-01-12"]}
    known = facts(
        team={"bodies": [{"id": "b", "held": ["2026-02-02", "2026-02-16"]}]},
        meetings=[{"id": "m", "body": "b", "held": [], "minutes": [{"on": "2026-02-09"}]}],
        risks=[{"id": "r", "title": "R", "responses": [response]}],
    )
    assert values(known, "response/r/s", "last_held", "times_held") == [last, times]


def test_responses_to_risks_of_later_days_do_not_exist_yet() -> None:
    """A response exists as long as its risk does."""
    response = {"id": "s", "title": "S", "every": "1 day"}
    known = facts(risks=[{"id": "r", "title": "R", "on": "2026-02-16", "responses": [response]}])
    assert known.subjects["response"] == ()
    assert known.value("agreement", "responses") == []


def meeting(as_of: date = NOW, *, minutes: list[str], held: list[str], **fields: Any) -> Facts:
    """The facts of a meeting held on some days, with minutes of some days."""
    written = [{"on": day} for day in minutes]
    return facts(as_of, meetings=[{"id": "m", "minutes": written, "held": held, **fields}])


@pytest.mark.parametrize(
    ("minutes", "held", "expected"),
    [
        ([], ["2026-01-12"], [0, None, None]),
        (["2026-01-12"], ["2026-01-12"], [0, None, None]),
        (
            ["2026-01-12"],
            ["2026-01-05", "2026-01-19", "2026-02-02", "2026-02-02"],
            [2, date(2026, 1, 19), 27],
        ),
        (["2026-01-12", "2026-01-19"], ["2026-01-19"], [0, None, None]),
        (["2026-01-12"], ["2026-02-16"], [0, None, None]),
        (["2026-02-16"], ["2026-02-02"], [0, None, None]),
        (["2026-01-12", "2026-02-16"], ["2026-02-15", "2026-02-16"], [1, NOW, 0]),
    ],
)
def test_minutes_are_missing_after_the_first_ones(
    minutes: list[str], held: list[str], expected: list[Any]
) -> None:
    """Days before the first visible minutes need none, and neither do days after the date."""
    known = meeting(minutes=minutes, held=held)
    names = ("without_minutes", "first_without_minutes", "minutes_overdue")
    assert values(known, "meeting/m", *names) == expected


def test_a_day_with_minutes_counts_as_held() -> None:
    """The meeting and its body were held on the days of the minutes, too, each once."""
    known = facts(
        team={"bodies": [{"id": "b"}]},
        meetings=[
            {
                "id": "m",
                "body": "b",
                "held": ["2026-02-02"],
                "minutes": [{"on": "2026-02-02"}, {"on": "2026-02-09"}, {"on": "2026-02-16"}],
            }
        ],
    )
    for subject in ("meeting/m", "body/b"):
        assert values(known, subject, "last_held", "times_held") == [date(2026, 2, 9), 2]


def test_decisions_exist_from_the_day_they_were_taken() -> None:
    """Their owner, day and due day are known; whether they were carried out shows on the day."""
    decisions = [
        {
            "id": "d",
            "what": {"zh-Hans": "甲", "en": "D"},
            "owner": "p",
            "due": "2026-02-10",
            "done": "2026-02-16",
        },
        {"id": "e", "what": "E", "done": "2026-02-14", "due": "2026-02-10"},
    ]
    minutes = [
        {"on": "2026-02-02", "decisions": decisions},
        {"on": "2026-02-16", "decisions": [{"id": "f", "what": "F"}]},
    ]
    known = facts(meetings=[{"id": "m", "minutes": minutes}])
    assert [subject.id for subject in known.subjects["decision"]] == ["decision/m/d", "decision/m/e"]
    names = ("name", "on", "owner", "has_owner", "due", "done", "overdue")
    on, due = date(2026, 2, 2), date(2026, 2, 10)
    assert values(known, "decision/m/d", *names) == ["D", on, "p", True, due, None, 5]
    assert values(known, "decision/m/e", *names) == ["E", on, None, False, due, date(2026, 2, 14), 4]
    places = known.subject("decision/m/e").places
    assert places["on"] == ("meetings", 0, "minutes", 0, "on")
    assert places["done"] == ("meetings", 0, "minutes", 0, "decisions", 1, "done")
    assert len(known.value("meeting/m", "decisions")) == len(known.value("agreement", "decisions")) == 2


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        ({}, [None, 2, 5, None]),
        ({"p": "2026-02-12"}, [date(2026, 2, 12), 1, 2, 3]),
        ({"p": "2026-02-08", "q": "2026-02-16"}, [date(2026, 2, 8), 1, 0, 5]),
        ({"p": "2026-02-12", "q": "2026-02-09"}, [date(2026, 2, 9), 0, 0, 5]),
        ({"p": "2026-02-16"}, [None, 2, 5, None]),
    ],
)
def test_reports_are_written_once_a_party_has_signed(signed: dict[str, str], expected: list[Any]) -> None:
    """The days without all signatures count from the due day, or from the first signature if that came later."""
    period = {"start": "2026-01-05", "end": "2026-01-31"}
    known = facts(reports=[{"id": "r", "period": period, "due": "2026-02-10", "signed_by": signed}])
    names = ("first_signed", "missing_signatures", "overdue", "signature_overdue")
    assert values(known, "report/r", *names) == expected
    ends = [date(2026, 1, 5), date(2026, 1, 31), date(2026, 2, 10)]
    assert values(known, "report/r", "period_start", "period_end", "due") == ends


def test_reports_of_lenient_agreements_may_lack_days() -> None:
    """Facts of what is missing or in the wrong order are unknown."""
    turned = {"id": "s", "period": {"start": "2026-01-31", "end": "2026-01-05"}}
    known = facts(strict=False, reports=[{"id": "r"}, turned])
    for name in "rs":
        assert values(known, f"report/{name}", "period_start", "period_end", "due", "overdue") == [None] * 4
