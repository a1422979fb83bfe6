"""How single values are typed, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from coopgov.schema import (
    Amount,
    Buffer,
    Count,
    Custom,
    Day,
    Flag,
    FrozenMap,
    Identifier,
    Impact,
    Label,
    Length,
    LocalText,
    Money,
    Number,
    Parsed,
    Portion,
    Share,
    Span,
    Text,
    parse_number,
    parse_span,
    parse_text,
    share_text,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def typed(kind: Any, value: object) -> Any:
    """Validate one value as a field of that type would."""
    return TypeAdapter(kind).validate_python(value)


def code_of(kind: Any, value: object) -> str:
    """The code of the one fault that a value has."""
    with pytest.raises(ValidationError) as caught:
        typed(kind, value)
    (error,) = caught.value.errors()
    return str(error["type"])


def hint_of(kind: Any, value: object) -> str:
    """The hint of the one fault that a value has."""
    with pytest.raises(ValidationError) as caught:
        typed(kind, value)
    return str(caught.value.errors()[0]["ctx"]["defects"][0].hint)


@pytest.mark.parametrize("value", ["2026-02-28", date(2026, 2, 28)])
def test_a_day_is_read_from_text_or_date(value: object) -> None:
    """A day is a date, never a moment."""
    assert typed(Day, value) == date(2026, 2, 28)
    assert type(typed(Day, value)) is date


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "20260228", "2026-2-28", "2026/02-28", "2026-W09-6", "28/02/2026", "2026年2月", "", " 2026-02-28",
     "2026-02-28\n",
     20260228, datetime(2026, 2, 28, tzinfo=UTC), None, True, [], {}],
)  # fmt: skip
def test_other_days_are_refused(value: object) -> None:
    """Only YYYY-MM-DD, only days that exist, no moments."""
    assert code_of(Day, value) == "not-a-date"


@pytest.mark.parametrize(
    ("value", "hint"),
    [("2026-1-5", "write 2026-01-05"), ("20260105", "write 2026-01-05"),
     ("03/05/2026", "write 2026-03-05 or 2026-05-03"), ("25.05.2026", "write 2026-05-25"),
     ("2026-02-30", "there is no such day"),
     ("x", "")],
)  # fmt: skip
def test_a_day_nearly_right_is_put_right(value: str, hint: str) -> None:
    """The hint says how to write the day."""
    assert hint_of(Day, value) == hint


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", "12"), ("-0.5", "-0.5"), ("1e3", "1000"), ("2.5E-3", "0.0025"), (7, "7"), (0.1, "0.1"), (1e16, "1e16"),
     (Decimal("1.10"), "1.1"), ("0", "0"), ("9" * 30, "9" * 30)],
)  # fmt: skip
def test_a_number_is_exact(value: object, number: str) -> None:
    """A number is the decimal that was written; a float is the decimal it prints as."""
    assert typed(Number, value) == Decimal(number)


@pytest.mark.parametrize(
    "value",
    ["010", "1_000", "0x1F", ".nan", ".inf", "nan", "inf", "NaN", "+5", ".5", "5.", "1,000", "1,00,000", "1,000.5",
     "5²", "", " 1", "1 ",
     "12 %", "1:30", "-",
     float("nan"), float("inf"), Decimal("nan"), Decimal("-inf"), True, False, None, [1], {"a": 1}, "1\n"],
)  # fmt: skip
def test_other_numbers_are_refused(value: object) -> None:
    """What YAML would guess at, and what is not a number, is refused."""
    assert code_of(Number, value) == "not-a-number"


@pytest.mark.parametrize("value", ["1" * 31, "1e31", "1e-31", 10**40, 1e-300, "1e999"])
def test_numbers_have_thirty_digits_at_most(value: object) -> None:
    """Very long numbers and far exponents are refused."""
    assert code_of(Number, value) == "number-too-long"


@pytest.mark.parametrize(
    ("value", "hint"),
    [("010", "write 10"), ("1_000", "write 1000"), ("1,000.50", "write 1000.50"), ("1,000", "write 1000 or 1.000"),
     (".5", "write 0.5"),
     ("-007", "write -7"), ("000", "write 0"), ("92 %", "write 92"), ("abc", "")],
)  # fmt: skip
def test_a_number_nearly_right_is_put_right(value: str, hint: str) -> None:
    """The hint says how to write the number."""
    assert hint_of(Number, value) == hint


@given(st.decimals(-(10**12), 10**12, places=6) | st.integers(-(10**20), 10**20))
def test_a_number_means_the_same_as_object_and_as_text(value: Decimal | int) -> None:
    """A Python number and its text give equal decimals."""
    assert parse_number(value) == parse_number(written(value)) == value


def test_counts_and_flags_take_no_guesses() -> None:
    """A count is a whole number; a truth value is only true or false."""
    assert typed(Count, "12") == typed(Count, 12) == 12
    assert [code_of(Count, value) for value in ("-1", "1.0", True, "01", None)] == ["not-a-count"] * 5
    assert typed(Flag, "true") is typed(Flag, True) is True
    assert typed(Flag, "false") is False
    assert [code_of(Flag, value) for value in ("yes", "on", "True", 1, "", None)] == ["not-a-truth-value"] * 6


@pytest.mark.parametrize(
    ("value", "share"), [("50 %", "0.5"), ("50%", "0.5"), ("12.5 ％", "0.125"), (0.5, "0.5"), (1, "1")]
)
def test_a_share_is_exact(value: object, share: str) -> None:
    """A text carries its %, a Python number is the share itself."""
    assert typed(Share, value) == Decimal(share)
    assert typed(Share, share_text(typed(Share, value))) == Decimal(share)


def test_a_share_without_its_percent_sign_is_refused() -> None:
    """0.5 in a file could mean two things."""
    assert code_of(Share, "0.5") == "not-a-share"
    assert hint_of(Share, "50") == "write 50 %"
    assert [code_of(Share, value) for value in ("5O %", "%", None, True, float("nan"))] == ["not-a-share"] * 5
    assert code_of(Portion, "101 %") == code_of(Portion, -0.1) == "out-of-range"


@pytest.mark.parametrize(
    ("text", "span", "again"),
    [
        ("10 working days", Span(10, "working days"), "10 working days"),
        ("1 month", Span(1, "months"), "1 month"),
        ("2 weeks", Span(14, "days"), "2 weeks"),
        ("1 week", Span(7, "days"), "1 week"),
        ("1 day", Span(1, "days"), "1 day"),
        ("2 hours", Span(2, "hours"), "2 hours"),
        ("15 minutes", Span(15, "minutes"), "15 minutes"),
        ("120 minutes", Span(2, "hours"), "2 hours"),
    ],
)
def test_a_span_has_one_unit(text: str, span: Span, again: str) -> None:
    """Weeks are days and remember it for print; nothing else converts."""
    assert parse_span(text) == span
    assert str(parse_span(text)) == again
    assert parse_span(span) is span


@pytest.mark.parametrize(
    "value", ["0 days", "-1 day", "1.5 days", "days", "5", "5 fortnights", "", None, 5, "1000000000 days"]
)
def test_other_spans_are_refused(value: object) -> None:
    """A span is a positive whole number and a known unit."""
    assert code_of(Annotated[Span, Parsed(parse_span)], value) == "not-a-span"


def test_a_span_nearly_right_is_put_right() -> None:
    """Quarters and years are months; a misspelled unit has a neighbour."""
    kind = Annotated[Span, Parsed(parse_span)]
    assert hint_of(kind, "2 quarters") == "write 6 months"
    assert hint_of(kind, "1 year") == "write 12 months"
    assert hint_of(kind, "3 workng days") == "write 3 working days"
    assert code_of(Buffer, "1 month") == code_of(Length, "1 day") == "wrong-unit"


def test_an_amount_may_name_its_currency() -> None:
    """Without a currency it is in the agreement's own."""
    assert typed(Money, "300000") == typed(Money, 300000) == Amount(Decimal(300000))
    assert typed(Money, "-100.50 USD") == Amount(Decimal("-100.5"), "USD")
    assert str(Amount(Decimal("1E+3"), "USD")) == "1000 USD"
    assert hint_of(Money, "USD 100") == "write 100 USD"
    assert hint_of(Money, "300.000,00") == "write 300000.00"
    assert code_of(Money, "100 XYZ") == "unknown-currency"
    assert [code_of(Money, value) for value in ("", "a lot of money", None, True, b"")] == [
        "not-an-amount"
    ] * 5


