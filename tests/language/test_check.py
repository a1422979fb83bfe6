"""Names, types and units are checked before any data is seen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import ExpressionError
from coopgov.facts import Catalogue, Fact, SubjectType
from coopgov.faults import display_width
from coopgov.language import parse, to_text
from coopgov.language import syntax as s
from coopgov.language.type_check import check
from coopgov.language.types import MONEY, PERCENT, Type
from language.expressions import CATALOGUE, conditions

PARAMETERS = {
    name: check(parse(text), "work", CATALOGUE) for name, text in (("tolerance", "8 %"), ("limit", "3 weeks"))
}


def checked(text: str, about: str = "work") -> s.Expr:
    """A text about a made-up subject, checked."""
    return check(parse(text), about, CATALOGUE, PARAMETERS)


def shown(text: str) -> str:
    """An error as people see it: the text, a caret, the message."""
    with pytest.raises(ExpressionError) as caught:
        checked(text)
    error = caught.value
    caret = " " * display_width(text[: error.start]) + "^" * display_width(text[error.start : error.end])
    return f"{text}\n{caret}\n{error}"


GOLDEN = """
d above 10
        ^^
column 9: unit-mismatch: found the bare number 10, expected days; write `10 days`

d above 10 points
        ^^^^^^^^^
column 9: unit-mismatch: found a quantity in point, expected days

wd above 10 days
         ^^^^^^^
column 10: unit-mismatch: found days, expected working days

notice above 30 days
             ^^^^^^^
column 14: unit-mismatch: found days, expected months

d + notice above 1 day
    ^^^^^^
column 5: unit-mismatch: found months, expected days

d + 3 hours above 1 day
    ^^^^^^^
column 5: unit-mismatch: found hours, expected days

start + 5
^^^^^^^^^
column 1: type-mismatch: found a date and a number, expected a date and days, working days or months

start + 5 points
^^^^^^^^^^^^^^^^
column 1: type-mismatch: found a date and a quantity in point, expected a date and days, working days or months

dleay above 3 days
^^^^^
column 1: unknown-fact: found `dleay`, expected a fact about work or a parameter; did you mean "delay"?

spent above 100
            ^^^
column 13: unit-mismatch: found the bare number 100, expected money; write `100 money`

spent * budget above 3
^^^^^^^^^^^^^^
column 1: type-mismatch: found money times money, expected a number on one side

spent / d above 3
        ^
column 9: unit-mismatch: found days, expected money; write `(d / 1 day)`, which is a plain number

d above tolerance
        ^^^^^^^^^
column 9: unit-mismatch: found a percentage, expected days

tolerance above d
                ^
column 17: unit-mismatch: found days, expected a percentage

status is "opne"
          ^^^^^^
column 11: unknown-choice: found "opne", expected one of "open", "done", "late"; did you mean "open"?

status in ["open", "dnoe"]
                   ^^^^^^
column 20: unknown-choice: found "dnoe", expected one of "open", "done", "late"; did you mean "done"?

status above "open"
^^^^^^^^^^^^^^^^^^^
column 1: type-mismatch: found a text, expected numbers or dates, which have an order; compare with `is` or `in`

status is 5
          ^
column 11: type-mismatch: found a number, expected a text

status and late
^^^^^^
column 1: type-mismatch: found a text, expected a condition

late and 5
         ^
column 10: type-mismatch: found a number, expected a condition

late is "yes"
        ^^^^^
column 9: type-mismatch: found a text, expected a condition

late above true
^^^^^^^^^^^^^^^
column 1: type-mismatch: found a condition, expected numbers or dates, which have an order

start above "2026-01-05"
            ^^^^^^^^^^^^
column 13: type-mismatch: found a text, expected a date; write `2026-01-05`

start above 5 days
            ^^^^^^
column 13: type-mismatch: found days, expected a date

energy above 5
             ^
column 14: unit-mismatch: found the bare number 5, expected a quantity in kWh; write `5 kWh`

energy above 5 kwh
             ^^^^^
column 14: unit-mismatch: found a quantity in kwh, expected a quantity in kWh; write `5 kWh`

energy above 5 件
             ^^^^
column 14: unit-mismatch: found a quantity in 件, expected a quantity in kWh

value above spent
            ^^^^^
column 13: unit-mismatch: found money, expected a value in the KPI's own unit

value is "x"
         ^^^
column 10: type-mismatch: found a text, expected a value in the KPI's own unit

value * target above 2
^^^^^^^^^^^^^^
column 1: type-mismatch: found a value in the KPI's own unit times a value in the KPI's own unit, expected a number on one side

sum(value of parts) above 3
^^^^^^^^^^^^^^^^^^^
column 1: unit-mismatch: found values in the units of different KPIs, expected values of one unit; `score` is on one scale for all KPIs

sum(due of parts) above 3
^^^^^^^^^^^^^^^^^
column 1: type-mismatch: found a date, expected numbers

sum(parts) above 3
^^^^^^^^^^
column 1: wrong-number-of-values: found no value, expected sum(fact of collection)

