"""Delivery from the outbox of a store: at least once, with waits over runs, and nothing lost silently."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopgov.cases.store import open_store
from coopgov.notify import deliver, parse_channels
from coopgov.testing.stores.steps import first_day
from notify.notices import NOW, notice, one_channel
from notify.servers import answer, cut, service
from notify.test_smtp import mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from coopgov.cases.notice import Notice
    from coopgov.cases.store import SqlStore
    from coopgov.notify import Channels, Receipt
    from notify.servers import Service

pytest.importorskip("httpx", reason="needs httpx: pip install coopgov[notify]")

OK = answer({"errcode": 0})
MINUTE = timedelta(minutes=1)
SATURDAY = NOW + timedelta(days=5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store."""
    with open_store(tmp_path / "cases.db", durability="normal") as opened:
        yield opened


def _post(store: SqlStore, *notices: Notice) -> None:
    """Put notices into the outbox, as a step would."""
    made = first_day(len(notices))
    ids = [case.id for case in made.cases]
    named = tuple(replace(each, case=name) for each, name in zip(notices, ids, strict=True))
    store.update(lambda _: replace(made, notices=named))


def _run(
    store: SqlStore, channels: Channels, running: Service, now: datetime = NOW, only: str | None = None
) -> list[tuple[str, str]]:
    """Deliver, and return the channel and the state of each receipt."""
    return [(each.channel, each.state) for each in _receipts(store, channels, running, now, only)]


def _receipts(
    store: SqlStore, channels: Channels, running: Service, now: datetime = NOW, only: str | None = None
) -> tuple[Receipt, ...]:
    return deliver(store.outbox, channels, now=now, environment={"URL": running.address}, only=only)


def test_what_is_delivered_is_not_sent_again(store: SqlStore) -> None:
    """The second run finds nothing to do."""
    _post(store, notice())
    with service(OK) as running:
        assert _run(store, one_channel("wecom"), running) == [("one", "delivered")]
        assert _run(store, one_channel("wecom"), running, NOW + MINUTE) == []
    assert len(running.seen) == 1
    assert store.outbox.pending() == ()


def test_four_waits_then_undeliverable(store: SqlStore) -> None:
    """It is tried at once, then after 1, 5 and 30 minutes and 4 hours, and not a second earlier."""
    _post(store, notice())
    now = NOW
    with service(answer({}, 500)) as running:
        for wait in (1, 5, 30, 240):
            (receipt,) = _receipts(store, one_channel("webhook"), running, now)
            assert (receipt.state, receipt.next) == ("again", now + wait * MINUTE)
            early = now + wait * MINUTE - timedelta(seconds=1)
            (waiting,) = _receipts(store, one_channel("webhook"), running, early)
            assert (waiting.state, waiting.next) == ("again", now + wait * MINUTE)
            now += wait * MINUTE
        (last,) = _receipts(store, one_channel("webhook"), running, now)
        assert (last.state, str(last.why)) == (
            "refused",
            "after 5 tries: status 500: a fault of the service",
        )
        assert _run(store, one_channel("webhook"), running, now + timedelta(days=1)) == []
    assert len(running.seen) == 5
    (lost,) = store.outbox.messages("undeliverable")
    assert lost.why == "after 5 tries: status 500: a fault of the service"


def test_every_try_has_the_same_key(store: SqlStore) -> None:
    """So the receiver can drop a second copy."""
    _post(store, notice(), notice())
    with service(cut, answer({})) as running:
        _run(store, one_channel("webhook"), running)
        assert _run(store, one_channel("webhook"), running, NOW + MINUTE) == [("one", "delivered")]
    first, second = running.seen
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.body == second.body


def test_dingtalk_is_left_alone_for_ten_minutes(store: SqlStore) -> None:
    """A robot that is limited stays limited for ten minutes, so the first wait is as long."""
    _post(store, notice())
    with service(answer({"errcode": 130101})) as running:
        (receipt,) = _receipts(store, one_channel("dingtalk"), running)
    assert receipt.next == NOW + 10 * MINUTE


def test_a_busy_wecom_is_tried_three_times_more(store: SqlStore) -> None:
    """Then it is undeliverable, one try earlier than otherwise."""
    _post(store, notice())
    with service(answer({"errcode": -1})) as running:
        states = [
            _run(store, one_channel("wecom"), running, NOW + timedelta(hours=5 * at)) for at in range(5)
        ]
    assert [each[0][1] for each in states if each] == ["again", "again", "again", "refused"]
    assert len(running.seen) == 4


