"""The ready-made properties pass for correct rules, and fail with a small counterexample for broken ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis.errors import InvalidArgument

from coopgov import RuleSet, load_rules, parse_rules
from coopgov.backends.python.backend import DirectBackend
from coopgov.language import syntax as s
from coopgov.testing import (
    CounterexampleError,
    check_boundaries,
    check_messages,
    check_monotone,
    check_no_crash,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from coopgov.backends.ir import Checker, Program, Step
    from coopgov.language.interpreter import Setting

CHECKS: list[Callable[..., None]] = [check_boundaries, check_messages, check_monotone, check_no_crash]
_HEAD = "coopgov: rules/1\npack: own\nversion: 1.0.0\n"
_LATE = """\
rules:
  - id: late
    about: phase
    kind: delay
    title: Late
    measure: delay / window
    bands: {minor: above 10 %, major: above 20 %}
    message: {en: "{phase.name} is {measure} late.", zh-Hans: "{phase.name}延误{measure}。"}
"""


def rules_of(text: str) -> RuleSet:
    """The rules of a text without its head, and nothing else."""
    rules = parse_rules(_HEAD + text)
    return replace(rules, rules=tuple(rule for rule in rules.rules if rule.pack == "own"))


class Altered:
    """A backend that gets something wrong: it compiles checks whose steps were changed."""

    def __init__(self, change: Callable[[Step], Step | None]) -> None:
        self.change = change

    def compile(self, program: Program, setting: Setting, interpreter: Any = None) -> Checker:
        """Compile the changed program."""
        checks = []
        for check in program.checks:
            steps = tuple(step for step in map(self.change, check.steps) if step is not None)
            checks.append(replace(check, steps=steps))
        return DirectBackend().compile(replace(program, checks=tuple(checks)), setting, interpreter)


def at_least(step: Step) -> Step:
    """Turn `above` into `at least`."""
    node = step.condition
    assert isinstance(node, s.Above)
    return replace(step, condition=s.AtLeast(node.left, node.right, type=node.type))


def up_to(step: Step) -> Step:
    """Let a band end at 35 %."""
    node = step.condition
    assert isinstance(node, s.Above)
    assert isinstance(node.right, s.Literal)
    end = replace(node.right, value=Decimal(35))
    return replace(step, condition=s.And((node, s.Below(node.left, end, type=node.type)), type=node.type))


class Raising:
    """A backend whose checkers cannot do without a fact."""

    def compile(self, program: Program, setting: Setting, interpreter: Any = None) -> Checker:
        """Compile to a checker that looks first."""
        checker = DirectBackend().compile(program, setting, interpreter)

        def check(facts: Any, *, as_of: date | None = None) -> Any:
            if facts["planned_end"] is None:
                raise TypeError("no planned end")
            return checker(facts, as_of=as_of)

        return check


class Answering:
    """A backend that always gives the same answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def compile(self, program: Program, setting: Setting, interpreter: Any = None) -> Checker:
        """Compile to nothing."""
        del program, setting, interpreter
        return lambda facts, *, as_of=None: (facts, as_of, self.answer)[-1]


def failing(check: Callable[..., None], rules: RuleSet, **more: Any) -> CounterexampleError:
    """The counterexample with which a property fails."""
    with pytest.raises(CounterexampleError) as caught:
        check(rules, settings=_PATIENT, **more)
    return caught.value


_PATIENT = hypothesis.settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
_UNSHRUNK = hypothesis.settings(_PATIENT, phases=[hypothesis.Phase.generate])


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("about", ["phase", "kpi", "milestone", "member"])
def test_the_shipped_pack_keeps_every_promise(check: Callable[..., None], about: str) -> None:
    """About each of these types of subject; a few examples each here, more elsewhere."""
    check(load_rules(), about=about, max_examples=4)


def test_assessments_are_part_of_no_crash() -> None:
    """Whole agreements are assessed where no type of subject is named."""
    check_no_crash(rules_of(_LATE), max_examples=10)