count(n of parts)
^^^^^^^^^^^^^^^^^
column 1: wrong-number-of-values: found a value to count, expected count(collection where …)

count(n)
      ^
column 7: type-mismatch: found a number, expected a collection

count(part)
      ^^^^
column 7: unknown-fact: found `part`, expected a fact about work or a parameter; did you mean "parts"?

any(parts)
^^^^^^^^^^
column 1: wrong-number-of-values: found no condition, expected any(collection where …)

parts above 3
            ^
column 13: type-mismatch: found a number, expected a collection of subjects of type part

tags is "x"
        ^^^
column 9: type-mismatch: found a text, expected several texts

5 in tags
     ^^^^
column 6: type-mismatch: found several texts, expected a list such as ["a", "b"] or a fact of several texts

label in status
         ^^^^^^
column 10: type-mismatch: found a text, expected a list such as ["a", "b"] or a fact of several texts

phase.n above 3
^^^^^^^
column 1: unknown-subject: found `phase.`, expected a subject in reach: whole, work

whol.n above 3
^^^^^^
column 1: unknown-subject: found `whol.`, expected a subject in reach: whole, work; did you mean "whole"?

any(parts where label is "x")
                ^^^^^
column 17: unknown-fact: found `label`, expected a fact about part or a parameter; write `work.label`

end above start
^^^
column 1: unknown-fact: found `end`, expected a fact about work or a parameter; write `whole.end`

max(n)
^^^^^^
column 1: wrong-number-of-values: found 1 value for max, expected 2 to 64 values; of a collection: `max(fact of collection)`

max(n, 3 days)
       ^^^^^^
column 8: unit-mismatch: found days, expected a number

abs(start)
^^^^^^^^^^
column 1: type-mismatch: found a date, expected numbers or dates, which have an order

working_days(start, 5 days)
                    ^^^^^^
column 21: type-mismatch: found days, expected a date

working_days(start)
^^^^^^^^^^^^^^^^^^^
column 1: wrong-number-of-values: found 1 value for working_days, expected 2

1e30 * 100
^^^^^^^^^^
column 1: number-too-large: found a result of 1e+32, expected a number of at most 30 digits

-start
 ^^^^^
column 2: type-mismatch: found a date, expected a number

work.as_of above start
^^^^^^^^^^
column 1: unknown-fact: found `as_of`, expected a fact about work or a parameter

dones
^^^^^
column 1: unknown-fact: found `dones`, expected a fact about work or a parameter; did you mean "done"?

yes is done
^^^
column 1: unknown-fact: found `yes`, expected a fact about work or a parameter; write `"yes"`

2 / d above 1
^
column 1: unit-mismatch: found the bare number 2, expected days; write `2 days`
"""  # noqa: E501  # a file as people write it


@pytest.mark.parametrize("block", GOLDEN.strip("\n").split("\n\n"))
def test_errors_as_people_read_them(block: str) -> None:
    """Each marks the part that is wrong and says what would fit."""
    assert shown(block.split("\n", maxsplit=1)[0]) == block


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("d", "days"),
        ("2 weeks", "days"),
        ("finish - start", "days"),
        ("start + 1 month + 2 days - 3 working days", "a date"),
        ("5 days + start", "a date"),
        ("working_days(start, finish)", "working days"),
        ("notice + 1 month", "months"),
        ("delay / 10 days", "a percentage"),
        ("spent / budget", "a percentage"),
        ("p * 100", "a number"),
        ("p * p", "a percentage"),
        ("p + 1", "a percentage"),
        ("spent * 2", "money"),
        ("50 % * d", "days"),
        ("energy + 2 MWh", "a quantity in kWh"),
        ("value - target", "a value in the KPI's own unit"),
        ("value / target", "a percentage"),
        ("value + 5 %", "a value in the KPI's own unit"),
        ("label else status", "a text"),
        ("as_of", "a date"),
        ("count(parts)", "a number"),
        ("share(parts where done)", "a percentage"),
        ("max(due of parts)", "a date"),
        ("sum(cost of parts)", "money"),
        ("any(parts where done and work.late)", "a condition"),
        ("tags", "several texts"),
        ("parts", "a collection of subjects of type part"),
        ("limit", "days"),
    ],
)
def test_types_of_expressions(text: str, kind: str) -> None:
    """Every expression has one type, as it is called in messages."""
    assert str(checked(text).type) == kind


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("d above 1 week + 1 day", "d above 8 day"),
        ("n above 10 % + 1", "n above 110 %"),
        ("n above 10 / 4", "n above 250 %"),
        ("spent above 10 CNY + 5 CNY", "spent above 15 CNY"),
        ("spent above 10 CNY + 5 EUR", "spent above 10 CNY + 5 EUR"),
        ("n above 1 / 0", "n above 1 / 0"),
        ("d above -(2 days)", "d above -2 days"),
        ("p above tolerance", "p above 8 %"),
        ("d above limit", "d above 3 weeks"),
        ("d above 2 * limit", "d above 42 day"),
        ("energy above 5 MWh", "energy above 5000 kWh"),
        ("power above 5 kWh", "power above 0.005 MWh"),
        ("energy above power", "energy above power * 1000"),
        ("lag above 5 days", "lag * 7 above 5 days"),
        ("answered above 50 %", "answered / 100 above 50 %"),
        ("start above 2026-01-05 + 1 day", "start above 2026-01-05 + 1 day"),
    ],
)
def test_what_is_known_early_is_worked_out_once(text: str, printed: str) -> None:
    """Literals are added up, parameters put in, and units converted when the rule is loaded."""
    assert to_text(checked(text)) == printed


@given(st.decimals(0, 10**6, places=4), st.decimals("0.0001", 10**6, places=4), st.integers(1, 6))
def test_folding_is_free_of_the_thread(a: Decimal, b: Decimal, digits: int) -> None:
    """A host's decimal context does not change what a rule means."""
    text = f"power above {a:f} kWh or n above {a:f} / {b:f} or d above -({a:f} days)"
    before = checked(text)
    with localcontext(prec=digits):
        assert checked(text) == before