@pytest.mark.parametrize(
    ("value", "day"),
    [("2026/3/5", date(2026, 3, 5)), ("2026/03/05", date(2026, 3, 5)), ("2026.3.5", date(2026, 3, 5)),
     ("2026年3月5日", date(2026, 3, 5)), ("2026 年 12 月 31 日", date(2026, 12, 31)),
     ("２０２６－０３－０５", date(2026, 3, 5)),
     ("２０２６／３／５", date(2026, 3, 5))],
)  # fmt: skip
def test_a_day_with_the_year_first_has_one_reading(value: str, day: date) -> None:
    """Slashes, points, characters and full-width digits are accepted."""
    assert typed(Day, value) == day


@pytest.mark.parametrize("value", ["2026/2/30", "2026年13月1日", "2026.3/5"])
def test_a_day_that_does_not_exist_is_refused_in_every_form(value: str) -> None:
    """Another form does not make it a day."""
    assert code_of(Day, value) == "not-a-date"


@pytest.mark.parametrize(
    ("value", "number"),
    [("1,200,000", "1200000"), ("-1,200,000.5", "-1200000.5"), ("１２", "12"), ("－０．５", "-0.5"),
     ("１，２００，０００", "1200000")],
)  # fmt: skip
def test_a_number_may_have_groups_of_thousands_and_full_width_digits(value: str, number: str) -> None:
    """Two or more groups can only be thousands."""
    assert typed(Number, value) == Decimal(number)


