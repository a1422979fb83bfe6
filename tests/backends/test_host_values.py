"""Values of hosts give the same outcome in every backend, to the last digit and the last reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import coopgov
from backends.host_values import CATALOGUE, CONDITIONS, Colour, Plain, Rank, host_records
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.ir import Check, Program, Step
from coopgov.backends.python.backend import DirectBackend, interpreters_for
from coopgov.backends.registry import make_backend
from coopgov.errors import FactError
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.language.host_values import Gap
from coopgov.language.interpreter import Setting
from coopgov.language.type_check import check
from coopgov.model import WorkingCalendar
from optional import HAS_DURABLE

AS_OF = date(2026, 6, 30)
SETTING = Setting(AS_OF, WorkingCalendar(), "CNY", 100)
DURABLE = make_backend("durable") if HAS_DURABLE else ReferenceBackend()


def program_of(*texts: str) -> Program:
    """A check for each condition, with a measure if it compares numbers, and a check whether the condition is false."""
    checks = []
    for text in texts:
        node = check(parse(text), "thing", CATALOGUE)
        compared = node if isinstance(node, s.Comparison) and node.left.type.numeric else None
        steps = (
            Step("critical", node, compared and compared.right),
            Step("minor", s.Not(node, type=node.type)),
        )
        checks.append(Check(text, steps, compared and compared.left))
    return Program("thing", tuple(checks), CATALOGUE)


def answers(program: Program, record: dict[str, Any]) -> dict[str, str]:
    """What each backend answers, to the last digit, or that it refuses a value."""
    direct, reference = DirectBackend(), ReferenceBackend().compile(program, SETTING)
    careful = direct.scope(program, SETTING, reference, interpreters_for(program, SETTING), "careful")[
        "check"
    ]
    found: dict[str, str] = {}
    for name, checker in (
        ("interpreter", reference),
        ("direct", direct.compile(program, SETTING)),
        ("careful", careful),
        ("durable", DURABLE.compile(program, SETTING)),
    ):
        try:
            found[name] = repr(checker(record))
        except FactError as error:
            found[name] = f"FactError {error.fact}"
    return found


def outcome(text: str, record: dict[str, Any]) -> Any:
    """What all backends say of one condition: true, false, `not set`, what is missing and why, or `refused`."""
    shown = answers(program_of(text), record)
    assert len(set(shown.values())) == 1, shown
    if shown["direct"].startswith("FactError"):
        return "refused"
    hits, undetermined = ReferenceBackend().compile(program_of(text), SETTING)(record)
    return undetermined[0][1:] if undetermined else hits[0][1] == "critical" if hits else "not set"


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=300)
@given(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=4, unique=True), host_records())
def test_all_backends_answer_alike(texts: list[str], record: dict[str, Any]) -> None:
    """Hits and their values, what is undetermined, missing and why, or that a value is refused."""
    shown = answers(program_of(*texts), record)
    refused = {name: text.startswith("FactError") for name, text in shown.items()}
    assert len(set(refused.values())) == 1, shown
    assert refused["direct"] or len(set(shown.values())) == 1, shown


@pytest.mark.parametrize(
    "value",
    [
        3,
        3.0,
        Decimal(3),
        Fraction(3),
        Rank.THIRD,
        *(
            kind(3)
            for kind in (np.int8, np.uint64, np.int64, np.float16, np.float32, np.float64, np.longdouble)
        ),
        np.array(3),
        np.array(3.0),
        np.array(3, dtype=object),
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "fact", ["x", "spent", "wait", "talk", "work", "term", "z", "value", "impact", "position"]
)
def test_a_number_is_a_number_of_whatever_library(fact: str, value: object) -> None:
    """Durations, money, KPI values and plain numbers alike; what comes out is a number of Python."""
    program = program_of(f"{fact} + {fact} above {fact}")
    record = {fact: value, "unit": ""}
    assert set(answers(program, record).values()) <= {
        f"([Hit(rule='{fact} + {fact} above {fact}', severity='critical', value={total}, threshold={each})], [])"
        for total, each in (("6", "3"), ("6.0", "3.0"))
    }
    assert outcome(f"{fact} is known", record) is True


@pytest.mark.parametrize(
    "value", [True, False, np.True_, np.False_, np.array(True), "3", 3j, np.complex128(3), b"3", [3]]
)
@pytest.mark.parametrize(
    "text", ["x above 0", "z else 1 above 0", "spent is known", "wait above 0 days", "x / y above 0"]
)
def test_what_is_no_number_is_refused(text: str, value: object) -> None:
    """A condition is not 1 or 0, on whichever side the number is."""
    record: dict[str, Any] = {"x": 5, "y": 7, "z": 1, "spent": 3, "wait": 3}
    for fact in (word for word in text.split() if word in record):
        assert outcome(text, {**record, fact: value}) == "refused"


def test_a_value_is_refused_wherever_it_is() -> None:
    """Also where the outcome does not hang on it.

    In the fallback that is not needed, in a condition decided already.
    """
    assert outcome("x else y above 2", {"x": 3, "y": "7"}) == "refused"
    assert outcome("a or x above 1", {"a": True, "x": True}) == "refused"
    assert outcome("3 else x above 2", {"x": "7"}) == "refused"
    assert outcome("value is known", {"seen": "yesterday"}) == "refused"
    assert outcome("value above 80 points", {"unit": 5}) == "refused"


@pytest.mark.parametrize("value", [True, np.True_, np.array(True)])
def test_a_truth_is_a_condition(value: object) -> None:
    """NumPy's too; a number, a text and a list are none."""
    assert outcome("a", {"a": value}) is True
    assert outcome("not a", {"a": value}) is False
    for wrong in (1, 0, 1.0, np.int8(1), "true", [True]):
        assert outcome("a", {"a": wrong}) == outcome("c is known", {"c": wrong}) == "refused"


