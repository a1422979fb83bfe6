"""Other forms of values that have one certain meaning: days, numbers, spans and amounts as people write them.

Parsers ask here only for what is not in its canonical form, so that canonical files pay nothing. What has two readings,
such as `03/05/2026` or one group of thousands in a plain number, has no form here: it stays a fault with both readings.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from coopgov.numerals import SCALES, numeral
from coopgov.synonyms import canonical

__all__ = [
    "COMMA",
    "DIGIT",
    "FIRST",
    "MINUS",
    "POINT",
    "ZERO",
    "Figure",
    "counted",
    "day_of",
    "figure_of",
    "money_of",
    "narrow",
    "span_of",
]

DIGIT, FIRST, ZERO = "[0-9０-９]", "[1-9１-９]", "[0０]"
POINT, COMMA, MINUS = "[.．]", "[,，]", "[-－]"
"""Parts of regular expressions for JSON Schemas: digits and signs, full-width ones too."""

_NARROW: dict[int, str | int] = {
    0x3000: " ",
    0xFFE5: "¥",
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
}
_DAY = re.compile(
    r"([0-9]{4})(?:([/.])([0-9]{1,2})\2([0-9]{1,2})| ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日|-([0-9]{2})-([0-9]{2}))"
)
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?")
_SPAN = re.compile(r"(?:([1-9][0-9]{0,5})|([一二两兩三四五六七八九]?十?[一二三四五六七八九]?)) ?(\D+)")
_AMOUNT = re.compile(
    r"(?P<minus>-?)(?P<yen>¥ ?)?(?P<sign>-?)"
    r"(?P<figure>(?:0|[1-9][0-9]{0,2}(?P<groups>(?:,[0-9]{3})+)|[1-9][0-9]*)(?P<decimals>\.[0-9]+)?)"
    rf"(?: ?(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))}))?"
    r"(?: ?(?P<yuan>元)| (?P<currency>[A-Z]{3}))?"
)


class Figure(NamedTuple):
    """An amount in another form; `open` are the signs on which its meaning depends, for the agreement to judge."""

    digits: str
    currency: str
    open: str


def narrow(text: str) -> str:
    """Return a text with ASCII characters for full-width digits, letters and signs, and nothing else changed.

    >>> narrow("５０％"), narrow("5²")
    ('50%', '5²')
    """
    return text if text.isascii() else text.translate(_NARROW)


def day_of(text: str) -> date | None:
    """Return the day of a text with the year first.

    >>> day_of("2026/3/5"), day_of("2026年3月5日"), day_of("03/05/2026")
    (datetime.date(2026, 3, 5), datetime.date(2026, 3, 5), None)
    """
    match = _DAY.fullmatch(narrow(text))
    if match:
        year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
        with suppress(ValueError):
            return date(year, month, day)
    return None


def figure_of(text: str) -> str:
    """Return a number in full-width digits, or with two or more groups of thousands, as plain digits.

    >>> figure_of("1,200,000.5"), figure_of("1,200"), figure_of("１２")
    ('1200000.5', '1,200', '12')
    """
    plain = narrow(text)
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def span_of(text: str) -> tuple[int, str] | None:
    """Return the number and the canonical unit of a span.

    >>> span_of("5天"), span_of("三个月"), span_of("2 Business Days"), span_of("3月")
    ((5, 'days'), (3, 'months'), (2, 'working days'), None)
    """
    number, word = counted(text) or (0, "")
    unit = canonical(word, "unit")
    return (number, unit) if number and unit else None


def counted(text: str) -> tuple[int, str] | None:
    """Return a whole number and the word that follows it; None for a text of another form.

    >>> counted("2 readings"), counted("三个读数"), counted("readings")
    ((2, 'readings'), (3, '个读数'), None)
    """
    match = _SPAN.fullmatch(narrow(text))
    if match is None:
        return None
    number = int(match[1]) if match[1] else numeral(match[2])
    return (number, match[3]) if number else None


def money_of(text: str) -> Figure | None:
    """Return the amount of a text with thousands, a scale such as 万, or a symbol of the agreement's currency.

    >>> money_of("1.2亿"), money_of("¥300,000")
    (Figure(digits='120000000', currency='', open=''), Figure(digits='300000', currency='', open='¥,'))
    """
    match = _AMOUNT.fullmatch(" ".join(narrow(text).split()))
    if match is None or (match["minus"] and match["sign"]) or (match["yen"] and match["currency"]):
        return None
    digits = match["figure"].replace(",", "")
    if match["scale"]:
        sign, figures, exponent = Decimal(digits).as_tuple()
        digits = f"{Decimal((sign, figures, int(exponent) + SCALES[match['scale']])):f}"
    one_group = "," if len(match["groups"] or "") == len(",000") and not match["decimals"] else ""
    open_signs = ("¥" if match["yen"] else "元" if match["yuan"] else "") + one_group
    return Figure(match["minus"] + match["sign"] + digits, match["currency"] or "", open_signs)
