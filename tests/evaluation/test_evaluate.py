"""Evaluations: the figures that the plan names, and nothing that is not known."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov import (
    AgreementError,
    assess,
    build_agreement,
    derive,
    dump_agreement,
    evaluate,
    parse_agreement,
    parse_part,
)
from coopgov.cli.schemas import schema_of
from coopgov.rules import parse_rules

if TYPE_CHECKING:
    from coopgov.evaluation import Evaluation
    from coopgov.model import Agreement

PILOT = Path(__file__).parents[2] / "examples/pilot/agreement.yaml"
DAY = date(2026, 12, 31)
KPIS: list[dict[str, Any]] = [
    {
        "id": "report-cycle",
        "unit": "days",
        "direction": "down",
        "baseline": {"value": 5, "on": "2025-12-31"},
        "target": {"value": 3, "by": "2026-12-31"},
        "readings": [{"on": "2026-06-30", "value": 4}, {"on": "2026-12-01", "value": 3}],
    },
    {
        "id": "satisfaction",
        "unit": "points",
        "baseline": {"value": 85, "on": "2025-12-31"},
        "target": {"value": 92, "by": "2026-12-31"},
        "readings": [{"on": "2026-06-25", "value": 78}],
    },
    {"id": "unread", "baseline": {"value": 1}, "target": {"value": 2}},
]
SURVEY = {"id": "team", "readings": [{"on": "2026-06-30", "answers": 30, "positive": 27}]}
TEAM = {"survey": "team", "target": "90 %", "weight": "100 %"}
BENEFITS = [
    {"on": "2026-06-30", "amount": 420_000, "kind": "saving"},
    {"on": "2026-06-30", "amount": 180_000, "kind": "revenue"},
]
COSTS = [{"on": "2026-02-28", "amount": 400_000}]


def built(evaluation: dict[str, Any] | None, **more: Any) -> Agreement:
    """An agreement with KPIs, a survey and an evaluation."""
    whole = {
        "coopgov": "agreement/1",
        "id": "pier",
        "title": "The pier",
        "currency": "CNY",
        "term": {"start": "2026-01-05", "end": "2030-12-31"},
        "parties": [{"id": "a"}, {"id": "b"}],
        "kpis": KPIS,
        "surveys": [SURVEY],
        **more,
    }
    return build_agreement({**whole, **({"evaluation": evaluation} if evaluation else {})})


def result(evaluation: dict[str, Any] | None, as_of: date = DAY, **more: Any) -> Evaluation:
    """The evaluation of such an agreement."""
    return evaluate(built(evaluation, **more), as_of=as_of)


def finance(**part: Any) -> dict[str, Any]:
    """An evaluation of finance alone."""
    return {"finance": {"weight": "100 %", **part}}


def test_a_report_cycle_of_three_days_instead_of_five_is_40_percent_better() -> None:
    """The change counts in the direction of the KPI."""
    kpi = result({"efficiency": {"kpis": ["report-cycle"], "weight": "100 %"}}).kpis[0]
    assert (kpi.id, kpi.improvement, kpi.attainment) == ("report-cycle", 0.4, 1.0)


def test_a_satisfaction_of_78_on_the_way_from_85_to_92_is_minus_100_percent() -> None:
    """The attainment can be negative; the score of the dimension is held at 0."""
    found = result({"satisfaction": {"kpis": ["satisfaction"], "weight": "100 %"}})
    assert found.kpis[1].attainment == -1.0
    assert found.dimension("satisfaction").score == 0.0


def test_600_000_for_400_000_is_a_return_of_50_percent() -> None:
    """Benefits minus costs, divided by costs; savings and revenue are summed apart."""
    found = result(finance(benefits=BENEFITS, costs=COSTS, roi_target="100 %"))
    assert (found.finance.roi, found.finance.savings, found.finance.revenue) == (0.5, 420_000, 180_000)
    assert found.dimension("finance").score == 50.0


def test_the_net_present_value_and_the_rate_of_return_go_by_contract_years() -> None:
    """A year runs from one anniversary of the start of the term to the next, not with the calendar."""
    flows = {2026: -40_000, 2027: 5_000, 2028: 8_000, 2029: 12_000, 2030: 30_000}
    benefits = [{"on": f"{year}-01-05", "amount": amount} for year, amount in flows.items() if amount > 0]
    costs = [{"on": "2027-01-04", "amount": 40_000}]
    figures = result(finance(benefits=benefits, costs=costs, discount="8 %"), date(2030, 12, 31)).finance
    assert list(figures.flows) == [-40_000, 5_000, 8_000, 12_000, 30_000]
    assert figures.npv == pytest.approx(3_065.22, abs=0.005)
    assert figures.payback == date(2030, 1, 5)


@pytest.mark.parametrize(
    ("flows", "rate", "because"),
    [
        ((-100, 39, 59, 55, 20), 0.28095, ""),
        ((-100, 230, -132), None, "several rates"),
        ((-100, -10, -20), None, "no change of sign"),
    ],
)
def test_the_rate_of_return_says_why_there_is_none(
    flows: tuple[int, ...], rate: float | None, because: str
) -> None:
    """Two rates, or none, are no answer."""
    years = [(f"{2026 + year}-06-01", flow) for year, flow in enumerate(flows)]
    benefits = [{"on": day, "amount": flow} for day, flow in years if flow > 0] or [
        {"on": "2026-06-01", "amount": 0}
    ]
    costs = [{"on": day, "amount": -flow} for day, flow in years if flow < 0]
    figures = result(finance(benefits=benefits, costs=costs), date(2031, 1, 1)).finance
    assert figures.irr == (None if rate is None else pytest.approx(rate, abs=5e-6))
    assert figures.because == because


def test_27_of_30_is_90_percent_and_reaches_it() -> None:
    """Reached, not above: the score is 100, and one positive answer fewer is below it."""
    assert result({"team": TEAM}).dimension("team").score == 100.0
    fewer = {"id": "team", "readings": [{"on": "2026-06-30", "answers": 30, "positive": 26}]}
    assert result({"team": TEAM}, surveys=[fewer]).dimension("team").score == pytest.approx(96.296, abs=0.001)


def test_a_survey_with_few_answers_is_marked() -> None:
    """It counts all the same."""
    few = {"id": "team", "readings": [{"on": "2026-06-30", "answers": 4, "positive": 4}]}
    team = result({"team": TEAM}, surveys=[few]).dimension("team")
    assert (team.score, {each.note for each in team.inputs}) == (100.0, {"few answers"})


def test_a_survey_without_answers_is_undetermined() -> None:
    """Nothing of nothing is no share."""
    none = {"id": "team", "readings": [{"on": "2026-06-30", "answers": 0, "positive": 0}]}
    assert result({"team": TEAM}, surveys=[none]).dimension("team").missing == ("survey/team.answers",)


def test_the_profit_counts_before_the_return() -> None:
    """120,000 more than 2,000,000 are 6 %, which is more than the 5 % to reach."""
    profit = {"baseline": 2_000_000, "target": "5 %", "readings": [{"on": "2026-12-31", "value": 2_120_000}]}
    part = finance(benefits=BENEFITS, costs=COSTS, profit=profit, roi_target="1000 %")
    found = result(part)
    assert (found.finance.profit_gain, found.dimension("finance").score) == (0.06, 100.0)
    earlier = result(part, date(2026, 12, 30)).dimension("finance")
    assert (earlier.score, earlier.missing) == (None, ("evaluation.finance.profit",))


def test_costs_are_the_spending_of_the_phases_unless_they_are_listed() -> None:
    """`phases` is the default, and what it was to be written."""
    phase = {
        "id": "p",
        "planned": {"start": "2026-01-05", "end": "2026-12-31"},
        "spending": [{"on": "2026-03-01", "amount": 300_000}, {"on": "2027-01-01", "amount": 1}],
    }
    for part in (finance(benefits=BENEFITS), finance(benefits=BENEFITS, costs="phases")):
        assert result(part, phases=[phase]).finance.costs == 300_000
    assert result(finance(benefits=BENEFITS, costs=COSTS), phases=[phase]).finance.costs == 400_000


@pytest.mark.parametrize(
    ("part", "missing"),
    [
        ({"costs": COSTS, "roi_target": "10 %"}, ("evaluation.finance.benefits",)),
        ({"benefits": BENEFITS, "costs": [], "roi_target": "10 %"}, ("evaluation.finance.costs",)),
        (
            {"benefits": BENEFITS, "costs": COSTS},
            ("evaluation.finance.profit", "evaluation.finance.roi_target"),
        ),
    ],
)
def test_finance_without_its_data_is_undetermined(part: dict[str, Any], missing: tuple[str, ...]) -> None:
    """No benefit that nobody recorded is a loss, and no return counts without a target."""
    found = result(finance(**part)).dimension("finance")
    assert (found.score, found.missing) == (None, missing)


def test_a_missing_dimension_makes_the_total_a_range() -> None:
    """It counts as 0 and as 100; the rating is given only where both ends have the same."""
    parts = {
        "efficiency": {"kpis": ["report-cycle"], "weight": "95 %"},
        "satisfaction": {"kpis": ["satisfaction", "unread"], "weight": "5 %"},
    }
    found = result(parts)
    assert (found.total.low, found.total.high, found.total.missing) == (95.0, 100.0, ("satisfaction",))
    assert found.rating == "excellent"
    assert found.dimension("satisfaction").missing == ("kpi/unread.readings",)
    parts["efficiency"]["weight"], parts["satisfaction"]["weight"] = "60 %", "40 %"
    assert result(parts).rating is None


@pytest.mark.parametrize(
    ("score", "rating"), [(89, "good"), (90, "excellent"), (75, "good"), (60, "fair"), (59, "poor")]
)
def test_a_rating_begins_at_its_score(score: int, rating: str) -> None:
    """90, 75 and 60, unless the agreement has others."""
    answers = {"id": "team", "readings": [{"on": "2026-06-30", "answers": 100, "positive": score}]}
    team = {**TEAM, "target": "100 %"}
    assert result({"team": team}, surveys=[answers]).rating == rating
    own = {"team": team, "ratings": {"excellent": score, "good": 1, "fair": 0}}
    assert result(own, surveys=[answers]).rating == "excellent"


def test_an_agreement_without_an_evaluation_is_undetermined() -> None:
    """All four dimensions are named; each KPI has its improvement."""
    found = result(None)
    assert (found.total.low, found.total.high, len(found.total.missing)) == (0.0, 100.0, 4)
    assert found.kpis[0].improvement == 0.4


def test_what_comes_after_the_date_is_not_there() -> None:
    """The evaluation is the same as if nobody had written it down yet."""
    evaluation = {
        "efficiency": {"kpis": ["report-cycle"], "weight": "50 %"},
        "team": {**TEAM, "weight": "50 %"},
    }
    before = date(2026, 6, 29)
    kpi = {**KPIS[0], "readings": []}
    emptied = built(evaluation, kpis=[kpi, *KPIS[1:]], surveys=[{"id": "team"}])
    assert evaluate(emptied, as_of=before).to_dict() == result(evaluation, before).to_dict()


def test_the_facts_are_the_figures() -> None:
    """Rules name them as facts of the type `evaluation`."""
    evaluation = {
        "team": {**TEAM, "weight": "50 %"},
        "finance": {"weight": "50 %", "benefits": BENEFITS, "costs": COSTS, "roi_target": "100 %"},
    }
    facts = derive(built(evaluation), DAY)
    names = ("roi", "team", "finance", "efficiency", "score")
    assert [facts.value("evaluation", name) for name in names] == [0.5, 100.0, 50.0, None, 75.0]


RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: poor-return, about: evaluation, kind: overspend, measure: roi, bands: {minor: below 60 %}, message: low}
  - {id: poor-team, about: evaluation, kind: quality, measure: team, bands: {minor: below 95 points}, message: low}
"""


