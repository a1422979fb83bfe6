"""The signatures that DingTalk and Feishu check."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["dingtalk_sign", "feishu_sign", "signed_address"]


def dingtalk_sign(milliseconds: int, secret: str) -> str:
    """Return the signature of a DingTalk robot, before it is encoded for an address.

    HMAC-SHA256 with the secret as key, of the milliseconds, a line feed and the secret; in base64 (DingTalk, *Custom
    robot security settings*).

    >>> dingtalk_sign(1577262236757, "this is secret")
    'hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM='
    """
    return _mac(secret, f"{milliseconds}\n{secret}")


def feishu_sign(seconds: int, secret: str) -> str:
    """Return the signature of a Feishu robot: the *key* is the seconds, a line feed and the secret, the text is empty.

    HMAC-SHA256 in base64 (Feishu, *Custom bot guide*, signature verification).

    >>> feishu_sign(1599360473, "demo")
    'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8='
    """
    return _mac(f"{seconds}\n{secret}", "")


def signed_address(address: str, secret: str, now: datetime) -> str:
    """Return the address of a DingTalk robot with the moment and its signature in the query."""
    milliseconds = int(now.timestamp() * 1000)
    parts = urlsplit(address)
    signed = {"timestamp": str(milliseconds), "sign": dingtalk_sign(milliseconds, secret)}
    query = [*parse_qsl(parts.query, keep_blank_values=True), *signed.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _mac(key: str, text: str) -> str:
    made = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode("ascii")
