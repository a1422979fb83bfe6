"""Deliver the outbox of a store: at least once, in parts that are formed once, with waits that last over runs."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from coopgov.arguments import checked
from coopgov.locales import phrase
from coopgov.notify.answer import Answer
from coopgov.notify.brief import Background
from coopgov.notify.ids import id_in_outbox, message_id
from coopgov.notify.parts import drafts, key_of, without_receiver
from coopgov.notify.rates import WAITS, room_of, run_limit
from coopgov.notify.receipt import Receipt
from coopgov.notify.route import due, quiet, routed
from coopgov.notify.secret import revealed
from coopgov.notify.send import (
    CHANNELS,
    INDEPENDENT,
    a_moment,
    formed_on,
    known_channel,
    named_recipient,
    unrouted,
    working_days,
)
from coopgov.notify.wire import transmit, unready

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from coopgov.cases.store.protocol import Message, Outbox, Part, Posted
    from coopgov.notify.channels import ChannelEntry, Channels
    from coopgov.notify.parts import Draft

__all__ = ["deliver"]

_REFUSED = "refused: "
"""How the receipt of a part begins that its recipient's server refused for good."""


@checked(channels=CHANNELS, now=a_moment)
def deliver(
    outbox: Outbox,
    channels: Channels,
    *,
    now: datetime,
    background: Background | None = None,
    only: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Receipt, ...]:
    """Send what is in an outbox and due, and return what came of it; call it again, from cron or a loop of the host.

    A run that is killed anywhere repeats at most the part that it was sending, with the same key. What was not
    delivered is tried again by later calls after 1, 5 and 30 minutes and 4 hours; after the fifth try it is
    undeliverable. Nothing waits inside a call, except for the services' own answers, at most 10 s each.

    Args:
        outbox: of a store.
        channels: where notices go.
        now: the moment, with its zone.
        background: the agreement and what else gives names, titles and working days.
        only: the id of the only channel to use.
        environment: where `env:` references look; by default the environment of the process.

    Raises:
        ArgumentError: `channels` is not what `load_channels` returns, or `now` has no zone.
        UnknownNameError: the file has no channel `only`.
    """
    known_channel(channels, only)
    secrets = revealed(channels.secrets(), channels.folder, environment)
    return tuple(_Run(outbox, channels, now, background or Background(), secrets).all(only))


def _rate() -> Answer:
    return Answer("again", phrase("notify.answers.rate"))


