"""Rules in durable-rules mean the same as elsewhere, and the backend works around the faults of the engine."""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import coopgov
from backends.test_agreement_of_backends import AS_OF, SETTINGS, Written, program_of, written_programs
from coopgov.backends.durable_rules.backend import DurableBackend
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.errors import BackendError, UnknownNameError
from coopgov.export.durable_rules import convert
from coopgov.facts import Fact
from coopgov.language.types import NUMBER
from language.expressions import dates, records

pytest.importorskip(
    "durable_rules_engine", reason="needs a C compiler: pip install coopgov[durable]", exc_type=ImportError
)

PHASE = {
    "planned_start": date(2026, 1, 5),
    "planned_end": date(2026, 3, 31),
    "original_start": date(2026, 1, 5),
    "original_end": date(2026, 3, 31),
    "actual_start": date(2026, 1, 8),
    "actual_end": date(2026, 4, 20),
    "budget": 300_000,
    "spent": 310_000,
    "has_buffer": False,
}


def both(program: Any, record: Any, setting: Any = SETTINGS[0]) -> Any:
    """Assert that the backend says what the reference says, and return it."""
    expected = ReferenceBackend().compile(program, setting)(record, as_of=AS_OF)
    assert repr(DurableBackend().compile(program, setting)(record, as_of=AS_OF)) == repr(expected)
    return expected


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=120)
@given(
    written_programs(),
    st.lists(records() | records(complete=True), min_size=1, max_size=3),
    st.lists(dates, min_size=1, max_size=2),
    st.sampled_from(SETTINGS),
)
def test_the_backend_agrees(
    written: Written, found: list[dict[str, Any]], days: list[date], setting: Any
) -> None:
    """Hits, values, thresholds and what is undetermined are those of the reference."""
    durable = DurableBackend().compile(written.program, setting)
    reference = ReferenceBackend().compile(written.program, setting)
    for record in found:
        for day in days:
            assert repr(durable(record, as_of=day)) == repr(reference(record, as_of=day))


@pytest.mark.parametrize("name", ["pilot", "full", "compact"])
@pytest.mark.parametrize("day", [date(2013, 7, 1), date(2026, 3, 31), date(2026, 6, 30), date(2026, 11, 30)])
def test_assessments_are_the_same_to_the_byte(name: str, day: date) -> None:
    """An assessment does not show which backend made it."""
    agreement = coopgov.load_agreement(f"examples/{name}/agreement.yaml")
    assessment = coopgov.assess(agreement, as_of=day)
    assert coopgov.assess(agreement, as_of=day, backend="durable").to_json() == assessment.to_json()


@pytest.mark.parametrize(
    "condition",
    [
        "true",
        "false",
        "n above 3 or false",
        "n above 3 or true",
        "not (true and n above 3)",
        "false and n above 3",
        "n above 3 and (false or m above 1)",
        "n above m or not (m above n)",
        "n is m",
        "n is not 5",
        "tags is known",
    ],
)
@pytest.mark.parametrize("record", [{}, {"n": 5, "m": 2}, {"n": 1}, {"m": 5}, {"n": 5, "m": 5}])
def test_constants_and_odd_forms(condition: str, record: dict[str, Any]) -> None:
    """Truth values as written, differences and equality."""
    both(program_of(condition), record)


@pytest.mark.parametrize("step", [0.0, 1e-13, 1e-12, 2e-12, 1e-7, 1.0])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("limit", ["0", "0.1", "0.0000001", "3", "123456789012345678", "-2.5"])
def test_values_next_to_a_threshold(limit: str, step: float, sign: int) -> None:
    """The tolerance holds, and numbers are written so that the engine reads them."""
    value = float(limit) + sign * step * max(1.0, abs(float(limit)))
    for word in ("above", "at least", "below", "at most", "is"):
        both(program_of(f"n {word} {limit}"), {"n": value})


def test_thresholds_that_nearly_touch() -> None:
    """A value can be within the tolerance of one of two thresholds and not of the other."""
    program = program_of("n above 1.000000000001", "n above 1", measure="n")
    for value in (1 + 5e-13, 1 + 1.5e-12, 1 + 3e-12):
        both(program, {"n": value})


@pytest.mark.parametrize("text", ["open", 'a "quoted" one', "back\\slash", "港口", "", "line\nbreak", "?"])
def test_texts_of_all_sorts(text: str) -> None:
    """Texts that the engine would misread never reach it."""
    for other in ("open", "港口", "?"):
        both(program_of(f'label is "{other}"'), {"label": text})


