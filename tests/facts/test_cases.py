"""The collection `cases` of the agreement: given to an assessment, else not set; unknown to checkers and columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, get_args

import pytest

import coopgov
from coopgov import portfolio
from coopgov.assessment.assess import assess
from coopgov.cases.words import CaseState, Handling, Outcome, Signal
from coopgov.errors import BackendError, RulesError
from coopgov.explanation.explain import explain
from coopgov.facts import default_catalogue
from coopgov.facts.base.cases import FACTS, CaseFacts, case_record
from coopgov.facts.derive import derive
from coopgov.model import load_agreement
from coopgov.rules import RuleSet, parse_rules
from coopgov.severities import Severity

if TYPE_CHECKING:
    from coopgov.assessment.result import Assessment

PILOT = load_agreement("examples/pilot/agreement.yaml")
DAY = date(2026, 6, 30)


@dataclass(frozen=True)
class Case:
    """A case of a host: all that rules can read."""

    id: str = "C-1"
    rule: str = "phase-late"
    about: str = "phase/core"
    kind: str = "delay"
    severity: Severity = "minor"
    peak: Severity = "minor"
    state: str = "firing"
    signal: str = "firing"
    handling: str = "new"
    open: bool = True
    since: date = date(2026, 6, 1)
    fired_on: date | None = None
    deadline: date | None = None
    round: int = 1
    step: int = 1
    openings: int = 1
    actions: tuple[str, ...] = ()
    assignee: str | None = None
    waived_until: date | None = None
    outcome: str | None = None
    closed_on: date | None = None


def rules(when: str) -> RuleSet:
    """One rule about the agreement."""
    return parse_rules(
        "coopgov: rules/1\npack: p\nversion: 1\nrules:\n  - {id: r, about: agreement, kind: communication,"
        f" severity: minor, message: M, when: '{when}'}}\n"
    )


def outcome(when: str, *cases: CaseFacts, backend: str = "direct") -> Assessment:
    """The assessment with some cases."""
    return assess(PILOT, rules(when), as_of=DAY, cases=cases, backend=backend)


@pytest.mark.parametrize("backend", ["direct", "interpreter"])
def test_rules_count_cases(backend: str) -> None:
    """Those before the day, with each of their facts; no cases at all are none."""
    when = "count(cases where openings at least 3) at least 1"
    assert outcome(when, Case(openings=2), Case(openings=3), backend=backend).status == "minor"
    assert outcome(when, Case(openings=2), backend=backend).status == "clear"
    assert outcome(when, backend=backend).status == "clear"


def test_rules_about_cases_do_not_apply_without_them() -> None:
    """Nobody is notified of a datum that is missing: there are none to bring."""
    found = assess(PILOT, rules("count(cases where open) at least 1"), as_of=DAY)
    assert (found.status, found.undetermined) == ("clear", ())
    assert derive(PILOT, DAY).value("agreement", "cases") is None
    notified = explain(
        PILOT, rules("count(cases where open) at least 1"), as_of=DAY, rule="r", about="agreement"
    )
    assert notified.outcome == "not applicable"


def test_an_explanation_takes_them_as_an_assessment_does() -> None:
    """And names each case that counts by its subject."""
    when = rules("count(cases where open) at least 1")
    told = explain(PILOT, when, as_of=DAY, rule="r", about="agreement", cases=[Case()])
    assert told.outcome == "fired"
    assert "phase-late@phase/core" in str(told.to_dict()["tree"])


def test_columns_do_not_know_them() -> None:
    """The error names the rule and the collection."""
    polars = pytest.importorskip("polars", reason="needs coopgov[portfolio]")
    frame = polars.DataFrame({"id": ["a"]})
    with pytest.raises(BackendError, match="cases"):
        portfolio.check(frame, rules("any(cases where open)"), "agreement", as_of=DAY)


def test_checkers_do_not_know_them() -> None:
    """A record of a host may have them; without, the rule is undetermined."""
    check = rules("any(cases where deadline below as_of)").checker("agreement")
    _, undetermined = check({}, as_of=DAY)
    assert [(each.missing, each.because) for each in undetermined] == [(("cases",), "absent data")]
    hits, _ = check({"cases": [{"deadline": date(2026, 6, 29)}]}, as_of=DAY)
    assert [hit.rule for hit in hits] == ["r"]


@pytest.mark.parametrize("fact", [fact.name for fact in FACTS])
def test_a_record_has_each_fact(fact: str) -> None:
    """With its value; of actions, their number."""
    case = Case(actions=("night-shift",))
    assert case_record(case)[fact] == (1 if fact == "actions" else getattr(case, fact))


@pytest.mark.parametrize(
    ("when", "case"),
    [
        ('any(cases where state is "treating" and assignee is "pm")', Case(state="treating", assignee="pm")),
        ('any(cases where handling is "new" and severity in ["minor", "major"])', Case()),
        ("any(cases where since below as_of - 20 days and actions is 0)", Case()),
        (
            'any(cases where outcome is "accepted" and closed_on is as_of)',
            Case(outcome="accepted", closed_on=DAY),
        ),
        ('any(cases where rule is "phase-late" and about is "phase/core")', Case()),
    ],
)
def test_what_an_author_would_write_is_understood(when: str, case: Case) -> None:
    """Without a case of that sort, the rule does not hold."""
    assert outcome(when, case).status == "minor"
    assert outcome(
        when, Case(severity="critical", since=DAY, state="firing", rule="other", actions=("a",))
    ).status == ("clear")


def test_a_word_that_no_case_can_have_is_a_fault() -> None:
    """States, signals, handlings and outcomes are choices."""
    with pytest.raises(RulesError, match="fireing"):
        rules('any(cases where state is "fireing")')


def test_only_the_agreement_has_cases() -> None:
    """They are not facts of phases or KPIs."""
    catalogue = default_catalogue()
    owners = [about for about in catalogue.subjects() if catalogue.type_of(about, "cases") is not None]
    assert owners == ["agreement"]
    assert catalogue.facts["case", "severity"].type is not None
    assert catalogue.facts["case", "severity"].type.choices == get_args(Severity)


def test_an_assessment_with_cases_leaves_its_facts_as_they_are() -> None:
    """Warnings are found as without; so cases never change what other rules say."""
    with_cases = assess(PILOT, as_of=DAY, cases=[Case(), Case(id="C-2")])
    assert with_cases == assess(PILOT, as_of=DAY)


def test_the_words_of_cases_are_those_of_their_facts() -> None:
    """In any order; so an author's `state is "pending"` matches what a case says."""
    choices = {
        fact.name: set(fact.type.choices) for fact in FACTS if fact.type is not None and fact.type.choices
    }
    assert choices["state"] == set(get_args(CaseState))
    assert choices["signal"] == set(get_args(Signal))
    assert choices["handling"] == set(get_args(Handling))
    assert choices["outcome"] == set(get_args(Outcome))
    assert {fact.name for fact in FACTS} <= set(dir(coopgov.Case))
