"""The outbox in the tables of a store: which notices are on their way, and how far they have come."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from coopgov.cases.notice import Notice
from coopgov.cases.store.damage import readable
from coopgov.cases.store.database import canonical
from coopgov.cases.store.ledger import data_of
from coopgov.cases.store.protocol import Message, Part, Posted
from coopgov.errors import ArgumentError
from coopgov.locales import phrase, phrase_of, plain_phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.cases.store.database import Database, Rows
    from coopgov.cases.store.protocol import DeliveryState

__all__ = ["SqlOutbox"]

_UNROUTED = "select seq from outbox where routed = 0"
_WAITING = "select seq from deliveries where channel = ? and message is null"
_PENDING = (
    "select seq from outbox where routed = 0 union select seq from deliveries where message is null union "
    "select d.seq from deliveries d join messages m on m.id = d.message where m.state = 'pending'"
)


class SqlOutbox:
    """The outbox of a database; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unrouted(self) -> Sequence[Posted]:
        """Return the notices whose channels have not been decided, oldest first."""
        return self._posted(_UNROUTED)

    def waiting(self, channel: str) -> Sequence[Posted]:
        """Return the notices that wait at a channel and are in no message yet, oldest first."""
        return self._posted(_WAITING, channel)

    def pending(self) -> Sequence[Posted]:
        """Return the notices that are not settled: unrouted, waiting, or in a pending message."""
        return self._posted(_PENDING)

    def _posted(self, which: str, *values: Any) -> tuple[Posted, ...]:
        sql = f"select seq, data from log where kind = 'notice' and seq in ({which}) order by seq"  # noqa: S608
        with self._database.reading() as rows, readable(self._database.name):
            posted = [(seq, data_of(rows, data)) for seq, data in rows.execute(sql, *values)]
            return tuple(Posted(int(seq), Notice.from_dict(data)) for seq, data in posted)

    def route(self, channels: Mapping[int, Sequence[str]]) -> None:
        """Decide the channels of notices, once: a notice that is routed already stays as it is."""
        with self._database.writing() as rows:
            for seq, names in channels.items():
                if not rows.execute("select 1 from outbox where seq = ? and routed = 0", seq):
                    continue
                rows.execute("update outbox set routed = 1 where seq = ?", seq)
                for name in dict.fromkeys(names):
                    rows.execute("insert into deliveries (seq, channel) values (?, ?)", seq, name)

    def form(self, message: str, channel: str, notices: Sequence[int], payloads: Sequence[str]) -> bool:
        """Store a message with its parts; False, and nothing stored, where one of its notices no longer waits."""
        with self._database.writing() as rows:
            waits = {seq for (seq,) in rows.execute(_WAITING, channel)}
            if not set(notices) <= waits or rows.execute("select 1 from messages where id = ?", message):
                return False
            rows.execute(
                "insert into messages (id, channel, state) values (?, ?, 'pending')", message, channel
            )
            for number, payload in enumerate(payloads, start=1):
                values = message, number, canonical(payload)
                rows.execute("insert into parts (message, number, payload) values (?, ?, ?)", *values)
            for seq in notices:
                sql = "update deliveries set message = ? where seq = ? and channel = ?"
                rows.execute(sql, message, seq, channel)
        return True

    def messages(self, state: DeliveryState = "pending", channel: str | None = None) -> Sequence[Message]:
        """Return the messages in a state, of one channel or of all, in the order in which they were formed."""
        sql = "select id from messages where state = ? and (channel = ? or ? = '') order by number"
        with self._database.reading() as rows, readable(self._database.name):
            ids = rows.execute(sql, state, channel or "", channel or "")
            return tuple(_message(rows, each) for (each,) in ids)

    def tried(self, channel: str, after: datetime) -> Sequence[Message]:
        """Return the messages of a channel, in any state, whose `again` is later than a time, oldest first."""
        sql = "select id from messages where channel = ? and again > ? order by number"
        with self._database.reading() as rows, readable(self._database.name):
            return tuple(_message(rows, each) for (each,) in rows.execute(sql, channel, _utc("after", after)))

    def attempt(self, message: str, *, now: datetime, again: datetime) -> Message | None:
        """Count a try before it is made, and return the message; None where it is not due or not pending."""
        due, later = _utc("now", now), _utc("again", again)
        sql = "select 1 from messages where id = ? and state = 'pending' and (again is null or again <= ?)"
        with self._database.writing() as rows, readable(self._database.name):
            if not rows.execute(sql, message, due):
                return None
            rows.execute("update messages set tries = tries + 1, again = ? where id = ?", later, message)
            return _message(rows, message)

    def delivered(self, message: str, part: int, receipt: str) -> None:
        """Record that a part arrived; after the last one the message is delivered."""
        left = "select 1 from parts where message = ? and receipt is null"
        with self._database.writing() as rows:
            sql = "update parts set receipt = ? where message = ? and number = ? and receipt is null"
            rows.execute(sql, canonical(receipt), message, part)
            if not rows.execute(left, message):
                rows.execute("update messages set state = 'delivered', why = '' where id = ?", message)

    def failed(self, message: str, *, again: datetime | None, why: str, counted: bool = True) -> None:
        """Record why a try failed, and from when the message is tried again; None: it is undeliverable."""
        later = None if again is None else _utc("again", again)
        state = "undeliverable" if again is None else "pending"
        sql = (
            "update messages set state = ?, again = coalesce(?, again), why = ?, tries = tries - ? "
            "where id = ? and state = 'pending'"
        )
        said = canonical(plain_phrase(why))
        with self._database.writing() as rows:
            rows.execute(sql, state, later, said, int(not counted), message)


def _message(rows: Rows, message: str) -> Message:
    """A message with its notices and parts."""
    sql = "select channel, state, tries, again, why from messages where id = ?"
    ((channel, state, tries, again, why),) = rows.execute(sql, message)
    notices = rows.execute("select seq from deliveries where message = ? order by seq", message)
    parts = rows.execute(
        "select number, payload, receipt from parts where message = ? order by number", message
    )
    return Message(
        message,
        channel,
        tuple(int(seq) for (seq,) in notices),
        tuple(
            Part(number, json.loads(text), None if got is None else json.loads(got))
            for number, text, got in parts
        ),
        state,
        tries,
        None if again is None else datetime.fromisoformat(again),
        phrase_of(json.loads(why) if why else ""),
    )


def _utc(argument: str, moment: datetime) -> str:
    """A time as it is stored: in UTC and of one length, so that texts sort by time."""
    if moment.tzinfo is None:
        raise ArgumentError(argument, moment, phrase("store.expected.time-with-zone"))
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
