"""Contracts in OCDS: values before and after amendments, milestones without days, payments listed twice."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.errors import SourceError
from coopgov.imports import Import, read_new
from importing import DAY, codes, read

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.model import Phase


def release(day: str, *tags: str, amount: float | None = None, **contract: Any) -> dict[str, Any]:
    """A release with one contract."""
    value = {} if amount is None else {"value": {"amount": amount, "currency": "CNY"}}
    return {
        "ocid": "o-1",
        "id": day,
        "date": f"{day}T00:00:00Z",
        "tag": list(tags),
        "contracts": [{"id": "core", "title": "Works", **value, **contract}],
    }


def package(*releases: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A package of releases."""
    return {"publishedDate": "2026-06-30T01:00:00Z", "releases": list(releases), **more}


def new(tmp_path: Path, data: object) -> tuple[Import, Phase]:
    """What is read of a file, and the phase of its first contract."""
    source = tmp_path / "ocds.json"
    source.write_text(json.dumps(data), encoding="utf-8")
    found = read_new(source)
    return found, found.agreements[0].phases[0]


def test_the_newest_release_counts_and_each_dated_value_is_a_baseline(tmp_path: Path) -> None:
    """The first is the original."""
    period = {"period": {"startDate": "2026-01-01T00:00:00Z", "endDate": "2026-12-31T00:00:00Z"}}
    found, phase = new(
        tmp_path,
        package(
            release("2026-03-01", "contractUpdate", amount=120),
            release("2026-01-01", "contract", amount=100, **period),
        ),
    )
    assert (found.on, str(phase.budget[0].amount)) == (DAY, "120")
    assert phase.planned.end == date(2026, 12, 31)
    assert phase.original is not None
    assert str(phase.original.budget) == "100"
    assert [(each.on, str(each.budget)) for each in phase.baselines] == [
        (date(2026, 1, 1), "100"),
        (date(2026, 3, 1), "120"),
    ]


def test_an_amendment_can_hold_the_value_before(tmp_path: Path) -> None:
    """The compiled value of a record counts, and each dated value is a baseline."""
    releases = [
        release("2026-01-01", "contract", amount=100),
        release("2026-03-01", "contractAmendment", amount=100),
    ]
    compiled = release("2026-03-01", "compiled", amount=150)
    _, phase = new(
        tmp_path,
        {"publishedDate": "2026-06-30", "records": [{"releases": releases, "compiledRelease": compiled}]},
    )
    assert str(phase.budget[0].amount) == "150"
    assert [str(each.budget) for each in phase.baselines] == ["100"]


def test_milestones_are_met_with_or_without_a_day(tmp_path: Path) -> None:
    """What is met without `dateMet` has a status and no day; not met before it is due is reported."""
    milestones = [
        {"id": "m1", "title": "First", "status": "met", "dueDate": "2026-05-01"},
        {"id": "m2", "title": "Second", "status": "notMet", "dueDate": "2026-12-01"},
        {"id": "m3", "title": "Third", "status": "partiallyMet", "dueDate": "2026-05-01"},
        {
            "id": "m4",
            "title": "Fourth",
            "status": "met",
            "dueDate": "2026-05-01",
            "dateMet": "2026-05-02T00:00:00Z",
        },
        {"id": "m5", "title": "Fifth", "status": "scheduled", "dueDate": "2026-13-01"},
    ]
    found, phase = new(tmp_path, package(release("2026-01-01", amount=1, milestones=milestones)))
    assert [(each.id, each.met, [one.value for one in each.status]) for each in phase.milestones] == [
        ("m1", None, ["met"]),
        ("m2", None, ["not met"]),
        ("m3", None, ["partially met"]),
        ("m4", date(2026, 5, 2), ["met"]),
        ("m5", None, []),
    ]
    assert (codes(found)["met-without-day"], "not-met-before-due" in codes(found)) == (
        "1 milestones are met without a day: m1",
        True,
    )
    assert {str(each.what) for each in found.lost} == {
        "milestones.status",
        "releases.id",
        "values that cannot be read",
    }


