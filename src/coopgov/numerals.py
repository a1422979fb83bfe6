"""Chinese numerals and the scales of numbers, such as 二十一 and 万."""

from __future__ import annotations

import re

__all__ = ["NUMERAL", "SCALES", "numeral"]

SCALES = {"千": 3, "万": 4, "萬": 4, "百万": 6, "百萬": 6, "千万": 7, "千萬": 7, "亿": 8, "億": 8}
"""By how many decimal places a word after a number moves its decimal point."""
NUMERAL = re.compile("[零〇一二两兩三四五六七八九十百千万萬亿億]+")
"""What may be a numeral."""
_DIGITS = {
    sign: value for value, signs in enumerate(("零〇", "一", "二两兩", *"三四五六七八九")) for sign in signs
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_GROUP = (
    "(?:(?P<千>[一二两兩三四五六七八九])千)?(?P<零千>[零〇]?)(?:(?P<百>[一二两兩三四五六七八九])百)?(?P<零百>[零〇]?)"
    "(?:(?P<十>[一二三四五六七八九]?)十)?(?P<零十>[零〇]?)(?P<一>[一二两兩三四五六七八九]?)"
)


def numeral(text: str) -> int | None:
    """Return the value of a numeral; None for what is none.

    >>> numeral("二十一"), numeral("两千零五十"), numeral("三万五千"), numeral("十十")
    (21, 2050, 35000, None)
    """
    total, rest = 0, text
    for signs, size in (("亿億", 10**8), ("万萬", 10**4)):
        above, sign, below = _split(rest, signs)
        if sign:
            value = _group(above)
            if not value:
                return None
            total, rest = total + value * size, below
    last = _group(rest) if rest or not total else 0
    return None if last is None or not (total + last) else total + last


def _split(text: str, signs: str) -> tuple[str, str, str]:
    """What is before and after the first of these signs."""
    sign = next((each for each in text if each in signs), "")
    return text.partition(sign) if sign else ("", "", text)


def _group(text: str) -> int | None:
    """The value of a numeral below 10,000; None for what is none."""
    match = re.fullmatch(_GROUP, text)
    if match is None or not text.strip("零〇"):
        return None
    ones = _DIGITS[match["一"]] if match["一"] else 0
    tens = (_DIGITS[match["十"]] if match["十"] else 1) * 10 if match["十"] is not None else 0
    return ones + tens + sum(_DIGITS[match[sign]] * _TENS[sign] for sign in "百千" if match[sign])