def _long(lines: int) -> Notice:
    """A notice with many lines, which needs several parts."""
    from coopgov.schema import LocalText

    said = "\n".join(f"line {number} of a long message for everybody" for number in range(lines))
    return notice(text=LocalText((("en", said),)))


def test_only_parts_that_were_not_delivered_are_tried_again(store: SqlStore) -> None:
    """The second of three parts fails: the next run begins with it, and the texts are the same."""
    _post(store, _long(230))
    with service(OK, answer({}, 500), OK) as running:
        assert _run(store, one_channel("wecom"), running) == [("one", "delivered"), ("one", "again")]
        later = _run(store, one_channel("wecom"), running, NOW + MINUTE)
        assert later == [("one", "delivered")] * 2
    heads = [each.json["markdown"]["content"].split("\n")[0] for each in running.seen]
    assert [head[-6:-3] for head in heads] == ["1/3", "2/3", "2/3", "3/3"]
    assert running.seen[1].body == running.seen[2].body


def test_a_refused_part_stops_the_rest(store: SqlStore) -> None:
    """The message is undeliverable, and what follows is not sent without what comes before it."""
    _post(store, _long(230))
    with service(OK, answer({"errcode": 40058}), OK) as running:
        assert _run(store, one_channel("wecom"), running) == [("one", "delivered"), ("one", "refused")]
        assert _run(store, one_channel("wecom"), running, NOW + timedelta(days=1)) == []
    assert len(running.seen) == 2
    assert len(store.outbox.messages("undeliverable")) == 1


def test_parts_are_formed_once(store: SqlStore) -> None:
    """Another language in the file changes later messages, and none that was begun."""
    _post(store, notice())
    with service(answer({}, 500), OK) as running:
        _run(store, one_channel("wecom"), running)
        _run(store, one_channel("wecom", rest="language: {one: zh-Hans}"), running, NOW + MINUTE)
    assert running.seen[0].body == running.seen[1].body


def test_what_exceeds_the_rate_waits_for_the_next_run(store: SqlStore) -> None:
    """WeCom takes 20 parts a minute: the worst notices go first, the others with the next run."""
    _post(store, *(replace(_long(80), severity="minor") for _ in range(24)), notice(severity="critical"))
    with service(OK) as running:
        first = _run(store, one_channel("wecom"), running)
        sent = len(running.seen)
        second = _run(store, one_channel("wecom"), running, NOW + MINUTE)
    assert first.count(("one", "delivered")) == sent <= 20
    assert ("one", "again") in first
    assert set(second) == {("one", "delivered")}
    assert "critical" in running.seen[0].json["markdown"]["content"].split("\n")[0]
    lines = Counter(line for each in running.seen for line in each.json["markdown"]["content"].split("\n"))
    assert lines["> line 79 of a long message for everybody"] == 24


def test_a_daily_digest_has_one_message_a_day(store: SqlStore) -> None:
    """What comes later waits for the next day; critical notices do not wait."""
    channels = one_channel("webhook", rest="digest: daily")
    _post(store, notice())
    with service(answer({})) as running:
        assert _run(store, channels, running) == [("one", "delivered")]
        _again(store, notice())
        assert _run(store, channels, running, NOW + MINUTE) == [("one", "held")]
        _again(store, notice(severity="critical"))
        assert _run(store, channels, running, NOW + 2 * MINUTE) == [("one", "held"), ("one", "delivered")]
        assert _run(store, channels, running, NOW + timedelta(days=1)) == [("one", "delivered")]
    assert len(running.seen) == 3


def _again(store: SqlStore, *notices: Notice) -> None:
    """Put more notices into the outbox, with a change that does nothing else."""
    from coopgov.testing.stores.steps import answered, of

    def step(now: object) -> object:
        made = answered(of(now), 0)  # type: ignore[arg-type]
        return replace(made, notices=tuple(replace(each, case=made.cases.cases[0].id) for each in notices))

    store.update(step)  # type: ignore[arg-type]


def test_a_weekly_digest_has_one_message_a_week(store: SqlStore) -> None:
    """Monday's message is followed by that of the next Monday."""
    channels = one_channel("webhook", rest="digest: weekly")
    _post(store, notice())
    with service(answer({})) as running:
        _run(store, channels, running)
        _again(store, notice())
        states = [_run(store, channels, running, NOW + timedelta(days=day))[0][1] for day in (1, 6, 7)]
    assert states == ["held", "held", "delivered"]


