"""Send notices without a store: each is sent once, now, and nothing is remembered."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from coopgov.arguments import an_instance, checked
from coopgov.errors import ArgumentError, UnknownNameError
from coopgov.locales import phrase
from coopgov.model import WorkingCalendar
from coopgov.model.calendar import calendar_of
from coopgov.notify.answer import DELIVERED, Answer
from coopgov.notify.brief import Background
from coopgov.notify.channels import Channels
from coopgov.notify.parts import drafts, key_of, without_receiver
from coopgov.notify.rates import run_limit
from coopgov.notify.receipt import Receipt
from coopgov.notify.render import named
from coopgov.notify.route import quiet, routed
from coopgov.notify.secret import revealed
from coopgov.notify.wire import transmit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgov.cases.notice import Notice
    from coopgov.cases.store.protocol import DeliveryState, Outbox
    from coopgov.notify.channels import ChannelEntry, Digest
    from coopgov.notify.parts import Draft

    Named = tuple[str, Notice]

__all__ = [
    "CHANNELS",
    "INDEPENDENT",
    "a_moment",
    "by_channel",
    "formed_on",
    "known_channel",
    "named_recipient",
    "send",
    "unrouted",
    "working_days",
]

CHANNELS = an_instance(Channels, "errors.expected.channels", "errors.hints.channels")
"""The argument of functions that need a channels file."""


def a_moment(argument: str, value: Any) -> datetime:
    """Accept a moment with its zone: without one, nobody knows which day it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    raise ArgumentError(argument, value, phrase("errors.expected.moment"), phrase("errors.hints.moment"))


def known_channel(channels: Channels, only: str | None) -> None:
    """Refuse a channel that the file does not have.

    Raises:
        UnknownNameError: there is none of that id.
    """
    if only is not None and only not in channels.ids:
        raise UnknownNameError("channel", only, channels.ids)


_STATES: tuple[DeliveryState, ...] = ("pending", "delivered", "undeliverable")
INDEPENDENT = ("email",)
"""The kinds whose parts go to different people, so that one that is refused does not stop the others."""


@checked(channels=CHANNELS, now=a_moment)
def send(
    notices: Iterable[Notice | Named],
    channels: Channels,
    *,
    now: datetime,
    background: Background | None = None,
    only: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Receipt, ...]:
    """Send notices over the channels that their routes name, and return a receipt for each part.

    Nothing is remembered, so nothing is tried again and `digest` has no effect: hosts with a store use `deliver`.

    Args:
        notices: of one agreement; each may come with its id, as `(id, notice)`.
        channels: where notices go.
        now: the moment, with its zone. It decides what is quiet, and is in signatures.
        background: the agreement and what else gives names, titles and working days.
        only: the id of the only channel to use.
        environment: where `env:` references look; by default the environment of the process.

    Raises:
        ArgumentError: `channels` is not what `load_channels` returns, or `now` has no zone.
        UnknownNameError: the file has no channel `only`.
    """
    known_channel(channels, only)
    known = background or Background()
    secrets = revealed(channels.secrets(), channels.folder, environment)
    routes, untaken = by_channel(channels, named(notices))
    found = [unrouted(name) for name, _ in untaken]
    for channel, taken in routes.items():
        if taken and only in (None, channel):
            found += _sent(channels, channels.channel(channel), taken, known, secrets, now)
    return tuple(found)


def by_channel(
    channels: Channels, notices: Iterable[Named]
) -> tuple[Mapping[str, list[Named]], Sequence[Named]]:
    """Return the notices that each channel takes, and those that no route takes."""
    taken: dict[str, list[Named]] = {name: [] for name in channels.ids}
    untaken: list[Named] = []
    for name, notice in notices:
        to = routed(channels.file, notice)
        if to is None:
            untaken.append((name, notice))
        for channel in to or ():
            taken[channel].append((name, notice))
    return taken, untaken


def unrouted(name: str) -> Receipt:
    """Return the receipt of a notice that no route takes, by its id."""
    return Receipt(channel="", notices=(name,), state="unrouted", why=phrase("notify.no-route"))


def working_days(background: Background) -> WorkingCalendar:
    """Return the working days of the agreement; without one, all but Saturdays and Sundays."""
    return WorkingCalendar() if background.agreement is None else calendar_of(background.agreement)


def formed_on(outbox: Outbox, digest: Digest, channel: str) -> set[date]:
    """Return the days on which messages of a channel were formed, if a digest needs them; their ids have them."""
    if digest == "immediately":
        return set()
    found = [each.id for state in _STATES for each in outbox.messages(state, channel)]
    return {date.fromisoformat(each.split("/")[-2]) for each in found}


def _sent(
    channels: Channels,
    entry: ChannelEntry,
    notices: Sequence[Named],
    background: Background,
    secrets: Mapping[str, str],
    now: datetime,
) -> Iterator[Receipt]:
    critical = [each for each in notices if each[1].severity == "critical"]
    if quiet(channels.file, working_days(background), now.date()):
        held = tuple(name for name, notice in notices if notice.severity != "critical")
        if held:
            yield Receipt(channel=entry.id, notices=held, state="held")
        notices = critical
    lost = without_receiver(channels, entry, notices, background)
    if lost is not None:
        yield lost
    formed: set[str] = set()
    for draft in drafts(channels, entry, notices, background):
        formed |= set(draft.ids)
        yield from _parts(entry, draft, secrets, now)
    rest = tuple(name for name, _ in notices if name not in formed)
    if rest and run_limit(entry.kind):
        yield Receipt(channel=entry.id, notices=rest, state="again", why=phrase("notify.answers.rate"))


def _parts(entry: ChannelEntry, draft: Draft, secrets: Mapping[str, str], now: datetime) -> Iterator[Receipt]:
    """Send the parts of a message in order, until one is not delivered or the rate of the channel is reached."""
    stopped: Answer | None = None
    most = run_limit(entry.kind) or len(draft.parts)
    for number, payload in enumerate(draft.parts, 1):
        if stopped is None and number > most:
            stopped = Answer("again", phrase("notify.answers.rate"))
        key = key_of(draft.ids, number, len(draft.parts))
        answer = stopped or transmit(entry, payload, key, secrets, now)
        yield Receipt(
            channel=entry.id,
            notices=draft.ids,
            state=answer.sort,
            part=number,
            parts=len(draft.parts),
            to=named_recipient(payload),
            why=answer.why,
        )
        if stopped is None and answer is not DELIVERED and entry.kind not in INDEPENDENT:
            stopped = Answer(answer.sort, phrase("notify.answers.stopped"))


def named_recipient(payload: Mapping[str, Any]) -> str | None:
    """Return whom a part is for: the name of a secret address, or an address without what is before its `@`."""
    to = payload.get("recipient")
    if to is None:
        return None
    name = str(to).strip("\ue000\ue001")
    user, at, host = name.partition("@")
    return f"{user[:1]}***{at}{host}" if at else name
