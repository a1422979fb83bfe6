"""Ladders rise with severity, and a break is reported where it was written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import RulesError
from coopgov.language import to_text
from coopgov.rules import parse_rules

if TYPE_CHECKING:
    from coopgov.backends.ir import Step

HEAD = "coopgov: rules/1\npack: p\nversion: 1.0.0\n"
EXTENDING = HEAD + "extends: [cooperation-plan]\n"


def rule(body: str, *, id: str = "r", about: str = "phase", message: str = "m") -> str:  # noqa: A002
    """A rule file's entry."""
    return f"  - {{id: {id}, about: {about}, kind: delay, message: {message!r}, {body}}}\n"


def shown(text: str, name: str = "r.yaml") -> str:
    """The faults of a text, as printed."""
    with pytest.raises(RulesError) as caught:
        parse_rules(text, name)
    return str(caught.value)


def ladder(bands: str, measure: str = "delay / window", head: str = HEAD) -> str:
    """A rule file with one ladder in its last line."""
    return f"{head}rules:\n{rule(f'measure: {measure}, bands: {{{bands}}}')}"


def steps(bands: str, measure: str = "delay / window") -> tuple[Step, ...]:
    """The steps of a ladder."""
    return parse_rules(ladder(bands, measure)).rule("r").check.steps


def test_steps_are_worst_first() -> None:
    """Whatever the order of the file, the worst band is asked for first, with what it compares with."""
    found = steps("minor: above 10 %, critical: above 30 %, notice: above 5 %, major: above 20 %")
    assert [step.severity for step in found] == ["critical", "major", "minor", "notice"]
    assert [to_text(step.threshold) for step in found if step.threshold] == ["30 %", "20 %", "10 %", "5 %"]


@pytest.mark.parametrize(
    "bands",
    [
        "minor: above 10 %, major: above 20 %",
        "minor: at least 10 %, major: above 20 %",
        "minor: below 20 %, major: below 10 %",
        "minor: at most 20 %, major: below 10 %",
        "minor: above 0.1, major: above 11 %",
        "minor: between 10 % and 20 %, major: above 20 %",
        "minor: above 10 %, major: 'in [50 %]'",
        "minor: above start_delay / window, major: above 5 %",
        "major: above 5 %",
    ],
)
def test_ladders_that_rise(bands: str) -> None:
    """They rise for `above` and fall for `below`; a threshold that is not constant is not checked."""
    assert steps(bands)


@pytest.mark.parametrize(
    ("bands", "fault"),
    [
        (
            "minor: above 10 %, major: above 5 %",
            "`above 5 %`, which is 5 % for major, expected more than in the band minor",
        ),
        (
            "minor: above 10 %, major: above 10 %",
            "`above 10 %`, which is 10 % for major, expected more than in the band minor",
        ),
        (
            "minor: below 10 %, major: below 20 %",
            "`below 20 %`, which is 20 % for major, expected less than in the band minor",
        ),
        (
            "minor: above 10 %, major: below 5 %",
            "`below 5 %`, which is 5 % for major, expected the same direction as the band minor",
        ),
        (
            "minor: above 10 %, major: above 0.05",
            "`above 0.05`, which is 0.05 for major, expected more than in the band minor",
        ),
        (
            "notice: above 20 %, minor: above window / window, major: above 10 %",
            "`above 10 %`, which is 10 % for major, expected more than in the band notice",
        ),
    ],
)
def test_ladders_that_do_not_rise(bands: str, fault: str) -> None:
    """A worse band must be harder to reach."""
    assert f"ladder-order: found {fault}" in shown(ladder(bands))


@given(st.lists(st.integers(0, 5), min_size=2, max_size=4), st.booleans())
def test_exactly_the_ladders_that_rise_are_accepted(limits: list[int], falling: bool) -> None:  # noqa: FBT001
    """Strictly, from each band to the next worse one."""
    word = "below" if falling else "above"
    bands = ", ".join(
        f"{severity}: {word} {limit} days"
        for severity, limit in zip(("notice", "minor", "major", "critical"), limits, strict=False)
    )
    rises = sorted(set(limits), reverse=falling) == limits
    try:
        parse_rules(ladder(bands, "delay"))
    except RulesError as error:
        assert not rises, error  # noqa: PT017
    else:
        assert rises


