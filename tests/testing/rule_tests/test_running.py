"""The engine decides rule tests, which report expected beside actual outcomes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from coopgov.testing.rule_tests.report import results_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.rules import RuleSet
    from coopgov.testing import Suite

    Load = Callable[..., Suite]

PASSING = [
    # what is expected of one warning
    "{rule: few-answers, kpi: {category: survey, value: 50 %}, expect: minor}",
    "{rule: few-answers, kpi: {category: survey, value: 39 %}, expect: major}",
    "{rule: few-answers, kpi: {category: survey, value: 60 %}, expect: nothing}",
    "{rule: few-answers, kpi: {category: sales, value: 10 %}, expect: nothing}",
    "{rule: few-answers, kpi: {category: survey}, expect: undetermined}",
    "{rule: few-answers, kpi: {value: 39 %}, expect: nothing}",
    "{rule: few-answers, kpi: {category: survey, value: 39 points}, expect: undetermined}",
    "{rule: few-answers, kpi: {category: survey, unit: '%', value: 39}, expect: {severity: major, value: 39 %}}",
    "{kpi: {category: survey, value: 39 %}, expect: major}",
    ("{rule: few-answers, kpi: {category: survey, value: 50 %}, expect: {value: 50%, threshold: "
        "below 60 %, margin: 10 %}}"),
    "{rule: few-answers, kpi: {category: survey, value: 50 %}, expect: {threshold: < 60 %, waived: false}}",
    "{rule: few-answers, kpi: {category: survey, value: 50 %}, expect: {threshold: 60 %, title: Few answers}}",
    "{rule: few-answers, kpi: {category: survey, value: 50％}, expect: {value: ５０ %, threshold: ＜６０％}}",
    "{rule: few-answers, kpi: {category: survey, value: '５０ %'}, expect: {value: 50％, threshold: below 60％}}",
    ("{rule: few-answers, kpi: {category: survey, value: 50 %, name: Poll}, expect: {message: "
        "'Poll: only 50 % answered.'}}"),
    ("{rule: few-answers, kpi: {category: survey, value: 50 %, id: poll}, expect: {message: "
        "'poll: only 50 % answered.'}}"),
    "{rule: few-answers, kpi: {category: survey, value: 50 %}, expect: {message: 'kpi: only 50 % answered.'}}",
    ("{rule: few-answers, kpi: {category: survey, value: 50 %, name: {en: Poll, zh-Hans: 问卷}}, "
        "expect: {message: {zh-Hans: 问卷：回收率仅50 %。}, title: {zh-Hans: 回收率低}}}"),
    # values of all types
    "{rule: supplier-unreliable, supplier: {on_time_share: 90 %}, expect: {severity: minor, value: 90 %}}",
    "{rule: supplier-unreliable, supplier: {on_time_share: 90}, expect: minor}",
    "{rule: supplier-unreliable, supplier: {on_time_share: unknown}, expect: undetermined}",
    "{rule: hungry-task, task: {energy: 0.6 MWh, status: done}, expect: notice}",
    "{rule: hungry-task, task: {energy: 500 kWh, status: done}, expect: nothing}",
    "{rule: hungry-task, task: {energy: 600 kWh, status: in progress}, phase: {spent: 2, budget: 1}, expect: notice}",
    "{rule: hungry-task, task: {energy: 600 kWh, status: in progress, phase: {spent: 2, budget: 1}}, expect: notice}",
    "{task: {energy: 600 kWh, status: in progress}, phase: {spent: 2, budget: 1}, expect: notice}",
    "{about: task, task: {energy: 600 kWh, status: in progress}, phase: {spent: 1, budget: 1}, expect: nothing}",
    "{rule: busy, phase: {tasks: [{status: in progress}, {status: in progress}]}, expect: minor}",
    "{rule: busy, phase: {tasks: [{status: in progress}, {status: unknown}]}, expect: undetermined}",
    "{rule: busy, phase: {tasks: []}, expect: nothing}",
    "{rule: busy, phase: {}, expect: undetermined}",
    ("{rule: spent-too-much, phase: {spent: 5000.01, budget: 4000}, as_of: 2026-01-01, expect: "
        "{severity: minor, value: '1,000.01'}}"),
    "{rule: spent-too-much, phase: {spent: 5000.00, budget: 4000 money}, as_of: 2026-01-01, expect: nothing}",
    "{rule: hungry-task, task: {energy: 600 kWh, status: in progress}, expect: nothing}",
    ("{rule: milestone-missed, milestone: {overdue: 3 days}, expect: {message: {en: 'milestone "
        "was due on unknown and is 3 days overdue.'}}}"),
    # derived facts: by their formulas, or given
    "{rule: phase-late, phase: {delay: 12 days, window: 85 days}, expect: {severity: minor, value: 12/85}}",
    ("{rule: phase-late, phase: {planned_start: 2026-01-01, planned_end: 2026-03-01, actual_end: "
        "2026-03-10}, expect: {value: 9/59}}"),
    "{rule: phase-late, phase: {delay: unknown, window: 85 days}, expect: undetermined}",
    "{rule: phase-late, phase: {delay: not set, window: 85 days}, expect: nothing}",
    "{rule: phase-overspent, phase: {spent: 5}, expect: nothing}",
    ("{rule: milestone-missed, milestone: {due: 2026-01-10, met: 2026-02-10}, as_of: 2026-01-15, "
        "expect: {value: 5 days}}"),
    "{rule: role-vacant, role: {vacant: true}, expect: notice}",
    # warnings of warnings
    "{rule: delays-spreading, agreement: {warnings: [{rule: phase-late}, {rule: phase-late}]}, expect: major}",
    "{rule: much-trouble, agreement: {warnings: [{rule: phase-late}, {rule: phase-late-days}]}, expect: minor}",
    "{rule: much-trouble, agreement: {warnings: [{rule: phase-late}, {kind: delay, waived: true}]}, expect: nothing}",
    "{rule: much-trouble, agreement: {warnings: [{rule: phase-late}, {rule: delays-spreading}]}, expect: nothing}",
    # several rules, lists of entries, dates, parameters
    "{rule: [phase-late, busy], phase: {delay: 0 days, window: 9 days, tasks: []}, expect: nothing}",
    ("{rule: [phase-late, busy], phase: {delay: 1 day, window: 9 days}, expect: {warnings: "
        "[{rule: phase-late, severity: minor}], undetermined: [{rule: busy, missing: [tasks], "
        "because: absent data}]}}"),
    "{rule: few-answers, kpi: {category: survey}, expect: {undetermined: [{missing: [value]}]}}",
    ("{rule: milestone-missed, milestone: {due: 2026-01-10}, over_time: {2026-01-10: nothing, "
        "2026-01-12: {value: 2 days}}}"),
    "{rule: few-answers, parameters: {answers_minor: 50 %}, kpi: {category: survey, value: 50 %}, expect: nothing}",
    ("{rule: phase-late, parameters: {delay_tolerance: 15 %}, phase: {delay: 12 days, window: 85 "
        "days}, expect: nothing}"),
]  # fmt: skip


def test_what_is_so_passes(suite: Load) -> None:
    """Every form of facts and expectations."""
    tests = "".join(f"  - {{name: {at}, {test[1:]}\n" for at, test in enumerate(PASSING))
    results = suite(tests).run()
    assert results_text(results) == f"{len(PASSING) + 1} tests in 1 file: {len(PASSING) + 1} passed, 0 failed"
    assert results.passed


@pytest.mark.parametrize(
    ("test", "expected", "got"),
    [
        ("{kpi: {category: survey, value: 60 %}, expect: minor}", "minor", "nothing, value 60 %"),
        ("{kpi: {category: sales, value: 50 %}, expect: minor}", "minor", "nothing, not applicable"),
        ("{kpi: {category: survey}, expect: minor}", "minor", "undetermined, missing [value], absent data"),
        ("{kpi: {category: survey, value: 50 %}, expect: nothing}", "nothing", "minor, value 50 %"),
        ("{kpi: {category: survey, value: 50 %}, expect: undetermined}", "undetermined", "minor, value 50 %"),
        ("{kpi: {category: survey, value: 50 %}, expect: {severity: major, value: 49 %}}", "major, value 49 %",
         "minor, value 50 %"),
        ("{kpi: {category: survey, value: 50 %}, expect: {threshold: above 60 %}}", "a warning, threshold above 60 %",
         "minor, threshold below 60 %"),
        ("{kpi: {category: survey, value: 50 %}, expect: {value: 50}}", "a warning, value 50", "minor, value 50 %"),
        ("{kpi: {category: survey, value: 50 %}, expect: {waived: true}}", "a warning, waived", "minor, not waived"),
        (
            "{kpi: {category: survey, value: 50 %}, expect: {message: {en: Late., zh-Hans: 晚}}}",
            'a warning, message (en) "Late.", message (zh-Hans) "晚"',
            'minor, message (en) "kpi: only 50 % answered.", message (zh-Hans) "kpi：回收率仅50 %。"',
        ),
        (
            "{kpi: {category: survey}, expect: {undetermined: [{missing: [floor], because: unit}]}}",
            "undetermined, missing [floor], unit",
            "undetermined, missing [value], absent data",
        ),
        ("{rule: hungry-task, task: {energy: 5 kWh}, expect: notice}", "notice", "nothing"),
    ],
)  # fmt: skip
def test_what_is_not_so_fails_with_expected_beside_got(
    suite: Load, test: str, expected: str, got: str
) -> None:
    """A failure shows both sides; what gave no warning shows its measure all the same."""
    (outcome,) = suite(f"  - {{name: One, {test[1:]}\n").run().outcomes
    (compared,) = outcome.compared
    assert not outcome.passed
    assert (compared.expected, compared.got) == (expected, got)


def test_a_failure_is_under_the_rule_and_its_date(suite: Load) -> None:
    """The whole report, as a person reads it."""
    loaded = suite(
        """\
  - name: Two days late
    rule: milestone-missed
    milestone: {id: first, due: 2026-01-10}
    over_time:
      2026-01-10: nothing
      2026-01-12: undetermined
