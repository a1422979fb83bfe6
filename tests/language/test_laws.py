"""Laws that the meaning of expressions obeys, whatever the data."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.ir import Check, Program
from coopgov.backends.python.backend import DirectBackend
from coopgov.errors import ExpressionError
from coopgov.facts import Catalogue, Fact, SubjectType, default_catalogue
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.type_check import check
from coopgov.language.types import TRUTH
from coopgov.language.values import NOT_SET, UNKNOWN, Bounds, missing
from coopgov.model import WorkingCalendar
from coopgov.rules.ladder import step_of
from language.evaluation import AS_OF, evaluate
from language.expressions import CATALOGUE, conditions, dates, records

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgov.severities import Severity

# Logic ------------------------------------------------------------------------------------------------------

_LOGIC = Catalogue(
    {"x": SubjectType("x")},
    {
        ("x", name): Fact(name, "x", "", TRUTH, optional=name.endswith("_"))
        for name in ("a", "b", "c", "a_", "b_", "c_")
    },
)
_OUTCOMES = (True, False, UNKNOWN, NOT_SET)


def truth(text: str, **values: Any) -> Any:
    """A formula over a, b and c, each true, false, unknown or not set."""
    record: dict[str, Any] = {}
    for name, value in values.items():
        text = " ".join(f"{word}_" if word == name and value is NOT_SET else word for word in text.split(" "))
        if not missing(value):
            record[name] = value
    return evaluate(text, record, catalogue=_LOGIC, about="x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("not ( a and b )", "not a or not b"),
        ("not ( a or b )", "not a and not b"),
        ("not not a", "a"),
        ("a and b", "b and a"),
        ("a or b", "b or a"),
        ("a and a", "a"),
        ("a or a", "a"),
        ("a and ( b and c )", "a and b and c"),
        ("a or ( b or c )", "( a or b ) or c"),
        ("a and true", "a"),
        ("a or false", "a"),
        ("a and false", "false"),
        ("a or true", "true"),
        ("a is b", "b is a"),
        ("a is not b", "not a is b"),
        ("a else ( b else c )", "a else b else c"),
        ("a is not known", "not a is known"),
        ("( a else b ) is known", "a is known or b is known"),
    ],
)
def test_laws_of_logic(one: str, other: str) -> None:
    """Conditions that mean the same come out the same: true, false, unknown or not set."""
    for a, b, c in product(_OUTCOMES, repeat=3):
        assert truth(one, a=a, b=b, c=c) is truth(other, a=a, b=b, c=c), (a, b, c)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a and ( a or b )", "a"),
        ("a or a and b", "a"),
        ("a and ( b or c )", "a and b or a and c"),
        ("a or b and c", "( a or b ) and ( a or c )"),
    ],
)
def test_absorption_and_distribution(one: str, other: str) -> None:
    """With unknowns they hold as in Kleene's logic; an unmade setting only makes more of it not applicable."""
    for a, b, c in product(_OUTCOMES, repeat=3):
        left, right = truth(one, a=a, b=b, c=c), truth(other, a=a, b=b, c=c)
        assert left is right or (NOT_SET in (a, b, c) and missing(left) and missing(right))


