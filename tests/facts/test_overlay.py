"""What an assessment finds lies beside the facts, which stay as they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import coopgov
from coopgov.assessment.assess import Assessor
from coopgov.facts.overlay import with_values

AS_OF = date(2026, 6, 30)
AGREEMENTS = sorted(path for path in Path("examples").glob("*/agreement.yaml"))
OWN = coopgov.parse_rules("""
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: begun, about: phase, kind: delay, when: as_of at least planned_start, severity: minor, message: m}
  - {id: many, about: agreement, kind: data, when: count(warnings) at least 1, severity: major, message: m}
  - {id: warned, about: phase, kind: data, when: any(warnings where rule is "begun"), severity: notice, message: m}
  - {id: waived, about: waiver, kind: data, when: not rule_known, severity: notice, message: m}
""")


def plain(value: Any, names: dict[int, str]) -> Any:
    """A value of a record, with other records by their names."""
    if isinstance(value, dict):
        return names.get(id(value), value)
    return [plain(each, names) for each in value] if isinstance(value, list) else value


def snapshot(facts: coopgov.Facts) -> dict[str, Any]:
    """Everything in facts, as plain values; keys that are added count."""
    names = {id(subject.record): subject.id for subject in facts}
    return {
        subject.id: (
            {name: plain(value, names) for name, value in subject.record.items()},
            dict(subject.places),
        )
        for subject in facts
    }


@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda path: path.parent.name)
def test_facts_can_be_assessed_twice_with_different_rules(path: Path) -> None:
    """Each assessment finds what it finds in fresh facts, in either order, and leaves the facts as they were."""
    agreement = coopgov.load_agreement(path)
    packs = (coopgov.load_rules(), OWN)
    alone = [coopgov.assess(agreement, rules, as_of=AS_OF) for rules in packs]
    facts = coopgov.derive(agreement, AS_OF)
    before = snapshot(facts)
    for rules, expected in [*zip(packs, alone, strict=True)] * 2:
        assert Assessor(agreement, rules, AS_OF, "en", facts=facts).run() == expected
        assert snapshot(facts) == before
    assert not any("warnings" in subject.record for subject in facts)


@pytest.mark.parametrize("path", AGREEMENTS, ids=lambda path: path.parent.name)
def test_copied_records_refer_to_copies(path: Path) -> None:
    """Copies refer only to copies, in both directions, so that all subjects see an added value; all else is equal."""
    facts = coopgov.derive(coopgov.load_agreement(path), AS_OF)
    copied = with_values(facts, {"agreement": {"extra": 1}})
    old, new = ({id(subject.record) for subject in each} for each in (facts, copied))
    assert not old & new
    for subject in copied:
        for value in subject.record.values():
            linked = value if isinstance(value, list) else [value]
            assert not {id(each) for each in linked} & old
    expected = snapshot(facts)
    expected["agreement"][0]["extra"] = 1
    assert snapshot(copied) == expected


def test_an_assessment_knows_whether_the_rule_of_a_waiver_exists() -> None:
    """The facts do not: rules are not known when they are derived."""
    agreement = coopgov.build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "a",
            "title": "A",
            "currency": "CNY",
            "term": {"start": date(2026, 1, 1), "end": date(2026, 12, 31)},
            "parties": [{"id": "p"}],
            "waivers": [
                {"rule": "nothing", "about": "agreement", "reason": "R", "until": date(2026, 12, 31)},
                {"rule": "many", "about": "agreement", "reason": "R", "until": date(2026, 12, 31)},
            ],
        }
    )
    facts = coopgov.derive(agreement, AS_OF)
    found = Assessor(agreement, OWN, AS_OF, "en", facts=facts).run()
    (warning,) = (each for each in found.warnings if each.rule == "waived")
    assert warning.about == "waiver/nothing@agreement"
    assert [each.fact for each in warning.evidence] == ["rule_known"]
    assert facts.value("waiver/nothing@agreement", "rule_known") is None
