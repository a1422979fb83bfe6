"""What an agreement requires, its defaults, and the contradictions that it refuses."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from coopgov.errors import AgreementError
from coopgov.model import (
    STANDARD_ROLES,
    Agreement,
    build_agreement,
    load_agreement,
    newest,
    parse_agreement,
    subjects,
)
from coopgov.schema import Amount, Span

EXAMPLES = Path(__file__).parents[2] / "examples"
BASE: dict[str, Any] = {
    "coopgov": "agreement/1",
    "id": "a",
    "title": "A",
    "currency": "CNY",
    "term": {"start": "2026-01-05", "end": "2026-12-31"},
    "parties": [{"id": "p"}],
}
WINDOW = {"start": "2026-01-05", "end": "2026-03-31"}


def phase(**fields: Any) -> dict[str, Any]:
    """An agreement with one phase of these fields."""
    return {**BASE, "phases": [{"id": "x", "planned": WINDOW, **fields}]}


def codes(mapping: dict[str, Any]) -> list[tuple[str, str]]:
    """Path and code of every fault of a mapping."""
    with pytest.raises(AgreementError) as caught:
        build_agreement(mapping)
    return [(fault.place.file, fault.code) for fault in caught.value.faults]


def test_six_keys_are_enough() -> None:
    """All else is optional, with defaults that say so."""
    agreement = build_agreement(BASE)
    assert agreement.calendar.weekend == ("saturday", "sunday")
    assert agreement.team.key_roles == STANDARD_ROLES
    assert not agreement.phases
    assert codes({"coopgov": "agreement/1"}) == [
        (key, "missing-key") for key in ("currency", "id", "parties", "term", "title")
    ]


def test_the_pilot_means_what_it_says() -> None:
    """The values of the example are typed by their fields."""
    agreement = load_agreement(EXAMPLES / "pilot" / "agreement.yaml")
    core = agreement.phases[1]
    assert core.planned.end == date(2026, 9, 30)
    assert [entry.amount for entry in core.budget] == [Amount(Decimal(1200000))]
    assert core.forecast[0].on == date(2026, 6, 20)
    assert [entry.value for entry in core.tasks[1].status] == ["in progress"]
    assert agreement.phases[2].buffer == Span(10, "working days")
    assert agreement.risks[0].probability[0].value == Decimal("0.5")
    assert agreement.goals[0].agreed_by["university"] == date(2026, 1, 15)
    assert agreement.phases[0].label.in_language("zh") == "基础搭建"
    assert agreement.parties[0].label.in_language("en") == "Port Authority"


def test_a_part_without_a_name_is_called_by_its_id() -> None:
    """The id replaces a missing name where one is displayed."""
    assert str(build_agreement(BASE).parties[0].label) == "p"


def test_a_key_without_a_value_is_not_written() -> None:
    """An empty entry of a form counts as absent."""
    empty = {"vision": None, "phases": None, "calendar": None, "team": {"members": None}}
    assert build_agreement({**BASE, **empty}) == build_agreement(BASE)


def test_agreements_are_frozen_values() -> None:
    """Nothing can be set; equal agreements have equal hashes."""
    agreement = build_agreement(BASE)
    with pytest.raises(ValidationError, match="frozen"):
        agreement.id = "b"  # type: ignore[misc]
    assert agreement == parse_agreement(
        "{coopgov: agreement/1, id: a, title: A, currency: CNY, term: {start: 2026-01-05, end: "
        "2026-12-31}, parties: [{id: p}]}"
    )


@pytest.mark.parametrize("budget", [5, "5", Decimal(5), {"amount": 5}, [5], [{"amount": "5"}]])
def test_a_dated_value_may_be_bare_an_entry_or_a_list(budget: object) -> None:
    """All forms of one undated budget are equal."""
    assert build_agreement(phase(budget=budget)) == build_agreement(phase(budget=5))


def test_the_newest_entry_not_after_a_day_counts() -> None:
    """An undated entry holds until a dated one does."""
    budget = [{"amount": 3, "on": "2026-03-01"}, 1, {"amount": 2, "on": "2026-02-01"}]
    entries = build_agreement(phase(budget=budget)).phases[0].budget
    seen = [
        newest(entries, day)
        for day in (date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))
    ]
    assert [entry and entry.amount.value for entry in seen] == [1, 2, 2, 3]
    assert newest(entries[:1], date(2026, 1, 1)) is None


def test_dates_of_a_dated_value_differ() -> None:
    """Two entries for one day, or two without a day, contradict each other."""
    twice = [{"amount": 1, "on": "2026-02-01"}, {"amount": 2, "on": "2026-02-01"}]
    assert codes(phase(budget=twice)) == [("phases[0].budget[1].on", "duplicate-date")]
    assert codes(phase(budget=[1, 2])) == [("phases[0].budget[1].on", "duplicate-date")]


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"planned": {"start": "2026-03-31", "end": "2026-03-30"}}, "planned.end", "wrong-order"),
        ({"actual": {"start": "2026-03-31", "end": "2026-03-30"}}, "actual.end", "wrong-order"),
        ({"original": {"start": "2026-03-31", "end": "2026-03-30"}}, "original.end", "wrong-order"),
        ({"budget": -1}, "budget[0].amount", "negative-amount"),
        ({"budget": "0.001"}, "budget[0].amount", "too-fine-money"),
        ({"original": {"budget": "0.001"}}, "original.budget", "too-fine-money"),
        ({"forecast": {"cost": "1.005", "on": "2026-02-01"}}, "forecast[0].cost", "too-fine-money"),
        ({"spending": [{"on": "2026-02-01", "amount": "-0.001"}]}, "spending[0].amount", "too-fine-money"),
        ({"spending": [{"on": "2026-02-01", "amount": "5 USD"}]}, "spending[0].amount", "missing-rate"),
        ({"forecast": {"on": "2026-02-01"}}, "forecast[0]", "missing-key"),
        ({"buffer": "1 month"}, "buffer", "wrong-unit"),
        ({"milestones": [{"id": "m"}]}, "milestones[0].due", "missing-key"),
        ({"milestones": {"id": "m"}}, "milestones", "wrong-type"),
        ({"milestones": {"a", "b"}}, "milestones", "wrong-type"),
        ({"planned": []}, "planned", "wrong-type"),
        (
            {"tasks": [{"id": "t", "planned": WINDOW, "progress": "120 %"}]},
            "tasks[0].progress[0].is",
            "out-of-range",
        ),
        (
            {"tasks": [{"id": "t", "planned": WINDOW, "status": "Dne"}]},
            "tasks[0].status[0].is",
            "wrong-choice",
        ),
        ({"colour": "red"}, "colour", "unknown-key"),
    ],
)
def test_a_phase_refuses(fields: dict[str, Any], place: str, code: str) -> None:
    """Each fault is at its value."""
    assert codes(phase(**fields)) == [(f"phases[0].{place}", code)]


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"term": {"start": "2026-01-06", "end": "2026-01-05"}}, "term.end", "wrong-order"),
        ({"currency": "YUAN"}, "currency", "unknown-currency"),
        ({"parties": []}, "parties", "no-parties"),
        ({"rates": [{"currency": "USD", "on": "2026-01-05", "rate": 0}]}, "rates[0].rate", "out-of-range"),
        ({"kpis": [{"id": "k", "scale": {"from": 5, "to": 5}}]}, "kpis[0].scale.to", "wrong-order"),
        ({"calendar": {"country": "China"}}, "calendar.country", "not-a-country"),
        ({"calendar": {"subdivision": "HK"}}, "calendar", "missing-key"),
        ({"custom": {"a": [1]}}, "custom.a", "wrong-type"),
        ({"custom": {"a b": 1}}, "custom.a b", "not-an-identifier"),
        ({"risks": [{"id": "r", "title": "R", "impact": 6}]}, "risks[0].impact[0].is", "out-of-range"),
        ({5: 1}, "[5]", "unknown-key"),
    ],
)
def test_an_agreement_refuses(fields: dict[str, Any], place: str, code: str) -> None:
    """Each fault is at its value."""
    assert codes({**BASE, **fields}) == [(place, code)]


def test_equal_days_and_trailing_zeros_are_fine() -> None:
    """A window of one day, a round figure and a refund are not faults."""
    one_day = {"start": "2026-01-05", "end": "2026-01-05"}
    build_agreement(
        phase(
            planned=one_day, actual=one_day, budget="5.000", spending=[{"on": "2026-02-01", "amount": "-1"}]
        )
    )


def test_a_rate_holds_from_its_day_on() -> None:
    """Money spent before the first rate cannot be converted; undated money counts from the term's start."""
    rates = [{"currency": "USD", "on": "2026-02-01", "rate": "7.1"}]
    spending = [{"on": "2026-01-31", "amount": "1 USD"}, {"on": "2026-02-01", "amount": "1 USD"}]
    mapping = {**phase(spending=spending, budget="9 USD"), "rates": rates}
    assert codes(mapping) == [
        ("phases[0].budget[0].amount", "missing-rate"),
        ("phases[0].spending[0].amount", "missing-rate"),
    ]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"parties": [{"id": "p"}, {"id": "p"}]}, "parties[1].id"),
        ({"kpis": [{"id": "k"}, {"id": "k"}]}, "kpis[1].id"),
        ({"team": {"members": [{"id": "m"}], "bodies": [{"id": "m"}]}}, "team.bodies[0].id"),
        ({"rates": [{"currency": "USD", "on": "2026-01-05", "rate": 7}] * 2}, "rates[1].on"),
        ({"phases": [{"id": "x", "planned": WINDOW}] * 2}, "phases[1].id"),
        (phase(milestones=[{"id": "m", "due": "2026-01-05"}] * 2), "phases[0].milestones[1].id"),
    ],
)
def test_an_id_occurs_once_in_its_namespace(fields: dict[str, Any], place: str) -> None:
    """Members and bodies share a namespace; milestones have one in each phase."""
    assert codes({**BASE, **fields}) == [(place, "duplicate-id")]


