"""What the outbox of a store must do: bring each notice to each of its channels, once, whatever happens meanwhile."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from coopgov.cases.store.protocol import Message, Part
from coopgov.errors import ArgumentError
from coopgov.locales import all_of, phrase
from coopgov.testing.stores.expecting import raises, same
from coopgov.testing.stores.steps import answering, first_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coopgov.cases.store.protocol import Posted, Store

    Opened = Callable[[str], Store]

__all__ = ["OUTBOX_CHECKS"]

NOW = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def _numbers(posted: Iterable[Posted]) -> list[int]:
    return [each.seq for each in posted]


def notices_wait_until_they_are_routed(opened: Opened) -> None:
    """Each notice is in the outbox under the number of its row in the log, until its channels are decided."""
    store = opened("routing")
    step = store.update(lambda _: first_day(3))
    posted = store.outbox.unrouted()
    same([each.notice for each in posted], list(step.notices))
    logged = {entry.seq: entry.what for entry in store.log()}
    same([logged[each.seq] for each in posted], list(step.notices))
    first, second, third = _numbers(posted)
    store.outbox.route({first: ["group", "board", "group"], second: ["board"], third: []})
    store.outbox.route({first: ["elsewhere"], 999: ["board"]})
    same(_numbers(store.outbox.unrouted()), [])
    same(_numbers(store.outbox.waiting("group")), [first])
    same(_numbers(store.outbox.waiting("board")), [first, second])
    same(_numbers(store.outbox.waiting("elsewhere")), [])
    same(_numbers(store.outbox.pending()), [first, second])
    store.close()


def a_message_is_formed_once(opened: Opened) -> None:
    """Its parts are stored before anything is sent; a notice is in one message of a channel."""
    store, other = opened("forming"), opened("forming")
    store.update(lambda _: first_day(3))
    first, second, third = _numbers(store.outbox.unrouted())
    store.outbox.route({seq: ["board"] for seq in (first, second, third)})
    same(store.outbox.form("m1", "board", [first, second], ["part one", "第二部分 \x00"]), True)
    same(other.outbox.form("m2", "board", [second, third], ["twice"]), False)
    same(other.outbox.form("m1", "board", [third], ["the same id"]), False)
    same(other.outbox.form("m3", "group", [third], ["not routed there"]), False)
    message = Message("m1", "board", (first, second), (Part(1, "part one"), Part(2, "第二部分 \x00")))
    same(list(other.outbox.messages()), [message])
    same(list(other.outbox.messages(channel="group")), [])
    same(_numbers(other.outbox.waiting("board")), [third])
    same(_numbers(other.outbox.pending()), [first, second, third])
    other.close()
    store.close()


def a_message_is_tried_until_it_arrives(opened: Opened) -> None:
    """A try is counted before it is made; parts that arrived stay delivered; the last one settles the message."""
    store = opened("trying")
    store.update(lambda _: first_day(1))
    (seq,) = _numbers(store.outbox.unrouted())
    store.outbox.route({seq: ["board"]})
    store.outbox.form("m", "board", [seq], ["one", "two"])
    raises(ArgumentError, lambda: store.outbox.attempt("m", now=datetime(2026, 10, 1), again=LATER))  # noqa: DTZ001
    tried = store.outbox.attempt("m", now=NOW, again=LATER)
    same((tried and tried.tries, tried and tried.again), (1, LATER))
    store.outbox.delivered("m", 1, "receipt 1")
    store.outbox.delivered("m", 1, "receipt again")
    store.outbox.failed("m", again=LATER + timedelta(minutes=5), why="busy")
    same(store.outbox.attempt("m", now=LATER, again=LATER), None)
    same(store.outbox.attempt("none", now=LATER, again=LATER), None)
    (message,) = store.outbox.messages()
    same(
        (message.why, message.tries, message.parts),
        ("busy", 1, (Part(1, "one", "receipt 1"), Part(2, "two"))),
    )
    store.outbox.attempt("m", now=LATER + timedelta(minutes=5), again=LATER + timedelta(hours=1))
    store.outbox.delivered("m", 2, "receipt 2")
    (message,) = store.outbox.messages("delivered")
    same((message.state, message.tries, message.why), ("delivered", 2, ""))
    same(store.outbox.attempt("m", now=LATER + timedelta(days=1), again=LATER), None)
    same(_numbers(store.outbox.pending()), [])
    store.close()


def a_try_that_is_not_counted_is_taken_back(opened: Opened) -> None:
    """It counts no more, and the message is tried again from the time that was given."""
    store = opened("uncounted")
    store.update(lambda _: first_day(1))
    (seq,) = _numbers(store.outbox.unrouted())
    store.outbox.route({seq: ["board"]})
    store.outbox.form("m", "board", [seq], ["one"])
    for _ in range(2):
        store.outbox.attempt("m", now=NOW, again=LATER)
        store.outbox.failed("m", again=NOW, why="not set up", counted=False)
        (message,) = store.outbox.messages()
        same((message.tries, message.again, message.why), (0, NOW, "not set up"))
    store.close()


def a_reason_keeps_its_languages(opened: Opened) -> None:
    """Why a try failed is said in the language of whoever asks, with what its placeholders stand for."""
    store = opened("reasons")
    store.update(lambda _: first_day(1))
    (seq,) = _numbers(store.outbox.unrouted())
    store.outbox.route({seq: ["board"]})
    store.outbox.form("m", "board", [seq], ["one"])
    names = all_of([phrase("common.nothing"), "a {b}"])
    why = phrase("common.found", found=names, expected=phrase("common.more", more=3))
    store.outbox.attempt("m", now=NOW, again=LATER)
    store.outbox.failed("m", again=None, why=why)
    (message,) = store.outbox.messages("undeliverable")
    for language in ("en", "zh-Hans", "zh-Hant"):
        same(message.why.in_language(language), why.in_language(language))
    same((message.why, message.why.key), (str(why), why.key))
    store.close()


def what_was_tried_lately_is_found(opened: Opened) -> None:
    """Of one channel, in any state, by when its last try had it wait for the next."""
    store = opened("lately")
    store.update(lambda _: first_day(3))
    numbers = _numbers(store.outbox.unrouted())
    store.outbox.route({seq: ["board", "group"] for seq in numbers})
    ends = [LATER, LATER + timedelta(minutes=5), LATER + timedelta(minutes=9)]
    states = ("delivered", "undeliverable", "pending")
    for name, seq, again in zip(states, numbers, ends, strict=True):
        store.outbox.form(name, "board", [seq], ["one"])
        store.outbox.form(f"{name} elsewhere", "group", [seq], ["one"])
        store.outbox.attempt(name, now=NOW, again=again)
    store.outbox.delivered("delivered", 1, "receipt")
    store.outbox.failed("undeliverable", again=None, why="93000")
    found = store.outbox.tried("board", NOW)
    same([(each.id, each.state, each.again) for each in found], [*zip(states, states, ends, strict=True)])
    same([each.id for each in store.outbox.tried("board", LATER)], ["undeliverable", "pending"])
    same(list(store.outbox.tried("group", NOW)), [])
    raises(ArgumentError, lambda: store.outbox.tried("board", datetime(2026, 10, 1)))  # noqa: DTZ001
    store.close()


def one_of_two_runs_tries(opened: Opened) -> None:
    """Two runs at one time: the second finds that the message is being tried."""
    store, other = opened("runs"), opened("runs")
    store.update(lambda _: first_day(1))
    (seq,) = _numbers(store.outbox.unrouted())
    store.outbox.route({seq: ["board"]})
    store.outbox.form("m", "board", [seq], ["one"])
    tries = [each.outbox.attempt("m", now=NOW, again=LATER) for each in (store, other)]
    same([each is not None for each in tries], [True, False])
    elsewhere = LATER.astimezone(None)
    same(other.outbox.attempt("m", now=elsewhere, again=LATER + timedelta(hours=1)) is not None, True)
    other.close()
    store.close()


def what_never_arrives_is_undeliverable(opened: Opened) -> None:
    """It is pending no more, and says why."""
    store = opened("undeliverable")
    store.update(lambda _: first_day(1))
    (seq,) = _numbers(store.outbox.unrouted())
    store.outbox.route({seq: ["board"]})
    store.outbox.form("m", "board", [seq], ["one"])
    store.outbox.attempt("m", now=NOW, again=LATER)
    store.outbox.failed("m", again=None, why="93000")
    (message,) = store.outbox.messages("undeliverable")
    same((message.id, message.why, message.tries), ("m", "93000", 1))
    same(_numbers(store.outbox.pending()), [])
    store.close()


def redaction_reaches_what_was_sent(opened: Opened) -> None:
    """What was delivered loses its text; what is still on its way is formed again, without the text."""
    store = opened("sent")
    store.update(lambda _: first_day(2))
    store.update(answering(0, "secret"))
    store.update(answering(1, "open"))
    posted = store.outbox.unrouted()
    store.outbox.route({each.seq: ["board", "group"] for each in posted})
    about, other = _numbers(posted)[2:]
    store.outbox.form("sent", "board", [about], ["secret"])
    store.outbox.form("waiting", "group", [about, other], ["secret", "open"])
    store.outbox.form("other", "board", [other], ["open"])
    store.outbox.attempt("sent", now=NOW, again=LATER)
    store.outbox.delivered("sent", 1, "ok")
    row = next(e.seq for e in store.log() if getattr(e.what, "note", None) == "secret")
    store.redact(row, by="dpo", reason="a request", at=date(2026, 11, 1))
    same([each.parts[0].payload for each in store.outbox.messages("delivered")], [""])
    same([each.id for each in store.outbox.messages()], ["other"])
    same(_numbers(store.outbox.waiting("group")), _numbers(posted))
    store.verify()
    store.close()


OUTBOX_CHECKS = (
    notices_wait_until_they_are_routed,
    a_message_is_formed_once,
    a_message_is_tried_until_it_arrives,
    a_try_that_is_not_counted_is_taken_back,
    a_reason_keeps_its_languages,
    what_was_tried_lately_is_found,
    one_of_two_runs_tries,
    what_never_arrives_is_undeliverable,
    redaction_reaches_what_was_sent,
)
