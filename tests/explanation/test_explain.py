"""Explaining says why a rule holds for a subject or not, and never contradicts assessing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov.assessment.assess import assess
from coopgov.errors import UnknownNameError
from coopgov.explanation.explain import explain
from coopgov.facts import derive
from coopgov.model import build_agreement, load_agreement
from coopgov.rules import load_rules, parse_rules
from coopgov.testing import agreements
from coopgov.testing.strategies.scalars import days
from pilot import NOW, PILOT, pack, pilot
from pilot import explained as found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DataObject

    from coopgov.assessment.result import Assessment
    from coopgov.explanation.result import Explanation, ExplanationStep
    from coopgov.model import Agreement


def check_agrees(one: Explanation, assessment: Assessment) -> None:
    """An explanation says what the assessment says of the same rule and subject."""
    warnings = [each for each in assessment.warnings if each.id == f"{one.rule}@{one.about}"]
    unsure = [each for each in assessment.undetermined if (each.rule, each.about) == (one.rule, one.about)]
    assert (one.outcome == "fired") is bool(warnings)
    if warnings:
        (warning,) = warnings
        assert (one.severity, one.measure, one.threshold) == (
            warning.severity,
            warning.measure,
            warning.threshold,
        )
        assert one.margin == warning.margin
        assert warning.message in one.sentence
    else:
        assert one.severity is None
        assert (one.outcome == "undetermined") is bool(unsure)
    assert one.missing == (unsure[0].missing if unsure else ())
    assert one.because == (unsure[0].because if unsure else None)


@pytest.mark.parametrize(
    ("as_of", "with_file"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 4, 12), None),
        (NOW, None),
        (date(2026, 11, 30), None),
        (date(2027, 7, 1), None),
        (NOW, "tolerances.yaml"),
    ],
)
def test_explaining_agrees_with_assessing(as_of: date, with_file: str | None) -> None:
    """Every rule for every subject of the pilot comes out as in the assessment."""
    rules = load_rules(PILOT / with_file) if with_file else pack()
    assessment = assess(pilot(), rules, as_of=as_of)
    subjects = [subject.id for subject in derive(pilot(), as_of, rules.catalogue)]
    for rule in rules.rules:
        for about in subjects:
            if about.split("/")[0] == rule.about:
                check_agrees(explain(pilot(), rules, rule=rule.id, about=about, as_of=as_of), assessment)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(agreements(), days, st.data())
def test_explaining_agrees_with_assessing_whatever_the_agreement(
    agreement: Agreement, as_of: date, data: DataObject
) -> None:
    """Any rule for any subject of any agreement comes out as in the assessment."""
    assessment = assess(agreement, pack(), as_of=as_of)
    subject = data.draw(st.sampled_from(list(derive(agreement, as_of))))
    about = [rule.id for rule in pack().rules if rule.about == subject.about]
    if about:
        rule = data.draw(st.sampled_from(about))
        check_agrees(explain(agreement, pack(), rule=rule, about=subject.id, as_of=as_of), assessment)


def test_rules_about_warnings_are_explained_as_assessed_where_roles_are_vacant() -> None:
    """Vacant roles, which follow from all other warnings, count for neither."""
    mapping = {
        "coopgov": "agreement/1",
        "id": "a",
        "title": "A",
        "currency": "CNY",
        "term": {"start": "2026-01-01", "end": "2026-12-31"},
        "parties": [{"id": "p"}],
        "phases": [{"id": "x", "planned": {"start": "2026-01-01", "end": "2026-02-01"}}],
    }
    agreement = build_agreement(mapping)
    assessment = assess(agreement, pack(), as_of=NOW)
    assert "role-vacant" in {one.rule for one in assessment.warnings}
    for rule in pack().rules:
        if rule.about == "agreement":
            check_agrees(explain(agreement, pack(), rule=rule.id, about="agreement", as_of=NOW), assessment)
    vacant = explain(agreement, pack(), rule="role-vacant", about="role/steering", as_of=NOW)
    check_agrees(vacant, assessment)


GOLDEN = {
    ("phase-late", "phase/setup", "en"): (
        "phase-late holds for phase/setup (major): Set-up is late by 20 days, 23.5 % of its planned window of 85 days: "
        "3 days inherited from its start, 17 days its own. "
        "23.5 % is above 20 %. More than another 6.5 percentage points would make it critical."
    ),
    ("phase-late", "phase/setup", "zh-Hans"): (
        "phase/setup 触发规则 phase-late（严重）：基础搭建延误 20 天，占计划工期 85 天的 23.5 %，"
        "其中启动时承接 3 天，自身延误 17 天。"
        "实际值 23.5 %，阈值为高于 20 %。再增加超过 6.5 个百分点即为危急。"
    ),
    ("phase-late", "phase/setup", "zh-Hant"): (
        "phase/setup 觸發規則 phase-late（嚴重）：基础搭建延誤 20 天，占計畫工期 85 天的 23.5 %，"
        "其中啟動時承接 3 天，自身延誤 17 天。"
        "實際值 23.5 %，門檻為高於 20 %。再增加超過 6.5 個百分點即為危急。"
    ),
    ("phase-late", "phase/core", "en"): (
        "phase-late does not hold for phase/core. The measure is 7.7 %. More than another 2.3 "
        "percentage points would make it minor."
    ),
    (
        "phase-late",
        "phase/core",
        "zh-Hans",
    ): "phase/core 未触发规则 phase-late。当前值为 7.7 %。再增加超过 2.3 个百分点即为轻微。",
    (
        "phase-late",
        "phase/core",
        "zh-Hant",
    ): "phase/core 未觸發規則 phase-late。目前值為 7.7 %。再增加超過 2.3 個百分點即為輕微。",
    ("satisfaction-low", "kpi/satisfaction", "en"): (
        "satisfaction-low holds for kpi/satisfaction (minor): Customer satisfaction is at 78 points. "
        "78 points is below 80 points. More than 8 points less would make it major."
    ),
    ("kpi-below-floor", "kpi/acceptance-rate", "en"): (
        "kpi-below-floor cannot be decided for kpi/acceptance-rate: absent data. Missing: value."
    ),
    ("kpi-below-floor", "kpi/acceptance-rate", "zh-Hans"): (
        "无法判定 kpi/acceptance-rate 的规则 kpi-below-floor：缺少数据。缺少：最新读数（value）。"
    ),
    ("kpi-below-floor", "kpi/acceptance-rate", "zh-Hant"): (
        "無法判定 kpi/acceptance-rate 的規則 kpi-below-floor：缺少資料。缺少：最新讀數（value）。"
    ),
    ("kpi-below-floor", "kpi/delivery-time", "en"): (
        "kpi-below-floor does not apply to kpi/delivery-time: floor is not set."
    ),
    (
        "kpi-below-floor",
        "kpi/delivery-time",
        "zh-Hans",
    ): "规则 kpi-below-floor 不适用于 kpi/delivery-time：未设定底线值（floor）。",
    (
        "kpi-below-floor",
        "kpi/delivery-time",
        "zh-Hant",
    ): "規則 kpi-below-floor 不適用於 kpi/delivery-time：未設定底線值（floor）。",
    (
        "phase-start-late",
        "phase/setup",
        "en",
    ): "phase-start-late is not for phase/setup: its `where` is false.",
    (
        "phase-start-late",
        "phase/setup",
        "zh-Hans",
    ): "规则 phase-start-late 不适用于 phase/setup：`where` 条件不成立。",
    (
        "phase-start-late",
        "phase/setup",
        "zh-Hant",
    ): "規則 phase-start-late 不適用於 phase/setup：`where` 條件不成立。",
    ("phase-start-late", "phase/core", "en"): (
        "phase-start-late holds for phase/core (notice): Core projects was to begin on "
        "2026-04-01 and is 20 days behind that. "
        "20 days is above 5 days. Anything more would make it minor."
    ),
    (
        "goal-without-owner",
        "goal/faster-delivery",
        "en",
    ): "goal-without-owner does not hold for goal/faster-delivery.",
}


@pytest.mark.parametrize(("rule", "about", "language"), GOLDEN)
def test_sentences(rule: str, about: str, language: str) -> None:
    """What fired, what did not, what is undetermined and what does not apply, in three languages."""
    assert found(rule, about, language=language).sentence == GOLDEN[rule, about, language]


def steps(tree: tuple[ExplanationStep, ...]) -> Iterator[ExplanationStep]:
    """All steps of a tree."""
    for step in tree:
        yield step
        yield from steps(step.parts)


def test_the_tree_shows_values_and_places() -> None:
    """Each part of the rule and of the formulas it names has its value; facts have their line of the file."""
    one = found("phase-late", "phase/setup")
    assert [step.text for step in one.tree] == [
        "measure: delay / window",
        "critical: above delay_critical",
        "major: above delay_major",
        "minor: above delay_tolerance",
    ]
    assert [step.value.text for step in one.tree] == ["23.5 %", "no", "yes", "yes"]
    known = {step.text: (step.value.text, step.at) for step in steps(one.tree)}
    assert known["delay"] == ("20 days", None)
    lines = (PILOT / "agreement.yaml").read_text(encoding="utf-8").splitlines()
    for fact, written in (("actual_end", "2026-04-20"), ("planned_end", "2026-03-31")):
        text, at = known[fact]
        assert (text, at is not None) == (written, True)
        _, line, column = (at or "").split(":")
        assert lines[int(line) - 1][int(column) - 1 :].startswith(written)


def test_the_tree_shows_what_is_absent() -> None:
    """A reading that is not there is unknown, an optional setting that was not made is not set."""
    absent = {
        step.text: step.value.text for step in steps(found("kpi-below-floor", "kpi/acceptance-rate").tree)
    }
    assert absent["value"] == "unknown"
    unset = {step.text: step.value.text for step in steps(found("kpi-below-floor", "kpi/delivery-time").tree)}
    assert unset["floor"] == "not set"


def test_the_tree_names_the_items_of_a_collection() -> None:
    """A rule that counts warnings says which."""
    texts = {step.text for step in steps(found("communication-failing", "agreement").tree)}
    assert {
        "meeting-missed@meeting/review",
        "body-not-met@body/steering",
        "risk-review-overdue@risk/double-booking",
    } <= texts


def test_the_margin_goes_down_from_band_to_band() -> None:
    """What is clear has a margin to the mildest band; what is worst has none."""
    assert found("phase-late", "phase/core").next_severity == "minor"
    assert found("phase-late", "phase/setup").next_severity == "critical"
    worst = found("kpi-behind", "kpi/satisfaction")
    assert (worst.severity, worst.margin, worst.next_severity) == ("critical", None, None)


def test_the_json_says_what_the_objects_say() -> None:
    """An explanation is plain data, too."""
    one = found("phase-late", "phase/setup")
    plain: dict[str, Any] = one.to_dict()
    assert (plain["outcome"], plain["severity"], plain["next"]) == ("fired", "major", "critical")
    assert plain["sentence"] == one.sentence
    assert plain["tree"][0]["expression"] == "measure: delay / window"
    assert plain["tree"][0]["parts"][0]["parts"]


def test_an_uncertain_count_is_explained() -> None:
    """A count of partly unknown items is shown with its bounds, and has no margin."""
    rules = parse_rules(
        "coopgov: rules/1\npack: t\nversion: 1.0.0\nrules:\n"
        "  - {id: r, about: agreement, kind: quality, message: M, measure: count(kpis where "
        "value_on above 2026-01-01), "
        "bands: {minor: at least 9}}\n"
    )
    one = explain(pilot(), rules, rule="r", about="agreement", as_of=NOW)
    assert (one.outcome, one.margin) == ("clear", None)
    assert one.measure is not None
    assert one.measure.text == "2 – 3"
    assert one.sentence == "r does not hold for agreement. The measure is 2 – 3."


@pytest.mark.parametrize(
    ("rule", "about", "message"),
    [
        ("phase-lat", "phase/setup", 'there is no rule "phase-lat"; did you mean "phase-late"?'),
        (
            "phase-late",
            "phase/setpu",
            'there is no subject of type phase "phase/setpu"; did you mean "phase/setup"?',
        ),
        ("phase-late", "kpi/satisfaction", 'no subject of type phase "kpi/satisfaction"'),
        ("role-vacant", "role/nobody", 'no subject of type role "role/nobody"'),
    ],
)
def test_names_that_do_not_exist_are_refused(rule: str, about: str, message: str) -> None:
    """The error proposes the nearest name."""
    with pytest.raises(UnknownNameError) as caught:
        found(rule, about)
    assert message in str(caught.value)


def test_the_tree_goes_into_collections_and_parameters() -> None:
    """An item of a collection is shown with what decides it and its place, a parameter with its value."""
    found = explain(
        load_agreement(PILOT / "agreement.yaml"),
        rule="member-overbooked",
        about="member/tech",
        as_of=date(2026, 6, 30),
    )
    texts = [(step.text, step.value.text, step.at) for step in _all_steps(found.tree)]
    assert "Interface" in [text for text, _, _ in texts]
    assert any(text == "status" and value == "in progress" and at for text, value, at in texts)
    assert ("booking_minor", "100 %", None) in texts


def _all_steps(steps: tuple[ExplanationStep, ...]) -> list[ExplanationStep]:
    return [each for step in steps for each in (step, *_all_steps(step.parts))]