def payments(*entries: dict[str, Any]) -> dict[str, Any]:
    """The implementation of a contract with payments."""
    return {"implementation": {"transactions": list(entries)}}


def test_payments_count_as_often_as_they_are_listed(tmp_path: Path) -> None:
    """Probable duplicates are reported; of one id the last counts; a missing day or currency is completed."""
    one: dict[str, Any] = {"value": {"amount": 10, "currency": "CNY"}, "date": "2026-02-01"}
    listed: list[dict[str, Any]] = [
        one,
        one,
        {"id": "p1", **one},
        {"id": "p1", "value": {"amount": 12, "currency": "CNY"}, "date": "2026-02-01"},
        {"id": "p2", "value": {"amount": 5}},
        {"id": "p3", "value": {"amount": -3, "currency": "CNY"}, "date": "2026-02-03"},
        {"id": "p4", "value": {"amount": 5, "currency": "USD"}, "date": "2026-02-03"},
        {"id": "p5", "date": "2026-02-03"},
    ]
    found, phase = new(tmp_path, package(release("2026-03-01", amount=100, **payments(*listed))))
    assert [(each.id, str(each.amount), each.on) for each in phase.spending] == [
        (None, "10", date(2026, 2, 1)),
        (None, "10", date(2026, 2, 1)),
        ("p1", "12", date(2026, 2, 1)),
        ("p2", "5", date(2026, 3, 1)),
        ("p3", "-3", date(2026, 2, 3)),
    ]
    assert {"duplicate-payments", "payment-replaced", "payment-of-release", "payment-currency"} <= set(
        codes(found)
    )
    assert [each.code for each in found.rejected] == ["unknown-currency", "not-an-amount"]


@pytest.mark.parametrize("shape", ["package", "release", "record"])
def test_versions_and_shapes(tmp_path: Path, shape: str) -> None:
    """A package of releases (1.0 and 1.1), one release, and records."""
    one = release("2026-01-01", amount=100)
    data = {
        "package": package(one),
        "release": one,
        "record": {
            "publishedDate": "2026-06-30",
            "version": "1.1",
            "records": [{"ocid": "o-1", "compiledRelease": one}],
        },
    }[shape]
    _, phase = new(tmp_path, data)
    assert str(phase.budget[0].amount) == "100"


def test_a_part_has_only_what_the_agreement_knows(tmp_path: Path) -> None:
    """Payments of known contracts and statuses of known milestones; the rest is lost, with its count."""
    milestones = [{"id": "m1", "status": "met", "dateMet": "2026-05-30"}, {"id": "m9", "status": "met"}]
    paid = payments({"id": "p1", "value": {"amount": 5, "currency": "CNY"}, "date": "2026-02-01"})
    data = package(
        release("2026-01-01", amount=9, milestones=milestones, **paid),
        {"ocid": "o-2", "contracts": [{"id": "x"}]},
    )
    found = read(tmp_path, json.dumps(data), "from: ocds\n", as_of=None)
    assert found.part is not None
    (phase,) = found.part.phases
    assert ([each.id for each in phase.milestones], [each.id for each in phase.spending]) == (["m1"], ["p1"])
    assert {str(each.what): each.count for each in found.lost} == {
        "milestones that the agreement lacks": 1,
        "contracts or activities that the agreement lacks": 1,
        "contracts.value": 1,
        "releases.id": 1,
    }


def test_a_contract_without_a_currency_is_rejected(tmp_path: Path) -> None:
    """Nothing is guessed."""
    source = tmp_path / "ocds.json"
    source.write_text(json.dumps(package(release("2026-01-01"))), encoding="utf-8")
    found = read_new(source)
    assert (found.agreements, [each.code for each in found.rejected]) == ((), ["unknown-currency"])


@pytest.mark.parametrize("text", ["{", "[]", "", '{"releases": 3}'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    """Or have no day."""
    with pytest.raises(SourceError):
        read(tmp_path, text, "from: ocds\n", as_of=None)