def test_weeks_and_days_are_compared() -> None:
    """A ladder is ordered by what its figures mean."""
    assert steps("minor: above 6 days, major: above 1 week", "delay")
    assert "ladder-order" in shown(ladder("minor: above 1 week, major: above 7 days", "delay"))


GOLDEN = {
    "parameters: {delay_tolerance: 25 %}\n": """
r.yaml:5:31: ladder-order: found `above delay_major`, which is 20 % for major, expected more than in the band minor
    parameters: {delay_tolerance: 25 %}
                                  ^^^^""",
    "parameters: {delay_major: {is: 35 %, means: Ours.}}\n": """
r.yaml:5:32: ladder-order: found `above delay_critical`, which is 30 % for critical, expected more than in the band major
    parameters: {delay_major: {is: 35 %, means: Ours.}}
                                   ^^^^""",  # noqa: E501  # a file as people write it
    "rules: [{id: phase-late, override: true, bands: {major: above 5 %}}]\n": """
r.yaml:5:57: ladder-order: found `above 5 %`, which is 5 % for major, expected more than in the band minor
    rules: [{id: phase-late, override: true, bands: {major: above 5 %}}]
                                                            ^^^^^^^^^""",
    "rules: [{id: phase-late, override: true, bands: {minor: above 25 %}}]\n": """
r.yaml:5:57: ladder-order: found `above delay_major`, which is 20 % for major, expected more than in the band minor
    rules: [{id: phase-late, override: true, bands: {minor: above 25 %}}]
                                                            ^^^^^^^^^^""",
    (
        "rules: [{id: r, about: phase, kind: delay, message: m, measure: delay / window, bands: "
        "{minor: above 50 %, major: above delay_major}}]\n"
    ): """
r.yaml:5:115: ladder-order: found `above delay_major`, which is 20 % for major, expected more than in the band minor
    rules: [{id: r, about: phase, kind: delay, message: m, measure: delay / window, bands: {minor: above 50 %, major: above delay_major}}]
                                                                                                                      ^^^^^^^^^^^^^^^^^""",  # noqa: E501  # a file as people write it
}


@pytest.mark.parametrize("text", GOLDEN)
def test_the_line_that_broke_a_ladder_is_blamed(text: str) -> None:
    """It is the parameter or band that was set anew, not the pack that was right before."""
    assert shown(EXTENDING + text) == GOLDEN[text].strip("\n")


def test_a_ladder_is_checked_beside_a_band_that_cannot_be_read() -> None:
    """Both faults are reported; an unreadable band once stopped the loader with another exception."""
    faults = shown(ladder("minor: above 10 %, major: above 5 %, critical: 'bogus !!'")).split("\nr.yaml")
    assert len(faults) == 2
    assert "ladder-order" in faults[0] + faults[1]
    assert "found `!`" in faults[0] + faults[1]


@pytest.mark.parametrize(
    ("measure", "found"),
    [
        ("name", "a text"),
        ("planned_end", "a date"),
        ("ended", "a condition"),
        ("tasks", "a collection of subjects of type task"),
    ],
)
def test_a_measure_is_a_number(measure: str, found: str) -> None:
    """Texts, dates and conditions have no ladder."""
    assert f"type-mismatch: found {found}, expected a number to measure" in shown(
        ladder("minor: above 3", measure)
    )


def test_a_hit_shows_value_and_threshold() -> None:
    """The checker of a ladder gives the measure and what it was compared with."""
    checker = parse_rules(ladder("minor: above 10 %, major: above 20 %")).checker("phase")
    day = date(2026, 1, 31)
    facts = {
        "planned_start": date(2026, 1, 1),
        "planned_end": date(2026, 1, 11),
        "actual_end": date(2026, 1, 13),
    }
    assert checker(facts, as_of=day) == ([("r", "minor", 0.2, 0.1)], [])
    assert checker({**facts, "actual_end": date(2026, 1, 12)}, as_of=day) == ([], [])
    assert checker({}, as_of=day) == ([], [("r", ("planned_end", "planned_start"), "absent data")])
