"""Reads statuses, shares and estimates as other systems write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import get_args

from coopgov.locales import phrase
from coopgov.model import TaskStatus
from coopgov.schema import narrow, problem, shown
from coopgov.synonyms import choice

__all__ = ["hours_of", "share_of", "status_of"]

_STATUSES: tuple[str, ...] = get_args(TaskStatus)
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%")
_FIGURE = r"([0-9]{1,9}(?:\.[0-9]{1,6})?)"
_HOURS = re.compile(
    rf"{_FIGURE}|(?:{_FIGURE}\s*(?:h|小时|小時))?\s*(?:{_FIGURE}\s*m)?\s*(?:{_FIGURE}\s*s)?", re.IGNORECASE
)


def status_of(text: str) -> str:
    """The status of a task that a text means, also in another language; empty for an unknown one."""
    if text in _STATUSES:
        return text
    return (choice(text, _STATUSES) if text else None) or ""


def share_of(text: str) -> str:
    """A share such as `60%`; a bare number is refused, because 60 and 0.6 are written alike."""
    found = _SHARE.fullmatch(narrow(text).strip())
    if not found or Decimal(found[1]) > 100:
        raise problem("not-a-share", shown(text), phrase("imports.rows.share"))
    return f"{found[1]} %"


def hours_of(text: str) -> str:
    """An estimate in hours: of `38h`, `1h 30m`, or seconds without a unit. Days and weeks have no fixed length."""
    found = _HOURS.fullmatch(narrow(text).strip())
    if not found or not any(found.groups()):
        raise problem("not-an-estimate", shown(text), phrase("imports.rows.estimate"))
    bare, hours, minutes, seconds = (Decimal(each or 0) for each in found.groups())
    total = hours + minutes / 60 + (seconds + bare) / 3600
    return f"{total.quantize(Decimal('0.01')).normalize():f}"
