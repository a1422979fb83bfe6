"""A contradiction in an agreement is a fault, and a level that is to be held is watched."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov import (
    AgreementError,
    ChangeError,
    assess,
    build_agreement,
    derive,
    dump_agreement,
    load_agreement,
    parse_agreement,
    what_if,
)
from coopgov.testing import kpis
from coopgov.testing.strategies.scalars import numbers
from small import least

if TYPE_CHECKING:
    from coopgov import Agreement
    from coopgov.assessment.result import Assessment
    from coopgov.model import Kpi

HERE = Path(__file__).parent
NOW = date(2026, 7, 10)
BASE = least("a", "b")


def agreed(**fields: Any) -> Agreement:
    """An agreement with these fields."""
    return build_agreement({**BASE, **deepcopy(fields)})


def measured(*values: float, **fields: Any) -> Assessment:
    """The assessment of one KPI, read on the first days of June."""
    readings = [{"on": f"2026-06-0{day}", "value": value} for day, value in enumerate(values, start=1)]
    return assess(agreed(kpis=[{"id": "k", "source": "S", **fields, "readings": readings}]), as_of=NOW)


def shown(assessment: Assessment) -> list[tuple[str, str]]:
    """Rules and severities of the warnings about KPIs and phases, and the undetermined rules."""
    about = ("kpi/", "phase/", "milestone/", "task/", "deliverable/")
    warned = [(each.rule, each.severity) for each in assessment.warnings if each.about.startswith(about)]
    return [*warned, *((each.rule, "undetermined") for each in assessment.undetermined)]


def faults(**fields: Any) -> list[str]:
    """The faults of an agreement with these fields, one line each."""
    with pytest.raises(AgreementError) as caught:
        agreed(**fields)
    return [str(fault) for fault in caught.value.faults]


# Directions -----------------------------------------------------------------------------------------------------------


def test_a_target_below_the_baseline_needs_a_direction() -> None:
    """The fault is at the target and names both readings; nothing is guessed."""
    with pytest.raises(AgreementError) as caught:
        load_agreement(HERE / "09-direction-from-target" / "agreement.yaml", "agreement.yaml")
    assert [str(fault).split("\n")[0] for fault in caught.value.faults] == [
        (
            "agreement.yaml:8:105: direction-needed: found a target of 24 below the baseline of "
            "30, expected the direction "
            "beside it; write `direction: down` (less is better) or `direction: up` (the target is a level to hold)"
        )
    ]


def test_a_written_direction_makes_it_a_level_to_hold() -> None:
    """`up` with a target below the baseline is not a fault; there is no way to go, and some rules are undetermined."""
    agreement = load_agreement(HERE / "09-direction-from-target" / "written.yaml")
    assert shown(assess(agreement, as_of=NOW)) == [("kpi-not-held", "undetermined")]


@pytest.mark.parametrize("hint", ["down", "up"])
def test_both_readings_of_the_hint_are_accepted(hint: str) -> None:
    """What the fault says to write loads."""
    text = (HERE / "09-direction-from-target" / "agreement.yaml").read_text(encoding="utf-8")
    assert (
        parse_agreement(text.replace("unit: days,", f"unit: days, direction: {hint},")).kpis[0].direction
        == hint
    )


@pytest.mark.parametrize(
    ("baseline", "target"),
    [(30, 24), ("30", "24"), (Decimal("0.3"), 0.29), ("3e1", "29.999"), (0, "-0.001"), (-1, -2)],
)
def test_every_way_of_writing_a_number_is_compared(baseline: object, target: object) -> None:
    """Texts, floats, decimals and exponents are compared as the numbers that they denote."""
    kpi = {"id": "k", "baseline": {"value": baseline}, "target": {"value": target}}
    (fault,) = faults(kpis=[kpi])
    assert fault.startswith("kpis[0].target.value: direction-needed: ")


@pytest.mark.parametrize(
    "fields",
    [
        {"baseline": {"value": 30}, "target": {"value": 30}},
        {"baseline": {"value": 30}, "target": {"value": "30.0"}},
        {"baseline": {"value": 30}, "target": {"value": 31}},
        {"baseline": {"value": 30}},
        {"target": {"value": 24}},
        {"baseline": {"value": 30}, "target": {"value": 24}, "direction": "down"},
    ],
)
def test_where_nothing_is_open_no_direction_is_needed(fields: dict[str, Any]) -> None:
    """An equal or better target, or one without a baseline, is read as `up`, as before."""
    agreement = agreed(kpis=[{"id": "k", **fields}])
    assert parse_agreement(dump_agreement(agreement)) == agreement


def test_all_such_faults_are_reported_at_once() -> None:
    """Of every KPI, together with what is off its scale."""
    line = {"baseline": {"value": 4}, "target": {"value": 3}}
    scale = {"from": 1, "to": 3}
    assert [
        text.split(": found")[0]
        for text in faults(kpis=[{"id": "k", **line}, {"id": "l", **line, "scale": scale}])
    ] == [
        "kpis[0].target.value: direction-needed",
        "kpis[1].baseline.value: off-scale",
        "kpis[1].target.value: direction-needed",
    ]


# Scales ---------------------------------------------------------------------------------------------------------------


def test_a_reading_off_its_scale_is_a_fault() -> None:
    """The fault is at the reading."""
    with pytest.raises(AgreementError) as caught:
        load_agreement(HERE / "10-off-scale" / "agreement.yaml", "agreement.yaml")
    assert [str(fault).split("\n")[0] for fault in caught.value.faults] == [
        'agreement.yaml:7:111: off-scale: found "45", expected a value from 1 to 5, as the scale says'
    ]


@pytest.mark.parametrize("value", [0, "0.999", 5.001, Decimal("5.01"), -1, "100"])
def test_every_value_of_a_kpi_is_held_to_its_scale(value: object) -> None:
    """Readings, baselines, targets and floors, of Python objects as of files."""
    kpi: dict[str, Any] = {"id": "k", "scale": {"from": 1, "to": 5}, "direction": "up"}
    wrong: dict[str, dict[str, Any]] = {
        "readings[1].value": {
            "readings": [{"on": "2026-01-31", "value": 4}, {"on": "2026-02-28", "value": value}]
        },
        "baseline.value": {"baseline": {"value": value}},
        "target.value": {"target": {"value": value}},
        "floor": {"floor": value},
    }
    expected = f'off-scale: found "{value}", expected a value from 1 to 5, as the scale says'
    assert {where: faults(kpis=[kpi | more]) for where, more in wrong.items()} == {
        where: [f"kpis[0].{where}: {expected}"] for where in wrong
    }


def test_the_ends_of_a_scale_belong_to_it() -> None:
    """1 and 5 are values from 1 to 5; the score lies within 0 and 100."""
    ends = [{"on": "2026-01-31", "value": 1}, {"on": "2026-02-28", "value": 5}]
    agreement = agreed(kpis=[{"id": "k", "scale": {"from": 1, "to": 5}, "readings": ends, "floor": 1}])
    scores = [derive(agreement, date(2026, month, 28)).value("kpi/k", "score") for month in (2, 1)]
    assert scores == [100, None]
    assert derive(agreement, date(2026, 1, 31)).value("kpi/k", "score") == 0


def test_what_is_tried_out_is_held_to_the_same() -> None:
    """A change off the scale, or below the baseline where no direction was written, is refused like a file."""
    kpi = {"id": "k", "scale": {"from": 1, "to": 5}, "baseline": {"value": 3}, "target": {"value": 4}}
    with pytest.raises(ChangeError) as caught:
        what_if(agreed(kpis=[kpi]), None, {"kpi/k.value": 45, "kpi/k.target": 2}, as_of=NOW)
    assert [str(fault) for fault in caught.value.faults] == [
        (
            "kpi/k.target: direction-needed: found a target of 2 below the baseline of 3, "
            "expected the direction beside it; "
            "change kpi/k.direction, too"
        ),
        'kpi/k.value: off-scale: found "45", expected a value from 1 to 5, as the scale says',
    ]
    changes = {"kpi/k.direction": "up", "kpi/k.target": 2, "kpi/k.value": 1}
    assert ("kpi-not-held", "critical") in shown(what_if(agreed(kpis=[kpi]), None, changes, as_of=NOW).after)


# Levels to hold -------------------------------------------------------------------------------------------------------


def test_a_line_of_no_days_is_decided_all_the_same() -> None:
    """A target day that is the baseline's, or earlier, leaves nothing undetermined."""
    line = {"baseline": {"value": 0, "on": "2026-05-01"}, "target": {"value": 10, "by": "2026-05-01"}}
    assert shown(measured(5, **line)) == [("kpi-behind", "major")]