@pytest.mark.parametrize(
    ("text", "a", "b", "outcome"),
    [
        ("a and b", UNKNOWN, False, False),
        ("a and b", UNKNOWN, True, UNKNOWN),
        ("a and b", NOT_SET, False, False),
        ("a and b", NOT_SET, True, NOT_SET),
        ("a and b", NOT_SET, UNKNOWN, NOT_SET),
        ("a or b", UNKNOWN, True, True),
        ("a or b", UNKNOWN, False, UNKNOWN),
        ("a or b", NOT_SET, True, True),
        ("a or b", NOT_SET, False, NOT_SET),
        ("a or b", UNKNOWN, NOT_SET, NOT_SET),
        ("not a", UNKNOWN, None, UNKNOWN),
        ("not a", NOT_SET, None, NOT_SET),
        ("a is b", UNKNOWN, NOT_SET, NOT_SET),
        ("a is b", UNKNOWN, UNKNOWN, UNKNOWN),
        ("a is known", UNKNOWN, None, False),
        ("a is known", NOT_SET, None, False),
        ("a is known", False, None, True),
        ("a else b", UNKNOWN, False, False),
        ("a else b", NOT_SET, UNKNOWN, UNKNOWN),
        ("a else b", UNKNOWN, NOT_SET, UNKNOWN),
        ("a else b", NOT_SET, NOT_SET, NOT_SET),
        ("a else b", False, True, False),
    ],
)
def test_what_becomes_of_nothing(text: str, a: Any, b: Any, outcome: Any) -> None:
    """What is decided is decided; else one unmade setting makes the whole not applicable."""
    assert truth(text, a=a, b=b) is outcome


@settings(deadline=None)
@given(conditions(), records(), dates)
def test_the_excluded_middle_is_never_false(tree: s.Expr, record: dict[str, Any], day: date) -> None:
    """`x or not x` is true, or has no value where x has none; `x and not x` is the contrary."""
    try:
        x = check(tree, "work", CATALOGUE)
    except ExpressionError:
        assume(False)
    interpreter = Interpreter(CATALOGUE, Setting(day, WorkingCalendar()))
    plain, negated = interpreter.value(x, record), interpreter.value(s.Not(x, type=TRUTH), record)
    either = interpreter.value(s.Or((x, s.Not(x, type=TRUTH)), type=TRUTH), record)
    both = interpreter.value(s.And((x, s.Not(x, type=TRUTH)), type=TRUTH), record)
    assert plain in _OUTCOMES
    if missing(plain):
        assert plain is negated is either is both
    else:
        assert (negated, either, both) == (not plain, True, False)


# More data --------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(conditions(depth=2), records(), dates, st.data())
def test_what_is_decided_stays_decided(
    tree: s.Expr, record: dict[str, Any], day: date, data: st.DataObject
) -> None:
    """A condition that is decided without an observation is decided the same with any value of it."""
    try:
        x = check(tree, "work", CATALOGUE)
    except ExpressionError:
        assume(False)
    assume(not any(isinstance(node, (s.Known, s.Else)) or _derived(node) for node in s.walk(x)))
    full = data.draw(records(complete=True))
    more = {
        **record,
        **{
            name: full[name] for name in ("n", "p", "spent", "d", "start", "late") if record.get(name) is None
        },
    }
    setting = Setting(day, WorkingCalendar())
    before = Interpreter(CATALOGUE, setting).value(x, record)
    if before in (True, False):
        assert Interpreter(CATALOGUE, setting).value(x, more) is before


def _derived(node: s.Expr) -> bool:
    return (
        isinstance(node, s.Name)
        and bool(node.about)
        and (bool(node.parents) or CATALOGUE.definition(node.about, node.name) is not None)
    )


# Figures ----------------------------------------------------------------------------------------------------


def _fires(text: str, record: dict[str, Any], **more: Any) -> bool:
    """Whether a condition holds, in both backends."""
    catalogue = more.pop("catalogue", CATALOGUE)
    about = more.pop("about", "work")
    setting = Setting(AS_OF, WorkingCalendar(), more.pop("currency", ""), more.pop("minor_units", 1))
    program = Program(
        about, (Check("r", (step_of("minor", check(parse(text), about, catalogue)),)),), catalogue
    )
    answers = [
        bool(backend().compile(program, setting)(record)[0]) for backend in (DirectBackend, ReferenceBackend)
    ]
    assert answers[0] is answers[1]
    return answers[0]


figures = st.decimals(-(10**6), 10**6, places=3)


