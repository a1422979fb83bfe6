"""How the work of checking rules grows with their number, counted in questions and evaluations, not in seconds."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

import coopgov
from coopgov.analysis.logic.decide import Logic
from coopgov.analysis.logic.study import Study

if TYPE_CHECKING:
    from typing import Any

_HEAD = "coopgov: rules/1\npack: many\nversion: 1.0.0\nfacts:\n"
_FACT = "  - {{name: metric{0}, about: phase, type: number, means: A metric.}}\n"
_RULE = (
    "  - id: rule-{0}\n    about: phase\n    kind: delay\n    title: Rule {0}\n    measure: metric{1}\n"
    '    bands: {{minor: "above {2}", major: "above {3}"}}\n    message: "{{measure}}"\n'
)
_FORMULA = (
    "  - {{name: formula{0}, about: phase, is: (metric{0} - metric{1}) / metric{2}, means: A formula.}}\n"
)
_CONDITION = (
    "  - id: rule-{0}\n    about: phase\n    kind: delay\n    title: Rule {0}\n    when: {1}\n"
    "    severity: major\n    message: Late.\n"
)
_COMMON = 6


def _counted(facts: int, rules_of_each: int) -> Counter[str]:
    """What analysing rules asks: each fact has its own rules, with limits of their own."""
    text = _HEAD + "".join(_FACT.format(number) for number in range(facts)) + "rules:\n"
    for number in range(facts * rules_of_each):
        low = 10 + number // facts
        text += _RULE.format(number, number % facts, low, low + 5)
    return _questions(text, undecided=False)


def _common(rules: int) -> str:
    """Rules about a few formulas and the facts in them, several of which each rule limits."""
    choose = Random(1)  # noqa: S311  # sample limits, not secrets
    names = [f"{sort}{number}" for sort in ("metric", "formula") for number in range(_COMMON)]
    text = _HEAD + "".join(_FACT.format(number) for number in range(_COMMON))
    for number in range(_COMMON):
        text += _FORMULA.format(number, (number + 1) % _COMMON, (number + 2) % _COMMON)
    text += "rules:\n"
    for number in range(rules):
        limits = (
            f"{name} {choose.choice(('above', 'below'))} {choose.randrange(1, 9999) / 100}"
            for name in choose.sample(names, (1, 3, 4)[number % 3])
        )
        text += _CONDITION.format(number, " and ".join(limits))
    return text


def _questions(text: str, *, undecided: bool = True) -> Counter[str]:
    """How many questions analysing rules asks, and how often it evaluates a rule."""
    counts: Counter[str] = Counter()

    def counting(cls: type, name: str) -> Any:
        real = getattr(cls, name)

        def count(*arguments: Any, **options: Any) -> Any:
            counts[name] += 1
            return real(*arguments, **options)

        return patch.object(cls, name, count)

    with counting(Logic, "ask"), counting(Study, "outcome"):
        found = coopgov.analyse(coopgov.parse_rules(text), solver=False, time_limit=600)
    assert undecided or not found.undecided
    return counts


@pytest.mark.parametrize("name", ["ask", "outcome"])
def test_rules_without_a_common_fact_are_not_compared(name: str) -> None:
    """Four times as many rules, each about a fact of its own, cost four times as many questions."""
    small, large = _counted(10, 1), _counted(40, 1)
    assert small[name] > 0
    assert large[name] <= 4 * small[name]


@pytest.mark.parametrize("name", ["ask", "outcome"])
def test_groups_of_rules_cost_as_much_as_their_number(name: str) -> None:
    """Rules about one fact are compared with each other only: more such groups cost in proportion."""
    small, large = _counted(5, 3), _counted(20, 3)
    assert small[name] > 0
    assert large[name] <= 4 * small[name]


@pytest.mark.parametrize("name", ["ask", "outcome"])
def test_rules_about_one_fact_settle_each_other_by_examples(name: str) -> None:
    """The facts for which one of them warns settle nearly all pairs, so the questions grow with the rules."""
    small, large = _counted(1, 10), _counted(1, 40)
    assert small[name] > 0
    assert large[name] <= 5 * small[name]


@pytest.mark.parametrize("name", ["ask", "outcome"])
def test_facts_that_keep_two_rules_apart_settle_other_pairs(name: str) -> None:
    """Without samples, rules with common formulas are compared by few questions: one answer settles many pairs."""
    with patch("coopgov.analysis.logic.sampling._MOST", 0):
        small, large = _questions(_common(20)), _questions(_common(80))
    assert small[name] > 0
    assert large[name] <= 7 * small[name]
    assert large["ask"] <= 6 * 80
