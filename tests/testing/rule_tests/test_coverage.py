"""Coverage says which rules, bands, silences, branches and languages no test reaches."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopgov.testing import coverage_of
from coopgov.testing.rule_tests.report import coverage_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.testing import Suite

    Load = Callable[..., Suite]

RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
extends: [cooperation-plan]
rules:
  - id: few-answers
    about: kpi
    kind: quality
    where: category is "survey" and not (has_source is known and value above 200 %)
    measure: value
    bands: {minor: below 60 %, major: below 40 %}
    message: {en: "Only {measure}.", zh-Hans: "仅{measure}。"}
  - id: idle
    about: phase
    kind: delay
    when: not started and
      (delay above 5 days or planned_end is known)
    severity: notice
    message: "{phase.name} is idle."
  - id: unowned
    about: phase
    kind: alignment
    when: not has_owner
    severity: notice
    message: "Nobody."
"""


def missing(suite: Suite) -> list[str]:
    """What no test reaches, as rule and reason."""
    return [f"{part.rule}: {part.missing}" for part in coverage_of([suite]).missing]


def test_what_no_test_decides_is_not_reached_at_all(suite: Load) -> None:
    """All parts are listed, but a rule that nobody decides is one line of the text."""
    loaded = suite("  - {name: One, rule: unowned, phase: {has_owner: false}, expect: notice}\n", rules=RULES)
    coverage = coverage_of([loaded])
    own = loaded.file.replace(".tests", "")
    assert (
        coverage_text(coverage)
        == f"""\
coverage of {own}: 7.1 %
  rules     1 of 3
  bands     1 of 4
  silence   0 of 3
  branches  0 of 14
  languages 0 of 4
  {own}:6:9: few-answers: no test decides it
  {own}:13:9: idle: no test decides it
  {own}:20:9: unowned: no test in which it says nothing
  {own}:25:14: unowned: no test of its message"""
    )
    assert len(coverage.missing) == 26


def test_each_condition_must_be_true_and_false(suite: Load) -> None:
    """`and`, `or` and `not` are taken apart; places point to the condition, in a text of several lines too."""
    loaded = suite(
        "  - {name: One, rule: idle, phase: {started: false, delay: 6 days}, expect: notice}\n", rules=RULES
    )
    parts = [part for part in coverage_of([loaded]).missing if part.rule == "idle"]
    assert [(part.kind, part.place.line, part.place.column, part.missing) for part in parts] == [
        ("silence", 13, 9, "no test in which it says nothing"),
        ("branches", 16, 15, "no test in which `started` is true"),
        ("branches", 17, 8, "no test in which `delay above 5 days` is false"),
        ("branches", 17, 30, "no test in which `planned_end is known` is true"),
        ("languages", 19, 14, "no test of its message"),
    ]


def test_what_a_rule_is_not_for_reaches_no_band(suite: Load) -> None:
    """If `where` is false, or the rule is undetermined, only conditions of `where` are reached."""
    tests = (
        "  - {name: One, rule: few-answers, kpi: {category: sales, value: 70 %}, expect: nothing}\n"
        "  - {name: Two, rule: few-answers, kpi: {category: survey}, expect: undetermined}\n"
    )
    shown = [each for each in missing(suite(tests, rules=RULES)) if each.startswith("few-answers")]
    assert "few-answers: no test in which the band minor (`below 60 %`) is false" in shown
    assert "few-answers: no test in which `value above 200 %` is true" in shown
    assert "few-answers: no test in which `value above 200 %` is false" not in shown
    assert 'few-answers: no test in which `category is "survey"` is true' not in shown


def test_a_language_is_reached_by_comparing_the_message(suite: Load) -> None:
    """Each in its own; a language that the rule does not have reaches its fallback."""
    test = (
        "  - {name: One, rule: few-answers, kpi: {category: survey, value: 50 %%}, expect: {message: %s}}\n"
    )
    shown = missing(suite(test % "{zh-Hant: 仅50 %。}", rules=RULES))
    assert "few-answers: no test of its message in en" in shown
    assert "few-answers: no test of its message in zh-Hans" not in shown
    shown = missing(suite(test % "Only 50 %.", rules=RULES))
    assert "few-answers: no test of its message in zh-Hans" in shown
    assert "few-answers: no test of its message in en" not in shown


def test_only_tests_that_are_exact_about_a_rule_reach_it(suite: Load) -> None:
    """What fires by the way is not tested; agreements reach the subjects that a test looks at."""
    head = """\
agreement:
  coopgov: agreement/1
  id: pier
  title: The pier
  currency: CNY
  term: {start: 2026-01-01, end: 2026-12-31}
  parties: [{id: port}]
  phases:
    - {id: piles, owner: port, planned: {start: 2026-01-01, end: 2026-04-10}}
    - {id: deck, planned: {start: 2026-05-01, end: 2026-12-01}}
"""
    test = "  - {name: One, rule: %s, about: phase/%s, as_of: 2026-02-01, expect: %s}\n"
    shown = missing(suite(test % ("idle", "piles", "notice"), head, RULES))
    assert "unowned: no test decides it" in shown
    shown = missing(suite(test % ("unowned", "piles", "nothing"), head, RULES))
    assert "unowned: no test in which it gives notice" in shown
    assert "unowned: no test in which it says nothing" not in shown