@pytest.mark.parametrize(
    ("spent", "budget", "share"),
    [
        ("0.345", "0.3", "15 %"),
        ("580.51", "829.30", "-30 %"),
        ("1.1", "1", "10 %"),
        ("0.3", "0.1", "200 %"),
        ("115", "100", "15 %"),
    ],
)
@pytest.mark.parametrize("kind", [float, Decimal])
def test_exactly_at_the_threshold_nothing_fires(
    spent: str, budget: str, share: str, kind: Callable[[str], Any]
) -> None:
    """Spending of 0.345 on a budget of 0.3 is exactly 15 % over; so `above 15 %` and `below 15 %` are both silent."""
    record = {"spent": kind(spent), "budget": kind(budget)}
    assert not _fires(f"overspend above {share}", record)
    assert not _fires(f"overspend below {share}", record)
    assert _fires(
        f"overspend at least {share} and overspend at most {share} and overspend is {share}", record
    )


@given(st.integers(1, 10**6), st.integers(0, 10**4))
def test_a_share_of_the_budget_is_that_share(cents: int, tenths: int) -> None:
    """Spending worked out from a decimal share of the budget is exactly at that share, in any figures."""
    budget, share = Decimal(cents) / 100, Decimal(tenths) / 10
    spent = budget * share / 100
    for kind in (float, Decimal):
        record = {"spent": kind(spent), "budget": kind(budget)}
        assert not _fires(f"spent / budget above {share} %", record)
        assert not _fires(f"spent / budget below {share} %", record)
        assert _fires(f"spent / budget at least {share} %", record)


@given(figures, figures)
def test_sums_of_decimals_compare_as_decimals(a: Decimal, b: Decimal) -> None:
    """0.1 + 0.2 is 0.3: what binary figures get wrong stays inside the tolerance."""
    total = f"({a + b:f})" if a + b >= 0 else f"(-({-(a + b):f}))"
    record = {"n": float(a), "p": float(b)}
    assert not _fires(f"n + p above {total}", record)
    assert not _fires(f"n + p below {total}", record)
    assert _fires(f"n + p is {total} and n + p between {total} and {total}", record)


@given(figures, figures)
def test_one_comparison_of_three_holds(a: Decimal, b: Decimal) -> None:
    """Of above, below and is, exactly one; the others follow from it."""
    record = {"n": float(a), "p": float(b)}
    above, below, same = (_fires(f"n {word} p", record) for word in ("above", "below", "is"))
    assert [above, below, same].count(True) == 1
    assert same is (a == b)
    assert above is (a > b)
    assert _fires("n at least p", record) is not below
    assert _fires("n at most p", record) is not above
    assert _fires("n is not p", record) is not same


@given(figures, st.sampled_from(["1e-9", "0.000001", "1"]))
def test_a_visible_difference_fires(threshold: Decimal, more: str) -> None:
    """The tolerance hides nothing that a figure could show."""
    threshold = abs(threshold)
    assert _fires(
        f"n above {threshold:f}", {"n": float(threshold + Decimal(more) * max(Decimal(1), threshold))}
    )
    assert _fires(
        f"n below {threshold:f}", {"n": float(threshold - Decimal(more) * max(Decimal(1), threshold))}
    )


# Money ------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=10), st.integers(-1, 1))
def test_money_is_exact_in_minor_units(amounts: list[int], off: int) -> None:
    """Sums up to 10^15 are compared to the cent."""
    record = {"parts": [{"cost": amount} for amount in amounts], "spent": sum(amounts) + off, "budget": 0}
    assert _fires("sum(cost of parts) is spent + budget", record) is (off == 0)
    assert _fires("spent above sum(cost of parts)", record) is (off > 0)
    assert _fires("spent below sum(cost of parts)", record) is (off < 0)
    assert _fires("spent - budget at least sum(cost of parts)", record) is (off >= 0)


