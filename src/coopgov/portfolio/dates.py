"""Dates as tables write them, by a format such as `MM/DD/YYYY`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from coopgov.model import problem, shown, written

__all__ = ["ISO", "DateFormat", "parse_date_format"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MMM": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
}
_TOKEN = re.compile("|".join(_PARTS))
_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How dates are written; `read` gives the day, whatever the time of the day is.

    >>> parse_date_format("M/D/YYYY").read("6/28/2024")
    datetime.date(2024, 6, 28)
    """

    text: str
    pattern: re.Pattern[str]

    def read(self, written: str) -> date | None:
        """The day; None where the text is no date of this format."""
        match = self.pattern.fullmatch(written)
        if match is None:
            return None
        parts = match.groupdict()
        try:
            hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
            time(hour, minute, second)
            return date(int(parts["year"]), _month(parts), int(parts["day"]))
        except ValueError:
            return None


def _month(parts: dict[str, str]) -> int:
    return _MONTHS.index(parts["name"].lower()) + 1 if "name" in parts else int(parts["month"])


def parse_date_format(value: object) -> DateFormat:
    """Type a format of dates: D or DD, M, MM or MMM, YYYY, perhaps hh, mm and ss, and whatever stands between them."""
    text = written(value) or ""
    used = [_sort(token) for token in _TOKEN.findall(text)]
    between = _TOKEN.sub("", text)
    whole = sorted(set(used) & {"YYYY", "M", "D"}) == ["D", "M", "YYYY"] and len(used) == len(set(used))
    if not whole or _LETTER.search(between.replace("T", "").replace("Z", "")):
        expected = "D or DD, M, MM or MMM, and YYYY once each, such as MM/DD/YYYY"
        hint = (
            "a year has four digits; with two of them nobody knows the century" if "YYYY" not in used else ""
        )
        raise problem("not-a-date-format", shown(value), expected, hint)
    pattern, at = "", 0
    for token in _TOKEN.finditer(text):
        pattern += re.escape(text[at : token.start()]) + _PARTS[token[0]]
        at = token.end()
    return DateFormat(text, re.compile(pattern + re.escape(text[at:])))


def _sort(token: str) -> str:
    """Which part of a date a token is, however it is written."""
    return {"MM": "M", "MMM": "M", "DD": "D"}.get(token, token)


ISO = parse_date_format("YYYY-MM-DD")