def test_rules_of_extended_packs_are_not_counted_unless_they_are_changed(suite: Load) -> None:
    """A file answers for what it writes and changes."""
    changed = RULES + "  - {id: phase-late, override: true, bands: {minor: above 9 %}}\n"
    loaded = suite(
        "  - {name: One, rule: phase-late, phase: {delay: 1 day, window: 9 days}, expect: minor}\n",
        rules=changed,
    )
    assert {part.rule for part in coverage_of([loaded]).parts} == {
        "few-answers",
        "idle",
        "unowned",
        "phase-late",
    }


def test_files_of_tests_for_one_rule_file_count_together(suite: Load) -> None:
    """The share is that of all parts; it is compared exactly, and nothing to reach is all reached."""
    one = suite(
        "  - {name: One, rule: unowned, phase: {has_owner: false}, expect: {message: Nobody.}}\n", rules=RULES
    )
    two = suite("  - {name: One, rule: unowned, phase: {has_owner: true}, expect: nothing}\n", rules=RULES)
    together = coverage_of([one, two])
    assert not [part for part in together.missing if part.rule == "unowned"]
    assert together.reached == 4
    assert together.at_least(Decimal("0.14"))
    assert not together.at_least(Decimal("0.15"))
    assert coverage_of([]).share == 1
    assert coverage_of([]).at_least(Decimal(1))


@pytest.mark.parametrize("kind", ["rules", "bands", "silence", "branches", "languages"])
def test_each_kind_is_counted_in_json(suite: Load, kind: str) -> None:
    """Numbers for each kind of each file, and what is missing with its place."""
    loaded = suite("  - {name: One, rule: unowned, phase: {has_owner: false}, expect: notice}\n", rules=RULES)
    shown = coverage_of([loaded]).to_dict()
    (file,) = shown["files"]
    of_kind = coverage_of([loaded]).of(kind=kind)
    assert file[kind] == {"reached": of_kind.reached, "of": len(of_kind.parts), "share": of_kind.share}
    assert (shown["reached"], shown["of"]) == (2, 28)
    assert file["missing"][0] == {
        "rule": "few-answers",
        "kind": "rules",
        "missing": "no test decides it",
        "file": loaded.file.replace(".tests", ""),
        "line": 6,
        "column": 9,
    }


def test_several_rule_files_have_a_share_of_all(suite: Load) -> None:
    """It is what `--min-coverage` is compared with."""
    one = suite("  - {name: One, rule: unowned, phase: {has_owner: false}, expect: notice}\n", rules=RULES)
    two = suite(
        "  - {name: One, rule: phase-late, phase: {delay: 0 days, window: 9 days}, expect: nothing}\n",
        "rules: [cooperation-plan]\n",
    )
    shown = coverage_text(coverage_of([one, two])).splitlines()
    assert [line.rpartition(": ")[0] for line in shown if line.startswith("coverage of")][1:] == [
        "coverage of cooperation-plan.yaml",
        "coverage of all",
    ]
    assert shown[-1].startswith("coverage of all: ")


ENDING = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: late, about: phase, kind: delay, when: delay above 5 days, severity: notice, ends: ended, message: M}
"""
AGREEMENT = """\
agreement:
  coopgov: agreement/1
  id: pier
  title: Pier
  currency: CNY
  term: {start: 2026-01-01, end: 2026-12-31}
  parties: [{id: port}]
  phases: [{id: a, planned: {start: 2026-01-01, end: 2026-03-31}, actual: {start: 2026-01-01, end: 2026-05-01}}]
"""


def test_what_ends_a_rule_is_reached_by_agreements_alone(suite: Load) -> None:
    """Small facts do not decide it, so they do not reach it either."""
    small = (
        "  - {name: One, rule: late, phase: {delay: 6 days, ended: true}, expect: {severity: notice, message: M}}\n"
        "  - {name: Two, rule: late, phase: {delay: 5 days, ended: false}, expect: nothing}\n"
    )
    assert missing(suite(small, rules=ENDING)) == [
        "late: no test in which `ended` is true",
        "late: no test in which `ended` is false",
    ]
    whole = (
        "  - {name: Three, rule: late, about: phase/a, over_time: "
        "{2026-04-30: {past: false}, 2026-05-01: {past: true}}}\n"
    )
    assert missing(suite(small + whole, AGREEMENT, rules=ENDING)) == []