ABSENT = [
    None,
    *(kind("nan") for kind in (float, np.float16, np.float32, np.float64, Decimal)),
    Decimal("sNaN"),
    np.array(float("nan")),
    np.datetime64("NaT"),
    np.datetime64("NaT", "ns"),
    np.timedelta64("NaT", "s"),
    np.ma.masked,
    pd.NA,
    pd.NaT,
]


@pytest.mark.parametrize("value", ABSENT, ids=repr)
@pytest.mark.filterwarnings("ignore:Warning. converting a masked element")
def test_what_says_that_it_is_nothing_is_absent(value: object) -> None:
    """Whatever the type of the fact, and whatever library says so."""
    for fact in ("x", "a", "d", "colour", "tags", "items", "spent", "wait", "done"):
        assert outcome(f"{fact} is known", {fact: value}) is False
    assert outcome("x above 1", {"x": value}) == (("x",), "absent data")
    assert outcome("d below as_of", {"d": value}) == (("d",), "absent data")
    assert outcome("a", {"a": value}) == (("a",), "absent data")
    assert outcome("z above 1", {"z": value}) == "not set"
    assert outcome("x else 3 above 2", {"x": value}) is True


BEYOND = [
    *(kind(text) for kind in (float, np.float32, np.float64, Decimal) for text in ("inf", "-inf")),
    1e100,
    -1e100,
    10**100,
    10**400,
    Decimal("1e100"),
    Decimal("-1e400"),
    Fraction(10**400, 3),
    np.float64(1e308),
]