def test_a_kpi_that_fell_from_the_level_to_be_held_is_reported() -> None:
    """From 90 to 10 is 88.9 % of the level."""
    assessment = assess(load_agreement(HERE / "11-kpi-held" / "agreement.yaml"), as_of=date(2026, 7, 1))
    warning = assessment.warnings[0]
    assert (warning.id, warning.severity, warning.message) == (
        "kpi-not-held@kpi/k",
        "critical",
        "k is at 10 points; it was to be held at 90 points.",
    )
    assert warning.measure
    assert warning.threshold
    assert (warning.measure.text, warning.threshold.text) == ("88.9 %", "above 25 %")
    assert assessment.undetermined == ()
    assert {action.id for action in warning.actions} == {
        "outside-consultants",
        "pause-what-follows",
        "remedies",
        "stricter-audits",
    }


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "value", "severity"),
    [
        ("up", 99, 98, 98, None),
        ("up", 99, 98, 100, None),
        ("up", 99, 98, 97.9, "minor"),
        ("up", 100, 100, 90, "minor"),
        ("up", 100, 100, 89.9, "major"),
        ("up", 100, 100, 75, "major"),
        ("up", 100, 100, 74.9, "critical"),
        ("down", 2, 4, 4, None),
        ("down", 2, 4, 4.1, "minor"),
        ("down", 2, 4, 5.1, "critical"),
        ("up", 0, 0, -3, "minor"),
        ("down", 0, 0, 1e9, "minor"),
        ("down", 0, 0, 0, None),
        ("up", -10, -10, -12, "major"),
        ("down", -10, -8, -7.5, "minor"),
    ],
)
def test_how_far_a_level_is_missed(
    direction: str, baseline: float, target: float, value: float, severity: str | None
) -> None:
    """As a share of the size of the target, above 0, 10 and 25 %; a level of 0 has no shares."""
    line = {"direction": direction, "baseline": {"value": baseline}, "target": {"value": target}}
    assert shown(measured(value, **line)) == [("kpi-not-held", severity)] * (severity is not None)


