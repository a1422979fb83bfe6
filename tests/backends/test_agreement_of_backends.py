"""One rule, one meaning: generated functions agree with the reference, whatever the rules and the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.ir import Check, Program, Step
from coopgov.backends.python.backend import DirectBackend
from coopgov.errors import FactError
from coopgov.facts import Catalogue, Fact, SubjectType
from coopgov.language import parse, to_text
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.type_check import check
from coopgov.language.types import NUMBER
from coopgov.model import WorkingCalendar
from coopgov.rules.ladder import step_of
from language.expressions import CATALOGUE, dates, programs, records

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from coopgov.severities import Severity

SETTINGS = [
    Setting(None, WorkingCalendar(), "CNY", 100),
    Setting(None, WorkingCalendar(), "EUR"),
    Setting(None, WorkingCalendar()),
]
SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "notice")
AS_OF = date(2026, 6, 30)


class Written:
    """A program that prints as its author would write it."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def __repr__(self) -> str:
        facts = [
            f"{fact.name}: {fact.text}"
            for fact in self.program.catalogue.facts.values()
            if fact.name.startswith("extra")
        ]
        return "\n".join(["", *facts, *map(_written, self.program.checks)])


def _written(one: Check) -> str:
    where = f" where {to_text(one.where)}" if one.where else ""
    measure = f" measure {to_text(one.measure)}" if one.measure else ""
    return f"{one.id}{where}{measure}: " + " | ".join(to_text(step.condition) for step in one.steps)


def written_programs() -> SearchStrategy[Written]:
    """Programs whose text is shown where a test fails."""
    return programs().map(Written)


def program_of(
    *conditions: str,
    measure: str = "",
    where: str = "",
    facts: tuple[Fact, ...] = (),
    catalogue: Catalogue = CATALOGUE,
    about: str = "work",
) -> Program:
    """A program of one check, from texts, the worst condition first."""
    catalogue = catalogue.extended((), facts)
    checked = [check(parse(text), about, catalogue) for text in conditions]
    steps = [
        step_of(severity, node) if measure else Step(severity, node)
        for severity, node in zip(SEVERITIES, checked, strict=False)
    ]
    other = [check(parse(text), about, catalogue) if text else None for text in (measure, where)]
    return Program(about, (Check("r", tuple(steps), *other),), catalogue)


def outcome(backend: Any, program: Program, record: Any, as_of: date | None, setting: Setting) -> str:
    """What a backend answers, to the last digit; or the fact that it does not accept."""
    try:
        return repr(backend.compile(program, setting)(record, as_of=as_of))
    except FactError as error:
        return str(error)