@pytest.mark.parametrize("value", BEYOND, ids=repr)
def test_what_no_figure_is_so_large_as_is_out_of_range(value: object) -> None:
    """A setting too: somebody made it. What gives a value in its place does so."""
    assert outcome("x above 1", {"x": value}) == (("x",), "out of range")
    assert outcome("z above 1", {"z": value}) == (("z",), "out of range")
    assert outcome("spent above budget", {"spent": value, "budget": 3}) == (("spent",), "out of range")
    assert outcome("x + y above 1", {"x": value, "y": -1e101}) == (("x", "y"), "out of range")
    assert outcome("x + y above 1", {"x": value}) == (("x", "y"), "absent data")
    assert outcome("x else 3 above 2", {"x": value}) is True
    assert outcome("z else x above 2", {"z": value}) == (("x", "z"), "absent data")
    assert outcome("z is known", {"z": value}) is False
    assert outcome("sum(x of items) above 1", {"items": [{"x": value}, {"x": 1}]}) == (
        ("items.x",),
        "out of range",
    )


def test_large_facts_do_not_cancel_each_other() -> None:
    """The fast function looks at all numbers at once."""
    assert outcome("x + y below 1", {"x": 2e100, "y": -2e100}) == (("x", "y"), "out of range")
    assert outcome("x + y below 1", {"x": 9e99, "y": -9e99}) is True


@pytest.mark.parametrize(
    ("fact", "value", "fits"),
    [
        ("done", 0, True),
        ("done", 1, True),
        ("done", np.float64(1), True),
        ("done", 1.0000000000000002, False),
        ("done", 40, False),
        ("done", -0.1, False),
        ("done", Decimal("1.3"), False),
        ("done", Fraction(3, 2), False),
        ("impact", 1, True),
        ("impact", 5.0, True),
        ("impact", 0, False),
        ("impact", 7, False),
        ("impact", 2.5, False),
        ("impact", np.float64(2.5), False),
        ("position", 1, True),
        ("position", 10**30, True),
        ("position", 0, False),
        ("position", 1.5, False),
        ("budget", 0, True),
        ("budget", -1000, False),
        ("budget", np.int64(-1), False),
        ("budget", 1e99, True),
        ("budget", 1e100, False),
    ],
)
def test_the_range_that_the_catalogue_declares_holds_for_hosts(fact: str, value: object, fits: bool) -> None:  # noqa: FBT001
    """Both ends are in it; only whole numbers where only whole ones make sense.

    What does not fit is unknown, settings too.
    """
    expected = True if fits else ((fact,), "out of range")
    assert outcome(f"{fact} is {fact}", {fact: value}) == expected
    assert outcome(f"{fact} is known", {fact: value}) is fits


TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 3, 1),
        datetime(2026, 3, 1),  # noqa: DTZ001  # hosts have such
        datetime(2026, 3, 1, 23, 59, tzinfo=UTC),
        datetime(2026, 3, 1, 1, tzinfo=TOKYO),
        pd.Timestamp("2026-03-01 23:00"),
        pd.Timestamp("2026-03-01 23:00", tz="America/New_York"),
        *(np.datetime64("2026-03-01T23:59", unit) for unit in ("m", "s", "ms", "us", "ns")),
        np.datetime64("2026-03-01"),
        np.datetime64("2026-03"),
        np.array("2026-03-01", dtype="datetime64[D]"),
    ],
    ids=repr,
)
def test_a_date_or_time_is_its_own_day(value: object) -> None:
    """Whatever its zone and its unit."""
    assert outcome("d is 2026-03-01", {"d": value}) is True
    assert outcome("f - d is 0 days", {"d": value, "f": date(2026, 3, 1)}) is True


@pytest.mark.parametrize(
    "value",
    [np.datetime64(text) for text in ("10000-01-01", "0000-12-31", "-0044-03-15")]
    + [np.datetime64(sign * 2**62, unit) for sign in (1, -1) for unit in ("Y", "M", "W", "D", "h")],
    ids=repr,
)
def test_a_day_outside_the_years_1_to_9999_is_out_of_range(value: object) -> None:
    """Python has no such date."""
    assert outcome("d below as_of", {"d": value}) == (("d",), "out of range")
    assert outcome("f below as_of", {"f": value}) == (("f",), "out of range")
    assert outcome("met else d below as_of", {"met": value, "d": date.min}) is True


