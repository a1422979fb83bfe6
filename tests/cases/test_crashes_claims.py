"""What the analysis claims is true of numbers of any size.

The interpreter confirms it on random facts, huge ones and ties.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coopgov
from cases.crashes import AS_OF, case

if TYPE_CHECKING:
    from pathlib import Path

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


def _claims(*conditions: str, solver: bool = True) -> list[tuple[str, str | None]]:
    """What is said of rules of these conditions, the first of which gives the milder warning."""
    text = HEAD + "".join(
        f'  - {{id: r{number}, about: phase, kind: k, when: "{each}", severity: {_SEVERITIES[number]}, message: m}}\n'
        for number, each in enumerate(conditions)
    )
    analysis = coopgov.analyse(coopgov.parse_rules(text), solver=solver)
    return [(each.fault.code, each.rule) for each in analysis.findings if each.rule]


@pytest.mark.parametrize(
    "conditions",
    [
        ("not (n1 above n2)", "n1 - n2 at most 0"),
        ("n1 + 0.5 above n1",),
        ("n1 + n2 - n1 above n2 + 1",),
        ("n1 above 0 and n2 above 0", "n1 / n2 above 0"),  # 1 and 1e13
        ("n1 - n2 above 0", "n1 above n2"),
        ("spent - budget above 0 money", "spent above 100 % * budget"),
    ],
)
def test_what_large_numbers_contradict_is_not_claimed(conditions: tuple[str, ...]) -> None:
    """The tolerance of a comparison grows with its right side, that with a constant does not."""
    assert _claims(*conditions) == []


@pytest.mark.parametrize(
    ("conditions", "claim"),
    [
        (("spent above budget", "spent above 90 % * budget"), "implied-rule"),
        (("spent / budget above 115 %", "spent above 110 % * budget"), "implied-rule"),
        (("spent above budget and budget above spent",), "condition-never-true"),
        (("max(n1, n2) below n1",), "condition-never-true"),
        (("spent above budget and spent - budget at most 0 money",), "condition-never-true"),
        (("2 * n1 above n2 and n2 above 2.1 * n1 and n1 above 0",), "condition-never-true"),
    ],
)
def test_useful_claims_are_made(conditions: tuple[str, ...], claim: str) -> None:
    """Those that hold at any size, also where facts depend on one another."""
    pytest.importorskip("z3", reason="needs the solver")
    assert (claim, "r0") in _claims(*conditions)


def test_a_claim_that_fails_for_large_numbers_is_not_made(run: Any, tmp_path: Path) -> None:
    """`n1 + 0.5 above n1` is false at 1e13."""
    case("08", tmp_path)
    assert run("rules", "check", "r.yaml")[:2] == (0, "r.yaml: t 1.0.0: 4 rules, no faults, no findings\n")
