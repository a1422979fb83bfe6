"""Read dates as tables write them, by formats such as `MM/DD/YYYY`; the mapping file's zone turns moments into days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from coopgov.locales import one_of, phrase, verbatim
from coopgov.portfolio.lookalikes import ALIKE
from coopgov.schema import problem, shown, written

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from coopgov.locales import Phrase

__all__ = ["ISO", "DateFormat", "Dates", "parse_date_format"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MORNING, _AFTERNOON = r"(?i:a\.?m\.?)|上午", r"(?i:p\.?m\.?)|下午"
_SECOND = r"(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?"
_ZONE = r"(?P<zone>[Zz]|UTC|GMT|[-+][0-9]{2}(?::?[0-9]{2})?)"
_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MMM": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{1,2})",
    "h": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": _SECOND,
    "AM": rf"(?:(?P<morning>{_MORNING})|(?P<afternoon>{_AFTERNOON}))",
    "Z": _ZONE,
}
_TOKEN = re.compile("|".join(_PARTS))
_SAME = {"YY": "YYYY", "MM": "M", "MMM": "M", "DD": "D", "hh": "h"}
_LETTER = re.compile(r"[A-Za-z]")
_TIME = rf"[Tt ](?P<hour>[0-9]{{2}}):(?P<minute>[0-9]{{2}})(?::{_SECOND})?(?: ?{_ZONE})?"
_ISO = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A format of dates.

    >>> parse_date_format("M/D/YYYY").moment("6/28/2024").isoformat()
    '2024-06-28T00:00:00+00:00'
    """

    text: str
    pattern: re.Pattern[str]

    @property
    def short(self) -> bool:
        """Whether its years have two digits."""
        return "short" in self.pattern.groupindex

    def moment(self, written: str, zone: tzinfo = UTC, pivot: int = 0) -> datetime | None:
        """The moment in a time zone; None if the text is not a date of this format.

        Two-digit years below `pivot` are from 2000 to 2099, others from 1900 to 1999.
        """
        match = self.pattern.fullmatch(written)
        if match is None:
            return None
        parts = {name: text for name, text in match.groupdict().items() if text is not None}
        try:
            moment = datetime(
                _year(parts, pivot),
                _month(parts),
                int(parts["day"]),
                _hour(parts),
                int(parts.get("minute", 0)),
                int(parts.get("second", 0)),
                int(parts.get("fraction", "0").ljust(6, "0")[:6]),
                _offset(parts["zone"]) if "zone" in parts else zone,
            )
            return moment.astimezone(zone)
        except (ValueError, OverflowError):
            return None


def _year(parts: dict[str, str], pivot: int) -> int:
    if "year" in parts:
        return int(parts["year"])
    year = int(parts["short"])
    return year + (2000 if year < pivot else 1900)


def _month(parts: dict[str, str]) -> int:
    return _MONTHS.index(parts["name"].lower()) + 1 if "name" in parts else int(parts["month"])


def _hour(parts: dict[str, str]) -> int:
    """The hour on a 24-hour clock; 12 AM is midnight, and 12 PM is noon."""
    hour = int(parts.get("hour", 0))
    if "morning" not in parts and "afternoon" not in parts:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if "afternoon" in parts else 0)


def _offset(text: str) -> tzinfo:
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    if minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def parse_date_format(value: object) -> DateFormat:
    """Type a format of dates: a day, a month and a year, an optional time of day, and any text between them."""
    text = written(value) or ""
    used = [_SAME.get(token, token) for token in _TOKEN.findall(text)]
    between = _TOKEN.sub("", text)
    whole = sorted(set(used) & {"YYYY", "M", "D"}) == ["D", "M", "YYYY"] and len(used) == len(set(used))
    clock = ("AM" not in used or "h" in used) and ("Z" not in used or "h" in used)
    if not whole or not clock or _LETTER.search(between.replace("T", "")):
        expected = phrase("portfolio.mapping.date-format")
        raise problem("not-a-date-format", shown(value), expected, _hint(used, whole=whole))
    pattern, at = "", 0
    for token in _TOKEN.finditer(text):
        pattern += _between(text[at : token.start()]) + _PARTS[token[0]]
        at = token.end()
    pattern += _between(text[at:]) + (f"(?:{_TIME})?" if text == _ISO else "")
    return DateFormat(text, re.compile(pattern))


def _hint(used: list[str], *, whole: bool) -> Phrase:
    if whole:
        return phrase("portfolio.mapping.clock-hint")
    return verbatim("") if "YYYY" in used else phrase("portfolio.mapping.year-hint")


def _between(text: str) -> str:
    """The text between the parts: a space matches any that people cannot distinguish."""
    return "".join(f"[{ALIKE[0]}]" if each in ALIKE[0] else re.escape(each) for each in text)


ISO = parse_date_format(_ISO)


@dataclass(frozen=True, slots=True)
class Dates:
    """How the dates of one column are read: the first of some formats that fits counts."""

    formats: tuple[DateFormat, ...] = (ISO,)
    zone: tzinfo = UTC
    pivot: int = 0

    @property
    def text(self) -> Phrase:
        """The formats, for messages."""
        return one_of(each.text for each in self.formats)

    def read(self, written: str) -> date | None:
        """The day; None if the text is not a date of any format."""
        moment = self.moment(written)
        return None if moment is None else moment.date()

    def moment(self, written: str) -> datetime | None:
        """The moment, with the time of day."""
        moments = (each.moment(written, self.zone, self.pivot) for each in self.formats)
        return next((moment for moment in moments if moment is not None), None)
