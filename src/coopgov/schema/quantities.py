"""Field types with a unit: shares, spans of time, amounts of money."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache, partial
from typing import Annotated, Any, Final, Literal, get_args

from pydantic_core import PydanticCustomError

from coopgov.faults import NO_HINT
from coopgov.hints import amounts, figures, shares, spans
from coopgov.locales import Phrase, one_of, phrase
from coopgov.schema.currencies import MINOR_DIGITS, a_currency, nearest_currency, parse_currency
from coopgov.schema.forms import COMMA, DIGIT, FIRST, MINUS, POINT, ZERO, money_of, narrow, span_of
from coopgov.schema.problems import advised, problem, shown, written
from coopgov.schema.scalars import NUMBER, POSITIVE, Parsed, parse_number
from coopgov.synonyms import spellings

__all__ = [
    "WITHIN",
    "Amount",
    "AnySpan",
    "Budget",
    "Buffer",
    "Cadence",
    "Currency",
    "Impact",
    "Length",
    "Load",
    "Money",
    "Portion",
    "Share",
    "Span",
    "SpanUnit",
    "Within",
    "counted_pattern",
    "parse_amount",
    "parse_share",
    "parse_span",
    "share_text",
    "span_pattern",
]

SpanUnit = Literal["days", "working days", "months", "hours", "minutes"]

_SPAN = re.compile(r"([1-9][0-9]{0,5}) *(\D+)")
_AMOUNT = re.compile(r"\s*(\S+)(?:\s+(\S+))?\s*")
_SHARE = re.compile(r"(\S+?) *[%％]")
_UNITS: Final[dict[str, tuple[SpanUnit, int]]] = {
    "day": ("days", 1),
    "week": ("days", 7),
    "working day": ("working days", 1),
    "month": ("months", 1),
    "hour": ("hours", 1),
    "minute": ("minutes", 1),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A positive length of time in one unit; units never convert, but a week is 7 days and an hour 60 minutes.

    >>> parse_span("2 weeks") == Span(14, "days"), str(parse_span("2 weeks"))
    (True, '2 weeks')
    """

    count: int
    unit: SpanUnit
    weeks: bool = field(default=False, compare=False)
    """Whether it was written in weeks, and is therefore printed in weeks."""

    @property
    def minutes(self) -> int | None:
        """The length of a meeting in minutes; None for spans of days and months."""
        return {"hours": 60 * self.count, "minutes": self.count}.get(self.unit)

    def __str__(self) -> str:
        count, units = (self.count // 7, "weeks") if self.weeks else (self.count, self.unit)
        return f"{count} {units[:-1] if count == 1 else units}"


def parse_span(value: object) -> Span:
    """Type a span: `10 working days`, `1 month`, `2 weeks`, `2 hours`."""
    return value if isinstance(value, Span) else _spanned(value, parse_span)


def _spanned(value: object, accepted: Callable[[object], object]) -> Span:
    """A span as it is written; a hint says what its field accepts."""
    text = written(value)
    plain = " ".join(text.split()) if text else ""
    match = _SPAN.fullmatch(plain)
    name = match[2].strip() if match else ""
    count = int(match[1]) if match else 0
    known = _UNITS.get(name) or _UNITS.get(name.removesuffix("s"))
    if known is None and (found := span_of(plain)):
        count, known = found[0], _UNITS.get(found[1].removesuffix("s"))
    if known is None:
        raise problem("not-a-span", shown(value), _a_span(text), advised(text, spans(text), accepted))
    unit, factor = known
    count *= factor
    if unit == "minutes" and count % 60 == 0:
        return Span(count // 60, "hours")
    return Span(count, unit, weeks=factor == 7)


def _a_span(text: str | None) -> Phrase:
    digits = re.match(r" *[1-9][0-9]{6,}", text or "")
    return phrase("schema.not-a-span.too-long" if digits else "schema.not-a-span.expected")


def _span_schema(title: str, *units: SpanUnit) -> dict[str, Any]:
    """Return the JSON Schema of spans in these units."""
    names = [name for name, (unit, _) in _UNITS.items() if unit in units]
    return {
        "title": title,
        "description": f"A span of time in {', '.join(f'{name}s' for name in names)}, such as 10 {names[-1]}s.",
        "type": "string",
        "pattern": rf"^\s*{span_pattern(names)}\s*$",
    }


def span_pattern(names: Iterable[str]) -> str:
    """Return the regular expression of spans in these units, for JSON Schemas."""
    return counted_pattern(word for name in names for word in spellings(f"{name}s", "unit"))


def counted_pattern(words: Iterable[str]) -> str:
    """Return the regular expression of a whole number, as digits or a Chinese numeral, and one of several words."""
    either = "|".join(word.replace(" ", r"\s+") for word in words)
    return rf"({FIRST}{DIGIT}{{0,5}}|[一二两兩三四五六七八九十]{{1,3}})\s*({either})"


def _span_of(title: str, *units: SpanUnit) -> Parsed:
    def parse(value: object) -> Span:
        span = value if isinstance(value, Span) else _spanned(value, parse)
        if span.unit in units:
            return span
        expected = phrase("schema.wrong-unit.expected", units=one_of(units))
        raise problem("wrong-unit", shown(str(span)), expected)

    return Parsed(parse, schema=partial(_span_schema, title, *units))


def parse_share(value: object) -> Decimal:
    """Parse a share: `50 %` in a file; a Python number is the share itself, so 0.5 means 50 %."""
    if not isinstance(value, str):
        return _number(value, value)
    return _share_of(value)


@lru_cache(maxsize=4096)
def _share_of(text: str) -> Decimal:
    """The share of a text; a plan names the same shares again and again."""
    match = _SHARE.fullmatch(text.strip())
    return _shifted(_number(match[1] if match else None, text), -2)


def _number(text: object, value: object) -> Decimal:
    with suppress(PydanticCustomError):
        return parse_number(text)
    raise problem("not-a-share", shown(value), phrase("schema.not-a-share.expected"), _share_hint(value))


def _share_hint(value: object) -> Phrase:
    hint = advised(value, shares(value), parse_share)
    bare = [] if hint or not isinstance(value, str) else figures(value)
    readings = [share_text(Decimal(each)) for each in bare if 0 < Decimal(each) <= 1]
    return hint or advised(value, [*readings, *(f"{each} %" for each in bare)], parse_share)


def share_text(share: Decimal) -> str:
    """Format a share the way a file spells it.

    >>> share_text(Decimal("0.5"))
    '50 %'
    """
    return f"{_shifted(share, 2):f} %"


def _shifted(number: Decimal, places: int) -> Decimal:
    """Shift the decimal point exactly, regardless of the decimal context's precision."""
    sign, digits, exponent = number.as_tuple()
    return Decimal((sign, digits, int(exponent) + places))


def _share_between(least: int, most: int | None, schema: Mapping[str, Any]) -> Parsed:
    def parse(value: object) -> Decimal:
        share = parse_share(value)
        if share < least or (most is not None and share > most):
            raise problem("out-of-range", shown(share_text(share)), _in_range(least, most))
        return share

    return Parsed(parse, share_text, schema)


def _in_range(least: int, most: int | None) -> Phrase:
    if most is None:
        return phrase("schema.out-of-range.least-share", least=least)
    return phrase("schema.out-of-range.share", least=least, most=most * 100)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money: a figure and its currency; None means the agreement's currency.

    >>> str(Amount(Decimal(100), "USD"))
    '100 USD'
    """

    value: Decimal
    currency: str | None = None
    open: str = field(default="", compare=False, repr=False)
    """Signs with which it was written that are certain only in some currencies: `¥`, `元`, one group of thousands."""

    def __str__(self) -> str:
        return f"{self.value:f} {self.currency}" if self.currency else f"{self.value:f}"


def parse_amount(value: object) -> Amount:
    """Parse an amount: `300000`, `100 USD` in another currency, or a form such as `1,200,000`, `120万` or `¥300`."""
    if isinstance(value, Amount):
        return value
    text = written(value)
    match = _AMOUNT.fullmatch(text or "")
    figure = None
    if match:
        with suppress(PydanticCustomError):
            figure = parse_number(match[1])
            return Amount(figure, match[2] and parse_currency(match[2]))
    other = None if text is None else money_of(text)
    if other is not None:
        with suppress(PydanticCustomError):
            currency = parse_currency(other.currency) if other.currency else None
            return Amount(parse_number(other.digits), currency, other.open)
    hint = advised(text, amounts(text), parse_amount)
    if figure is None or hint or not match or not match[2].isalpha():
        raise problem("not-an-amount", shown(value), phrase("schema.not-an-amount.expected"), hint)
    near = nearest_currency(match[2])
    hint = phrase("hints.write", text=f"{match[1]} {near}") if near else NO_HINT
    raise problem("unknown-currency", shown(match[2]), a_currency(), hint)


def _parse_sum(value: object) -> Amount:
    amount = parse_amount(value)
    if amount.value < 0:
        raise problem("negative-amount", shown(str(amount)), phrase("schema.negative-amount.expected"))
    return amount


def _parse_impact(value: object) -> int:
    text = written(value)
    digit = narrow(text or "")
    if digit in {"1", "2", "3", "4", "5"}:
        return int(digit)
    raise problem("out-of-range", shown(value), phrase("schema.out-of-range.impact"))


def _share_schema(title: str, description: str, figure: str) -> dict[str, Any]:
    pattern = rf"^\s*({figure})\s*[%％]\s*$"
    return {"title": title, "description": description, "type": "string", "pattern": pattern}


def _amount_schema(title: str, description: str, figure: str, minus: str = "") -> dict[str, Any]:
    thousands = rf"{FIRST}{DIGIT}{{0,2}}({COMMA}{DIGIT}{{3}})+"
    plain = rf"(0|０|{thousands}|{FIRST}{DIGIT}*)({POINT}{DIGIT}+)?"
    other = rf"{minus}[¥￥]?\s*{minus}{plain}\s*([千万萬亿億]|百万|百萬|千万|千萬)?(\s*元)?"
    pattern = rf"^\s*({figure}|{other})(\s+[A-Z]{{3}})?\s*$"
    return {"title": title, "description": description, "type": ["number", "string"], "pattern": pattern}


_CURRENCY_SCHEMA = {
    "title": "Currency",
    "description": "A currency code of ISO 4217.",
    "enum": sorted(MINOR_DIGITS),
}
_MONEY_SCHEMA = _amount_schema(
    "Money",
    "An amount in the agreement's currency, or as 100 USD in another; a negative one is a refund.",
    NUMBER,
    f"{MINUS}?",
)
_BUDGET_SCHEMA = {
    **_amount_schema(
        "Budget", "An amount of 0 or more in the agreement's currency, or as 100 USD in another.", POSITIVE
    ),
    "minimum": 0,
}
_UP_TO_100 = "|".join(
    (
        rf"{MINUS}?{ZERO}({POINT}{ZERO}+)?",
        rf"[1１]{ZERO}{{2}}({POINT}{ZERO}+)?",
        rf"{FIRST}?{DIGIT}({POINT}{DIGIT}+)?",
        POSITIVE.removesuffix("?"),
    )
)
_SHARE_SCHEMA = _share_schema("Share", "A share such as 50 %.", NUMBER)
_PORTION_SCHEMA = _share_schema("Portion", "A share from 0 % to 100 %.", _UP_TO_100)
_LOAD_SCHEMA = _share_schema("Load", "A share of 0 % or more.", POSITIVE)
_IMPACT_SCHEMA = {
    "title": "Impact",
    "description": "A whole number from 1 to 5.",
    "enum": [1, 2, 3, 4, 5, *"12345１２３４５"],
}

Currency = Annotated[str, Parsed(parse_currency, schema=_CURRENCY_SCHEMA)]
Money = Annotated[Amount, Parsed(parse_amount, schema=_MONEY_SCHEMA)]
"""Any amount; a negative one is a refund."""
Budget = Annotated[Amount, Parsed(_parse_sum, schema=_BUDGET_SCHEMA)]
"""An amount of 0 or more."""
Share = Annotated[Decimal, Parsed(parse_share, share_text, _SHARE_SCHEMA)]
Portion = Annotated[Decimal, _share_between(0, 1, _PORTION_SCHEMA)]
Load = Annotated[Decimal, _share_between(0, None, _LOAD_SCHEMA)]
Impact = Annotated[int, Parsed(_parse_impact, schema=_IMPACT_SCHEMA)]
AnySpan = Annotated[Span, Parsed(parse_span, schema=partial(_span_schema, "AnySpan", *get_args(SpanUnit)))]
Cadence = Annotated[Span, _span_of("Cadence", "days", "working days", "months")]
Buffer = Annotated[Span, _span_of("Buffer", "days", "working days")]
WITHIN = _span_of("Within", "days", "working days", "months")
Within = Annotated[Span, WITHIN]
Length = Annotated[Span, _span_of("Length", "hours", "minutes")]
