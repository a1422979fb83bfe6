"""What an attempt to send came to: delivered, to be tried again, or refused, and why.

The tables follow what the services document about their group robots: WeCom (*Global error codes*), DingTalk (*Custom
robot*), Feishu (*Custom bot guide*).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from coopgov.locales import phrase, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.locales import Phrase

__all__ = ["CUT", "DELIVERED", "TIMED_OUT", "Answer", "answer_of", "failed", "refused", "unsent"]

_NO_WAIT = timedelta(0)
_LONGEST_WAIT = timedelta(hours=4)
_TOO_MANY = re.compile(r"too many|frequen|rate.?limit|limited", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an attempt came to, and why.

    `delivered`: the service has accepted it. `again`: it may be accepted later, not before `wait` is over, and, if
    `most` is given, after so many further attempts at most. `refused`: it never will be. `unsent`: it was not tried,
    because the channel is not set up; nothing is lost by trying when it is.
    """

    sort: Literal["delivered", "again", "refused", "unsent"]
    why: Phrase
    wait: timedelta = _NO_WAIT
    most: int | None = None


DELIVERED = Answer("delivered", verbatim(""))
TIMED_OUT, CUT = "timed-out", "cut"


def _again(name: str, wait: timedelta = _NO_WAIT, most: int | None = None, **values: object) -> Answer:
    return Answer("again", phrase(f"notify.answers.{name}", **values), wait, most)


def refused(name: str, **values: object) -> Answer:
    """Return the answer of what is never tried again, by the key of its reason below `notify.answers`."""
    return Answer("refused", phrase(f"notify.answers.{name}", **values))


def unsent(name: str, **values: object) -> Answer:
    """Return the answer of what could not be tried, by the key of its reason below `notify.answers`."""
    return Answer("unsent", phrase(f"notify.answers.{name}", **values))


def failed(how: str) -> Answer:
    """Return the answer of a connection that timed out, was cut or could not be made."""
    return _again(how)


def answer_of(kind: str, status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Return what an answer of HTTP means for a kind of channel; texts of the service are never repeated."""
    if status == 429:
        return _again("too-many", _retry_after(headers), status=status)
    if status >= 500:
        return _again("server-error", status=status)
    if 300 <= status < 400:
        return refused("redirected", status=status)
    if not 200 <= status < 300:
        return refused("status", status=status)
    judge = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu}.get(kind)
    if judge is None:
        return DELIVERED
    said = _object(body)
    code = None if said is None else _whole(said.get("code" if kind == "feishu" else "errcode"))
    if said is None or code is None:
        return refused("not-json" if said is None else "no-code")
    return DELIVERED if code == 0 else judge(code, said)


def _wecom(code: int, _said: Mapping[str, object]) -> Answer:
    match code:
        case -1:
            return _again("busy", most=3, code=code)
        case 45009:
            return _again("limited", code=code)
        case 93000:
            return refused("wecom-address", code=code)
        case 40058:
            return refused("wecom-argument", code=code)
    return refused("code", code=code)


def _dingtalk(code: int, _said: Mapping[str, object]) -> Answer:
    match code:
        case -1:
            return _again("busy", most=3, code=code)
        case 130101:
            return _again("limited", timedelta(minutes=10), code=code)
        case 310000:
            return refused("dingtalk-security", code=code)
    return refused("code", code=code)


def _feishu(code: int, said: Mapping[str, object]) -> Answer:
    match code:
        case 11232:
            return _again("feishu-limited", code=code)
        case 9499 if _TOO_MANY.search(str(said.get("msg", ""))):
            return _again("limited", code=code)
        case 19021:
            return refused("feishu-sign", code=code)
        case 19022:
            return refused("feishu-address", code=code)
        case 19024:
            return refused("feishu-keyword", code=code)
    return refused("code", code=code)


def _object(body: bytes) -> Mapping[str, object] | None:
    try:
        said = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _whole(value: object) -> int | None:
    """A code; services write it as a number, some as a text."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", str(value)) else None


def _retry_after(headers: Mapping[str, str]) -> timedelta:
    """How long a service asks to wait, if it says so in seconds."""
    value = headers.get("retry-after", "")
    return (
        min(timedelta(seconds=int(value)), _LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,9}", value) else _NO_WAIT
    )