@given(st.integers(0, 10**15), st.integers(-1, 1))
def test_money_is_exact_beside_a_literal(cents: int, off: int) -> None:
    """A literal in whole units is that many minor units, to the last one."""
    record = {"spent": cents + off}
    setting: dict[str, Any] = {"currency": "CNY", "minor_units": 100}
    literal = f"{cents // 100} CNY + {cents % 100 / 100:.2f} CNY"
    for text in (literal, f"{Decimal(cents) / 100:f} CNY"):
        assert _fires(f"spent above {text}", record, **setting) is (off > 0)
        assert _fires(f"spent is {text}", record, **setting) is (off == 0)


@given(st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=6), st.integers(-1, 1))
def test_money_of_a_host_is_exact_to_the_cent(amounts: list[int], off: int) -> None:
    """Also in whole units as floats or decimals, up to 10^8 units."""
    for kind in (float, Decimal):
        record = {
            "parts": [{"cost": kind(Decimal(cents) / 100)} for cents in amounts],
            "spent": kind(Decimal(sum(amounts) + off) / 100),
        }
        assert _fires("spent above sum(cost of parts)", record) is (off > 0)
        assert _fires("sum(cost of parts) is spent", record) is (off == 0)


# Ladders ----------------------------------------------------------------------------------------------------

_LADDER: tuple[tuple[Severity, str], ...] = (
    ("critical", "above 30 %"),
    ("major", "above 20 %"),
    ("minor", "above 10 %"),
)
_RANK = {"": 0, "minor": 1, "major": 2, "critical": 3}


def _severity(delay: int, window: int) -> str:
    catalogue = default_catalogue()
    measure = parse("delay / window")
    steps = [
        step_of(severity, check(parse(f"delay / window {band}"), "phase", catalogue))
        for severity, band in _LADDER
    ]
    program = Program("phase", (Check("late", tuple(steps), check(measure, "phase", catalogue)),), catalogue)
    start = date(2026, 1, 5)
    end = start + timedelta(window)
    record = {"planned_start": start, "planned_end": end, "actual_end": end + timedelta(delay)}
    answers = [
        backend().compile(program, Setting(record["actual_end"], WorkingCalendar()))(record)
        for backend in (DirectBackend, ReferenceBackend)
    ]
    assert answers[0] == answers[1]
    hits, undetermined = answers[0]
    assert undetermined == []
    return hits[0][1] if hits else ""


@given(st.integers(1, 2000), st.integers(-100, 2000), st.integers(0, 300))
def test_more_delay_is_never_less_severe(window: int, delay: int, more: int) -> None:
    """The severity of `delay / window` rises with the delay, and is what the exact fraction says."""
    assert _RANK[_severity(delay, window)] <= _RANK[_severity(delay + more, window)]
    exact = Fraction(max(0, delay), window)
    assert _RANK[_severity(delay, window)] == sum(exact > Fraction(limit, 10) for limit in (1, 2, 3))


@pytest.mark.parametrize(
    ("delay", "severity"),
    [(9, ""), (10, ""), (11, "minor"), (20, "minor"), (21, "major"), (30, "major"), (31, "critical")],
)
def test_a_phase_exactly_10_percent_late_is_not_above(delay: int, severity: str) -> None:
    """At the threshold, the milder band still counts."""
    assert _severity(delay, 100) == severity


# Collections ------------------------------------------------------------------------------------------------

_parts = st.lists(
    st.fixed_dictionaries(
        {}, optional={"done": st.booleans(), "n": st.integers(-5, 5), "flagged": st.booleans()}
    ),
    max_size=5,
)


@given(_parts)
def test_bounds_of_counts_and_shares_are_tight(parts: list[dict[str, Any]]) -> None:
    """The ends are the least and the most over all ways in which the unknown could turn out."""
    worlds = [_filled(parts, choice) for choice in product((True, False), repeat=len(parts))]
    for text in (
        "count(parts where done)",
        "share(parts where done)",
        "count(parts where done and n above 0)",
    ):
        found = evaluate(text, {"parts": [{"n": 1, **part} for part in parts]})
        every = [evaluate(text, {"parts": world}) for world in worlds]
        if found is UNKNOWN:
            assert not parts
        else:
            assert _ends(found) == pytest.approx((min(every), max(every)))