def test_the_newest_reading_counts() -> None:
    """A level that was missed once and is held again is held."""
    line = {"baseline": {"value": 90}, "target": {"value": 90}}
    assert shown(measured(10, 90, **line)) == []
    assert shown(measured(90, 10, **line)) == [("kpi-not-held", "critical")]


def test_a_goal_is_missed_where_its_level_is_not_held() -> None:
    """Reached means the same for a level as for a way."""
    goal = {"id": "g", "statement": "G", "due": "2026-06-30", "kpis": ["k"], "owner": "a"}
    for value, missed in ((98, False), (97, True)):
        kpi = {"id": "k", "direction": "up", "baseline": {"value": 99}, "target": {"value": 98}}
        read = agreed(goals=[goal], kpis=[kpi | {"readings": [{"on": "2026-06-01", "value": value}]}])
        assert ("goal-missed" in {each.rule for each in assess(read, as_of=NOW).warnings}) is missed


@given(kpis())
def test_no_kpi_that_loads_leaves_its_direction_open(kpi: Kpi) -> None:
    """A target below the baseline has its direction written."""
    if kpi.baseline and kpi.target and kpi.target.value < kpi.baseline.value:
        assert "direction" in kpi.model_fields_set


@settings(deadline=None)
@given(
    numbers,
    numbers,
    st.sampled_from(["up", "down"]),
    st.lists(st.tuples(st.dates(date(2026, 1, 1), NOW), numbers), max_size=3, unique_by=lambda one: one[0]),
)
def test_a_level_that_is_known_to_be_missed_is_never_clear(
    one: float, other: float, direction: str, read: list[tuple[date, float]]
) -> None:
    """A newest reading that is worse than the level, by any size, gives a warning; without one, it is undetermined."""
    low, high = sorted((Decimal(str(one)), Decimal(str(other))))
    baseline, target = (high, low) if direction == "up" else (low, high)
    kpi = {"id": "k", "direction": direction, "baseline": {"value": baseline}, "target": {"value": target}}
    readings = [{"on": day, "value": value} for day, value in read]
    said = dict(shown(assess(agreed(kpis=[{**kpi, "readings": readings}]), as_of=NOW)))
    judged = {rule: severity for rule, severity in said.items() if rule in ("kpi-not-held", "kpi-behind")}
    if not read:
        assert judged == {"kpi-not-held": "undetermined"}
        return
    value = Decimal(str(max(read)[1]))
    worse = target - value if direction == "up" else value - target
    if worse <= 0:
        assert judged == {}
    elif worse > Decimal("1e-11") * max(Decimal(1), abs(target)):
        assert judged.keys() == {"kpi-not-held"}
        assert judged["kpi-not-held"] in ("minor", "major", "critical")