class _Run:
    """One run over an outbox."""

    def __init__(
        self,
        outbox: Outbox,
        channels: Channels,
        now: datetime,
        background: Background,
        secrets: Mapping[str, str],
    ) -> None:
        self.outbox = outbox
        self.channels = channels
        self.now = now
        self.background = background
        self.secrets = secrets
        self.digest = channels.file.digest
        self.agreement = background.agreement.id if background.agreement else ""
        self.quiet = quiet(channels.file, working_days(background), now.date())

    def all(self, only: str | None) -> Iterator[Receipt]:
        """Route, form, send."""
        yield from self._routed()
        for entry in self.channels.file.channels:
            if only in (None, entry.id):
                yield from self._formed(entry)
                yield from self._sent(entry)
        yield from self._without_channel()

    def _routed(self) -> Iterator[Receipt]:
        """Decide the channels of new notices; what no route takes stays, and is reported in each run."""
        taken: dict[int, Sequence[str]] = {}
        for posted in self.outbox.unrouted():
            to = routed(self.channels.file, posted.notice)
            if to is None:
                yield unrouted(self._id(posted.seq, ""))
            else:
                taken[posted.seq] = to
        if taken:
            self.outbox.route(taken)

    def _id(self, seq: int, channel: str) -> str:
        return id_in_outbox(self.agreement, seq, channel)

    def _formed(self, entry: ChannelEntry) -> Iterator[Receipt]:
        """Form the message of a channel from what waits there and is not held."""
        waiting = self.outbox.waiting(entry.id)
        if not waiting:
            return
        free = not self.quiet and due(
            self.digest, self.now.date(), formed_on(self.outbox, self.digest, entry.id)
        )
        ready = [each for each in waiting if free or each.notice.severity == "critical"]
        held = tuple(self._id(each.seq, entry.id) for each in waiting if each not in ready)
        if held:
            yield Receipt(channel=entry.id, notices=held, state="held")
        named = {self._id(each.seq, entry.id): each for each in ready}
        notices = [(name, each.notice) for name, each in named.items()]
        lost = without_receiver(self.channels, entry, notices, self.background)
        if lost is not None:
            yield lost
        late = set(named)
        for draft in drafts(self.channels, entry, notices, self.background):
            self._form(entry, draft, named)
            late -= set(draft.ids)
        if late and run_limit(entry.kind):
            yield Receipt(
                channel=entry.id, notices=tuple(late), state="again", why=phrase("notify.answers.rate")
            )

    def _form(self, entry: ChannelEntry, draft: Draft, named: Mapping[str, Posted]) -> None:
        name = f"{entry.id}/{self.now.date().isoformat()}/{message_id(draft.ids)}"
        seqs = sorted(named[each].seq for each in draft.ids)
        self.outbox.form(name, entry.id, seqs, [json.dumps(each, ensure_ascii=False) for each in draft.parts])

    def _sent(self, entry: ChannelEntry) -> Iterator[Receipt]:
        """Send the messages of a channel that are due, in order, as far as its rate allows."""
        room, most = room_of(self.outbox, self.channels, entry, self.now), run_limit(entry.kind)
        for message in self.outbox.messages("pending", entry.id):
            left = [part for part in message.parts if part.receipt is None]
            blocked = [(part, why) for part in left if (why := self._unready(entry, part)) is not None]
            if blocked:  # the other recipients of an e-mail get it
                yield from (self._receipt(entry, message, part, why) for part, why in blocked)
                left = [part for part in left if part not in [each for each, _ in blocked]]
            if not left or (blocked and entry.kind not in INDEPENDENT):
                continue
            if message.again is not None and message.again > self.now:
                yield self._waiting(entry, message, left[0])
            elif message.tries > len(WAITS):
                yield self._given_up(entry, message, left[0])
            elif room is not None and room < len(left[:most]):
                room = 0  # nor do those that follow overtake it
                yield self._receipt(entry, message, left[0], _rate())
            else:
                yield from self._tried(entry, message, left[:most], left[len(left[:most]) :])
                room = None if room is None else room - len(left[:most])

    def _waiting(self, entry: ChannelEntry, message: Message, part: Part) -> Receipt:
        """A message that is not due yet, or that another run is sending."""
        return self._receipt(
            entry, message, part, Answer("again", phrase("notify.answers.waiting")), message.again
        )

    def _unready(self, entry: ChannelEntry, part: Part) -> Answer | None:
        return unready(entry, json.loads(part.payload), self.secrets)

    def _given_up(self, entry: ChannelEntry, message: Message, part: Part) -> Receipt:
        """A message whose last try never came back."""
        why = phrase("notify.answers.tries", tries=message.tries, why=phrase("notify.answers.interrupted"))
        self.outbox.failed(message.id, again=None, why=why)
        return self._receipt(entry, message, part, Answer("refused", why))

    def _tried(
        self, entry: ChannelEntry, message: Message, left: Sequence[Part], rest: Sequence[Part]
    ) -> Iterator[Receipt]:
        """Send parts of a message; the `rest` is more than its channel takes in one run."""
        wait = WAITS[min(message.tries, len(WAITS) - 1)]
        tried = self.outbox.attempt(message.id, now=self.now, again=self._after(wait))
        if tried is None:
            yield self._waiting(entry, message, left[0])
            return
        refused = sum(1 for each in message.parts if (each.receipt or "").startswith(_REFUSED))
        worst: Answer | None = None
        for part in left:
            answer = self._transmitted(entry, tried, part)
            refused += answer.sort == "refused"
            if answer.sort == "refused" and entry.kind in INDEPENDENT and refused < len(message.parts):
                self.outbox.delivered(tried.id, part.number, f"{_REFUSED}{answer.why}")
            elif answer.sort != "delivered":
                answer = self._judged(answer, tried)
                worst = answer if worst is None or worst.sort != "again" else worst
            yield self._receipt(entry, tried, part, answer, self._again(answer, wait))
            if answer.sort != "delivered" and entry.kind not in INDEPENDENT:
                worst = answer
                break
        if worst is not None:
            counted = worst.sort != "unsent"
            self.outbox.failed(tried.id, again=self._again(worst, wait), why=worst.why, counted=counted)
        elif rest:
            soon = self._after(WAITS[0])
            self.outbox.failed(tried.id, again=soon, why=_rate().why, counted=False)
            yield self._receipt(entry, tried, rest[0], _rate(), soon)

    def _transmitted(self, entry: ChannelEntry, message: Message, part: Part) -> Answer:
        """Send a part, and record at once that it arrived."""
        payload = json.loads(part.payload)
        ids = [self._id(seq, entry.id) for seq in message.notices]
        key = key_of(ids, part.number, len(message.parts))
        answer = transmit(entry, payload, key, self.secrets, self.now)
        if answer.sort == "delivered":
            self.outbox.delivered(message.id, part.number, self.now.isoformat())
        return answer

    def _judged(self, answer: Answer, message: Message) -> Answer:
        """What an answer means after so many tries; `message` counts this one."""
        most = len(WAITS) if answer.most is None else answer.most
        if answer.sort != "again" or message.tries <= most:
            return answer
        return Answer("refused", phrase("notify.answers.tries", tries=message.tries, why=answer.why))

    def _again(self, answer: Answer, wait: timedelta) -> datetime | None:
        """When a message is tried again; None if it is not."""
        if answer.sort == "again":
            return self._after(max(wait, answer.wait))
        return self.now if answer.sort == "unsent" else None

    def _after(self, wait: timedelta) -> datetime:
        """The moment after a wait: in UTC, since adding in a zone would add to what its clocks show."""
        return (self.now.astimezone(UTC) + wait).astimezone(self.now.tzinfo)

    def _receipt(
        self,
        entry: ChannelEntry,
        message: Message,
        part: Part,
        answer: Answer,
        again: datetime | None = None,
    ) -> Receipt:
        return Receipt(
            channel=entry.id,
            notices=tuple(self._id(seq, entry.id) for seq in message.notices),
            state=answer.sort,
            part=part.number,
            parts=len(message.parts),
            to=named_recipient(json.loads(part.payload)),
            why=answer.why,
            next=again,
        )

    def _without_channel(self) -> Iterator[Receipt]:
        """Notices that were routed to channels which the file does not have any more."""
        known = set(self.channels.ids)
        gone: dict[str, set[int]] = {}
        for message in self.outbox.messages("pending"):
            if message.channel not in known:
                gone.setdefault(message.channel, set()).update(message.notices)
        seen = {seq for seqs in gone.values() for seq in seqs}
        seen |= {each.seq for each in self.outbox.unrouted()}
        for name in known:
            seen |= {each.seq for each in self.outbox.waiting(name)}
            seen |= {seq for each in self.outbox.messages("pending", name) for seq in each.notices}
        lost = {each.seq for each in self.outbox.pending()} - seen
        if lost:
            gone[""] = lost
        for channel, seqs in gone.items():
            ids = tuple(self._id(seq, channel) for seq in sorted(seqs))
            why = phrase("notify.answers.no-channel", channel=channel or "–")
            yield Receipt(channel=channel, notices=ids, state="unsent", why=why)