def test_above_that_includes_its_threshold_is_found() -> None:
    """Exactly at 10 % the band must be silent; the counterexample is a phase that is exactly so late."""
    error = failing(check_boundaries, rules_of(_LATE), backend=Altered(at_least))
    assert (error.rule, error.about) == ("late", "phase")
    facts, found, expected = error.facts, error.found, error.expected
    assert found in ("minor from the checker", "major from the checker")
    assert expected in ("nothing: 0.1 is compared with 0.1", "minor: 0.2 is compared with 0.2")
    assert {"planned_start", "planned_end"} <= facts.keys()
    assert str(error).startswith(
        f"rule late, about phase: found {found}, expected {expected}\n  as of 2026-06-30"
    )
    assert f"\n    planned_end: {facts['planned_end']}" in str(error)


def test_a_band_that_never_fires_is_found() -> None:
    """An engine without the major band says minor where it should say major."""
    broken = Altered(lambda step: None if step.severity == "major" else step)
    error = failing(check_boundaries, rules_of(_LATE), backend=broken)
    assert (error.found, error.expected.split(":")[0]) == ("minor from the checker", "major")


def test_other_answers_of_an_engine_are_found_too() -> None:
    """What is undetermined must be the same as well."""
    error = failing(check_boundaries, rules_of(_LATE), backend=Answering(([], [])))
    assert "from the checker" in error.found


def test_a_severity_that_drops_is_found() -> None:
    """Whether the file says so, or an engine."""
    ranges = _LATE.replace("major: above 20 %", "major: between 20 % and 30 %")
    error = failing(check_monotone, rules_of(ranges))
    assert error.found.startswith("minor for the measure 0.3")
    assert error.expected.startswith("major or worse, as for 0.")
    assert "the bands say that above is worse; there " in error.expected
    error = failing(check_monotone, rules_of(_LATE), backend=Altered(up_to))
    assert error.found.startswith("nothing for the measure ")


@pytest.mark.parametrize(
    ("bands", "found"),
    [
        ("{minor: between 10 and 20, major: between 20 and 30}", "nothing for the measure 30."),
        ("{minor: between 10 and 20, major: between 5 and 10}", "nothing for the measure "),
        ("{minor: below 10, major: between 0 and 5}", "minor for the measure -"),
    ],
)
def test_ladders_with_gaps_are_found(bands: str, found: str) -> None:
    """Ranges alone name a direction by their order; below the last one there is nothing."""
    rules = rules_of(
        "subjects: {lot: {defects: count}}\n"
        f"rules: [{{id: r, about: lot, kind: quality, title: T, measure: defects, bands: {bands}, "
        "message: '{measure}'}]"
    )
    assert failing(check_monotone, rules).found.startswith(found)


@pytest.mark.parametrize(
    "bands", ["{minor: between 10 and 20}", "{minor: is 3}", "{minor: above 3, major: at least 9}"]
)
def test_ladders_without_a_fault_pass(bands: str) -> None:
    """One range, or a single value, names no direction."""
    rules = rules_of(
        "subjects: {lot: {defects: count}}\n"
        f"rules: [{{id: r, about: lot, kind: quality, title: T, measure: defects, bands: {bands}, "
        "message: '{measure}'}]"
    )
    for check in CHECKS:
        check(rules, max_examples=10)


@pytest.mark.parametrize(
    ("message", "found", "expected"),
    [
        (
            "{en: 'Late. {forecast_end}'}",
            '"Late. unknown", where {forecast_end} is not known in en',
            "known whenever",
        ),
        (
            "{en: '{{measure}} late', zh-Hans: '延误{measure}'}",
            '{measure} in "{measure} late" in en',
            "single braces",
        ),
        (
            "{en: '{measure}', zh-Hans: '预计 {forecast_end}'}",
            '"预计 未知", where {forecast_end} is not known in zh-Hans',
            "known whenever",
        ),
    ],
)
def test_a_message_that_cannot_be_read_is_found(message: str, found: str, expected: str) -> None:
    """In the language in which it is wrong."""
    start = _LATE.index("    message:")
    error = failing(check_messages, rules_of(f"{_LATE[:start]}    message: {message}\n"))
    assert error.found == found
    assert expected in error.expected