@pytest.mark.parametrize("value", [738000, 2026.0, "2026-03-01", np.int64(1), True, timedelta(1)])
def test_what_is_no_date_is_refused(value: object) -> None:
    """Numbers and texts are none, and nothing is guessed."""
    assert outcome("d below as_of", {"d": value}) == "refused"
    assert outcome("f is known", {"f": value}) == "refused"


@pytest.mark.parametrize(
    ("value", "days"),
    [
        (timedelta(days=3), 3),
        (timedelta(hours=-48), -2),
        (pd.Timedelta(days=3), 3),
        (np.timedelta64(72, "h"), 3),
        (np.timedelta64(2, "W"), 14),
        (np.timedelta64(86_400_000_000_000, "ns"), 1),
        (np.array(3, dtype="timedelta64[D]"), 3),
        (np.timedelta64(2**62, "D"), 2**62),
    ],
)
def test_a_duration_is_its_days(value: object, days: int) -> None:
    """Exactly, of any length; in hours a fact has its hours."""
    program = program_of("wait above -10 days")
    assert outcome("wait + 0 days above -10 days", {"wait": value}) is True
    assert answers(program, {"wait": value})["direct"] == repr(
        ([coopgov.Hit("wait above -10 days", "critical", days, -10)], [])
    )
    assert outcome(f"talk is {min(days, 10**9) * 24} hours", {"talk": value}) is (days < 10**9)


def test_hours_are_exact_too() -> None:
    """A meeting of 90 minutes lasts one and a half hours."""
    assert outcome("talk is 1.5 hours", {"talk": timedelta(minutes=90)}) is True
    assert outcome("talk is 1.5 hours", {"talk": np.timedelta64(90, "m")}) is True


@pytest.mark.parametrize(
    "value",
    [
        timedelta(hours=36),
        timedelta(microseconds=1),
        pd.Timedelta(days=1, nanoseconds=1),
        np.timedelta64(36, "h"),
        np.timedelta64(1, "ns"),
        np.timedelta64(1, "M"),
        np.timedelta64(3),
    ],
    ids=repr,
)
def test_a_part_of_a_day_is_refused(value: object) -> None:
    """Nothing is rounded; a month or a duration without a unit has no days."""
    assert outcome("wait above 2 days", {"wait": value}) == "refused"
    assert outcome("slack else 3 days above 2 days", {"slack": value}) == "refused"


@pytest.mark.parametrize("fact", ["x", "done", "spent", "work", "term", "value"])
def test_only_days_and_hours_are_durations_of_a_clock(fact: str) -> None:
    """A working day or a month is not a number of hours, and a plain number has no unit."""
    for value in (timedelta(days=3), np.timedelta64(3, "D"), pd.Timedelta(days=3)):
        assert outcome(f"{fact} is known", {fact: value}) == "refused"


def test_texts_are_texts_and_what_is_made_of_texts() -> None:
    """A member of an enumeration is one where it is a text itself, not where it only holds one."""
    for value in ("red", Colour.RED, np.str_("red"), np.array("red")):
        assert outcome('colour is "red"', {"colour": value}) is True
        assert outcome('label in ["red", "blue"]', {"label": value}) is True
        assert outcome('"red" in tags', {"tags": [value]}) is True
    for wrong in (Plain.RED, b"red", 3, True, ["red"], np.array(["red"])):
        assert (
            outcome('colour is "red"', {"colour": wrong})
            == outcome("label is known", {"label": wrong})
            == "refused"
        )
    assert outcome('colour is "red"', {"colour": "green"}) == "refused"


def test_several_texts_come_in_any_sequence() -> None:
    """Lists, tuples, sets and arrays of one dimension; absent ones among them are left out, others refused."""
    for several in (
        ["red"],
        ("red", "x"),
        {"red"},
        frozenset({"red"}),
        np.array(["red"]),
        ["red", None, pd.NA],
    ):
        assert outcome('"red" in tags', {"tags": several}) is True
    for wrong in (
        "red",
        ["red", 3],
        [Plain.RED],
        {"red": 1},
        np.array(["red"]).reshape(1, 1),
        3,
        np.array([1.0]),
    ):
        assert (
            outcome('"red" in tags', {"tags": wrong})
            == outcome("tags is known", {"tags": wrong})
            == "refused"
        )


