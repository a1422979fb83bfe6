"""How the work of checking rules grows with their number, counted in questions and evaluations, not in seconds."""

from __future__ import annotations

from collections import Counter
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


def _counted(facts: int, rules_of_each: int) -> Counter[str]:
    """What analysing rules asks: each fact has its own rules, with limits of their own."""
    text = _HEAD + "".join(_FACT.format(number) for number in range(facts)) + "rules:\n"
    for number in range(facts * rules_of_each):
        low = 10 + number // facts
        text += _RULE.format(number, number % facts, low, low + 5)
    counts: Counter[str] = Counter()

    def counting(cls: type, name: str) -> Any:
        real = getattr(cls, name)

        def count(*arguments: Any, **options: Any) -> Any:
            counts[name] += 1
            return real(*arguments, **options)

        return patch.object(cls, name, count)

    with counting(Logic, "ask"), counting(Study, "outcome"):
        found = coopgov.analyse(coopgov.parse_rules(text), solver=False, time_limit=600)
    assert not found.undecided
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