"""
    )
    assert (
        results_text(loaded.run())
        == f"""\
{loaded.file}:3:11: Two days late
  milestone-missed@milestone/first on 2026-01-12
    expected  undetermined
    got       minor, value 2 days

2 tests in 1 file: 1 passed, 1 failed"""
    )


AGREEMENT = """\
agreement:
  coopgov: agreement/1
  id: pier
  title: The pier
  currency: CNY
  term: {start: 2026-01-01, end: 2026-12-31}
  parties: [{id: port}]
  phases:
    - {id: piles, planned: {start: 2026-01-01, end: 2026-04-10}, actual: {start: 2026-01-01}}
    - {id: deck, planned: {start: 2026-05-01, end: 2026-12-01}}
  kpis: [{id: poll, category: survey, unit: "%", readings: [{on: 2026-02-01, value: 50}]}]
  waivers: [{rule: few-answers, about: kpi/poll, until: 2026-03-01, reason: Holidays}]
"""


@pytest.mark.parametrize(
    ("test", "failures"),
    [
        (("{rule: phase-late, as_of: 2026-04-30, expect: {warnings: [{about: phase/piles, "
            "severity: major, value: 20/99}]}}"), []),
        ("{rule: phase-late, about: phase/piles, as_of: 2026-04-30, expect: major}", []),
        ("{rule: phase-late, about: phase/deck, as_of: 2026-04-30, expect: nothing}", []),
        (("{rule: phase-late, about: phase/piles, over_time: {2026-04-10: nothing, 2026-04-30: "
            "{value: 20.2 %, message: {zh-Hans: piles延误 20 天，占计划工期 99 天的 20.2 %，"
            "其中启动时承接 0 天，自身延误 20 天。}}}}"), []),
        ("{rule: few-answers, as_of: 2026-03-01, expect: {warnings: [{about: kpi/poll, waived: true}]}}", []),
        ("{rule: few-answers, as_of: 2026-03-02, expect: {warnings: [{about: kpi/poll, waived: false}]}}", []),
        ("{rule: few-answers, about: kpi/poll, as_of: 2026-01-31, expect: undetermined}", []),
        ("{rule: role-vacant, about: role/joint-lead, as_of: 2026-04-30, expect: notice}", []),
        ("{rule: role-vacant, about: role/nobody, as_of: 2026-04-30, expect: notice}",
         ["notice / nothing, no such subject on 2026-04-30"]),
        ("{as_of: 2026-03-02, expect: {warnings: [{rule: few-answers, about: kpi/poll}]}}", []),
        ("{rule: phase-late, as_of: 2026-04-30, expect: nothing}", ["nothing / major, value 20.2 %"]),
        ("{rule: phase-late, about: phase/deck, as_of: 2026-04-30, expect: minor}", ["minor / nothing, value 0 %"]),
        ("{rule: few-answers, parameters: {answers_minor: 50 %}, as_of: 2026-03-02, expect: nothing}", []),
    ],
)  # fmt: skip
def test_agreements_are_assessed(suite: Load, test: str, failures: list[str]) -> None:
    """A test is exact about its rules, or about those of the file, and about its subject where it names one."""
    results = suite(f"  - {{name: One, {test[1:]}\n", AGREEMENT).run()
    shown = [
        f"{row.expected} / {row.got}" for each in results.outcomes for row in each.compared if not row.passed
    ]
    assert shown == failures


def test_an_agreement_may_be_in_a_test(suite: Load) -> None:
    """Beside the default of the file, which is for tests that give nothing."""
    inline = (
        "{coopgov: agreement/1, id: x, title: X, currency: EUR, term: {start: 2026-01-01, end: "
        "2026-12-31}, parties: [{id: a}], goals: [{id: g, statement: Grow}]}"
    )
    tests = (
        f"  - {{name: One, rule: goal-without-owner, agreement: {inline}, about: goal/g, as_of: "
        "2026-02-01, expect: notice}\n"
    )
    assert suite(tests, AGREEMENT).run().passed


def test_an_agreement_by_path_is_relative_to_the_file(suite: Load, pytestconfig: pytest.Config) -> None:
    """And the currency of small facts is that of the file's agreement."""
    path = pytestconfig.rootpath / "examples" / "pilot" / "agreement.yaml"
    loaded = suite(
        "  - {name: One, rule: phase-late, about: phase/setup, as_of: 2026-06-30, expect: major}\n"
        "  - {name: Two, rule: spent-too-much, phase: {spent: 2001, budget: 1}, as_of: "
        "2026-01-01, expect: {value: 2000 CNY}}\n",
        f"agreement: {path}\n",
    )
    assert loaded.run().passed