def test_a_collection_is_a_sequence_of_mappings() -> None:
    """Lists, tuples and arrays; a set has no mappings, and nothing else is an item."""
    for items in ([{"x": 3}], ({"x": np.int64(3)},), np.array([{"x": Fraction(3)}], dtype=object)):
        assert outcome("sum(x of items) is 3", {"items": items}) is True
    for wrong in ({"x": 3}, [3], [None], "ab", 3, np.array([1.0])):
        assert outcome("count(items) above 0", {"items": wrong}) == "refused"
    assert outcome("sum(x of items) above 1", {"items": [{"x": True}]}) == "refused"


@pytest.mark.parametrize("x", [9e99, -9e99, 9 * 10**99, Decimal("9e99"), np.float64(9e99)])
@pytest.mark.parametrize(
    "text",
    [
        "x * x * x * x above 1",
        "power above 1",
        "power - power at least 1",
        "power - power is 0",
        "0 * power is 0",
        "max(power, 1) above 0",
        "min(power, 1) below 0",
        "abs(power) above 0",
        "-power above 0",
        "1 / power above 0",
        "power / power is 1",
        "x * x * x * 1000000000 above 1",
        "x * x * x / 0.000000001 above 1",
        "sum(x * x * x * x of items) above 1",
        "sum(x * x * x * 200000000 of items) above 1",
        "mean(x * x * x * 200000000 of items) above 1",
        "max(x * x * x * x of items) above 1",
        "count(items where x * x * x * x above 1) above 0",
        "any(items where x * x * x * x above 1)",
    ],
)
def test_arithmetic_that_leaves_the_floats_is_out_of_range(text: str, x: object) -> None:
    """Whatever is made of it, in every backend, of whole numbers too; what gives a value in its place does so."""
    record = {"x": x, "items": [{"x": x}, {"x": x}]}
    assert outcome(text, record) == ((), "out of range")
    assert outcome(f"a or {text}", {**record, "a": True}) is True
    assert outcome("power else 3 is 3", record) is True
    assert outcome("power is known", record) is False


def test_quotients_leave_the_floats_too() -> None:
    """A divisor may be as small as it likes."""
    assert outcome("x / y above 1", {"x": 1e99, "y": 1e-300}) == ((), "out of range")
    assert outcome("x / y below 1", {"x": -1e99, "y": 5e-324}) == ((), "out of range")
    assert outcome("1 / (x / y) is 0", {"x": 1e99, "y": 5e-324}) == ((), "out of range")
    assert outcome("x / y - x / y is 0", {"x": 1e99, "y": 5e-324}) == ((), "out of range")
    assert outcome("x / y above 1", {"x": 1e99, "y": 1e-200}) is True


def test_large_whole_numbers_are_compared_as_they_are() -> None:
    """Durable returns them as decimals, whatever their size."""
    assert outcome("x * y above 1", {"x": 10**99, "y": 10**99}) is True
    assert outcome("x * x * x above y", {"x": 10**99, "y": 10**99}) is True
    assert outcome("x * x * x below 10 * y", {"x": 10**99, "y": 1}) is False