def test_more_quantities_than_a_fact_can_have() -> None:
    """Many conditions are spread over several rulesets; one that is too large by itself is refused, with its name."""
    facts = [Fact(f"q{n}", "work", "", NUMBER) for n in range(60)]
    small = program_of(*(f"q{n} above {n}" for n in range(4)), facts=tuple(facts))
    both(small, {f"q{n}": n + 1 for n in range(60)})
    large = program_of(" and ".join(f"q{n} above {n}" for n in range(40)), facts=tuple(facts))
    with pytest.raises(BackendError, match=r"cannot express r \(critical\): it compares 40 quantities"):
        DurableBackend().compile(large, SETTINGS[0])


@pytest.mark.parametrize("value", [0, 1000, None])
def test_more_tests_that_hold_than_the_engine_can_follow(value: int | None) -> None:
    """Many conditions are spread over several rulesets, and a wide one is asked as a whole; error 303 once came out."""
    names = [f"q{n}" for n in range(8)]
    every = " and ".join(f"{name} above {{0}}" for name in names)
    types, wide = ", ".join(f"{name}: count" for name in names), "(q0 above 1 or q1 above 1 or q2 above 1)"
    rules = [every.format(n) for n in range(40)] + [" and ".join([wide] * 6)]
    text = "".join(
        f"  - {{id: r{n}, about: thing, kind: data, when: {condition}, severity: minor, message: M}}\n"
        for n, condition in enumerate(rules)
    )
    head = f"coopgov: rules/1\npack: p\nversion: 1.0.0\nsubjects: {{thing: {{{types}}}}}\nrules:\n"
    loaded = coopgov.parse_rules(head + text)
    record = dict.fromkeys(names, value)
    found = loaded.checker("thing", backend="durable")(record)
    assert found == loaded.checker("thing", backend="interpreter")(record)
    assert len(found[0]) == (41 if value else 0)
    one_gap = {**record, "q7": None}
    assert loaded.checker("thing", backend="durable")(one_gap) == loaded.checker("thing")(one_gap)


@pytest.mark.parametrize("done", [None, True, False])
def test_a_count_between_two_bounds_is_neither_true_nor_false(done: bool | None) -> None:  # noqa: FBT001  # a fact
    """Both its ends are there, and yet a condition on it can be unknown."""
    program = program_of("count(parts where done) above 1 and count(parts where done) below 4", "n above 1")
    both(program, {"n": 5, "parts": [{"done": True}, {"done": done}, {}]})


def test_an_error_names_the_place_of_the_rule() -> None:
    """The error names the rule, its place, and what can be used instead."""
    condition = " and ".join(f"{name}{n} above 1" for name in "abcd" for n in range(8))
    types = ", ".join(f"{name}{n}: count" for name in "abcd" for n in range(8))
    text = (
        f"coopgov: rules/1\npack: p\nversion: 1.0.0\nsubjects: {{thing: {{{types}}}}}\nrules:\n"
        f"  - {{id: large, about: thing, kind: data, when: {condition}, severity: minor, message: M}}\n"
    )
    with pytest.raises(BackendError) as caught:
        coopgov.parse_rules(text, "rules.yaml").checker("thing", backend="durable")
    assert str(caught.value).startswith(
        "rules.yaml:6:10: the backend durable cannot express large (minor): it compares 32"
    )


def _grown(work: Any, times: int) -> int:
    """By how many KB the process holds more at its peak, after a first part."""
    for number in range(times // 10):
        work(number)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(times // 10, times):
        work(number)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def test_memory_does_not_grow() -> None:
    """A record leaves nothing behind, whether something fires or not.

    `benchmarks/durable_memory.py` tries a million.
    """
    check = coopgov.load_rules().checker("phase", backend="durable", currency="CNY")
    few = {"planned_start": date(2026, 1, 5), "planned_end": date(2026, 3, 31)}
    assert _grown(lambda number: check(few if number % 2 else PHASE, as_of=AS_OF), 2_000) < 2_000


def test_memory_does_not_grow_over_many_records() -> None:
    """Of few rules, other records each time: some fire, some do not, some lack a fact."""
    text = (
        "coopgov: rules/1\npack: p\nversion: 1.0.0\nsubjects: {thing: {x: count, y: count}}\nrules:\n"
        "  - {id: some, about: thing, kind: data, when: x above 9000 or y below 5, severity: minor, message: M}\n"
    )
    check = coopgov.parse_rules(text).checker("thing", backend="durable")

    def work(number: int) -> None:
        check({"x": number, "y": None if number % 10 == 0 else number % 7})

    assert _grown(work, 30_000) < 1_000


def test_what_changed_is_checked_again() -> None:
    """A rechecker runs the rules that read the fact in rulesets of their own, which are made once."""
    rules = coopgov.load_rules()
    check = rules.checker("phase", backend="durable", currency="CNY")
    before, changed = check(PHASE, as_of=AS_OF), {**PHASE, "spent": 390_000}
    for _ in range(2):
        recheck = rules.rechecker("phase", "spent", backend="durable", currency="CNY")
        assert recheck(changed, before, as_of=AS_OF) == check(changed, as_of=AS_OF) != before


def test_threads_share_a_checker_and_none_is_started() -> None:
    """Records are asserted one after the other; no timer threads are left."""
    before = set(threading.enumerate())
    check = coopgov.load_rules().checker("phase", backend="durable", currency="CNY")
    expected = check(PHASE, as_of=AS_OF)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: check(PHASE, as_of=AS_OF), range(200)))
    assert found == [expected] * 200
    assert set(threading.enumerate()) <= before