def agree(
    program: Program, record: Any, *, as_of: date | None = AS_OF, setting: Setting = SETTINGS[0]
) -> Any:
    """Assert that both backends say the same, and return it."""
    expected = ReferenceBackend().compile(program, setting)(record, as_of=as_of)
    assert repr(DirectBackend().compile(program, setting)(record, as_of=as_of)) == repr(expected)
    return expected


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=250)
@given(
    written_programs(),
    st.lists(records() | records(complete=True), min_size=1, max_size=3),
    st.lists(dates, min_size=1, max_size=2),
    st.sampled_from(SETTINGS),
)
def test_backends_agree(
    written: Written, found: list[dict[str, Any]], days: list[date], setting: Setting
) -> None:
    """Hits, their values and thresholds, what is undetermined, missing and why: all the same, record after record."""
    direct, reference = (
        DirectBackend().compile(written.program, setting),
        ReferenceBackend().compile(written.program, setting),
    )
    for record in found:
        for day in days:
            assert repr(direct(record, as_of=day)) == repr(reference(record, as_of=day))


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)
@given(
    written_programs(),
    st.lists(records() | records(complete=True), min_size=1, max_size=3),
    dates,
    st.sampled_from(SETTINGS),
)
def test_a_function_that_only_finds_hits_finds_the_same_hits(
    written: Written, found: list[dict[str, Any]], day: date, setting: Setting
) -> None:
    """The checks that hold, and their severities, in the order of the checks; figures are left out."""
    holding = DirectBackend().holding(written.program, setting)
    reference = ReferenceBackend().compile(written.program, setting)
    for record in found:
        hits, _ = reference(record, as_of=day)
        assert holding(record, day) == [(check, severity) for check, severity, _, _ in hits]


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=50)
@given(written_programs(), records() | records(complete=True), dates)
def test_backends_agree_about_what_mutants_leave_of_a_rule(
    written: Written, record: dict[str, Any], day: date
) -> None:
    """The same hits and reasons for checks that have lost a step, also where no step is left."""
    program, setting = written.program, SETTINGS[0]
    for left in range(3):
        few = replace(
            program, checks=tuple(replace(each, steps=each.steps[:left]) for each in program.checks)
        )
        direct, reference = DirectBackend(), ReferenceBackend().compile(few, setting)
        hits, unsure = reference(record, as_of=day)
        assert repr(direct.compile(few, setting)(record, as_of=day)) == repr((hits, unsure))
        assert direct.holding(few, setting)(record, day) == [
            (check, severity) for check, severity, _, _ in hits
        ]


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=30)
@given(written_programs(), st.lists(records(), min_size=1, max_size=2), dates)
def test_a_shared_interpreter_changes_nothing(
    written: Written, found: list[dict[str, Any]], day: date
) -> None:
    """An assessment shares what is worked out once; before and after its functions are worth generating."""
    setting = replace(SETTINGS[0], as_of=day)
    backend = DirectBackend()
    for _ in range(20):
        shared = Interpreter(written.program.catalogue, setting)
        checker = backend.compile(written.program, setting, shared)
        for record in found:
            assert repr(checker(record)) == repr(ReferenceBackend().compile(written.program, setting)(record))


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=50)
@given(
    written_programs(),
    records(),
    st.sampled_from(sorted(name for about, name in CATALOGUE.facts if about == "work")),
    dates,
)
def test_a_value_of_the_wrong_type_is_reported_by_both(
    written: Written, record: dict[str, Any], name: str, day: date
) -> None:
    """What the reference refuses, the generated function refuses; it may refuse what the reference does not reach."""
    record = {**record, name: 1 + 2j}
    expected = outcome(ReferenceBackend(), written.program, record, day, SETTINGS[0])
    found = outcome(DirectBackend(), written.program, record, day, SETTINGS[0])
    assert found == expected or found.startswith("fact ")


# Deviations that were found ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conditions", "record"),
    [
        (["(done or (n below 5 and flagged)) is late"], {"done": True}),
        (["late is calm"], {"done": True}),
        (["(n between m and 3) is late"], {"n": 5}),
        (["((n below 5 and flagged) else late) is done"], {"n": 9, "late": True}),
        (["0.345 CNY in [5 money, 1000000 CNY]"], {}),
        (["(0.345 CNY else (-4.63 money)) in [5 money, 1000000 CNY]"], {}),
        (["crowd is open_parts"], {"parts": [], "n": Decimal(1), "m": 1}),
        (["whole.budget above spent"], {"whole": {"budget": 10**15 + 1}, "spent": 10**15, "n": None}),
        (
            ["n above 3 and whole.budget above spent", "n is known"],
            {"whole": {"budget": 10**15 + 1}, "spent": 10**15},
        ),
        (["tags is known"], {"tags": ["open"]}),
        (
            ["open_parts is known or work.open_parts above n or n / m is known or work.n / work.m is known"],
            {"m": 2},
        ),
    ],
)
def test_conditions_that_once_disagreed(conditions: list[str], record: dict[str, Any]) -> None:
    """What is decided does not depend on settings that were not made, nor on how a name is written."""
    for setting in SETTINGS:
        agree(program_of(*conditions), record, setting=setting)


def test_the_date_of_the_setting_counts_where_none_is_given() -> None:
    """Also where a checker passes on that none was given; an assessment of many subjects once raised a FactError."""
    program, setting = program_of("delay above 3 days", "n above 3"), replace(SETTINGS[0], as_of=AS_OF)
    record = {"start": date(2026, 6, 1), "n": None}
    expected: Any = ([("r", "critical", None, None)], [])
    for checker in (backend().compile(program, setting) for backend in (DirectBackend, ReferenceBackend)):
        assert checker(record) == checker(record, as_of=None) == expected
    checker = DirectBackend().compile(program, setting, Interpreter(program.catalogue, setting))
    assert [checker(record) for _ in range(40)] == [expected] * 40


def test_a_ladder_whose_steps_read_different_facts() -> None:
    """A step that reads nothing absent is decided, whatever the others need."""
    program = program_of("0 above 0", "0 above n", measure="0", where="0 at least 0")
    assert agree(program, {}) == ([], [("r", ("n",), "absent data")])
    program = program_of("n above m", "n above 3", measure="n")
    assert agree(program, {"n": 5}) == ([("r", "major", 5, 3)], [])
    program = program_of("n above p", "n above 3", measure="n")
    assert agree(program, {"n": 5}) == ([("r", "major", 5, 3)], [("r", ("p",), "absent data")])


