"""Explaining does work in proportion to what is explained, and tries no value that could not be proposed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

import coopgov
from coopgov.assessment.assess import Assessor
from coopgov.counterfactual.bisection import changes
from coopgov.counterfactual.crossings import _Solver, solved
from coopgov.counterfactual.variable import Variable
from coopgov.facts.derive import derive
from coopgov.language import syntax as s
from coopgov.language.interpreter import Interpreter
from coopgov.language.residual import Residual
from coopgov.language.types import DATE, NUMBER
from small import PHASE, WINDOW, least
from work import calls_of, growth

if TYPE_CHECKING:
    from collections.abc import Callable

AS_OF = date(2026, 6, 30)
_RULES = coopgov.load_rules()


def _agreement(tasks: int) -> coopgov.Agreement:
    """A phase with tasks that have begun, each after the one before, and with an owner for each ten."""
    members = [{"id": f"member-{each}", "role": f"role-{each}"} for each in range(max(tasks // 10, 1))]
    work = [
        {
            "id": f"task-{each}",
            "owner": f"member-{each % len(members)}",
            "load": "20 %",
            "planned": WINDOW,
            "actual": {"start": "2026-02-02"},
            "after": [f"task-{each - 1}"] if each else [],
        }
        for each in range(tasks)
    ]
    return coopgov.build_agreement(
        {**least("a"), "team": {"members": members}, "phases": [{**PHASE, "tasks": work}]}
    )


def _explaining(tasks: int, **asked: Any) -> Callable[[], object]:
    agreement, engine = _agreement(tasks), coopgov.Engine(_RULES)
    coopgov.explain_all(agreement, engine, as_of=AS_OF, **asked)
    return lambda: coopgov.explain_all(agreement, engine, as_of=AS_OF, **asked)


@pytest.mark.parametrize("rule", ["task-overdue", "predecessor-late", "member-overbooked"])
def test_explaining_a_rule_for_all_subjects_is_linear(rule: str) -> None:
    """With ten times as many tasks and members, explaining a rule makes about ten times as many calls."""
    assert growth(lambda size: _explaining(size, rule=rule), 10, 10) < 1.25


@pytest.mark.parametrize("rule", ["task-overdue", "predecessor-late", "member-overbooked"])
def test_explaining_a_rule_derives_facts_and_searches_once(rule: str) -> None:
    """However many subjects there are, nothing is done anew for the whole agreement."""
    explaining = _explaining(20, rule=rule)
    assert (calls_of(explaining, derive), calls_of(explaining, Assessor.search)) == (1, 1)


def test_explaining_everything_is_linear() -> None:
    """With ten times as many tasks, all explanations together make at most about ten times as many calls."""
    assert growth(_explaining, 10, 10) < 1.2


@pytest.mark.parametrize("function", [solved, _Solver.visit, Residual.place, Residual.evaluate])
def test_the_work_for_one_explanation_does_not_grow(function: Callable[..., object]) -> None:
    """However many tasks there are, as many conditions are solved, nodes visited and values tried for each of them."""
    small, large = (calls_of(_explaining(size, rule="task-overdue"), function) / size for size in (10, 100))
    assert large < 1.1 * small


def test_a_fact_that_cannot_trigger_a_rule_is_not_solved() -> None:
    """No single task brings a member with three of them near the limit, so no value of any task is searched."""
    assert calls_of(_explaining(3, rule="member-on-too-many-tasks"), solved) == 0
    assert calls_of(_explaining(20, rule="member-on-too-many-tasks"), solved) > 0


def test_explaining_one_warning_assesses_nothing() -> None:
    """The rules about other subjects are not asked, unless the one that is explained reads their warnings."""
    agreement, engine = _agreement(20), coopgov.Engine(_RULES)
    asked: dict[str, Any] = {"rule": "task-overdue", "about": "task/p/task-1"}
    assert len(coopgov.explain_all(agreement, engine, as_of=AS_OF, **asked)) == 1
    one = calls_of(lambda: coopgov.explain_all(agreement, engine, as_of=AS_OF, **asked))
    whole = calls_of(lambda: coopgov.assess(agreement, engine, as_of=AS_OF))
    assert one < whole


@pytest.mark.parametrize("number", [10, 200])
def test_a_supposed_value_evaluates_the_items_that_it_reaches(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The sum over a collection evaluates one item again for each supposed value, however many there are."""
    assessor = Assessor(_agreement(number), _RULES, AS_OF, "en")
    whole, tasks = assessor.facts.subjects["agreement"][0].record, assessor.facts.subjects["task"]
    node = _RULES.catalogue.definition("member", "booked")
    assert isinstance(node, s.Aggregate)
    evaluated: list[Any] = []
    item = Interpreter.item

    def counted(interpreter: Interpreter, node: s.Aggregate, records: Any) -> Any:
        evaluated.append(records[-1])
        return item(interpreter, node, records)

    monkeypatch.setattr(Interpreter, "item", counted)
    before = assessor.interpreter.value(node, whole)
    for load in (0.4, 0.6):
        supposed = assessor.interpreter.supposing((tasks[0].record, "task", "load", load))
        evaluated.clear()
        assert supposed.value(node, whole) == pytest.approx(before + load - 0.2)
        assert evaluated.count(tasks[0].record) >= 1
    assert len(evaluated) == 1


@pytest.mark.parametrize(("low", "high"), [(0, 10), (0, None), (None, 10), (None, None)])
def test_no_value_beyond_the_limits_is_searched(low: int | None, high: int | None) -> None:
    """Between the limits, a search finds what it finds without them; it tries at most one value beyond each."""
    limits = tuple(None if each is None else Fraction(each) for each in (low, high))
    free = Variable({}, "task", "progress", NUMBER, Fraction(1), Fraction(5))
    for limit in range(-40, 50):
        tried: list[Fraction] = []

        def outcome(value: Fraction, limit: int = limit, tried: list[Fraction] = tried) -> object:
            tried.append(value)
            return value > limit

        every = list(changes(free, outcome))
        tried.clear()
        found = list(changes(free.within(*limits), outcome))
        near = {
            each for each in every
            if (low is None or each + 1 >= low) and (high is None or each - 1 <= high)
        }  # fmt: skip
        assert near <= set(found) <= set(every)
        if low == 0 and high == 10:
            assert len(tried) < 20


def test_days_ahead_are_searched_in_one_direction() -> None:
    """What time will do is searched among later days; of the earlier ones, only the first is tried."""
    today = Fraction(AS_OF.toordinal())
    variable = Variable(None, "", "as_of", DATE, Fraction(1), today).within(today, None)
    tried: list[Fraction] = []

    def outcome(value: Fraction) -> object:
        tried.append(value)
        return value > today + 5

    assert list(changes(variable, outcome)) == [today + 6]
    assert sum(each < today for each in tried) <= 1
