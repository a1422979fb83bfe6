"""The corpus checks that backends conform to the language, and finds those that deviate."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.backends.interpreter import ReferenceBackend
from coopgov.errors import BackendError, InputError, UnknownNameError
from coopgov.language import interpreter, operations, tolerance
from coopgov.source import read_document
from coopgov.testing import ConformanceError, check_conformance, corpus
from coopgov.testing.conformance.rows import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = corpus()
GROUPS = sorted({row.group for row in ROWS})


class Wrong:
    """The reference, whose answers are changed."""

    def __init__(self, change: Callable[[list[Any], list[Any]], Any]) -> None:
        self.change = change

    def compile(self, program: Any, setting: Any, interpreter: Any = None) -> Any:
        """Compile as the reference does."""
        check = ReferenceBackend().compile(program, setting, interpreter)
        return lambda facts, as_of=None: self.change(*check(facts, as_of=as_of))


class Contrary:
    """Says false for true, not set for unknown, and vice versa."""

    def compile(self, program: Any, setting: Any, interpreter: Any = None) -> Any:
        """Compile as the reference does."""
        check = ReferenceBackend().compile(program, setting, interpreter)

        def contrary(facts: Any, as_of: Any = None) -> Any:
            hits, undetermined = check(facts, as_of=as_of)
            shown = {entry[0] for entry in (*hits, *undetermined)}
            swap = {"critical": "minor", "minor": "critical"}
            unset = [(one.id, (), "absent data") for one in program.checks if one.id not in shown]
            return [(n, swap[s], v, t) for n, s, v, t in hits], unset

        return contrary


class Refusing:
    """Expresses nothing."""

    def compile(self, program: Any, *_: Any) -> Any:
        """Refuse by name."""
        raise BackendError("refusing", program.checks[0].id, "minor", "it expresses nothing")


def deviating(backend: Any, **options: Any) -> ConformanceError:
    """The error that a backend causes."""
    with pytest.raises(ConformanceError) as caught:
        check_conformance(backend, **options)
    return caught.value


@pytest.mark.parametrize("name", ["direct", "interpreter"])
def test_a_backend_agrees_with_every_row(name: str) -> None:
    """The whole corpus: nothing deviates, nothing is refused."""
    found = check_conformance(name, max_examples=0)
    assert (found.agreed, found.refused, found.declared, found.skipped) == (len(ROWS), (), (), ())


def test_the_direct_backend_agrees_on_generated_programs() -> None:
    """Rules and facts that nobody thought of come out as the interpreter says."""
    assert check_conformance("direct", rows=(), max_examples=60).examples > 0


def test_the_corpus_is_large_and_says_each_thing_once() -> None:
    """At least 500 rows, none of them twice, each of the four outcomes often, each with its place."""
    assert len(ROWS) >= 500
    assert len({row.id for row in ROWS}) == len(ROWS)
    outcomes = Counter(row.gives for row in ROWS)
    assert min(outcomes[word] for word in ("true", "false", "unknown", "not set")) >= 90
    assert all(row.place.file.startswith("coopgov/testing/corpus/") and row.place.line > 1 for row in ROWS)


@pytest.mark.parametrize("group", GROUPS)
def test_every_row_finds_a_backend_that_answers_the_contrary(group: str) -> None:
    """No row of any group lets pass that true and false, unknown and not set are exchanged."""
    rows = [row for row in ROWS if row.group == group]
    error = deviating(Contrary(), rows=rows, max_examples=0)
    assert [each.id for each in error.deviations] == [row.id for row in rows]


def test_reading_unknown_as_false_is_found() -> None:
    """Silence where something is missing is a deviation."""
    error = deviating(Wrong(lambda hits, _: (hits, [])), max_examples=0)
    assert {each.expected for each in error.deviations} >= {"unknown"}


def test_a_value_that_is_nearly_right_is_found() -> None:
    """Values are compared within 1e-12, relatively."""

    def off(hits: list[Any], undetermined: list[Any]) -> Any:
        return [(n, s, v and v * (1 + 1e-11), t) for n, s, v, t in hits], undetermined

    groups = {each.id.partition(":")[0] for each in deviating(Wrong(off), max_examples=0).deviations}
    assert {"arithmetic/add", "dates/counting", "money/sums", "collections/mean", "functions/abs"} <= groups


@pytest.mark.parametrize(
    ("module", "name", "wrong", "groups"),
    [
        (tolerance, "tolerance", lambda _: 0.0, {"comparisons/above", "comparisons/decimal-figures"}),
        (
            tolerance,
            "tolerance",
            lambda right: 1e-9 * max(1.0, abs(right)),
            {"comparisons/is", "comparisons/above-facts"},
        ),
        (tolerance, "tolerance", lambda _: 1e-12, {"comparisons/at-least"}),
        (interpreter, "hidden", lambda *_: False, {"observed/day-itself", "observed/another-day"}),
        (operations, "step_months", lambda day, months: day + 30 * months, {"dates/steps-in-months"}),
        (interpreter, "unit_is", lambda *_: True, {"kpi-values/literals", "scopes/outer"}),
        (
            interpreter,
            "minor_units_of",
            lambda node, _: float(node.value),
            {"money/exact", "money/currencies"},
        ),
        (tolerance, "MONEY_TOLERANCE", 1.5, {"money/exact"}),
    ],
)
def test_one_mistake_in_the_meaning_is_found(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, wrong: Any, groups: set[str]
) -> None:
    """A tolerance, a calendar, a unit or a currency that is read differently is found by the rows about it."""
    monkeypatch.setattr(module, name, wrong)
    found = {each.id.partition(":")[0] for each in deviating("interpreter", max_examples=0).deviations}
    assert groups <= found


def test_an_error_names_every_deviation_with_its_place() -> None:
    """One error for all, line by line."""
    rows = [row for row in ROWS if row.group == "logic/not"]
    error = deviating(Wrong(lambda *_: ([], [])), rows=rows, max_examples=0)
    lines = str(error).splitlines()
    assert lines[0] == f"the backend Wrong deviates in {len(error.deviations)} cases"
    first = error.deviations[0]
    assert lines[1] == f"  {rows[0].place}: logic/not: not a given a: true: found not set, expected false"
    assert (first.found, first.expected) == ("not set", "false")


def test_whatever_a_backend_raises_is_a_deviation() -> None:
    """A crash does not hide the other rows."""

    def crash(*_: Any) -> Any:
        raise ZeroDivisionError("in\nthe backend")

    error = deviating(Wrong(crash), rows=ROWS[:3], max_examples=0)
    assert [each.found for each in error.deviations] == ["ZeroDivisionError: in"] * 3


def test_a_generated_deviation_is_reported_with_rules_and_facts() -> None:
    """The simplest program that shows it."""
    error = deviating(Wrong(lambda *_: ([], [])), rows=(), max_examples=50)
    (deviation,) = error.deviations
    assert deviation.place.startswith("generated, as of ")
    assert deviation.id.startswith("rule-0")


def test_a_declared_deviation_must_deviate() -> None:
    """Expected failures are strict, and name rows that there are."""
    row = next(row for row in ROWS if row.group == "logic/not")
    wrong = Wrong(lambda *_: ([], []))
    found = check_conformance(wrong, rows=[row], except_for={row.id: "it is silent"}, max_examples=0)
    assert (found.agreed, [each.id for each in found.declared]) == (0, [row.id])
    again = deviating("interpreter", rows=[row], except_for={row.id: "it was silent"}, max_examples=0)
    assert "take it out of except_for" in str(again)
    missing = deviating("interpreter", rows=[row], except_for={"logic/nor: x": "?"}, max_examples=0)
    assert "found no such row" in str(missing)


def test_what_cannot_be_expressed_is_listed_and_never_agreement() -> None:
    """A named refusal is neither right nor wrong; declared, it counts as failing."""
    found = check_conformance(Refusing(), rows=ROWS[:2], except_for={ROWS[0].id: "no"}, max_examples=5)
    assert (found.agreed, found.examples) == (0, 0)
    assert found.unexpressed > 0
    assert [each.id for each in found.declared] == [ROWS[0].id]
    assert [(each.id, each.why) for each in found.refused] == [(ROWS[1].id, "it expresses nothing")]


def test_rows_and_groups_can_be_skipped() -> None:
    """Rows are skipped by id, or as a whole group, and are reported as skipped."""
    group = {row.id for row in ROWS if row.group == "logic/and"}
    found = check_conformance("interpreter", skip={"logic/and", ROWS[0].id}, max_examples=0)
    assert set(found.skipped) == group | {ROWS[0].id}
    assert found.agreed == len(ROWS) - len(found.skipped)


def test_an_unknown_backend_is_reported() -> None:
    """With the nearest name."""
    with pytest.raises(UnknownNameError, match='there is no backend "dircet"; did you mean "direct"'):
        check_conformance("dircet")


def test_all_faults_of_a_file_of_rows_are_reported() -> None:
    """A row that makes no sense names its file, line and column."""
    text = (
        "coopgov: conformance/1\nmeans: Some.\ngroups:\n  some:\n"
        "    - {of: x abve 1, gives: true}\n    - {of: x + 1, gives: 3 days}\n"
        "    - {of: x + 1, given: {xx: 3}, gives: 4}\n    - {of: x + 1, given: {x: true}, gives: 4}\n"
        "    - {of: x + 1, gives: unknown}\n    - {of: x + 1, gives: unknown}\n"
    )
    with pytest.raises(InputError) as caught:
        read_rows(read_document(text, "rows.yaml"))
    found = [(fault.place.line, fault.code) for fault in caught.value.faults]
    assert found == [
        (5, "syntax"),
        (6, "unit-mismatch"),
        (7, "unknown-fact"),
        (8, "wrong-type"),
        (10, "duplicate-id"),
    ]


def test_rows_need_no_hypothesis() -> None:
    """Without it, the corpus is asked and nothing is generated."""
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from coopgov.testing import check_conformance\n"
        "found = check_conformance('direct'); print(found.agreed > 500, found.examples)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout == "True 0\n"