def test_working_days_are_those_of_the_file(suite: Load) -> None:
    """`calendar` is as in an agreement."""
    rules = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: slow, about: phase, kind: delay, measure: "working_days(planned_start, planned_end)", bands: {minor: above 2 working days}, message: "{measure}"}
"""  # noqa: E501  # a file as people write it
    test = "  - {name: One, phase: {planned_start: 2026-01-01, planned_end: 2026-01-05}, expect: %s}\n"
    assert suite(test % "nothing", "", rules).run().passed
    assert suite(test % "minor", "calendar: {weekend: [sunday]}\n", rules).run().passed
    assert (
        suite(test % "nothing", "calendar: {weekend: [sunday], holidays: [2026-01-03]}\n", rules).run().passed
    )
    assert suite(test % "nothing", "calendar: {country: CN}\n", rules).run().passed


def test_other_rules_can_take_the_place_of_those_of_the_file(suite: Load) -> None:
    """A mutant is run with the same tests; a change reaches the rules with other parameters too."""
    loaded = suite(
        "  - {name: One, rule: few-answers, kpi: {category: survey, value: 50 %}, expect: minor}\n"
        "  - {name: Two, rule: few-answers, parameters: {answers_minor: 55 %}, kpi: {category: "
        "survey, value: 50 %}, expect: minor}\n"
    )

    def silenced(rules: RuleSet) -> RuleSet:
        return replace(rules, rules=tuple(each for each in rules.rules if each.id != "few-answers"))

    assert loaded.run().passed
    assert [each.passed for each in loaded.run(silenced(loaded.rules)).outcomes] == [False, True]
    assert [each.passed for each in loaded.run(change=silenced).outcomes] == [False, False]


def test_a_rule_that_comes_to_ask_for_a_date_fails(suite: Load) -> None:
    """Other rules may ask for what the tests do not give."""
    loaded = suite(
        "  - {name: One, rule: phase-late, phase: {delay: 1 day, window: 9 days}, expect: minor}\n"
    )
    late = loaded.rules.rule("agreement-late")
    other = replace(late, id="phase-late", about="phase", check=replace(late.check, id="phase-late"))
    rules = replace(loaded.rules, rules=(other,))
    (outcome,) = loaded.run(rules).outcomes
    assert not outcome.passed


def test_parameters_reach_formulas_too(suite: Load) -> None:
    """A formula that names a parameter has its value of the test."""
    rules = """\
coopgov: rules/1
pack: own
version: 1.0.0
parameters: {grace: 3 days}
facts:
  - {name: really_late, about: phase, is: delay - grace}
rules:
  - {id: late, about: phase, kind: delay, measure: really_late, bands: {minor: above 0 days}, message: "{measure}"}
"""
    tests = (
        "  - {name: One, phase: {delay: 4 days}, expect: {value: 1 day}}\n"
        "  - {name: Two, phase: {delay: 4 days}, parameters: {grace: 4 days}, expect: nothing}\n"
    )
    assert suite(tests, "", rules).run().passed


def test_rule_tests_need_no_hypothesis() -> None:
    """Its import takes half a second, and hosts may not have it."""
    code = "import sys, coopgov.testing; coopgov.testing.run_tests; print('hypothesis' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout == "False\n"