def test_every_subject_has_a_name_and_a_path() -> None:
    """Subjects are named as warnings name them."""
    found = subjects(load_agreement(EXAMPLES / "pilot" / "agreement.yaml"))
    assert found["agreement"] == ()
    assert found["milestone/core/first-delivery"] == ("phases", 1, "milestones", 0)
    assert found["member/pm"] == ("team", "members", 0)
    assert {
        "phase/setup",
        "kpi/satisfaction",
        "goal/faster-delivery",
        "task/core/t1",
        "risk/double-booking",
    } <= set(found)


def test_threads_may_load_at_once() -> None:
    """The first use of the model is safe in every thread of a new process."""
    program = (
        "import sys\nfrom concurrent.futures import ThreadPoolExecutor\nfrom coopgov.model import load_agreement\n"
        "with ThreadPoolExecutor(8) as pool: found = list(pool.map(load_agreement, [sys.argv[1]] * 8))\n"
        "assert all(each == found[0] for each in found)\n"
    )
    path = str(EXAMPLES / "full" / "agreement.yaml")
    subprocess.run([sys.executable, "-W", "error", "-c", program, path], check=True, timeout=60)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(load_agreement, [path] * 8))) == 1


def test_the_class_checks_itself() -> None:
    """Whoever builds the class directly gets the same faults from pydantic."""
    with pytest.raises(ValidationError, match="unknown-owner"):
        Agreement.model_validate({**BASE, "risks": [{"id": "r", "title": "R", "owner": "nobody"}]})
