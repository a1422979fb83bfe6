"""A search for changes asks for no outcome twice, and supposing a value reads only what can depend on it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

from coopgov import load_agreement, load_rules
from coopgov.assessment.assess import Assessor
from coopgov.counterfactual.bisection import changes
from coopgov.counterfactual.variable import Variable
from coopgov.language import syntax as s
from coopgov.language.types import DATE, NUMBER

AS_OF = date(2026, 6, 30)


def test_each_value_is_tried_once() -> None:
    """Doubling and bisection look at a value once on each side of the present one, although neighbours share it."""
    variable = Variable({}, "task", "progress", NUMBER, Fraction(1), Fraction(5))
    asked: Counter[Fraction] = Counter()

    def outcome(value: Fraction) -> object:
        asked[value] += 1
        return value > 100

    assert list(changes(variable, outcome)) == [101]
    assert all(count <= 2 for count in asked.values())
    assert sum(asked.values()) < 2 * 23 + 8


def test_what_cannot_depend_on_a_supposed_value_is_not_computed_again() -> None:
    """A supposing interpreter takes facts of other subjects, and facts that do not read the value, as found before."""
    assessor = Assessor(load_agreement("examples/pilot/agreement.yaml"), load_rules(), AS_OF, "en")
    one, other, *_ = assessor.facts.subjects["phase"]
    interpreter = assessor.interpreter
    supposed = interpreter.supposing((one.record, "phase", "actual_end", AS_OF.toordinal()))
    delay = s.Name("delay", about="phase", type=NUMBER)
    before: Any = interpreter.value(delay, one.record)
    assert supposed.value(delay, one.record) != before
    interpreter.value(delay, other.record)
    known = dict(interpreter._memo)
    assert supposed.value(delay, other.record) == known[id(other.record), "phase", "delay"]
    start = s.Name("planned_start", about="phase", type=DATE)
    assert supposed.value(start, one.record) == interpreter.value(start, one.record)
    assert (id(other.record), "phase", "delay") not in supposed._memo
    assert (id(one.record), "phase", "planned_start") not in supposed._memo
