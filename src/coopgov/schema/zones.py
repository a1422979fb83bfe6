"""Find time zones by IANA name: the day of a moment depends on the stated zone, never on the machine."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Annotated

from coopgov.faults import did_you_mean
from coopgov.locales import phrase
from coopgov.schema.problems import problem, shown, written
from coopgov.schema.scalars import Parsed

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["TimeZone", "parse_zone", "zone_of"]

_OF_THE_MACHINE = {"localtime", "Factory", "posixrules"}
"""Names outside the IANA list that mean the local setting of the machine."""
_PLACE = re.compile(r"(?!Etc/)\w+/.+")
"""The names to suggest; `Etc/GMT+8` and the like are accepted, but people do not expect that it is behind UTC."""


def parse_zone(value: object) -> str:
    """Type the name of a time zone.

    >>> parse_zone("Asia/Shanghai")
    'Asia/Shanghai'
    """
    name = written(value) or ""
    known = _names()
    if name == "UTC" or name in known:
        return name
    expected = phrase("schema.time-zone.expected")
    if not known:
        hint = phrase("schema.time-zone.install")
        raise problem("missing-library", shown(value), expected, hint)
    nearest = {each.casefold(): each for each in known if _PLACE.fullmatch(each)}
    near = nearest.get(name.replace(" ", "_").casefold())
    meant = phrase("common.did-you-mean", near=near)
    hint = meant if near else did_you_mean(name, nearest.values())
    raise problem("unknown-time-zone", shown(value), expected, hint)


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - _OF_THE_MACHINE)


def zone_of(name: str) -> tzinfo:
    """The time zone of a name that `parse_zone` accepts; UTC needs no list of zones."""
    return UTC if name == "UTC" else zoneinfo.ZoneInfo(name)


_ZONE_SCHEMA = {
    "title": "TimeZone",
    "description": "A time zone by its IANA name, such as Asia/Shanghai.",
    "type": "string",
    "pattern": r"^[A-Za-z][A-Za-z0-9_+\-/]*$",
}

TimeZone = Annotated[str, Parsed(parse_zone, schema=_ZONE_SCHEMA)]