def test_only_the_languages_asked_for_are_tried() -> None:
    """A fault in another one is not looked for."""
    start = _LATE.index("    message:")
    rules = rules_of(f"{_LATE[:start]}    message: {{en: '{{measure}}', zh-Hans: '{{{{measure}}}}'}}\n")
    check_messages(rules, languages=["en"], max_examples=10)
    assert "zh-Hant" in failing(check_messages, rules, languages=["zh-Hant"]).found


def test_a_checker_that_raises_is_found() -> None:
    """Its exception is the cause, and the facts are as few as can be."""
    error = failing(check_no_crash, rules_of(_LATE), backend=Raising(), about="phase")
    assert (error.rule, error.about, dict(error.facts)) == (None, "phase", {})
    assert error.found == "KeyError: 'planned_end'"
    assert isinstance(error.__cause__, KeyError)
    assert str(error) == (
        "rules about phase: found KeyError: 'planned_end', "
        "expected hits of severity notice, minor, major, critical, and what is undetermined\n"
        "  as of 2026-06-30, without any fact"
    )


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        ([("late", "awful", 1, 1)], []),
        ([("other", "minor", 1, 1)], []),
        ([], [("late", (), "whim")]),
    ],
)
def test_an_answer_without_sense_is_found(answer: Any) -> None:
    """Hits name rules and severities there are; reasons are those that are documented."""
    error = failing(check_no_crash, rules_of(_LATE), backend=Answering(answer), about="phase")
    assert error.found == repr(answer)


def test_an_assessment_that_raises_is_found() -> None:
    """With the agreement, and as no checker raised, from the engine under an assessment alone."""

    class Shared(DirectBackend):
        def compile(self, program: Program, setting: Setting, interpreter: Any = None) -> Checker:
            if interpreter is not None and program.about == "phase":
                raise RuntimeError("not here")
            return super().compile(program, setting, interpreter)

    with pytest.raises(CounterexampleError) as caught:
        check_no_crash(rules_of(_LATE), backend=Shared(), settings=_UNSHRUNK)
    error = caught.value
    assert error.found == "RuntimeError: not here"
    assert error.facts["coopgov"] == "agreement/1"


def test_the_same_example_every_time() -> None:
    """With `derandomize`, as in Hypothesis's profile for continuous integration."""
    first, second = (failing(check_boundaries, rules_of(_LATE), backend=Altered(at_least)) for _ in range(2))
    assert str(first) == str(second)


def test_plain_conditions_have_boundaries_too() -> None:
    """What `when` compares is decided at its threshold as well."""
    rules = rules_of(
        "rules: [{id: r, about: phase, kind: delay, title: T, when: delay above 5 days and not ended, "
        "severity: notice, message: '{delay}'}]"
    )
    check_boundaries(rules, max_examples=15)

    def later(step: Step) -> Step:
        assert isinstance(step.condition, s.And)
        first, *rest = step.condition.operands
        assert isinstance(first, s.Above)
        changed = s.AtLeast(first.left, first.right, type=first.type)
        return replace(step, condition=s.And((changed, *rest), type=step.condition.type))

    error = failing(check_boundaries, rules, backend=Altered(later))
    assert (error.found, error.expected) == ("notice from the checker", "nothing")


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"rules": "cooperation-plan"}, "rules='cooperation-plan' must be of type RuleSet"),
        ({"about": "phse"}, "about='phse' must be one of phase"),
        ({"as_of": "2026-06-30"}, "as_of='2026-06-30' must be of type date"),
        ({"settings": {}}, "settings={} must be of type settings"),
        ({"settings": _PATIENT, "max_examples": 3}, "max_examples among the settings"),
        ({"max_examples": 0}, "max_examples"),
    ],
)
def test_arguments_that_cannot_be_are_reported(
    check: Callable[..., None], arguments: dict[str, Any], text: str
) -> None:
    """They are reported like Hypothesis's own."""
    with pytest.raises(InvalidArgument, match=text.replace("{", r"\{")):
        check(**{"rules": rules_of(_LATE), **arguments})