def test_a_rule_warns_of_a_poor_return() -> None:
    """What the agreement does not evaluate is not asked for; what lacks data is undetermined."""
    rules = parse_rules(RULES)
    found = assess(built(finance(benefits=BENEFITS, costs=COSTS)), rules, as_of=DAY)
    assert [(each.id, each.measure and each.measure.text) for each in found.warnings] == [
        ("poor-return@evaluation", "50 %")
    ]
    assert found.undetermined == ()
    empty = assess(built({"team": TEAM}, surveys=[{"id": "team"}]), rules, as_of=DAY)
    assert [each.rule for each in empty.undetermined] == ["poor-team"]


def test_the_json_fits_its_schema() -> None:
    """With everything, and with nothing."""
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")
    schema = schema_of("evaluation")
    whole = {
        "efficiency": {"kpis": ["report-cycle"], "weight": "25 %"},
        "finance": {
            "weight": "25 %",
            "benefits": BENEFITS,
            "costs": COSTS,
            "discount": "8 %",
            "roi_target": "20 %",
        },
        "satisfaction": {"kpis": ["unread"], "weight": "25 %"},
        "team": {**TEAM, "weight": "25 %"},
    }
    for each in (result(whole), result(None)):
        jsonschema.validate(json.loads(each.to_json()), schema)