@pytest.mark.parametrize(
    ("value", "amount"),
    [("120万", "1200000"), ("1.2亿", "120000000"), ("5千", "5000"), ("2百万", "2000000"), ("300000元", "300000"),
     ("¥300000", "300000"), ("￥ 300000", "300000"), ("300,000", "300000"), ("1,200.50", "1200.5"),
     ("120 萬元", "1200000"),
     ("-¥5", "-5"), ("３００，０００", "300000"), ("0.5万", "5000")],
)  # fmt: skip
def test_an_amount_may_have_thousands_a_scale_and_a_sign(value: str, amount: str) -> None:
    """All of them are in the currency of the agreement."""
    assert typed(Money, value) == Amount(Decimal(amount))
    assert typed(Money, str(typed(Money, value))) == Amount(Decimal(amount))


def test_an_amount_with_thousands_may_name_its_currency() -> None:
    """A sign and a code together are a fault."""
    assert typed(Money, "1,200,000 USD") == typed(Money, "120万 USD") == Amount(Decimal(1200000), "USD")
    assert [code_of(Money, value) for value in ("¥300 USD", "300元 USD", "3,00", "1,2345")] == [
        "not-an-amount"
    ] * 4


@pytest.mark.parametrize(
    ("value", "span"),
    [("5天", "5 days"), ("1小时", "1 hour"), ("2周", "2 weeks"), ("三个月", "3 months"), ("两周", "2 weeks"),
     ("十五天", "15 days"), ("二十天", "20 days"), ("10 个工作日", "10 working days"),
     ("１０ 工作日", "10 working days"),
     ("3 Business Days", "3 working days"), ("5Days", "5 days")],
)  # fmt: skip
def test_a_span_may_be_in_chinese(value: str, span: str) -> None:
    """A numeral up to 99 or a number, and the unit by any of its names."""
    assert str(parse_span(value)) == span


def test_full_width_digits_are_read_in_every_typed_value() -> None:
    """Shares, counts, impacts and truth values, too."""
    assert typed(Share, "５０％") == Decimal("0.5")
    assert typed(Count, "１２") == 12
    assert typed(Impact, "４") == 4
    assert typed(Flag, "ｔｒｕｅ") is True


@pytest.mark.parametrize("value", ["a", "first-delivery", "a.b_c", "港口", "पक्ष", "7", 7])
def test_an_identifier_may_be_in_any_script(value: object) -> None:
    """Letters and digits of any script, with -, _ and . between them."""
    assert typed(Identifier, value) == str(value)


@pytest.mark.parametrize("value", ["", "a b", "a/b", "a@b", "-a", ".", "a\n", "中 国", "a:b", None, []])
def test_other_identifiers_are_refused(value: object) -> None:
    """An identifier is part of `phase/setup` and `rule@subject`, so it has neither character."""
    assert code_of(Identifier, value) == "not-an-identifier"


