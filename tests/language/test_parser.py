"""Texts that can be parsed, and the faults of those that cannot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.errors import ExpressionError
from coopgov.faults import display_width
from coopgov.language import parse, parse_band
from coopgov.language import syntax as s

A, B, C = s.Name("a"), s.Name("b"), s.Name("c")


def shown(text: str) -> str:
    """An error as people see it: the text, a caret, the message."""
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    error = caught.value
    caret = " " * display_width(text[: error.start]) + "^" * max(
        1, display_width(text[error.start : error.end])
    )
    return f"{text}\n{caret}\n{error}"


GOLDEN = """
a above
       ^
column 8: syntax: found the end, expected a value, a name or `(`

delay > > 3
        ^
column 9: syntax: found `>`, expected a value, a name or `(`

（a above 1）
^^^^^^^^^^^^^
column 1: full-width: found `（a above 1）`, expected a symbol of the language; write `(a above 1)`

延误 ＞ 10 days
     ^^
column 4: full-width: found `＞`, expected a symbol of the language; write `>`

status is “late”
          ^^^^^^
column 11: full-width: found `“late”`, expected a symbol of the language; write `"late"`

a above 10％
          ^^
column 11: full-width: found `％`, expected a symbol of the language; write `%`

a、b
 ^^
column 2: full-width: found `、`, expected a symbol of the language

a = 1
  ^
column 3: syntax: found `=`, expected a symbol of the language; write `==`

a above 1 above 2
          ^^^^^
column 11: syntax: found `above`, expected `and` or the end: comparisons do not chain; join two comparisons by `and`

1 < a < 3
      ^
column 7: syntax: found `<`, expected `and` or the end: comparisons do not chain; join two comparisons by `and`

a-b
 ^
column 2: minus-without-spaces: found `-`, expected a minus between spaces; write ` - `

delay -5 days above 1 day
      ^
column 7: minus-without-spaces: found `-`, expected a minus between spaces; write `- `

2026-1-5
^^^^^^^^
column 1: not-a-date: found `2026-1-5`, expected a date as YYYY-MM-DD; write `2026-01-05`

2026-02-30
^^^^^^^^^^
column 1: not-a-date: found `2026-02-30`, expected a day that the calendar has

010
^^^
column 1: not-a-number: found `010`, expected a number without leading zeros; write `10`

1_000
^^^^^
column 1: not-a-number: found `1_000`, expected a number such as 1000 or 0.5; write `1000`

1.2.3
^^^^^
column 1: not-a-number: found `1.2.3`, expected a number such as 1000 or 0.5

1e31
^^^^
column 1: number-too-large: found `1e31`, expected a number of at most 30 digits

1e99999999999999999999
^^^^^^^^^^^^^^^^^^^^^^
column 1: number-too-large: found `1e99999999999999999999`, expected a number of at most 30 digits

status is "late
          ^^^^^
column 11: syntax: found a text without its closing quote, expected a closing quote

a at 5
     ^
column 6: syntax: found `5`, expected `at least` or `at most`

a not 5
  ^^^
column 3: syntax: found `not`, expected an operator or the end

a in ["x", b]
           ^
column 12: syntax: found `b`, expected a literal