@pytest.mark.parametrize("unit", ["%", "percent", "points", "件", "kWh", "days", ""])
def test_a_literal_beside_an_own_value_is_of_that_unit(unit: str) -> None:
    """Only the data determine the KPI's unit; the literal keeps its figure."""
    comparison = checked(f"value above 60 {unit}")
    assert isinstance(comparison, s.Above)
    assert isinstance(comparison.right, s.Literal)
    assert comparison.right.type.kind == "own"
    assert comparison.right.value == 60


@pytest.mark.parametrize("text", ["max(5 %, 3 %, value) above target", "min(5 %, value, 3 %) above target"])
def test_all_literals_beside_an_own_value_are_of_its_unit(text: str) -> None:
    """Also those that come before it."""
    kinds = {node.type.kind for node in s.walk(checked(text)) if isinstance(node, s.Literal)}
    assert kinds == {"own"}
    between = checked("5 % between 3 % and value")
    assert {node.type.kind for node in s.walk(between) if isinstance(node, s.Literal)} == {"own"}


def test_money_is_exact_as_long_as_it_is_only_added() -> None:
    """A product, quotient or mean of money compares as other figures do; among several, one is enough."""
    exact = {
        "spent": True,
        "spent - budget": True,
        "sum(cost of parts)": True,
        "max(spent, budget)": True,
        "spent else budget": True,
    }
    exact |= {"spent * 2": False, "spent / 2": False, "mean(cost of parts)": False, "50 % * spent": False}
    exact |= {
        "spent + budget * 2": False,
        "max(spent, budget * 2, 5 CNY)": False,
        "sum(cost * 2 of parts)": False,
    }
    assert {text: checked(text).type.exact for text in exact} == exact


def test_names_lead_to_the_subject_outside() -> None:
    """An owner is looked for from the outside inwards, what the subjects belong to last; a bare name is the item's."""
    aggregate = checked("any(parts where any(steps where part.n is n and whole.n is work.n and step.n is 1))")
    assert _places(aggregate) == {
        "n": (0, ()),
        "step.n": (0, ()),
        "part.n": (1, ()),
        "work.n": (2, ()),
        "whole.n": (2, ("whole",)),
    }
    alike = checked("any(whole.works where work.n above n and whole.n above n)")
    assert _places(alike) == {"n": (0, ()), "work.n": (1, ()), "whole.n": (1, ("whole",))}


def _places(node: s.Expr) -> dict[str, tuple[int, tuple[str, ...]]]:
    names = [part for part in s.walk(node) if isinstance(part, s.Name) and part.type.numeric]
    return {to_text(name): (name.level, name.parents) for name in names}


def test_a_formula_that_needs_itself_is_reported_by_its_path() -> None:
    """A circle of formulas is an error when any of them is used."""
    facts = (
        Fact("a", "x", "", text="b + 1"),
        Fact("b", "x", "", text="c + 1"),
        Fact("c", "x", "", text="a + 1"),
    )
    catalogue = Catalogue({"x": SubjectType("x")}, {(fact.about, fact.name): fact for fact in facts})
    for name in "abc":
        with pytest.raises(ExpressionError, match=r"fact-circle: found . → . → . → "):
            catalogue.type_of("x", name)


def test_the_type_of_a_formula_is_that_of_its_expression() -> None:
    """A derived fact can be used wherever a base fact of its type can."""
    assert CATALOGUE.type_of("work", "overspend") == PERCENT
    assert CATALOGUE.type_of("work", "left") == MONEY
    assert CATALOGUE.type_of("work", "delay") == Type("quantity", "day")
    assert CATALOGUE.type_of("work", "unheard") is None
    assert CATALOGUE.definition("work", "n") is None


@given(conditions())
def test_checking_keeps_what_was_written(tree: s.Expr) -> None:
    """A checked condition is a condition; checking it twice in a row, from its text, gives the same."""
    try:
        first = check(tree, "work", CATALOGUE)
    except ExpressionError:
        return
    assert first.type.kind == "truth"
    assert check(parse(to_text(tree)), "work", CATALOGUE) == first
    assert replace(first, start=0, end=0) == first
