"""Send a text by the apprise library, to the hundred services that it knows."""

from __future__ import annotations

import apprise

from coopgov.notify.answer import DELIVERED, Answer, refused, unsent
from coopgov.notify.network import muted

__all__ = ["told"]

_LOGGERS = ("apprise", "urllib3", "urllib3.connectionpool", "requests")


def told(address: str, title: str, body: str) -> Answer:
    """Send a title and a text to an address of apprise; what it logs would name the address, and is dropped."""
    with muted(*_LOGGERS, secrets=[address]):  # it sends in threads of its own
        found = apprise.Apprise()
        try:
            known = found.add(address)
        except Exception:  # noqa: BLE001  # it may name the address
            known = False
        if not known:
            return unsent("apprise-address")
        try:
            sent = bool(found.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT))
        except Exception:  # noqa: BLE001  # whatever a service's own code raises may name the address
            sent = False
    return DELIVERED if sent else Answer("again", refused("apprise-failed").why)