# Files ---------------------------------------------------------------------------------------------------------------

FILE = """\
coopgov: agreement/1
id: pier
title: The pier
currency: CNY
term: {start: 2026-01-05, end: 2030-12-31}
parties: [{id: a}, {id: b}]
kpis: [{id: satisfaction}]
evaluation:
  finance:
    weight: 50 %
    costs: phases
    profit: {baseline: 100, target: 5 %}
    discount: 8 %
  satisfaction: {kpis: [satisfaction], weight: 30 %}
  team: {survey: team, target: 90 %, weight: 20 %}
surveys:
  - {id: team, every: 3 months, readings: [{on: 2026-06-30, answers: 30, positive: 27}]}
"""


def faults(text: str) -> list[str]:
    """The faults of a file, in the order of their places."""
    with pytest.raises(AgreementError) as error:
        parse_agreement(text)
    return [str(fault).split("\n")[0] for fault in error.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "weight: 20 %",
            "weight: 10 %",
            "<text>:9:3: wrong-weights: found weights of 90 %, expected weights that sum to 100 %; change the weight",
        ),
        (
            "costs: phases",
            "costs: phase",
            '<text>:11:12: wrong-type: found "phase", expected the word phases, or a list of costs',
        ),
        (
            "survey: team",
            "survey: them",
            '<text>:15:18: unknown-survey: found "them", expected a survey of the agreement',
        ),
        (
            "kpis: [satisfaction]",
            "kpis: [satisfactoin]",
            '<text>:14:25: unknown-kpi: found "satisfactoin", expected a KPI of the agreement; did you',
        ),
        (
            "positive: 27",
            "positive: 37",
            '<text>:17:84: out-of-range: found "37", expected at most the number of answers, 30',
        ),
        (
            "target: 90 %",
            "target: 0 %",
            '<text>:15:32: out-of-range: found "0 %", expected a share above 0 %',
        ),
        (
            "discount: 8 %",
            "discount: -100 %",
            '<text>:13:15: out-of-range: found "-100 %", expected a rate above -100 %',
        ),
        (
            "baseline: 100",
            "baseline: 100 USD",
            '<text>:12:24: missing-rate: found "100 USD", expected a rate of USD',
        ),
        (
            "  - {id: team, every",
            "  - {id: team}\n  - {id: team, every",
            '<text>:18:10: duplicate-id: found the survey "team" a second time, expected each',
        ),
        (
            "  team: {",
            "  ratings: {excellent: 60}\n  team: {",
            '<text>:15:12: wrong-order: found "60, 75, 60", expected scores that fall from excellent to fair',
        ),
    ],
)
def test_a_fault_of_an_evaluation_is_reported_at_its_place(old: str, new: str, expected: str) -> None:
    """With what was found and what was expected."""
    found = [each for each in faults(FILE.replace(old, new)) if each.startswith(expected)]
    assert found, faults(FILE.replace(old, new))


