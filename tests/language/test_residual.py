"""What is left of expressions while some facts are open has the values that the interpreter finds with them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopgov.backends.ir import conditions
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.language.dependencies import named_facts
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.residual import AS_OF, Residual
from coopgov.language.type_check import check
from coopgov.language.types import DATE
from coopgov.language.values import Bounds, missing
from coopgov.model import WorkingCalendar
from coopgov.testing.conformance.generated import programs, subjects
from coopgov.testing.strategies.expressions import dates
from language.expressions import CATALOGUE

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

    from coopgov.facts.catalogue import Catalogue

NOW = date(2026, 6, 30)
_SETTING = Setting(NOW, WorkingCalendar(), "CNY", 100)


def _interpreter(catalogue: Catalogue) -> Interpreter:
    return Interpreter(catalogue, _SETTING)


def _others(record: dict[str, Any], about: str, found: Any) -> list[dict[str, Any]]:
    """The records of a type of subject that a record refers to."""
    if about == "thing":
        return [record]
    below = [each for value in record.values() if isinstance(value, list) for each in value]
    above = [value for value in record.values() if isinstance(value, dict)]
    known = {name for kind, name in found if kind == about}
    return [each for each in (*below, *above) if isinstance(each, dict) and known.intersection(each)]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.data())
def test_a_residual_agrees_with_the_interpreter(written: Any, data: DataObject) -> None:
    """For any conditions and records, with other values of a fact of any subject that they read, or another day."""
    program = written.program
    record, other = data.draw(subjects(program)), data.draw(subjects(program))
    nodes = [node for one in program.checks for node in conditions(one)]
    read = sorted(named_facts(nodes, program.catalogue))
    now = _interpreter(program.catalogue)
    for about, name in (each for each in read if each[0]):
        kind = program.catalogue.declared(about, name)
        if kind.kind == "collection":
            continue
        node = s.Name(name, about=about, type=kind)
        values = [now.value(node, each) for each in _others(other, about, read)]
        for changed in _others(record, about, read)[:2]:
            residual = Residual([(changed, about, name)], now)
            places = [residual.place(each, (record,)) for each in nodes]
            steps = residual.steps(places)
            for value in values:
                then = now.supposing((changed, about, name, value))
                found = residual.evaluate([value], steps)
                assert [found[place] for place in places] == [then.value(each, record) for each in nodes]
    residual = Residual([AS_OF], now)
    places = [residual.place(each, (record,)) for each in nodes]
    day = data.draw(dates)
    found, then = residual.evaluate([day.toordinal()], residual.steps(places)), now.supposing(as_of=day)
    assert [found[place] for place in places] == [then.value(each, record) for each in nodes]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.data())
def test_no_value_is_beyond_its_extent(written: Any, data: DataObject) -> None:
    """Whatever value a fact has within its limits, all that depends on it is within its extents."""
    program = written.program
    record = data.draw(subjects(program))
    others = data.draw(st.lists(subjects(program), min_size=1, max_size=4))
    nodes = [node for one in program.checks for node in conditions(one)]
    read = sorted(named_facts(nodes, program.catalogue))
    now = _interpreter(program.catalogue)
    for about, name in read:
        kind = program.catalogue.declared(about, name) if about else DATE
        if not kind.ordered:
            continue
        node = s.Name(name, about=about, type=kind)
        found = [now.value(node, each) for other in others for each in _others(other, about, read)]
        values = [each for each in found if not missing(each)] if about else [700_000, 740_000, 740_001]
        for changed in _others(record, about, read)[:2] if about and values else [None]:
            if values:
                residual = Residual([(changed, about, name)], now)
                _assert_within(residual, [residual.place(each, (record,)) for each in nodes], values)


def _assert_within(residual: Residual, places: list[int], values: list[Any]) -> None:
    steps = residual.steps(places)
    extent = residual.extents([(min(values), max(values))], steps)
    for value in values:
        found = residual.evaluate([value], steps)
        for place in (*places, *(step[0] for step in steps)):
            for each in (
                (found[place].low, found[place].high) if isinstance(found[place], Bounds) else (found[place],)
            ):
                if isinstance(each, (bool, int, float)):
                    assert extent(place)[0] <= each <= extent(place)[1]


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("n above 1 and m above 5", False),
        ("n above 1 or m above 1", False),
        ("n above 1 and m above 1", True),
        ("m else n above 1", False),
        ("n above 1 and m above 1 and n below m", True),
        ("count(parts where done) at least 1", False),
    ],
)
def test_what_other_facts_decide_is_not_left(text: str, live: bool) -> None:  # noqa: FBT001  # a column of the table
    """What is false whatever the fact is, or does not read it, takes no step."""
    record = {"n": 3, "m": 3, "parts": [{"done": True}]}
    residual = Residual([(record, "work", "n")], _interpreter(CATALOGUE))
    place = residual.place(check(parse(text), "work", CATALOGUE), (record,))
    assert residual.live(place) is live
    assert bool(residual.steps([place])) is live


def test_another_value_of_one_item_costs_the_same_however_many_there_are() -> None:
    """Only what is found of the item is computed again."""
    node, steps = check(parse("count(parts where n * n above 3) at least 2"), "work", CATALOGUE), []
    for size in (5, 50):
        parts: list[dict[str, Any]] = [{"n": each} for each in range(size)]
        record = {"parts": parts}
        residual = Residual([(parts[0], "part", "n")], _interpreter(CATALOGUE))
        steps.append(len(residual.steps([residual.place(node, (record,))])))
    assert steps[0] == steps[1] > 0
