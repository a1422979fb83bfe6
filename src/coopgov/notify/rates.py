"""How many parts a channel takes in a time, how long a message waits between tries, and what has been sent lately."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgov.cases.store.protocol import Message, Outbox
    from coopgov.notify.channels import ChannelEntry, ChannelKind, Channels

__all__ = ["WAITS", "room_of", "run_limit"]

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4))
"""How long a message waits after each try; after one more try it is undeliverable."""
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_RATES: Mapping[ChannelKind, tuple[tuple[int, timedelta], ...]] = {
    "wecom": ((20, _MINUTE),),
    "dingtalk": ((20, _MINUTE),),
    "feishu": ((5, _SECOND), (100, _MINUTE)),
}
"""The most parts that a robot takes in a time; the other kinds have no limit of their own."""


def run_limit(kind: ChannelKind) -> int | None:
    """Return the most parts that a run sends at once; None if there is no limit.

    >>> run_limit("feishu"), run_limit("email")
    (5, None)
    """
    return min((most for most, _ in _RATES.get(kind, ())), default=None)


def room_of(outbox: Outbox, channels: Channels, entry: ChannelEntry, now: datetime) -> int | None:
    """Return how many parts a channel takes now, after what the runs before sent over its address; None: any number."""
    rates = _RATES.get(entry.kind, ())
    if not rates:
        return None
    sharing = [each.id for each in channels.file.channels if each.url == entry.url]
    # a try sets `again` to at least the first wait after it, so that earlier ones were sent before any of the times
    tried = [each for name in sharing for each in outbox.tried(name, now)]
    sent = [moment for each in tried for moment in _sent(each)]
    return min(most - sum(abs(now - moment) < time for moment in sent) for most, time in rates)


def _sent(message: Message) -> Iterator[datetime]:
    """When the parts of a message were sent that arrived, and the one at which its last try ended otherwise."""
    left = False
    for part in message.parts:
        try:
            yield datetime.fromisoformat(part.receipt or "")
        except ValueError:  # it was not sent, or by a host that keeps other receipts
            left = True
    if left and message.tries and message.again is not None:
        yield message.again - WAITS[min(message.tries, len(WAITS)) - 1]
