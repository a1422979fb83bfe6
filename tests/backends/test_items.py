"""What aggregates ask of items: compiled functions find exactly what the interpreter finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backends.test_agreement_of_backends import SETTINGS, Written, written_programs
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.python.items import Items, interpreter_with
from coopgov.errors import ExpressionError, FactError
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.language.interpreter import Interpreter, Setting
from coopgov.language.type_check import check
from coopgov.testing.strategies.expressions import Author
from language.expressions import CATALOGUE, dates, records
from work import calls_of

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from coopgov.backends.ir import Program

LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=250)
AS_OF = date(2026, 6, 30)


def decided(program: Program, record: Any, interpreter: Interpreter) -> str:
    """What a program decides by an interpreter, to the last digit; or the fact that is not accepted."""
    try:
        return repr(ReferenceBackend().compile(program, interpreter.setting, interpreter)(record))
    except FactError as error:
        return str(error)


@LOOSE
@given(written_programs(), records(), dates, st.sampled_from(SETTINGS))
def test_programs_decide_the_same(written: Written, record: Any, day: date, setting: Setting) -> None:
    """Hits, values, thresholds and what is undetermined, whatever the items lack."""
    plain = Interpreter(written.program.catalogue, replace(setting, as_of=day))
    compiled = interpreter_with(Items(worth=0), Interpreter(written.program.catalogue, plain.setting))
    assert decided(written.program, record, compiled) == decided(written.program, record, plain)


@st.composite
def aggregates(draw: DrawFn) -> s.Expr:
    """An aggregate of the parts of a work, with a condition and a value of any shape."""
    author = Author(draw, CATALOGUE, ("work", "part"))
    where = author.condition(3) if author.pick((True, True, False)) else None
    function = author.pick(("count", "share", "any", "all", "sum", "mean", "min", "max"))
    value = where if function in ("share", "any", "all") else None
    if function in ("sum", "mean", "min", "max"):
        value = author.value(author.pick(author.numeric), 3)
    elif value is not None:
        where = None
    try:
        return check(s.Aggregate(function, s.Name("parts"), value, where), "work", CATALOGUE)
    except ExpressionError:
        assume(False)
        raise


@LOOSE
@given(aggregates(), records(), dates, st.sampled_from(SETTINGS))
def test_aggregates_are_the_same(node: s.Expr, record: Any, day: date, setting: Setting) -> None:
    """With facts of the item, of the subject around it and of subjects above, formulas and further collections."""
    assume(record.get("parts"))
    plain = Interpreter(CATALOGUE, replace(setting, as_of=day))
    compiled = interpreter_with(Items(worth=0), Interpreter(CATALOGUE, plain.setting))
    found = []
    for interpreter in (plain, compiled):
        try:
            found.append(repr(interpreter.value(node, record)))
        except FactError as error:
            found.append(str(error))
    assert found[0] == found[1]


def test_many_items_are_not_interpreted() -> None:
    """After some hundred items, no node of theirs is visited any more."""
    node = check(parse("count(parts where not done and d above 1 day)"), "work", CATALOGUE)
    setting = replace(SETTINGS[0], as_of=AS_OF)

    def visits(number: int, items: Items) -> int:
        parts = [{"done": not each % 3, "d": each % 5} for each in range(number)]
        shared = interpreter_with(items, Interpreter(CATALOGUE, setting))
        return calls_of(lambda: shared.value(node, {"parts": parts}), Interpreter.value)

    items = Items()
    assert visits(100, items) > 300
    assert visits(100, items) < 10
    assert visits(5_000, items) < 10