def test_identifiers_compare_as_they_look() -> None:
    """Two spellings of the same letters are one identifier."""
    assert typed(Identifier, "e\u0301te") == typed(Identifier, "\u00e9te")


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-Hant", "港口数据"), ("zh-Hans-CN", "港口数据"), ("zh", "港口数据"), ("en-GB", "Harbour"), ("de", "Harbour"),
     ("ZH-hans", "港口数据")],
)  # fmt: skip
def test_a_text_falls_back_to_relatives_then_english(language: str, text: str) -> None:
    """The language, its relatives, English."""
    assert parse_text({"zh-Hans": "港口数据", "en": "Harbour"}).in_language(language) == text


def test_a_text_without_english_falls_back_to_its_first() -> None:
    """Better another language than nothing."""
    text = parse_text({"fr": "Port", "zh-Hans": "港口"})
    assert str(text) == text.in_language("de") == "Port"
    assert text.languages == ("fr", "zh-Hans")
    assert str(parse_text("Port")) == parse_text("Port").in_language("zh") == "Port"


def test_texts_are_values() -> None:
    """Equal by content, hashable, their tags spelled one way."""
    assert parse_text({"EN": "a", "zh-hans": "b"}) == LocalText((("en", "a"), ("zh-Hans", "b")))
    assert len({parse_text("a"), parse_text("a"), parse_text({"en": "a"})}) == 2


@pytest.mark.parametrize("value", ["", " \n", {}])
def test_an_empty_text_is_refused(value: object) -> None:
    """A text says something."""
    assert code_of(Text, value) == "empty-text"


def test_every_language_of_a_text_is_checked() -> None:
    """Several faults of one text come together."""
    with pytest.raises(ValidationError) as caught:
        typed(Text, {"english": "a", "en": "", "de": None, "fr": [], "zh-Hans": "b", "zh-hans": "c"})
    defects = caught.value.errors()[0]["ctx"]["defects"]
    assert [(each.path[0], each.code, each.key) for each in defects] == [
        ("english", "not-a-language", True),
        ("en", "empty-text", False),
        ("de", "empty-text", False),
        ("fr", "wrong-type", False),
        ("zh-hans", "duplicate-language", True),
    ]
    assert defects[0].hint == 'did you mean "en"?'


def test_half_a_character_is_refused() -> None:
    """A lone surrogate could never be written to a file."""
    assert code_of(Text, "\ud800") == code_of(Label, "\ud800") == "broken-text"


def test_custom_values_are_texts_until_a_rule_file_types_them() -> None:
    """A number, a date and a truth value are what a file would write."""
    found = typed(
        Custom, {"energy": 120, "share": 0.5, "open": True, "since": date(2026, 1, 5), "none": None}
    )
    assert found == {"energy": "120", "share": "0.5", "open": "true", "since": "2026-01-05"}


def test_a_frozen_map_is_a_value() -> None:
    """Equal and hashable by content, whatever the order."""
    one, two = FrozenMap({"a": 1, "b": 2}), FrozenMap({"b": 2, "a": 1})
    assert one == two == {"a": 1, "b": 2}
    assert hash(one) == hash(two)
    assert repr(one) == "FrozenMap({'a': 1, 'b': 2})"
    with pytest.raises(TypeError):
        one["a"] = 2  # type: ignore[index]


@pytest.mark.parametrize("parse", [parse_number, parse_span, parse_text])
@given(value=st.text() | st.floats() | st.booleans() | st.none() | st.binary())
def test_parsers_answer_or_refuse(parse: Callable[[object], object], value: object) -> None:
    """Whatever comes in, a parser gives a value or a fault, and never another error."""
    kind = Annotated[object, Parsed(parse)]
    shown: object = "a value"
    try:
        typed(kind, value)
    except ValidationError as error:
        shown = error.errors()[0]["ctx"]["defects"][0].found
    assert shown


def test_impact_is_one_to_five() -> None:
    """Impact is a whole number."""
    assert typed(Impact, "5") == typed(Impact, 5) == 5
    assert [code_of(Impact, value) for value in (0, 6, 5.0, "high", None)] == ["out-of-range"] * 5