def test_an_evaluation_survives_a_round_trip() -> None:
    """Dumped and read again, the agreement is equal."""
    agreement = parse_agreement(FILE)
    assert parse_agreement(dump_agreement(agreement)) == agreement


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 10**9)), max_size=6),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 10**9)), max_size=6),
    st.integers(0, 2000),
)
def test_flows_of_all_years_sum_to_benefits_minus_costs(
    benefits: list[tuple[int, int]], costs: list[tuple[int, int]], day: int
) -> None:
    """No amount is lost between two contract years, and none counts twice."""
    start = date(2026, 1, 5)

    def flows(found: list[tuple[int, int]]) -> list[dict[str, Any]]:
        return [{"on": start + timedelta(days), "amount": amount} for days, amount in found]

    part = finance(benefits=flows(benefits), costs=flows(costs), roi_target="10 %")
    figures = result(part, start + timedelta(day)).finance
    if figures.flows:
        assert sum(figures.flows) == pytest.approx((figures.benefits or 0) - (figures.costs or 0))


@given(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 10**6)), max_size=3),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(-(10**6), 10**6)), max_size=3),
    st.lists(st.sampled_from(["report-cycle", "satisfaction"]), max_size=2, unique=True),
)
def test_what_is_undetermined_is_always_named(
    benefits: list[tuple[int, int]], costs: list[tuple[int, int]], kpis: list[str]
) -> None:
    """Costs that are refunds in all, and a dimension without KPIs, too."""

    def flows(found: list[tuple[int, int]]) -> list[dict[str, Any]]:
        return [{"on": date(2026, 1, 5) + timedelta(days), "amount": amount} for days, amount in found]

    money = finance(benefits=flows(benefits), costs=flows(costs), roi_target="10 %")["finance"]
    parts = {"finance": {**money, "weight": "50 %"}, "efficiency": {"kpis": kpis, "weight": "50 %"}}
    for each in result(parts).dimensions:
        assert bool(each.missing) == (each.score is None)


def test_the_answers_of_a_survey_can_come_from_a_part() -> None:
    """Answers are observed, so another file may bring them; a survey itself is agreed."""
    agreement = parse_agreement(FILE.replace(", readings: [{on: 2026-06-30, answers: 30, positive: 27}]", ""))
    part = parse_part(PART)
    team = evaluate(agreement.with_part(part), as_of=DAY).dimension("team")
    assert (team.score, team.inputs[1].value) == (100.0, 30.0)
    with pytest.raises(AgreementError, match='part-unknown: found "them"'):
        agreement.with_part(parse_part(PART.replace("id: team", "id: them")))


PART = """\
coopgov: part/1
into: pier
from: {format: survey, on: 2026-07-01}
surveys:
  - {id: team, readings: [{on: 2026-06-30, answers: 30, positive: 27}]}
"""
