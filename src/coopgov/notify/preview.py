"""What would be sent, without sending it, and without any secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coopgov.notify.brief import PLACE
from coopgov.notify.masking import MASK, shown_address
from coopgov.notify.parts import drafts, without_receiver
from coopgov.notify.route import due, quiet, routed
from coopgov.notify.send import formed_on, working_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from coopgov.cases.notice import Notice
    from coopgov.cases.store.protocol import Outbox
    from coopgov.notify.brief import Background
    from coopgov.notify.channels import ChannelEntry, Channels

    Named = tuple[str, Notice]

__all__ = ["Preview", "previews", "previews_of_outbox"]

_PERSONAL = ("to", "recipient", "atMobiles")
"""The keys of payloads that hold addresses of people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a channel would be sent now: its address without secrets, and the parts of its message.

    `held` is the number of notices that wait for a working day or the next digest, and `pending` that of messages of
    earlier runs that are tried again. `missing` are the references at which there is no secret, and `unreachable` those
    who should get an e-mail and have no address. The channel is empty for notices that no route takes.
    """

    channel: str
    kind: str
    address: str
    language: str
    notices: tuple[str, ...]
    parts: tuple[Mapping[str, Any], ...] = ()
    held: int = 0
    pending: int = 0
    missing: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The preview as JSON."""
        return {
            "channel": self.channel or None,
            "kind": self.kind or None,
            "address": self.address or None,
            "language": self.language,
            "notices": list(self.notices),
            "parts": [dict(each) for each in self.parts],
            "held": self.held,
            "pending": self.pending,
            "missing": list(self.missing),
            "unreachable": list(self.unreachable),
        }


@dataclass(slots=True)
class _Queue:
    """The notices of a channel that would go now, and how many would wait."""

    ready: list[Named] = field(default_factory=list)
    held: int = 0
    pending: int = 0


def previews(
    notices: Iterable[Named],
    channels: Channels,
    *,
    day: date,
    background: Background,
    secrets: Mapping[str, str],
    only: str | None = None,
) -> tuple[Preview, ...]:
    """Return what `send` would do with notices on a day."""
    queues, untaken = _routed(channels, notices)
    if quiet(channels.file, working_days(background), day):
        for queue in queues.values():
            _hold(queue)
    return tuple(_all(channels, queues, untaken, background, secrets, only))


def previews_of_outbox(
    outbox: Outbox,
    channels: Channels,
    *,
    day: date,
    background: Background,
    secrets: Mapping[str, str],
    only: str | None = None,
) -> tuple[Preview, ...]:
    """Return what `deliver` would do with an outbox on a day; nothing in the outbox changes."""
    posted = [(str(each.seq), each.notice) for each in outbox.unrouted()]
    queues, untaken = _routed(channels, posted)
    still = quiet(channels.file, working_days(background), day)
    for name, queue in queues.items():
        queue.ready[:0] = [(str(each.seq), each.notice) for each in outbox.waiting(name)]
        queue.pending = len(outbox.messages("pending", name))
        if still or not due(channels.file.digest, day, formed_on(outbox, channels.file.digest, name)):
            _hold(queue)
    return tuple(_all(channels, queues, untaken, background, secrets, only))


def _routed(channels: Channels, notices: Iterable[Named]) -> tuple[dict[str, _Queue], list[Named]]:
    queues = {name: _Queue() for name in channels.ids}
    untaken: list[Named] = []
    for name, notice in notices:
        to = routed(channels.file, notice)
        if to is None:
            untaken.append((name, notice))
        for channel in to or ():
            queues[channel].ready.append((name, notice))
    return queues, untaken


def _hold(queue: _Queue) -> None:
    critical = [each for each in queue.ready if each[1].severity == "critical"]
    queue.held = len(queue.ready) - len(critical)
    queue.ready = critical


def _all(
    channels: Channels,
    queues: Mapping[str, _Queue],
    untaken: Sequence[Named],
    background: Background,
    secrets: Mapping[str, str],
    only: str | None,
) -> Iterator[Preview]:
    for entry in channels.file.channels:
        if only in (None, entry.id):
            yield _one(channels, entry, queues[entry.id], background, secrets)
    if untaken:
        names = tuple(f"{notice.rule}@{notice.about}" for _, notice in untaken)
        yield Preview(channel="", kind="", address="", language="", notices=names)


def _one(
    channels: Channels, entry: ChannelEntry, queue: _Queue, background: Background, secrets: Mapping[str, str]
) -> Preview:
    lost = without_receiver(channels, entry, queue.ready, background)
    found = list(drafts(channels, entry, queue.ready, background)) if queue.ready else []
    reference = str(entry.server if entry.kind == "email" else entry.url)
    known = secrets.get(reference)
    address = f"{reference} ({shown_address(known, opaque=entry.kind == 'apprise')})" if known else reference
    return Preview(
        channel=entry.id,
        kind=entry.kind,
        address=address,
        language=channels.language(entry.id),
        notices=tuple(f"{notice.rule}@{notice.about}" for _, notice in queue.ready),
        parts=tuple(_masked(part) for draft in found for part in draft.parts),
        held=queue.held,
        pending=queue.pending,
        unreachable=tuple(lost.to.split(", ")) if lost is not None and lost.to else (),
        missing=tuple(str(each) for each in entry.secrets if str(each) not in secrets),
    )


def _masked(value: Any) -> Any:
    """A payload without the marks around secret addresses, and with addresses of people cut short."""
    if isinstance(value, dict):
        return {key: (_short if key in _PERSONAL else _masked)(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(each) for each in value]
    return value.replace(PLACE[0], "").replace(PLACE[1], "") if isinstance(value, str) else value


def _short(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_short(each) for each in value]
    name = str(value).strip("".join(PLACE))
    user, at, host = name.partition("@")
    if at:
        return f"{user[:1]}{MASK}@{host}"
    return name if name.startswith(("env:", "file:")) else f"{MASK}{name[-2:]}"