def test_a_hit_shows_the_end_that_decided() -> None:
    """An uncertain count, as measure or as threshold, is reported with its certain end."""
    parts = [{"done": True}, {"done": True}, {}]
    above = program_of("count(parts where done) above 1", measure="count(parts where done)")
    assert agree(above, {"parts": parts}) == ([("r", "critical", 2, 1)], [])
    below = program_of("count(parts where done) below 4", measure="count(parts where done)")
    assert agree(below, {"parts": parts}) == ([("r", "critical", 3, 4)], [])
    limit = program_of("n above count(parts where done)", "n below open_parts", measure="n")
    assert agree(limit, {"parts": parts, "n": 4}) == ([("r", "critical", 4, 3)], [])
    assert agree(limit, {"parts": [{}, {"done": False}], "n": 0})[0] == [("r", "major", 0, 1)]


def test_sums_of_uncertain_counts_are_undetermined() -> None:
    """They once raised a TypeError."""
    program = program_of("sum(count(steps where done) of parts) above 3")
    assert agree(program, {"parts": [{"steps": [{}]}]}) == ([], [("r", ("parts.steps.done",), "absent data")])


@pytest.mark.parametrize("start", [date.max, date.min])
def test_dates_that_no_calendar_has(start: date) -> None:
    """Stepping beyond the calendar is undetermined; it once raised a ValueError."""
    program = program_of("start + 1 month above as_of or start - 1 month below as_of", "n above 3")
    assert agree(program, {"start": start, "n": 4}) == (
        [("r", "major", None, None)],
        [("r", (), "out of range")],
    )
    assert agree(program, {"start": start})[1] == [("r", ("n",), "absent data")]


@pytest.mark.parametrize(
    ("figure", "because"),
    [
        (10**400, "out of range"),
        (-(10**101), "out of range"),
        (1e100, "out of range"),
        (Decimal("1e400"), "out of range"),
        (float("inf"), "out of range"),
        (Decimal("sNaN"), "absent data"),
    ],
)
def test_figures_beyond_all_figures_are_unknown(figure: Any, because: str) -> None:
    """They once raised an OverflowError, or took part in arithmetic on one side only."""
    program = program_of("n * n - n * n at most p")
    assert agree(program, {"n": figure, "p": 1}) == ([], [("r", ("n",), because)])
    assert agree(program_of("n else 3 above 2"), {"n": figure}) == ([("r", "critical", None, None)], [])
    optional = [] if because == "absent data" else [("r", ("m",), because)]
    assert agree(program_of("m above 3"), {"m": figure}) == ([], optional)


def test_the_unit_of_a_table_row_can_be_nan() -> None:
    """An empty cell is not a unit; it once raised a TypeError."""
    program = program_of("value above 3", "value above 3 points")
    assert agree(program, {"value": 5, "unit": float("nan")})[0] == [("r", "critical", None, None)]


def test_formulas_that_use_each_other_twice_stay_small() -> None:
    """Code, causes and evaluation grow with the number of formulas, not with the ways through them."""
    facts = [
        Fact("f0", "x", "", NUMBER),
        Fact("g0", "x", "", text="f0 else 1"),
        Fact("h0", "x", "", text="f0 above 1"),
    ]
    for n in range(1, 40):
        facts += [Fact(f"{x}{n}", "x", "", text=f"{x}{n - 1} + {x}{n - 1}") for x in "fg"]
        facts += [Fact(f"h{n}", "x", "", text=f"h{n - 1} or not h{n - 1} and h{n - 1}")]
    facts += [Fact("o", "x", "", NUMBER, optional=True), Fact("o0", "x", "", text="o above 1")]
    facts += [Fact(f"o{n}", "x", "", text=f"o{n - 1} or not o{n - 1} and h0") for n in range(1, 40)]
    catalogue = Catalogue({"x": SubjectType("x")}, {(fact.about, fact.name): fact for fact in facts})
    program = program_of(
        "f39 above 5", "g39 above 10", "h39 and h39", "o39 or o39", about="x", catalogue=catalogue
    )
    hit = ("r", "major", None, None)
    assert agree(program, {}) == ([hit], [("r", ("f0",), "absent data")])
    assert agree(program, {"f0": 2**-39}) == ([], [])
    assert agree(program, {"f0": 2, "o": 3}) == ([("r", "critical", None, None)], [])
