"""Assessing the pilot gives exactly what its `expected.yaml` promises."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.assessment.assess import assess
from coopgov.model import load_agreement
from coopgov.rules import load_rules
from coopgov.source import plain, read_document

if TYPE_CHECKING:
    from coopgov.assessment.result import Assessment, EarlyWarning

PILOT = Path(__file__).parents[2] / "examples" / "pilot"
CASES: list[dict[str, Any]] = plain(
    read_document((PILOT / "expected.yaml").read_bytes(), "expected.yaml").root
)  # type: ignore[assignment]
KNOWN = {
    "case": {"with", "as_of", "warnings", "no_warning", "undetermined"},
    "warning": {
        "rule",
        "about",
        "severity",
        "value",
        "unit",
        "escalation",
        "actions",
        "past",
        "inhibited_by",
    },
    "entry": {"rule", "about"},
}


def label(case: dict[str, Any]) -> str:
    """Name a case by its rules and date."""
    return f"{case['with']}-{case['as_of']}"


cases = pytest.mark.parametrize("case", CASES, ids=label)


def assessed(case: dict[str, Any]) -> Assessment:
    """Assess the pilot as a case says."""
    rules = None if case["with"] == "default" else load_rules(PILOT / case["with"])
    return assess(load_agreement(PILOT / "agreement.yaml"), rules, as_of=date.fromisoformat(case["as_of"]))


def found(case: dict[str, Any], entry: dict[str, Any]) -> EarlyWarning:
    """The one warning of a rule for a subject."""
    matching = [one for one in assessed(case).warnings if one.id == f"{entry['rule']}@{entry['about']}"]
    assert len(matching) == 1, f"{entry} is given {len(matching)} times"
    return matching[0]


@cases
def test_every_key_is_one_this_test_reads(case: dict[str, Any]) -> None:
    """Nothing that is expected goes unread."""
    assert set(case) <= KNOWN["case"]
    assert all(set(entry) <= KNOWN["warning"] for entry in case.get("warnings", ()))
    for name in ("no_warning", "undetermined"):
        assert all(set(entry) == KNOWN["entry"] for entry in case.get(name, ()))


@cases
def test_expected_warnings_are_given(case: dict[str, Any]) -> None:
    """Severity, value, unit, escalation, actions with their broken strains, past and inhibited are as expected."""
    for entry in case.get("warnings", ()):
        one = found(case, entry)
        assert one.severity == entry.get("severity", one.severity)
        assert one.past is (entry.get("past") == "true")
        assert one.inhibited_by == entry.get("inhibited_by")
        if "value" in entry:
            assert one.measure is not None
            assert one.measure.value == pytest.approx(float(entry["value"]), rel=1e-15)
        if "unit" in entry:
            assert one.measure is not None
            assert one.measure.unit == entry["unit"]
        if "escalation" in entry:
            assert one.escalation is not None
            assert {"to": one.escalation.to, "by": one.escalation.by.isoformat()} == entry["escalation"]
        strained = {action.id: list(action.strained) for action in one.actions}
        for action, strains in entry.get("actions", {}).items():
            assert strained[action] == strains


@cases
def test_what_is_fine_gives_no_warning(case: dict[str, Any]) -> None:
    """Subjects that are named as fine have no such warning."""
    given = {one.id for one in assessed(case).warnings}
    assert not given & {f"{entry['rule']}@{entry['about']}" for entry in case.get("no_warning", ())}


@cases
def test_what_cannot_be_decided_is_undetermined(case: dict[str, Any]) -> None:
    """Absent data is reported, not read as health."""
    given = {(one.rule, one.about) for one in assessed(case).undetermined}
    assert {(entry["rule"], entry["about"]) for entry in case.get("undetermined", ())} <= given


def test_a_cadence_is_missed_on_the_day_after_it_is_due() -> None:
    """The pilot's review at the end of April was due again on 1 June, after a Sunday; it is missed from 2 June on."""
    pilot = load_agreement(PILOT / "agreement.yaml")
    for day, missed in ((1, False), (2, True)):
        ids = {one.id for one in assess(pilot, as_of=date(2026, 6, day)).warnings}
        assert ("meeting-missed@meeting/review" in ids) is missed