a in ["x"
         ^
column 10: syntax: found the end, expected `,` or `]`

a between 1 or 2
            ^^
column 13: syntax: found `or`, expected `and` and the upper end

cuont(tasks)
^^^^^
column 1: unknown-function: found `cuont`, expected one of abs, all, any, baseline_end, count, known_if, max, mean, min, share, sum, working_days; did you mean "count"?

count(tasks where done
                      ^
column 23: syntax: found the end, expected `where …` or `)`

abs(a of tasks)
^^^
column 1: syntax: found `abs`, expected a function of a collection before `of` or `where`

sum(a of 3)
         ^
column 10: syntax: found `3`, expected the name of a collection

max(a, )
       ^
column 8: syntax: found `)`, expected a value, a name or `(`

a above 1)
         ^
column 10: syntax: found `)`, expected an operator or the end

a b
  ^
column 3: syntax: found `b`, expected an operator or the end

a.b.c above 1
   ^
column 4: syntax: found `.`, expected a symbol of the language

a else -1
       ^
column 8: syntax: found `-`, expected a value, a name or `(`

x above 5 % 3
            ^
column 13: syntax: found `3`, expected an operator or the end

5 days weeks
       ^^^^^
column 8: syntax: found `weeks`, expected an operator or the end

if a
   ^
column 4: syntax: found `a`, expected an operator or the end
"""  # noqa: E501  # a file as people write it


@pytest.mark.parametrize("block", GOLDEN.strip("\n").split("\n\n"))
def test_errors_as_people_read_them(block: str) -> None:
    """Each says where it is, what was found, what was expected and, if possible, what to write."""
    assert shown(block.split("\n", maxsplit=1)[0]) == block.rstrip("\n")


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_is_no_expression(text: str) -> None:
    """An empty text is refused at its end."""
    with pytest.raises(ExpressionError, match="found the end"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b * c", s.Add(A, s.Multiply(B, C))),
        ("a - b - c", s.Subtract(s.Subtract(A, B), C)),
        ("-a * b", s.Multiply(s.Negative(A), B)),
        ("-a else b", s.Negative(s.Else(A, B))),
        ("a else b else c", s.Else(A, s.Else(B, C))),
        ("a else b / c", s.Divide(s.Else(A, B), C)),
        ("a + b > c", s.Above(s.Add(A, B), C)),
        ("not a is b", s.Not(s.Equal(A, B))),
        ("not a and b", s.And((s.Not(A), B))),
        ("a or b and c", s.Or((A, s.And((B, C))))),
        ("a and b and c", s.And((A, B, C))),
        ("a between b and c and a", s.And((s.Between(A, B, C), A))),
        ("a at least b", s.AtLeast(A, B)),
        ("a>=b", s.AtLeast(A, B)),
        ("a is not b", s.NotEqual(A, B)),
        ("a is known", s.Known(A)),
        ("a is not known", s.Not(s.Known(A))),
        ("a in b", s.In(A, B)),
        ("a not in ['x']", s.Not(s.In(A, s.Choices((s.Literal("x"),))))),
        ("phase.a", s.Name("a", "phase")),
        ("延误", s.Name("延误")),
        ("true", s.Literal(True)),
        ("2026-01-05", s.Literal(date(2026, 1, 5))),
        ("10 %", s.Literal(Decimal(10), "%")),
        ("10%", s.Literal(Decimal(10), "%")),
        ("5days", s.Literal(Decimal(5), "days")),
        ("2 working days", s.Literal(Decimal(2), "working days")),
        ("3 件", s.Literal(Decimal(3), "件")),
        ('3 "km/h"', s.Literal(Decimal(3), "km/h")),
        ("100 CNY", s.Literal(Decimal(100), "CNY")),
        ("1.5e3", s.Literal(Decimal(1500))),
        ("max(a, b)", s.Call("max", (A, B))),
        ("max(a of b)", s.Aggregate("max", B, A)),
        ("count(a)", s.Aggregate("count", A)),
        ("count(a where b)", s.Aggregate("count", A, None, B)),
        ("share(a of b where c)", s.Aggregate("share", B, A, C)),
    ],
)
def test_what_binds_to_what(text: str, tree: s.Expr) -> None:
    """`else` binds tightest, then unary minus, products, sums, comparisons, `not`, `and`, `or`."""
    assert parse(text) == tree


def test_nodes_know_their_places() -> None:
    """Offsets in the text, brackets included, lead from a node back to what was written."""
    text = "not (delay + 2 days) * 3 above 10 %"
    found = {type(node).__name__: text[node.start : node.end] for node in s.walk(parse(text))}
    assert found["Add"] == "(delay + 2 days)"
    assert found["Multiply"] == "(delay + 2 days) * 3"
    assert found["Above"] == "(delay + 2 days) * 3 above 10 %"
    assert found["Not"] == text


def test_a_band_continues_its_measure() -> None:
    """A band is a comparison without its left side."""
    assert parse_band("above b", A) == s.Above(A, B)
    assert parse_band("between b and c", A) == s.Between(A, B, C)
    assert parse_band("in [1, 2]", A) == s.In(A, s.Choices((s.Literal(Decimal(1)), s.Literal(Decimal(2)))))


@pytest.mark.parametrize("text", ["10 %", "", "and b", "+ b above c", "above b and c", "not above b"])
def test_a_band_is_one_comparison(text: str) -> None:
    """Anything else in a band is refused."""
    with pytest.raises(ExpressionError, match="syntax"):
        parse_band(text, A)


def test_a_text_of_4000_characters_is_the_longest() -> None:
    """One character more is refused before anything is read."""
    text = "a" + " " * 3999
    assert parse(text) == A
    with pytest.raises(
        ExpressionError, match="expression-too-long: found 4,001 characters, expected at most 4,000"
    ):
        parse(text + " ")


@pytest.mark.parametrize(
    "make",
    [
        lambda depth: "(" * depth + "a" + ")" * depth,
        lambda depth: "-" * (depth - 1) + "a",
        lambda depth: "not " * (depth - 1) + "a",
        lambda depth: " else ".join(["a"] * depth),
        lambda depth: " + ".join(["a"] * depth),
        lambda depth: "abs(" * (depth - 1) + "a" + ")" * (depth - 1),
    ],
)
def test_64_levels_are_the_deepest(make: object) -> None:
    """Nesting beyond the limit is refused, however it comes about; no text overflows the stack."""
    assert callable(make)
    assert parse(make(64)) is not None
    for depth in (65, 66, 500):
        with pytest.raises(ExpressionError, match="expression-too-deep"):
            parse(make(depth))


def test_a_long_condition_is_not_deep() -> None:
    """Conditions joined by one word are siblings."""
    assert parse(" or ".join(["a"] * 500)) == s.Or((A,) * 500)


@given(st.text(st.sampled_from("ab1 .+-*/()[]<>=!%\"',（＞é٣件") | st.characters(), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """A text raises nothing but an ExpressionError, with a place in the text or at its end."""
    try:
        parse(text)
    except ExpressionError as error:
        assert 0 <= error.start < error.end <= len(text) + 1  # noqa: PT017


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "b",
                "1",
                "2026-01-05",
                "%",
                "days",
                "working",
                "(",
                ")",
                "[",
                "]",
                ",",
                "+",
                "-",
                "*",
                "/",
                ">",
                "is",
                "not",
                "in",
                "known",
                "at",
                "least",
                "between",
                "and",
                "or",
                "else",
                "of",
                "where",
                "count",
                "max",
                "true",
                "'x'",
                "=",
                "．",
            ]
        ),
        max_size=12,
    )
)
def test_any_row_of_tokens_is_read_or_refused(words: list[str]) -> None:
    """Words in any order raise nothing but an ExpressionError."""
    text = " ".join(words)
    try:
        parse(text)
    except ExpressionError as error:
        assert 0 <= error.start < error.end <= len(text) + 1  # noqa: PT017