def test_a_quiet_weekend_holds_all_but_critical(store: SqlStore) -> None:
    """Held notices are in the first message of the next working day."""
    channels = one_channel("webhook", rest="quiet: {weekend: hold}")
    _post(store, notice(), notice(severity="critical"))
    with service(answer({})) as running:
        assert _run(store, channels, running, SATURDAY) == [("one", "held"), ("one", "delivered")]
        assert _run(store, channels, running, SATURDAY + timedelta(days=1)) == [("one", "held")]
        assert _run(store, channels, running, SATURDAY + timedelta(days=2)) == [("one", "delivered")]


def test_what_no_route_takes_is_reported_in_each_run(store: SqlStore) -> None:
    """Until a route takes it; then it is sent."""
    severe = parse_channels(
        "coopgov: channels/1\nchannels: [{id: one, kind: webhook, url: env:URL}]\n"
        "routes: [{severity: critical, to: [one]}]\n"
    )
    _post(store, notice())
    with service(answer({})) as running:
        assert _run(store, severe, running) == [("", "unrouted")]
        assert _run(store, severe, running) == [("", "unrouted")]
        assert _run(store, one_channel("webhook"), running) == [("one", "delivered")]


def test_a_missing_secret_uses_up_no_try(store: SqlStore) -> None:
    """The channel is not set up: whenever it is, the message goes."""
    _post(store, notice())
    channels = one_channel("webhook")
    for day in range(10):
        (receipt,) = deliver(store.outbox, channels, now=NOW + timedelta(days=day), environment={})
        assert (receipt.state, str(receipt.why)) == ("unsent", "nothing is at env:URL")
    with service(answer({})) as running:
        assert _run(store, channels, running, NOW + timedelta(days=10)) == [("one", "delivered")]


def test_what_was_routed_to_a_channel_that_is_gone_is_reported(store: SqlStore) -> None:
    """Renaming a channel loses nothing silently, neither what waits nor what is tried again."""
    _post(store, notice())
    other = parse_channels(
        "coopgov: channels/1\nchannels: [{id: two, kind: webhook, url: env:URL}]\nroutes: [{to: [two]}]\n"
    )
    with service(answer({}, 500)) as running:
        _run(store, one_channel("webhook"), running)
        assert _run(store, other, running) == [("one", "unsent")]


def test_only_one_channel_can_be_used(store: SqlStore) -> None:
    """The others wait for a run without that choice."""
    two = parse_channels(
        "coopgov: channels/1\nchannels:\n  - {id: one, kind: webhook, url: env:URL}\n"
        "  - {id: two, kind: webhook, url: env:URL}\n"
        "routes: [{to: [one, two]}]\n"
    )
    _post(store, notice())
    with service(answer({})) as running:
        assert _run(store, two, running, only="two") == [("two", "delivered")]
        assert _run(store, two, running) == [("one", "delivered")]


def test_two_runs_at_one_time_do_not_send_twice(store: SqlStore, tmp_path: Path) -> None:
    """While one run waits for the service, a second one leaves the message alone."""
    _post(store, notice())
    states: list[list[tuple[str, str]]] = []
    with service(answer({})) as running:

        def meanwhile(connection: object) -> None:
            with open_store(tmp_path / "cases.db") as second:
                states.append(_run(second, one_channel("webhook"), running))
            connection.sendall(answer({}))  # type: ignore[attr-defined]

        running.replies[:] = [meanwhile]
        states.append(_run(store, one_channel("webhook"), running))
    assert states == [[("one", "again")], [("one", "delivered")]]
    assert len(running.seen) == 1


def test_a_notice_of_many_parts_keeps_to_the_rate(store: SqlStore) -> None:
    """More parts than a run may have: the first 20, then the others."""
    _post(store, _long(2600))
    with service(OK) as running:
        first = _run(store, one_channel("wecom"), running)
        second = _run(store, one_channel("wecom"), running, NOW + MINUTE)
    assert first == [*[("one", "delivered")] * 20, ("one", "again")]
    assert set(second) == {("one", "delivered")}
    assert store.outbox.pending() == ()
    lines = [line for each in running.seen for line in each.json["markdown"]["content"].split("\n")]
    assert [line for line in lines if line.startswith("> line ")] == [
        f"> line {number} of a long message for everybody" for number in range(1, 2600)
    ]


