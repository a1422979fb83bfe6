"""Values of hosts handed to checkers: right in every backend, or refused in every one."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import coopgov
from coopgov.export.durable_rules import convert
from optional import HAS_DURABLE

HERE = Path(__file__).parent
PILOT = Path(__file__).parents[2] / "examples" / "pilot"
AS_OF = date(2026, 6, 30)
BACKENDS = ("direct", "interpreter", *(["durable"] if HAS_DURABLE else []))
HEAD = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"
WORDS = "kind: delay, severity: minor, message: m"


def rules_of(*conditions: str, about: str, subjects: str = "") -> coopgov.RuleSet:
    """A rule for each condition, named by a letter."""
    rows = [
        f"  - {{id: {letter}, about: {about}, when: '{text}', {WORDS}}}\n"
        for letter, text in zip("abcdefgh", conditions, strict=False)
    ]
    return coopgov.parse_rules(f"{HEAD}{subjects}rules:\n{''.join(rows)}")


def shown(rules: coopgov.RuleSet, about: str, record: dict[str, Any], as_of: date = AS_OF) -> Any:
    """What all backends say: the rules that fire, and what is undetermined; or the fact that they refuse."""
    found: list[Any] = []
    for backend in BACKENDS:
        try:
            found.append(rules.checker(about, backend=backend)(record, as_of=as_of))
        except coopgov.FactError as error:
            found.append(error.fact)
    assert all(repr(each) == repr(found[0]) for each in found), found
    return found[0] if isinstance(found[0], str) else ([hit[0] for hit in found[0][0]], found[0][1])


NUMBERS = rules_of("spent above budget", "has_owner", about="phase")


@pytest.mark.parametrize(
    "spent",
    [
        np.float64(150),
        Fraction(301, 2),
        np.int64(150),
        np.array(150.0),
        Decimal(150),
        np.float32(150),
        np.uint8(150),
    ],
)
def test_01_numbers_of_hosts(spent: Any) -> None:
    """A number of any library is a number."""
    assert shown(NUMBERS, "phase", {"spent": spent, "budget": 100}) == (
        ["a"],
        [("b", ("has_owner",), "absent data")],
    )
    assert shown(NUMBERS, "phase", {"spent": 50, "budget": spent, "has_owner": False}) == ([], [])


@pytest.mark.parametrize(
    ("record", "fact"),
    [
        ({"spent": True, "budget": 0}, "spent"),
        ({"spent": 5, "budget": np.True_}, "budget"),
        ({"has_owner": 1}, "has_owner"),
        ({"has_owner": np.int8(1)}, "has_owner"),
    ],
)
def test_01_truths_and_numbers_are_not_mixed_up(record: dict[str, Any], fact: str) -> None:
    """A condition is not a number, and a number no condition."""
    assert shown(NUMBERS, "phase", record) == fact


def test_02_a_row_of_a_data_frame() -> None:
    """However it is made a mapping, all backends find the same in it."""
    rules = rules_of(
        "spent above budget",
        "(spent - budget) / budget above 15 %",
        "spent above budget or actual_end above planned_end",
        "not (spent at most budget)",
        about="phase",
    )
    frame = pd.DataFrame({"spent": [150.0], "budget": [100.0]})
    series = frame.iloc[0]
    for row in (
        series.to_dict(),
        dict(series),
        series,
        frame.to_dict("records")[0],
        dict(frame.astype("int64").iloc[0]),
    ):
        assert shown(rules, "phase", row) == (["a", "b", "c", "d"], [])


def test_02_the_shipped_pack() -> None:
    """The same warnings as of plain floats, with the same figures."""
    days = {
        "planned_start": date(2026, 1, 5),
        "planned_end": date(2026, 3, 31),
        "actual_start": date(2026, 1, 5),
    }
    rules = coopgov.load_rules()
    for record in ({"spent": np.float64(150), "budget": np.float64(100)}, {"spent": 150.0, "budget": 100.0}):
        full = {**days, "actual_end": date(2026, 3, 31), **record}
        hits = [rules.checker("phase", backend=backend)(full, as_of=AS_OF)[0] for backend in BACKENDS]
        assert [(hit[0], hit[1]) for hit in hits[0]] == [("phase-overspent", "critical")]
        assert all(repr(each) == repr(hits[0]) for each in hits)


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        float("nan"),
        np.float32("nan"),
        Decimal("NaN"),
        pd.NaT,
        pd.NA,
        np.datetime64("NaT"),
        np.ma.masked,
    ],
    ids=repr,
)
@pytest.mark.filterwarnings("ignore:Warning. converting a masked element")
def test_03_absent_values(nothing: Any) -> None:
    """Whatever says that there is nothing: undetermined, with the fact named."""
    rules = rules_of("planned_end below as_of", "spent above 3 money", about="phase")
    day = date(2026, 3, 1)
    assert shown(rules, "phase", {"planned_end": nothing, "spent": 1}) == (
        [],
        [("a", ("planned_end",), "absent data")],
    )
    assert shown(rules, "phase", {"planned_end": day, "spent": nothing}) == (
        ["a"],
        [("b", ("spent",), "absent data")],
    )


def test_03_infinity_is_out_of_range() -> None:
    """Something is there, but no figure."""
    rules = rules_of("planned_end below as_of", "spent above 3 money", about="phase")
    record = {"planned_end": date(2026, 3, 1), "spent": float("inf")}
    assert shown(rules, "phase", record) == (["a"], [("b", ("spent",), "out of range")])


SUPPLIERS = rules_of(
    "wait above 2 days",
    "due below as_of",
    about="supplier",
    subjects="subjects: {supplier: {wait: days, due: date}}\n",
)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"wait": timedelta(days=3), "due": np.datetime64("2026-03-01")}, (["a", "b"], [])),
        ({"wait": np.timedelta64(72, "h"), "due": pd.Timestamp("2026-03-01 23:00")}, (["a", "b"], [])),
        ({"wait": pd.Timedelta(days=2), "due": datetime(2026, 6, 30, 23)}, ([], [])),  # noqa: DTZ001  # as hosts have it
        ({"wait": timedelta(hours=36), "due": date(2026, 3, 1)}, "wait"),
        ({"wait": np.timedelta64(36, "h"), "due": date(2026, 3, 1)}, "wait"),
        ({"wait": 3, "due": np.datetime64("10000-01-01")}, (["a"], [("b", ("due",), "out of range")])),
        ({"wait": 3, "due": np.datetime64("-0044-03-15")}, (["a"], [("b", ("due",), "out of range")])),
    ],
)
def test_04_dates_and_durations(record: dict[str, Any], expected: Any) -> None:
    """A date is its day, a duration its whole days; what no calendar has is out of range."""
    assert shown(SUPPLIERS, "supplier", record) == expected


def test_06_progress_of_4000_percent() -> None:
    """Nobody has done 40 times the work: unknown, and the fact is named."""
    rules = coopgov.load_rules(HERE / "06-declared-ranges" / "r.yaml")
    for progress, expected in ((0.4, (["unfinished"], [])), (1, ([], [])), (40, ([], ["progress"]))):
        hits, undetermined = shown(rules, "task", {"progress": progress, "planned_end": date(2026, 3, 1)})
        assert hits == expected[0]
        assert undetermined == [("unfinished", (fact,), "out of range") for fact in expected[1]]


@pytest.mark.parametrize(
    ("about", "condition", "record"),
    [
        ("phase", "spent above budget", {"spent": 1200, "budget": -1000}),
        ("phase", "(spent - budget) / budget above 15 %", {"spent": 1200, "budget": Decimal(-1000)}),
        ("phase", "original_budget is known or original_budget above 0 money", {"original_budget": -1}),
        ("phase", "forecast_cost above 3 money", {"forecast_cost": np.float64(-1)}),
        ("phase", "position is 1", {"position": 0}),
        ("phase", "position is 1", {"position": 1.5}),
        ("task", "progress below 100 %", {"progress": np.int64(40)}),
        ("task", "load above 50 %", {"load": -0.1}),
        ("member", "load above 50 %", {"load": -1}),
        ("risk", "probability * impact above 1", {"probability": 1.3, "impact": 3}),
        ("risk", "probability * impact above 1", {"probability": 0.5, "impact": 7}),
        ("risk", "impact above 1", {"impact": 2.5}),
        ("risk", "responses is 0", {"responses": -1}),
        ("kpi", "readings above 1", {"readings": 1.5}),
        ("meeting", "length above 1 hour", {"length": -1}),
        ("body", "times_held is 0", {"times_held": -1}),
        ("goal", "missing_signatures above 0", {"missing_signatures": Fraction(1, 2)}),
        ("kpi", "direction_sign above 0", {"direction_sign": 2}),
    ],
)
def test_06_what_the_model_would_refuse_is_unknown(
    about: str, condition: str, record: dict[str, Any]
) -> None:
    """Settings too: somebody made them."""
    (_, lacking, because) = shown(rules_of(condition, about=about), about, record)[1][0]
    assert because == "out of range"
    assert set(lacking) < {*record, "?"}


def test_06_a_fallback_takes_the_place_of_what_cannot_be() -> None:
    """`else` and `is known` see no value."""
    rules = rules_of("progress else 0 % below 50 %", "progress is known", about="task")
    assert shown(rules, "task", {"progress": 40}) == (["a"], [])


CALENDAR = rules_of(
    "x * x * x * x above 1",
    "x * x * x * x - x * x * x * x at least 1",
    "max(x * x * x * x, 1) above 0",
    "0 * (x * x * x * x) is 0",
    "d + 30 days above as_of",
    about="supplier",
    subjects="subjects: {supplier: {x: number, d: date}}\n",
)


@pytest.mark.parametrize(
    ("record", "hits", "unknown"),
    [
        ({"x": 9e99, "d": date(2026, 1, 1)}, "", "abcd"),
        ({"x": -9e99, "d": date(2026, 1, 1)}, "", "abcd"),
        ({"x": 9 * 10**99, "d": date(2026, 1, 1)}, "", "abcd"),
        ({"x": 1, "d": date(9999, 12, 31)}, "cd", "e"),
        ({"x": 1, "d": date(9999, 12, 1)}, "cde", ""),
        ({"x": 10**25, "d": date(2026, 1, 1)}, "acd", ""),
        ({"x": 1e77, "d": date(2026, 1, 1)}, "acd", ""),
        ({"x": 1.2e77, "d": date(2026, 1, 1)}, "", "abcd"),
    ],
)
def test_07_arithmetic_out_of_range(record: dict[str, Any], hits: str, unknown: str) -> None:
    """Beyond the floats there is no figure, nor what is made of it; beyond the calendar no day."""
    expected = (list(hits), [(letter, (), "out of range") for letter in unknown])
    assert shown(CALENDAR, "supplier", record) == expected


def test_07_a_measure_beyond_the_floats() -> None:
    """No hit with an infinite figure."""
    rules = coopgov.load_rules(HERE / "07-arithmetic-out-of-range" / "r.yaml")
    assert shown(rules, "supplier", {"x": 9e99}) == ([], [("big", (), "out of range")])
    assert shown(rules, "supplier", {"x": 2}) == (["big"], [])


def test_07_json_holds_no_infinity() -> None:
    """Nor NaN, in an assessment, an explanation and a trial, where figures are as large as they can be."""
    agreement = coopgov.load_agreement(PILOT / "agreement.yaml")
    large = "1" + " * 1000000000000000000000000000000" * 10
    rules = coopgov.parse_rules(
        HEAD
        + "facts:\n"
        + f"  - {{name: big, about: phase, is: '(window / 1 day) * {large}'}}\n"
        + "rules:\n"
        + (
            "  - {id: r, about: phase, kind: delay, measure: big * 1000000, bands: {minor: above 1, "
            "major: above big * 9000000}, message: '{measure}'}\n"
        )
        + "  - {id: q, about: phase, kind: delay, measure: big * big, bands: {minor: above 1}, message: '{measure}'}\n"
        + (
            "  - {id: s, about: phase, kind: delay, measure: 0 - big * 1000000, bands: {minor: above "
            "big * 1000000}, message: '{measure}'}\n"
        )
    )
    texts = [coopgov.assess(agreement, rules, as_of=AS_OF, backend=backend).to_json() for backend in BACKENDS]
    trial = coopgov.what_if(agreement, rules, {"phase/core.planned_end": "9999-12-31"}, as_of=AS_OF)
    texts += [trial.before.to_json(), trial.after.to_json()]
    for text in texts:
        json.loads(text, parse_constant=pytest.fail)
    assert len(set(texts[: len(BACKENDS)])) == 1
    assert {entry["because"] for entry in json.loads(texts[0])["undetermined"]} == {"out of range"}


def test_values_of_hosts_can_be_tried_out() -> None:
    """What is tried out on an agreement may come from a data frame."""
    agreement = coopgov.load_agreement(PILOT / "agreement.yaml")
    rules = coopgov.load_rules()
    day = date(2026, 11, 30)
    expected = coopgov.what_if(agreement, rules, {"phase/core.forecast_end": day}, as_of=AS_OF)
    for value in (np.datetime64(day), pd.Timestamp(day), datetime(2026, 11, 30, 5)):  # noqa: DTZ001  # as hosts have it
        trial = coopgov.what_if(agreement, rules, {"phase/core.forecast_end": value}, as_of=AS_OF)
        assert trial.after.to_json() == expected.after.to_json()
    absent = coopgov.what_if(agreement, rules, {"phase/core.spent": None}, as_of=AS_OF).after.to_json()
    for nothing in (pd.NA, float("nan"), Decimal("NaN"), pd.NaT):
        assert (
            coopgov.what_if(agreement, rules, {"phase/core.spent": nothing}, as_of=AS_OF).after.to_json()
            == absent
        )
    for wrong in (True, float("inf"), timedelta(1)):
        with pytest.raises(coopgov.ChangeError):
            coopgov.what_if(agreement, rules, {"phase/core.spent": wrong}, as_of=AS_OF)


def test_a_rechecker_says_what_a_checker_says() -> None:
    """Of values out of range, hidden by the date and of other libraries too."""
    rules = rules_of(
        "spent above budget", "actual_end above planned_end", "budget above 3 money", about="phase"
    )
    for backend in BACKENDS:
        checker = rules.checker("phase", backend=backend)
        rechecker = rules.rechecker("phase", "budget", "actual_end", backend=backend)
        before: dict[str, Any] = {
            "spent": 5,
            "budget": 3,
            "planned_end": date(2026, 3, 1),
            "actual_end": date(2026, 3, 2),
        }
        answer = checker(before, as_of=AS_OF)
        for change in (
            {"budget": -1},
            {"budget": np.float64(9)},
            {"budget": float("inf"), "actual_end": date(2026, 7, 1)},
            {"actual_end": np.datetime64("10000-01-01")},
            {"actual_end": pd.NaT, "budget": pd.NA},
        ):
            record = {**before, **change}
            assert rechecker(record, answer, as_of=AS_OF) == checker(record, as_of=AS_OF)
        with pytest.raises(coopgov.FactError):
            rechecker({**before, "budget": True}, answer, as_of=AS_OF)


def test_a_conversion_to_rulesets_reads_the_same_values() -> None:
    """Facts for durable-rules are plain numbers, whatever the host has; a wrong value is refused."""
    conversion = convert(NUMBERS, about="phase")
    (facts,) = conversion.facts(
        "phase", {"spent": np.float64(150), "budget": Fraction(100)}, as_of=AS_OF
    ).values()
    assert json.loads(json.dumps(facts)) == facts
    with pytest.raises(coopgov.FactError):
        conversion.facts("phase", {"spent": True, "budget": 3}, as_of=AS_OF)


def test_the_date_may_be_of_another_library() -> None:
    """A checker takes a time as its date."""
    assert shown(
        SUPPLIERS, "supplier", {"wait": 1, "due": date(2026, 6, 29)}, as_of=pd.Timestamp("2026-06-30 12:00")
    ) == (
        ["b"],
        [],
    )