@pytest.mark.filterwarnings(
    "ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning"
)  # durable-rules' own
def test_a_host_registers_the_rulesets_in_its_own_engine() -> None:
    """The JSON is what durable-rules takes; facts come from the conversion."""
    from durable.engine import Host, MessageNotHandledException

    conversion = convert(coopgov.load_rules(), about="phase", currency="CNY")
    fired: set[str] = set()

    class Own(Host):  # type: ignore[misc]
        def get_action(self, _name: str) -> Any:
            return lambda _context: None

    host = Own()
    for timer in (host._d_timer, host._t_timer):
        timer.cancel()
    for ruleset in json.loads(conversion.to_json())["rulesets"]:
        rules = {name: {**body, "run": _adding(fired, name)} for name, body in ruleset["rules"].items()}
        host.register_rulesets({ruleset["name"]: rules})
    facts = conversion.facts("phase", PHASE, as_of=date(2026, 6, 30))
    for name, fact in facts.items():
        with contextlib.suppress(MessageNotHandledException):
            host.assert_fact(name, {"id": "1", "sid": "0", **fact})
    hits, _ = coopgov.load_rules().checker("phase", currency="CNY")(PHASE, as_of=date(2026, 6, 30))
    assert {f"{rule}/{severity}/true" for rule, severity, _, _ in hits} <= fired
    worst = {name.split("/")[0] for name in fired if name.endswith("/true")}
    assert worst == {rule for rule, *_ in hits}


def _adding(fired: set[str], name: str) -> Any:
    return lambda _context: fired.add(name)


def test_a_constant_that_python_writes_with_an_exponent_is_refused() -> None:
    """A host's own `json.dumps` would write what durable-rules cannot read."""
    text = (
        "coopgov: rules/1\npack: p\nversion: 1.0.0\nsubjects: {thing: {x: count}}\nrules:\n"
        "  - {id: tiny, about: thing, kind: data, when: x above 0.00001, severity: minor, message: M}\n"
    )
    rules = coopgov.parse_rules(text)
    assert rules.checker("thing", backend="durable")({"x": 1}) == ([("tiny", "minor", None, None)], [])
    with pytest.raises(BackendError, match=r"its constant 1e-05 is not between"):
        convert(rules)


@pytest.mark.parametrize("value", [1e-9, -1e-9, 1e20, -1e20, 10**40, 0.5])
def test_facts_for_a_host_have_no_exponents(value: float) -> None:
    """However small or large a quantity is, it is written plainly and stays on its side of every constant."""
    text = (
        "coopgov: rules/1\npack: p\nversion: 1.0.0\nsubjects: {thing: {x: count}}\nrules:\n"
        "  - {id: some, about: thing, kind: data, measure: x, bands: {minor: above 0, major: above 1}, message: M}\n"
    )
    facts = convert(coopgov.parse_rules(text)).facts("thing", {"x": value}, as_of=AS_OF)
    (fact,) = facts.values()
    assert "e" not in json.dumps(fact["x"])
    assert (fact["x"] > 0, fact["x"] > 1) == (value > 0, value > 1)


def test_an_unknown_type_of_subject_is_reported() -> None:
    """As everywhere, with the nearest name."""
    with pytest.raises(UnknownNameError, match='did you mean "phase"'):
        convert(coopgov.load_rules(), about="phas")
    assert "durable_rules_engine" in sys.modules