_MAIL = parse_channels(
    "coopgov: channels/1\nchannels:\n"
    "  - {id: board, kind: email, to: [a, b], from: c@example.org, server: env:SMTP}\n"
    "routes: [{to: [board]}]\npeople: {a: {email: env:A}, b: {email: env:B}}\n"
)


def _mailed(store: SqlStore, address: str, day: int, **secrets: str) -> list[tuple[str | None, str]]:
    known = {"SMTP": address, **secrets}
    found = deliver(store.outbox, _MAIL, now=NOW + timedelta(days=day), environment=known)
    return [(each.to, each.state) for each in found]


def test_each_recipient_of_an_e_mail_has_its_own_outcome(store: SqlStore) -> None:
    """One without an address waits for as long as it takes, one that is refused is settled, one has it once."""
    _post(store, notice())
    with mail_server({"b@example.org": "550 no"}) as (mailbox, address):
        for day in range(8):
            states = _mailed(store, address, day, B="b@example.org")
            assert states == [("env:A", "unsent")] + ([("env:B", "refused")] if not day else [])
        assert _mailed(store, address, 8, A="a@example.org") == [("env:A", "delivered")]
        assert _mailed(store, address, 9, A="a@example.org") == []
    assert [each[1] for each in mailbox.arrived] == [["a@example.org"]]
    assert store.outbox.pending() == ()


def test_an_e_mail_that_nobody_accepts_is_undeliverable(store: SqlStore) -> None:
    """Each refusal is reported, and the message is kept among those that nobody has received."""
    _post(store, notice())
    with mail_server({"a@example.org": "550 no", "b@example.org": "550 no"}) as (_, address):
        states = _mailed(store, address, 0, A="a@example.org", B="b@example.org")
    assert states == [("env:A", "refused"), ("env:B", "refused")]
    assert len(store.outbox.messages("undeliverable")) == 1


def test_a_channel_that_is_not_set_up_is_not_given_up(store: SqlStore) -> None:
    """An address that may not be reached uses up tries, but nothing is lost when it is put right."""
    _post(store, notice())
    channels = one_channel("webhook")
    for day in range(8):
        found = deliver(
            store.outbox, channels, now=NOW + timedelta(days=day), environment={"URL": "https://10.0.0.1/"}
        )
        assert [each.state for each in found] == ["unsent"]
    with service(*[answer({}, 500)] * 4, answer({})) as running:
        states = [_run(store, channels, running, NOW + timedelta(days=9 + day)) for day in range(5)]
    assert states == [[("one", "again")]] * 4 + [[("one", "delivered")]]


_KILLS = int(os.environ.get("COOPGOV_TEST_KILLS", "10"))
"""How many runs are killed in each way; by hand, 1,000."""
_IN_ONE_STORE = 10


@pytest.mark.parametrize("how", ["mark", "anywhere"])
def test_a_run_that_is_killed_loses_nothing(tmp_path: Path, how: str) -> None:
    """Killed between sending and recording, or at any moment: each notice arrives, with at most one copy a kill."""
    for number in range(_KILLS // _IN_ONE_STORE):
        _killed(tmp_path / f"cases-{number}.db", how, number)


def _killed(path: Path, how: str, seed: int) -> None:
    """Kill ten runs over ten notices in a store of their own."""
    with open_store(path, durability="normal") as opened:
        _post(opened, *(notice() for _ in range(_IN_ONE_STORE)))
    channels = path.with_name("channels.yaml")
    channels.write_text(
        "coopgov: channels/1\nchannels: [{id: bus, kind: cloudevents, url: env:URL}]\nroutes: [{to: [bus]}]\n"
    )
    arguments = [str(path), str(channels), str(_IN_ONE_STORE), how, str(seed)]
    with service(answer({})) as running:
        ran = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("killed.py")), *arguments],
            env={**os.environ, "URL": running.address},
            check=False,
            capture_output=True,
            text=True,
        )
    assert ran.returncode == 0, ran.stderr
    ids = Counter(each.json["id"] for each in running.seen)
    assert len(ids) == _IN_ONE_STORE
    assert len(running.seen) <= 2 * _IN_ONE_STORE
    if how == "mark":
        assert set(ids.values()) == {2}