def _filled(parts: list[dict[str, Any]], choice: tuple[bool, ...]) -> list[dict[str, Any]]:
    return [{"n": 1, "done": done, **part} for part, done in zip(parts, choice, strict=True)]


def _ends(value: Any) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Bounds) else (value, value)


@given(_parts, st.sampled_from(["above", "below", "at least", "at most", "is", "is not"]), st.integers(-1, 6))
def test_a_comparison_is_decided_where_both_ends_agree(
    parts: list[dict[str, Any]], word: str, limit: int
) -> None:
    """It is unknown exactly where the unknown items could turn it."""
    text = f"count(parts where done) {word} {limit}" if limit >= 0 else f"count(parts where done) {word} -1"
    worlds = {
        evaluate(text, {"parts": _filled(parts, choice)})
        for choice in product((True, False), repeat=len(parts))
    }
    assert evaluate(text, {"parts": parts}) is (worlds.pop() if len(worlds) == 1 else UNKNOWN)


@given(_parts)
def test_share_of_uncertain_membership(parts: list[dict[str, Any]]) -> None:
    """Also where it is unknown which items belong to it, the ends hold for every way it could turn out."""
    text = "share(done of parts where n above 0)"
    found = evaluate(text, {"parts": parts})
    for choice in product((True, False), repeat=len(parts)):
        for sign in (1, -1):
            world = [{"n": sign, "done": done, **part} for part, done in zip(parts, choice, strict=True)]
            value = evaluate(text, {"parts": world})
            if not missing(found) and not missing(value):
                low, high = _ends(found)
                assert low - 1e-12 <= value <= high + 1e-12


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count(parts)", 0),
        ("sum(n of parts)", 0),
        ("any(parts where done)", False),
        ("all(parts where done)", True),
        ("share(parts where done)", UNKNOWN),
        ("mean(n of parts)", UNKNOWN),
        ("min(n of parts)", UNKNOWN),
        ("max(due of parts)", UNKNOWN),
    ],
)
@pytest.mark.parametrize("parts", [[], [{"done": True, "n": 1, "due": AS_OF}]])
def test_aggregates_of_nothing(text: str, value: object, parts: list[dict[str, Any]]) -> None:
    """An empty collection, or one of which nothing is kept."""
    if parts:
        text = text.replace("parts where done", "done of parts where false").replace(
            "of parts)", "of parts where false)"
        )
        text = text.replace("count(parts)", "count(parts where false)").replace("where false where", "where")
    assert evaluate(text, {"parts": parts}) == value


@pytest.mark.parametrize("function", ["sum", "mean", "min", "max"])
def test_one_unknown_item_makes_a_figure_unknown(function: str) -> None:
    """So does one of which it is unknown whether it belongs; one that is left out does not.

    An unmade setting is one.
    """
    of = f"{function}(n of parts)"
    assert evaluate(of, {"parts": [{"n": 1}, {}]}) is UNKNOWN
    assert evaluate(of, {}) is UNKNOWN
    where = f"{function}(n of parts where done)"
    assert evaluate(where, {"parts": [{"n": 1, "done": True}, {"n": 2}]}) is UNKNOWN
    assert evaluate(where, {"parts": [{"n": 1, "done": True}, {"done": False}]}) == 1
    assert evaluate(f"{function}(d of parts)", {"parts": [{"d": 1}, {}]}) is NOT_SET


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("any(parts where done)", True),
        ("any(parts where not done)", UNKNOWN),
        ("all(parts where done)", UNKNOWN),
        ("all(parts where not done)", False),
        ("any(parts where flagged)", False),
        ("all(parts where flagged)", True),
        ("count(parts where flagged)", 0),
    ],
)
def test_any_and_all_are_kleenes(text: str, outcome: object) -> None:
    """One that decides is enough; an item whose setting was not made does not take part."""
    assert evaluate(text, {"parts": [{"done": True}, {}]}) is outcome