@pytest.mark.parametrize(
    ("text", "record", "expected"),
    [
        ("d + 30 days above as_of", {"d": date.max}, ((), "out of range")),
        ("d - 30 days below as_of", {"d": date.min}, ((), "out of range")),
        ("d + 0 days is d", {"d": date.max}, True),
        ("d - 0 days is d", {"d": date.min}, True),
        ("d + 1 day is 9999-12-31", {"d": date(9999, 12, 30)}, True),
        ("d + wait above as_of", {"d": AS_OF, "wait": 9e99}, ((), "out of range")),
        ("d + wait above as_of", {"d": AS_OF, "wait": 10**99}, ((), "out of range")),
        ("d + 1 month above as_of", {"d": date.max}, ((), "out of range")),
        ("d + 1 month is 9999-12-30", {"d": date(9999, 11, 30)}, True),
        ("d + 1 month above as_of", {"d": date(9999, 12, 1)}, ((), "out of range")),
        ("d - 1 month is 0001-01-28", {"d": date(1, 2, 28)}, True),
        ("d + term above as_of", {"d": AS_OF, "term": 9e99}, ((), "out of range")),
        ("d + 3 working days above as_of", {"d": date.max}, ((), "out of range")),
        ("d - work below as_of", {"d": AS_OF, "work": 10**99}, ((), "out of range")),
        ("d - work is known", {"d": AS_OF, "work": -9e99}, False),
        ("working_days(d + 3 days, as_of) above 1 working day", {"d": date.max}, ((), "out of range")),
        ("max(d + 3 days, as_of) above as_of", {"d": date.max}, ((), "out of range")),
        ("(d + 3 days) - d is 3 days", {"d": date.max}, ((), "out of range")),
    ],
)
def test_a_date_formula_that_leaves_the_calendar_is_out_of_range(
    text: str, record: dict[str, Any], expected: Any
) -> None:
    """In days, working days and months; the last day and the first are still days."""
    assert outcome(text, record) == expected


@pytest.mark.parametrize(
    ("text", "record", "because"),
    [
        ("x / y + z above 1", {"x": 1, "y": 0, "z": float("inf")}, "out of range"),
        ("x / y above 1 and value above 80 points", {"x": 1, "y": 0, "value": 5, "unit": "days"}, "unit"),
        ("x above 1 and value above 80 points", {"x": 1e101, "value": 5, "unit": "days"}, "out of range"),
        ("x above 1 and value above 80 points", {"x": 2, "value": 1e101, "unit": "points", "seen": date.max},
         "not visible on this date"),
        ("x above 1 and value is known or value above 1", {"value": 5, "seen": date.max}, "absent data"),
        ("power above 1 and spent above 3 USD", {"x": 9e99, "spent": 5}, "out of range"),
        ("spent above 3 USD and x / y above 1", {"spent": 5, "x": 1, "y": 0}, "unit"),
        ("x / y above max(x of items)", {"x": 1, "y": 0, "items": []}, "division by zero"),
        ("x above max(x of items)", {"x": 1, "items": []}, "empty collection"),
        ("x above 1", {"x": Gap.UNREADABLE}, "unreadable cell"),
        ("z above 1", {"z": Gap.UNREADABLE}, "unreadable cell"),
        ("x + y above 1", {"x": Gap.UNREADABLE, "y": 1e101}, "unreadable cell"),
        ("value + target above 1", {"value": 5, "seen": date.max, "target": Gap.UNREADABLE},
         "not visible on this date"),
    ],
)  # fmt: skip
def test_the_first_reason_is_named(text: str, record: dict[str, Any], because: str) -> None:
    """One order for all: absent, not visible, unreadable, out of range, unit, division, empty."""
    shown = outcome(text, record)
    assert isinstance(shown, tuple)
    assert shown[1] == because


def test_what_was_seen_later_is_not_visible_yet() -> None:
    """The fact is named, and so is the reason; settings are not set before they are made."""
    later = AS_OF + timedelta(1)
    assert outcome("value above target", {"value": 5, "target": 3, "seen": later}) == (
        ("value",),
        "not visible on this date",
    )
    assert outcome("seen above d", {"seen": np.datetime64(later), "d": AS_OF}) == (
        ("seen",),
        "not visible on this date",
    )
    assert outcome("met above d", {"met": later, "d": AS_OF}) == "not set"
    assert outcome("delay above 3 days", {"seen": later, "d": date(2026, 6, 1)}) is True
    assert outcome("value above target", {"target": 3, "seen": later}) == (("value",), "absent data")
