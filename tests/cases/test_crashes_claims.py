"""What the analysis claims is true of numbers of any size: the interpreter confirms it on random facts, huge ones and ties."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov

HEAD = """\
coopgov: rules/1
pack: t
version: 1.0.0
facts:
  - {name: n1, about: phase, type: number}
  - {name: n2, about: phase, type: number}
  - {name: n3, about: phase, type: number}
rules:
"""
AS_OF = date(2026, 6, 30)
_LIMITS = ("0", "0.5", "1", "5", "10", "1000000", "-3")
_LEAVES = (
    "n1",
    "n2",
    "n3",
    "n1 + 0.5",
    "n2 - 5",
    "n1 - n2",
    "n1 + n2",
    "n1 + n2 - n1",
    "2 * n1",
    "n1 / n2",
    "max(n1, n2)",
)
_WORDS = ("above", "below", "at least", "at most", "is", "is not")
_SEVERITIES = ("minor", "major")

comparisons = st.builds(
    lambda a, word, b: f"{a} {word} {b}",
    st.sampled_from(_LEAVES),
    st.sampled_from(_WORDS),
    st.sampled_from((*_LIMITS, *_LEAVES)),
)
conditions = st.recursive(
    comparisons,
    lambda inner: (
        st.builds(lambda a, word, b: f"({a}) {word} ({b})", inner, st.sampled_from(("and", "or")), inner)
        | inner.map(lambda each: f"not ({each})")
    ),
    max_leaves=4,
)


def _facts(seed: int) -> dict[str, float]:
    """Facts of all sizes, many of them equal to one another or next to a limit."""
    random = Random(seed)  # noqa: S311  # a spread of values, no secret
    size = 10.0 ** random.choice((0, 0, 1, 6, 11, 12, 13, 16, 17, 40, 98))
    near = [0.0, 0.5, 1.0, 5.0, 10.0, 1e6, -3.0]
    chosen: dict[str, float] = {}
    for name in ("n1", "n2", "n3"):
        pool = [random.choice(near), size, -size, size + random.choice(near), random.uniform(-size, size)]
        pool += [each + random.choice(near) for each in chosen.values()] + list(chosen.values())
        chosen[name] = random.choice(pool)
    return chosen


def _severities(rules: coopgov.RuleSet, facts: dict[str, float]) -> dict[str, str]:
    hits, _ = rules.checker("phase", backend="interpreter")(facts, as_of=AS_OF)
    return {rule: severity for rule, severity, *_ in hits}


def _undecided(rules: coopgov.RuleSet, facts: dict[str, float]) -> set[str]:
    _, unsure = rules.checker("phase", backend="interpreter")(facts, as_of=AS_OF)
    return {rule for rule, *_ in unsure}


def _confirmed(finding: Any, rules: coopgov.RuleSet, seed: int) -> None:
    facts = _facts(seed)
    hits, code, rule = _severities(rules, facts), finding.fault.code, finding.rule
    if code == "condition-never-true":
        assert rule not in hits, facts
    elif code == "condition-always-true":
        assert rule in hits or rule in _undecided(rules, facts), facts
    elif code == "same-meaning":
        assert len({hits.get("r0"), hits.get("r1")}) == 1 or _undecided(rules, facts), facts
    elif code == "implied-rule":
        other = "r1" if rule == "r0" else "r0"
        if rule in hits:
            assert other in hits or other in _undecided(rules, facts), facts
            assert other not in hits or _SEVERITIES.index(hits[other]) >= _SEVERITIES.index(hits[rule])


@settings(deadline=None, max_examples=150)
@given(st.lists(conditions, min_size=1, max_size=2), st.booleans())
def test_claims_of_conditions_hold_for_numbers_of_any_size(written: list[str], solver: bool) -> None:  # noqa: FBT001  # drawn
    """Never, always, implied, the same: no facts contradict what is said, however large they are."""
    text = HEAD + "".join(
        f'  - {{id: r{number}, about: phase, kind: k, when: "{each}", severity: minor, message: m}}\n'
        for number, each in enumerate(written)
    )
    rules = coopgov.parse_rules(text)
    for finding in coopgov.analyse(rules, solver=solver, time_limit=3).findings:
        for seed in range(400):
            _confirmed(finding, rules, seed)
