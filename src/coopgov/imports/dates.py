"""Reads days as other systems write them; what has two readings is decided by its own column, or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from coopgov.locales import phrase
from coopgov.schema import narrow, problem, shown, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

__all__ = ["DayFormat", "Days", "moment_day", "parse_day_format"]

_MONTHS = (
    "jan january januar janv janvier ene enero janeiro gen gennaio januari янв январь января 一月 1月 1월",
    "feb february februar févr février febrero fev fevereiro febbraio februari фев февр февраль февраля 二月 2月 2월",
    "mar march mär märz mrz mars marzo março mrt maart мар март марта 三月 3月 3월",
    "apr april avr avril abr abril aprile апр апрель апреля 四月 4月 4월",
    "may mai mayo maio mag maggio mei май мая 五月 5月 5월",
    "jun june juni juin junio junho giu giugno июн июнь июня 六月 6月 6월",
    "jul july juli juil juillet julio julho lug luglio июл июль июля 七月 7月 7월",
    "aug august août aout ago agosto augustus авг август августа 八月 8月 8월",
    "sep sept september septembre septiembre set setembro settembre сен сент сентябрь сентября 九月 9月 9월",
    "oct october okt oktober octobre octubre out outubro ott ottobre окт октябрь октября 十月 10月 10월",
    "nov november novembre noviembre novembro ноя нояб ноябрь ноября 十一月 11月 11월",
    "dec december dez dezember déc décembre dic diciembre dezembro dicembre дек декабрь декабря 十二月 12月 12월",
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_NAME = r"(?P<name>[0-9]{1,2}[月월]|[^\W\d_]+)\.?"
_MORNING, _AFTERNOON = r"a\.?\s?m\.?|上午|오전|午前", r"p\.?\s?m\.?|下午|오후|午後"
_HALF = rf"(?:(?P<{{0}}am>{_MORNING})|(?P<{{0}}pm>{_AFTERNOON}))"
_ZONE = r"(?P<zone>[Zz]|UTC|GMT|[-+][0-9]{2}(?::?[0-9]{2})?)"
_CLOCK = (
    rf"(?:[Tt,\s]+(?:{_HALF.format('first_')}\s*)?(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})"
    rf"(?::(?P<second>[0-9]{{2}})(?:[.,][0-9]{{1,9}})?)?(?:\s*{_HALF.format('')})?(?:\s*{_ZONE})?)?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}})(?P<sep>[-/.]|\s?年\s?)(?P<month>[0-9]{{1,2}})(?:(?P=sep)|\s?月\s?)"
    rf"(?P<day>[0-9]{{1,2}})\s?日?{_CLOCK}",
    re.IGNORECASE,
)
_NAMED = (
    re.compile(
        rf"(?P<day>[0-9]{{1,2}})\.?[-/\s]\s?{_NAME}[-/,\s]\s?(?P<year>[0-9]{{4}}|[0-9]{{2}}){_CLOCK}",
        re.IGNORECASE,
    ),
    re.compile(rf"{_NAME}[-/\s](?P<day>[0-9]{{1,2}}),?[-/\s]\s?(?P<year>[0-9]{{4}}){_CLOCK}", re.IGNORECASE),
)
_FIGURES = re.compile(
    rf"(?P<a>[0-9]{{1,2}})(?P<sep>[-/.])(?P<b>[0-9]{{1,2}})(?P=sep)(?P<c>[0-9]{{4}}|[0-9]{{2}}){_CLOCK}",
    re.IGNORECASE,
)
_ORDERS = {"DMY": ("c", "b", "a"), "MDY": ("c", "a", "b"), "YMD": ("a", "b", "c")}
"""The groups of the year, the month and the day."""
_EMPTY = re.compile(r"0{4}[-/]0{1,2}[-/]0{1,2}(?:[ T]0{2}:0{2}(?::0{2})?)?|-+|")
_PIVOT = 70
"""Two-digit years below it are in this century."""


def moment_day(moment: datetime, zone: tzinfo) -> date | None:
    """The day of a moment in a time zone; one without a zone is a local time already."""
    try:
        return moment.date() if moment.tzinfo is None else moment.astimezone(zone).date()
    except (OverflowError, ValueError):
        return None


def _made(parts: Mapping[str, str | None], year: str, month: int, day: str) -> datetime | None:
    try:
        hour, short = int(parts.get("hour") or 0), len(year) == 2
        half = next((key[-2:] for key in ("am", "pm", "first_am", "first_pm") if parts.get(key)), "")
        if half and not 1 <= hour <= 12:
            half = "" if hour > 12 else "am"
        hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
        full = int(year) + ((2000 if int(year) < _PIVOT else 1900) if short else 0)
        zone = _offset(parts.get("zone"))
        minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
        if (hour, minute, second) == (24, 0, 0):
            return datetime(full, month, int(day), tzinfo=zone) + timedelta(days=1)
        return datetime(full, month, int(day), hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + (int(text[-2:]) if len(text) > 3 else 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _readings(text: str) -> dict[str, datetime]:
    """The moments that a text can mean, by the order of its figures; the order of others is empty."""
    if found := _YEAR_FIRST.fullmatch(text):
        moment = _made(found.groupdict(), found["year"], int(found["month"]), found["day"])
        return {"": moment} if moment else {}
    for pattern in _NAMED:
        if found := pattern.fullmatch(text):
            month = _MONTH_OF.get(found["name"].casefold())
            moment = _made(found.groupdict(), found["year"], month, found["day"]) if month else None
            if moment:
                return {"": moment}
    found = _FIGURES.fullmatch(text)
    if not found:
        return {}
    made: dict[str, datetime] = {}
    for order, (year, month_at, day) in _ORDERS.items():
        if order == "YMD" and len(found["c"]) == 4:
            continue
        moment = _made(found.groupdict(), found[year].zfill(2), int(found[month_at]), found[day])
        if moment:
            made[order] = moment
    return made


@dataclass(frozen=True, slots=True)
class DayFormat:
    """How days are written, in D, M, MMM (a name in any of many languages), YY or YYYY, h, H, mm, ss, a and Z."""

    text: str
    pattern: re.Pattern[str]

    def __str__(self) -> str:
        return self.text

    def moment(self, text: str) -> datetime | None:
        """The moment; None for a text of another form."""
        found = self.pattern.fullmatch(text)
        if not found:
            return None
        parts = found.groupdict()
        named = parts.get("name")
        month = _MONTH_OF.get(named.casefold()) if named else int(parts["month"])
        return _made(parts, parts["year"], month, parts["day"]) if month else None


_TOKENS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<year>[0-9]{2})",
    "MMMM": _NAME,
    "MMM": _NAME,
    "MM": r"(?P<month>[0-9]{1,2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "HH": r"(?P<hour>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{1,2})",
    "H": r"(?P<hour>[0-9]{1,2})",
    "h": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?",
    "AM": _HALF.format(""),
    "a": _HALF.format(""),
    "Z": _ZONE,
}
_TOKEN = re.compile("|".join(_TOKENS))
_SAME = {
    "YYYY": "Y",
    "YY": "Y",
    "MMMM": "M",
    "MMM": "M",
    "MM": "M",
    "DD": "D",
    "HH": "h",
    "hh": "h",
    "H": "h",
    "AM": "a",
}


def parse_day_format(value: object) -> DayFormat:
    """Type a format of days, such as `D/MMM/YY h:mm a`."""
    if isinstance(value, DayFormat):
        return value
    text = " ".join((written(value) or "").split())
    used = [_SAME.get(each, each) for each in _TOKEN.findall(text)]
    between = _TOKEN.sub("", text)
    whole = {"Y", "M", "D"} <= set(used) and len(used) == len(set(used))
    if not whole or re.search(r"[A-SU-Za-z0-9]", between):
        raise problem("not-a-date-format", shown(value), phrase("imports.mapping.date-format"))
    pattern, at = "", 0
    for token in _TOKEN.finditer(text):
        pattern += re.escape(text[at : token.start()]).replace(r"\ ", r"\s+") + _TOKENS[token[0]]
        at = token.end()
    return DayFormat(text, re.compile(pattern + re.escape(text[at:]), re.IGNORECASE))


class Days:
    """How the days of one column are read: by stated formats, else as the cells of the column decide."""

    def __init__(self, formats: tuple[DayFormat, ...], zone: tzinfo, cells: Iterable[str]) -> None:
        self.formats, self.zone = formats, zone
        self.undecided: list[str] = []
        """The cells that have two readings."""
        self.order: str | None = None
        if not formats:
            self._decide(cells)

    def _decide(self, cells: Iterable[str]) -> None:
        orders, several = set(_ORDERS), []
        for text in dict.fromkeys(map(_plain, cells)):
            found = _readings(text)
            if found and "" not in found:
                orders &= set(found)
                if len({each.date() for each in found.values()}) > 1:
                    several.append(text)
        if len(orders) == 1:
            self.order = orders.pop()
        else:
            self.undecided = several if orders else several or ["/"]

    def read(self, text: str) -> date | None:
        """The day; None for a text that is no day."""
        text = _plain(text)
        if self.formats:
            moments = (each.moment(text) for each in self.formats)
            moment = next((each for each in moments if each), None)
        else:
            found = _readings(text)
            same = next(iter(found.values())) if len({each.date() for each in found.values()}) == 1 else None
            moment = found.get("") or (found.get(self.order) if self.order else same)
        return None if moment is None else moment_day(moment, self.zone)


def _plain(text: str) -> str:
    return " ".join(narrow(text).split()) if not text.isascii() else " ".join(text.split())


def is_empty_day(text: str) -> bool:
    """Whether a cell of a column of days says that there is none, as 0000-00-00 does."""
    return _EMPTY.fullmatch(text.strip()) is not None
