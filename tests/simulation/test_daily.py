"""Histories are found without assessing every day anew, and are the same as if each day were assessed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov.assessment.daily import _decided
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.model import build_agreement
from coopgov.rules import Engine, RuleSet, parse_rules
from coopgov.simulation.backtest import backtest
from coopgov.testing import agreements, rule_sets
from pilot import pack, pilot
from work import calls_of

if TYPE_CHECKING:
    from coopgov.model import Agreement

FIRST = date(2026, 1, 1)
DAYS = st.dates(FIRST, FIRST + timedelta(40))
LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=40)
WARNED = """\
coopgov: rules/1
pack: warned
version: 1.0.0
extends: [cooperation-plan]
rules:
  - id: troubled
    about: phase
    kind: delay
    title: Troubled
    measure: count(warnings)
    bands: {notice: at least 2, minor: at least 4}
    message: Troubled.
  - id: much-troubled
    about: agreement
    kind: delay
    title: Much troubled
    when: any(warnings where rule is "troubled" and severity is "minor")
    severity: major
    message: Much troubled.
  - id: late-in-many-ways
    about: task
    kind: delay
    title: Late in many ways
    when: count(warnings where not past) at least 2
    severity: minor
    message: Late in many ways.
"""


def agrees(agreement: Agreement, rules: RuleSet, first: date, days: int) -> None:
    """Assert that a history is the same with a backend that is asked about each day by itself."""
    last = first + timedelta(days)
    each_day = backtest(agreement, Engine(rules, backend=ReferenceBackend()), first=first, last=last)
    assert backtest(agreement, Engine(rules), first=first, last=last) == each_day


@LOOSE
@given(agreements(days=DAYS) | agreements(days=DAYS, strict=False), rule_sets(max_size=5))
def test_any_rules_and_agreements(agreement: Agreement, rules: RuleSet) -> None:
    """Episodes, stretches, undetermined periods and what is undated, whatever the rules."""
    agrees(agreement, rules, FIRST - timedelta(3), 60)


@settings(LOOSE, max_examples=15)
@given(
    agreements(days=DAYS) | agreements(days=DAYS, strict=False),
    st.sampled_from([pack(), parse_rules(WARNED)]),
)
def test_the_shipped_rules_and_any_agreement(agreement: Agreement, rules: RuleSet) -> None:
    """Also with rules that read warnings of several layers."""
    agrees(agreement, rules, FIRST - timedelta(3), 50)


def test_rules_about_warnings_in_the_pilot() -> None:
    """Warnings that come and go, end as past ones and are waived, seen by three layers of rules."""
    agrees(pilot(), parse_rules(WARNED), date(2026, 1, 5), 330)


def quiet(tasks: int) -> Agreement:
    """An agreement some of whose tasks become late; one that waits for another, too."""
    start = date(2026, 1, 5)

    def task(number: int) -> dict[str, object]:
        begins = start + timedelta(3 * (number % 20))
        planned = {"start": begins, "end": begins + timedelta(9)}
        more = {"after": [f"task-{number - 1}"]} if number % 5 == 4 else {}
        return {"id": f"task-{number}", "name": "Work", "planned": planned, "status": "not started", **more}

    return build_agreement(
        {
            "coopgov": "agreement/1",
            "id": "quiet",
            "title": "Quiet",
            "currency": "CNY",
            "term": {"start": start, "end": date(2028, 12, 31)},
            "parties": [{"id": "port"}],
            "phases": [
                {
                    "id": "build",
                    "name": "Build",
                    "planned": {"start": start, "end": date(2026, 12, 31)},
                    "tasks": [task(number) for number in range(tasks)],
                }
            ],
        }
    )


def decisions(agreement: Agreement, days: int) -> int:
    """How often a rule is decided about a subject, in a history of so many days."""
    engine, first = Engine(pack()), date(2026, 1, 5)
    last = first + timedelta(days - 1)
    return calls_of(lambda: backtest(agreement, engine, first=first, last=last), _decided)


def test_a_year_takes_as_many_decisions_as_there_are_changes() -> None:
    """Each task becomes late, more late and most late; beside these, only rules about warnings are decided daily."""
    daily = sum(rule.layer > 0 and rule.about == "agreement" for rule in pack().rules)
    at_first, year, longer = (decisions(quiet(20), days) for days in (1, 365, 565))
    assert year - at_first - 364 * daily < 20 * 10
    assert longer - year - 200 * daily < 10


def test_decisions_grow_with_the_subjects() -> None:
    """Four times as many tasks take four times as many decisions, whatever the number of days."""
    few, many = decisions(quiet(20), 150), decisions(quiet(80), 150)
    assert many < 4 * few
