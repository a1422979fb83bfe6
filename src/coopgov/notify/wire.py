"""Send one payload over one channel: the only place where secrets and payloads meet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from coopgov.notify.answer import failed, refused, unsent
from coopgov.notify.brief import PLACE
from coopgov.notify.letter import email_of, is_address
from coopgov.notify.sign import feishu_sign, signed_address
from coopgov.notify.smtp import deliver
from coopgov.optional import command

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from coopgov.notify.answer import Answer
    from coopgov.notify.channels import ChannelEntry

__all__ = ["SECONDS", "transmit", "unready"]

SECONDS = 10.0
"""How long sending one part may take."""
_TYPES = {"cloudevents": "application/cloudevents+json; charset=utf-8"}
_JSON = "application/json; charset=utf-8"


def transmit(
    entry: ChannelEntry, payload: Mapping[str, Any], key: str, secrets: Mapping[str, str], now: datetime
) -> Answer:
    """Send a payload, and return what came of it; nothing is raised, since libraries name what they cannot use.

    Args:
        entry: the channel.
        payload: one part of a message, as `render_notices` makes it.
        key: names the part: the same key means the same part.
        secrets: by their references.
        now: the moment, with its zone, for signatures and the date of an e-mail.
    """
    missing = unready(entry, payload, secrets)
    if missing is not None:
        return missing
    try:
        return _transmitted(entry, _filled(payload, secrets), key, secrets, now)
    except Exception:  # noqa: BLE001  # an error, and the chain of those that it came from, may hold a secret
        return failed("unexpected")


def _transmitted(
    entry: ChannelEntry, payload: dict[str, Any], key: str, secrets: Mapping[str, str], now: datetime
) -> Answer:
    if entry.kind == "email":
        return _mailed(entry, payload, key, secrets, now)
    if entry.kind == "apprise":
        return _through_apprise(payload, secrets[str(entry.url)])
    return _posted(entry, payload, key, secrets, now)


def unready(entry: ChannelEntry, payload: Mapping[str, Any], secrets: Mapping[str, str]) -> Answer | None:
    """Return the answer of a payload that cannot be sent because a secret is not there; None if all are."""
    needed = [
        *map(str, entry.secrets),
        *_places(json.dumps(_reachable(payload, secrets), ensure_ascii=False)),
    ]
    missing = next((name for name in needed if name not in secrets), None)
    return None if missing is None else unsent("no-secret", secret=missing)


def _reachable(payload: Mapping[str, Any], secrets: Mapping[str, str]) -> Mapping[str, Any]:
    """An e-mail whose header names only recipients with a known address; any other payload as it is."""
    if "recipient" not in payload:
        return payload
    known = [each for each in payload["to"] if all(name in secrets for name in _places(each))]
    return {**payload, "to": known}


def _places(text: str) -> list[str]:
    """The names of secret addresses in a payload."""
    return list(dict.fromkeys(part.partition(PLACE[1])[0] for part in text.split(PLACE[0])[1:]))


def _filled(payload: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """A payload with its secret addresses in place of their names."""
    text = json.dumps(_reachable(payload, secrets), ensure_ascii=False)
    for name in _places(text):
        value = json.dumps(secrets[name], ensure_ascii=False)[1:-1]
        text = text.replace(f"{PLACE[0]}{name}{PLACE[1]}", value)
    filled: dict[str, Any] = json.loads(text)
    return filled


def _posted(
    entry: ChannelEntry, payload: dict[str, Any], key: str, secrets: Mapping[str, str], now: datetime
) -> Answer:
    try:
        from coopgov.notify.http import post
    except ModuleNotFoundError as error:
        missing = error.name or "httpx"
    else:
        try:
            address, payload = _signed(entry, payload, secrets, now)
        except ValueError:  # half a surrogate pair in a secret, or an address that is none
            return unsent("unusable")
        return post(
            entry.kind,
            address,
            json.dumps(payload, ensure_ascii=False).encode(
                "utf-8", "backslashreplace"
            ),  # half a pair stays an escape
            {"Content-Type": _TYPES.get(entry.kind, _JSON), "Idempotency-Key": key},
            proxy=secrets.get(str(entry.proxy)),
            allow_private=entry.allow_private,
            seconds=SECONDS,
        )
    return unsent("no-library", library=missing, command=command("notify"))


def _signed(
    entry: ChannelEntry, payload: dict[str, Any], secrets: Mapping[str, str], now: datetime
) -> tuple[str, dict[str, Any]]:
    """The address and the payload with the signature that the robot checks, if it checks one."""
    address, secret = secrets[str(entry.url)], secrets.get(str(entry.secret))
    if secret and entry.kind == "dingtalk":
        return signed_address(address, secret, now), payload
    if secret and entry.kind == "feishu":
        seconds = int(now.timestamp())
        return address, {"timestamp": str(seconds), "sign": feishu_sign(seconds, secret), **payload}
    return address, payload


def _mailed(
    entry: ChannelEntry, payload: dict[str, Any], key: str, secrets: Mapping[str, str], now: datetime
) -> Answer:
    assert entry.sender is not None
    if not is_address(payload["recipient"]):
        return refused("recipient-address")
    named = [each for each in payload["to"] if is_address(each)]
    return deliver(
        secrets[str(entry.server)],
        entry.sender,
        payload["recipient"],
        email_of(payload, entry.sender, named, now, key),
        allow_private=entry.allow_private,
        seconds=SECONDS,
    )


def _through_apprise(payload: Mapping[str, Any], address: str) -> Answer:
    try:
        from coopgov.notify.apprise_library import told
    except ModuleNotFoundError as error:
        missing = error.name or "apprise"
    else:
        return told(address, payload["title"], payload["body"])
    return unsent("no-library", library=missing, command=command("apprise"))
