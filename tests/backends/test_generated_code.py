"""What the generated functions do to be fast changes no outcome."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopgov
from coopgov.backends.ir import Undetermined
from coopgov.backends.python.runtime import Reasons, Rows
from coopgov.testing import mutants

AS_OF = date(2026, 6, 30)
_LIMIT = 2**53
_LIMITS = (5, _LIMIT - 1, _LIMIT, _LIMIT + 1, _LIMIT + 2, 3 * _LIMIT + 1)


def _rules() -> coopgov.RuleSet:
    lines = ["coopgov: rules/1", "pack: numbers", "version: 1.0.0", "facts:"]
    lines += [f"  - {{name: {name}, about: phase, type: count}}" for name in ("first", "second")]
    lines.append("rules:")
    for number, limit in enumerate(_LIMITS):
        for word in ("above", "at most"):
            lines += [
                f"  - id: rule-{number}-{word.replace(' ', '-')}",
                "    about: phase",
                "    kind: delay",
                f"    when: first {word} {limit} and second {word} {limit} or first is {limit}",
                "    severity: minor",
                "    message: x",
            ]
    return coopgov.parse_rules("\n".join(lines) + "\n")


_RULES = _rules()
_DIRECT = _RULES.checker("phase")
_REFERENCE = _RULES.checker("phase", backend="interpreter")
_NUMBERS = st.one_of(
    st.none(),
    st.integers(-10, 10),
    st.builds(lambda limit, step: limit + step, st.sampled_from(_LIMITS), st.integers(-20_000, 20_000)),
    st.builds(lambda limit, step: float(limit + step), st.sampled_from(_LIMITS), st.integers(-3, 3)),
    st.floats(allow_nan=True, allow_infinity=False),
)


@given(first=_NUMBERS, second=_NUMBERS)
def test_whole_numbers_that_no_float_represents_are_compared_exactly(first: Any, second: Any) -> None:
    """Comparing floats instead of whole numbers gives the outcomes of the interpreter, with gaps too."""
    record = {"first": first, "second": second}
    assert _DIRECT(record, as_of=AS_OF) == _REFERENCE(record, as_of=AS_OF)


def test_kept_entries_are_forgotten_before_they_fill_the_memory() -> None:
    """Each combination of absent facts has a row of entries, and the number of rows is limited."""
    reasons = Reasons("late", {1: ("fact", "a"), 2: ("fact", "b")})
    rows = Rows([(reasons, 3)])
    rows.most = 2
    for bad in (1, 2, 3):
        row = rows[bad]
        assert row == [None]
        rows.entry(row, 0, bad)
    assert rows == {3: [Undetermined("late", ("a", "b"), "absent data")]}


@pytest.mark.parametrize(
    "rule", ["bands: {minor: above 5}, measure: first", "severity: minor, when: first above 5"]
)
def test_a_rule_without_its_only_band_is_silent(rule: str) -> None:
    """A mutant may leave out all that a rule looks for; it finds nothing then, whether or not data are absent."""
    rules = coopgov.parse_rules(
        "coopgov: rules/1\npack: few\nversion: 1.0.0\nfacts: [{name: first, about: phase, type: count}]\n"
        f"rules: [{{id: a, about: phase, kind: delay, message: M, {rule}}}]\n"
    )
    (silent,) = (each.apply(rules) for each in mutants(rules) if each.kind == "band")
    for check in (silent.checker("phase"), silent.checker("phase", backend="interpreter")):
        assert [check({"first": value}, as_of=AS_OF) for value in (9, None)] == [([], [])] * 2
