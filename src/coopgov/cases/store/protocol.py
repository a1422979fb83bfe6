"""What a store of cases does, and what its outbox does: the protocols that hosts can implement themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from coopgov.locales import verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from coopgov.cases.cases import Cases
    from coopgov.cases.change import CaseChange, Step
    from coopgov.cases.notice import Notice
    from coopgov.cases.store.chain import Head
    from coopgov.locales import Phrase

__all__ = [
    "DeliveryState",
    "LogEntry",
    "Message",
    "Outbox",
    "Part",
    "Posted",
    "Redaction",
    "Store",
]

DeliveryState = Literal["pending", "delivered", "undeliverable"]
"""How far a message has come."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """Somebody blacked out the free texts of the row `row` of the log, and every other text that quoted them."""

    row: int
    by: str
    reason: str
    hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One row of the log as people read it.

    `seq` counts from 1, `at` is when it was recorded, an ISO date or time, and `hash` ends the chain up to this row.
    """

    seq: int
    at: str
    what: CaseChange | Notice | Redaction
    hash: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice in the outbox; `seq` is the number of its row in the log, which no other notice has."""

    seq: int
    notice: Notice


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message: its number from 1, what is sent, and the channel's receipt once it is delivered."""

    number: int
    payload: str
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was formed once: its channel, its notices by `seq`, and its parts.

    `tries` counts the tries so far, also one that never came back. It is not tried again before `again`, which each try
    sets and which stays when the message is settled (None: it was never tried). `why` says why the last try failed.
    """

    id: str
    channel: str
    notices: tuple[int, ...]
    parts: tuple[Part, ...]
    state: DeliveryState = "pending"
    tries: int = 0
    again: datetime | None = None
    why: Phrase = field(default_factory=lambda: verbatim(""))


class Outbox(Protocol):
    """Notices on their way to people: every call is one transaction, and what it returned is on disk.

    A notice is *unrouted* until `route` names its channels; then it *waits* at each of them until `form` puts it into
    a message; the message is *pending* until it is delivered or undeliverable. So a run that is killed anywhere
    repeats at most the part that it was sending.
    """

    def unrouted(self) -> Sequence[Posted]:
        """Return the notices whose channels have not been decided, oldest first."""
        ...

    def route(self, channels: Mapping[int, Sequence[str]]) -> None:
        """Decide the channels of notices, once: a notice that is routed already stays as it is.

        A notice with no channels counts as settled, so leave out what must be reported again.
        """
        ...

    def waiting(self, channel: str) -> Sequence[Posted]:
        """Return the notices that wait at a channel and are in no message yet, oldest first."""
        ...

    def form(self, message: str, channel: str, notices: Sequence[int], payloads: Sequence[str]) -> bool:
        """Store a message with its parts; False, and nothing stored, where one of its notices no longer waits."""
        ...

    def messages(self, state: DeliveryState = "pending", channel: str | None = None) -> Sequence[Message]:
        """Return the messages in a state, of one channel or of all, in the order in which they were formed."""
        ...

    def tried(self, channel: str, after: datetime) -> Sequence[Message]:
        """Return the messages of a channel, in any state, whose `again` is later than a time, oldest first."""
        ...

    def attempt(self, message: str, *, now: datetime, again: datetime) -> Message | None:
        """Count a try before it is made, and return the message; None where it is not due or not pending.

        Until `again` no other run tries it, so two runs at one time do not send a message twice.
        """
        ...

    def delivered(self, message: str, part: int, receipt: str) -> None:
        """Record that a part arrived; after the last one the message is delivered."""
        ...

    def failed(self, message: str, *, again: datetime | None, why: str, counted: bool = True) -> None:
        """Record why a try failed, and from when the message is tried again; None: it is undeliverable.

        A phrase as the reason keeps its languages. A try that is not `counted` is taken back: nothing was sent, or
        everything that was sent arrived.
        """
        ...

    def pending(self) -> Sequence[Posted]:
        """Return the notices that are not settled: unrouted, waiting, or in a pending message."""
        ...


class Store(Protocol):
    """Keeps the cases of one agreement: what a call returned is on disk, and what it raised left no trace.

    Errors are a `StoreError`, which names the store. A store may be used by many processes and threads at once.
    """

    @property
    def name(self) -> str:
        """The path or address, without a password."""
        ...

    def read(self) -> Cases | None:
        """Return the cases as they are now, or None before the first step."""
        ...

    def update(self, step: Callable[[Cases | None], Step], *, at: date | datetime | None = None) -> Step:
        """Record a step: all of it in one transaction, or nothing.

        `step` receives the cases as they are now, and nobody else writes until its result is recorded. A step with no
        changes writes nothing. A step that was made of other cases is refused, so that nobody's change is lost.

        Args:
            step: Returns what `advance`, `catch_up` or `answer` gives for the cases.
            at: What the log says as the time of recording; without it, the day of each change.

        Returns:
            The step, with the cases as they are now.

        Raises:
            StaleRevisionError: The step rests on cases that somebody else changed meanwhile.
            OtherAgreementError: The step is about another agreement.
        """
        ...

    def log(self, *, case: str | None = None, after: int = 0) -> Iterator[LogEntry]:
        """Yield the rows of the log in order, of one case or of all, from the row after a number."""
        ...

    def verify(self, head: str | None = None) -> Head:
        """Check every row of the log, every free text, and that the cases are what the log makes of them.

        Args:
            head: A hash that `verify` or `log` gave at any earlier time: the log must still contain it.

        Returns:
            The number and the hash of the last row.

        Raises:
            BrokenLogError: A row, a text or a case is not as it was written, or rows are missing.
        """
        ...

    def redact(self, row: int, *, by: str, reason: str, at: date | datetime) -> None:
        """Black out the free texts of a row of the log, wherever they are, and log that it was done.

        Every other text of the case that quotes one of them is blacked out, too. The chain stays valid.

        Raises:
            NoFreeTextError: The row has none, or does not exist.
        """
        ...

    @property
    def outbox(self) -> Outbox:
        """The notices on their way."""
        ...

    def close(self) -> None:
        """Give back what the store holds open."""
        ...
