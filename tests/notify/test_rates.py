"""What exceeds a channel's rate waits, also when runs follow each other at once, and still all of it arrives."""

from __future__ import annotations

import json
import re
import tempfile
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgov.cases.store import open_store
from coopgov.locales import phrase
from coopgov.notify import Background, deliver, parse_channels, render_notices, send
from coopgov.notify.answer import DELIVERED, Answer
from coopgov.schema import LocalText
from coopgov.testing.stores.steps import first_day
from notify.notices import NOW, notice, one_channel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgov.cases.notice import Notice
    from coopgov.cases.store import SqlStore
    from coopgov.notify import Channels
    from coopgov.notify.channels import ChannelKind

SECOND = timedelta(seconds=1)
RATES = {"wecom": [(20, 60)], "dingtalk": [(20, 60)], "feishu": [(5, 1), (100, 60)]}
SHARED = parse_channels(
    "coopgov: channels/1\nchannels:\n  - {id: one, kind: wecom, url: env:URL}\n"
    "  - {id: two, kind: wecom, url: env:URL}\n  - {id: other, kind: wecom, url: env:OTHER}\n"
    "routes: [{to: [one, two, other]}]\n"
)


class _Robot:
    """Plays a service: notes when it was sent what, and answers as it was set up, else well."""

    def __init__(self, answers: Sequence[Answer] = ()) -> None:
        self.answers = deque(answers)
        self.sent: list[tuple[str, datetime]] = []
        self.arrived: list[str] = []

    def __call__(self, entry: Any, payload: Any, key: str, _secrets: object, now: datetime) -> Answer:
        self.sent.append((entry.id, now))
        answer = self.answers.popleft() if self.answers else DELIVERED
        if answer is DELIVERED:
            self.arrived.append(f"{entry.id} {key} {payload}")
        return answer

    def most_within(self, seconds: int, channels: str = "one two") -> int:
        """The most that it was sent in any time of so many seconds."""
        moments = [now for name, now in self.sent if name in channels.split()]
        return max(sum(each <= now < each + seconds * SECOND for now in moments) for each in moments)


def _long_text(lines: int) -> LocalText:
    said = "\n".join(f"line {number} of a long message for everybody" for number in range(lines))
    return LocalText((("en", said),))


def _long(parts: int) -> Notice:
    """A notice that WeCom takes in about so many parts."""
    return notice(text=_long_text(parts * 78))


@pytest.fixture
def store(tmp_path: Any) -> Iterator[SqlStore]:
    """An empty store."""
    with open_store(tmp_path / "cases.db", durability="normal") as opened:
        yield opened


def _post(store: SqlStore, *notices: Notice) -> None:
    made = first_day(len(notices))
    cases = [case.id for case in made.cases]
    named = tuple(replace(each, case=name) for each, name in zip(notices, cases, strict=True))
    store.update(lambda _: replace(made, notices=named))


def _run(store: SqlStore, robot: _Robot, channels: Channels, now: datetime) -> list[str]:
    known = {"URL": "https://example.org/1", "OTHER": "https://example.org/2"}
    with patch("coopgov.notify.deliver.transmit", robot):
        return [each.state for each in deliver(store.outbox, channels, now=now, environment=known)]


def test_a_second_run_within_the_minute_sends_only_what_is_left_of_the_rate(store: SqlStore) -> None:
    """Twelve parts went at once, so a message of twelve more waits until the minute is over."""
    robot, channels = _Robot(), one_channel("wecom")
    store.outbox.form("one", "one", [], ["{}"] * 12)
    assert _run(store, robot, channels, NOW) == ["delivered"] * 12
    store.outbox.form("another", "one", [], ["{}"] * 12)
    assert _run(store, robot, channels, NOW + 59 * SECOND) == ["again"]
    assert _run(store, robot, channels, NOW + 60 * SECOND) == ["delivered"] * 12


def test_a_message_that_waits_is_not_overtaken(store: SqlStore) -> None:
    """Or a long one would never find room among many short ones."""
    robot, channels = _Robot(), one_channel("wecom")
    store.outbox.form("first", "one", [], ["{}"] * 12)
    store.outbox.form("long", "one", [], ["{}"] * 12)
    store.outbox.form("short", "one", [], ["{}"])
    assert _run(store, robot, channels, NOW) == [*["delivered"] * 12, "again", "again"]
    assert _run(store, robot, channels, NOW + 60 * SECOND) == ["delivered"] * 13


def test_channels_of_one_robot_share_its_rate(store: SqlStore) -> None:
    """Two channels at one address are one robot; another address has a rate of its own."""
    robot = _Robot()
    for name in ("one", "two", "other"):
        store.outbox.form(name, name, [], ["{}"] * 12)
    assert _run(store, robot, SHARED, NOW) == [*["delivered"] * 12, "again", *["delivered"] * 12]
    assert [name for name, _ in robot.sent] == [*["one"] * 12, *["other"] * 12]


def test_a_message_of_any_length_arrives(store: SqlStore) -> None:
    """Waiting for the rate is no try that failed: over 100 parts arrive in six runs, each once."""
    _post(store, _long(130))
    robot, channels = _Robot(), one_channel("wecom")
    states = [_run(store, robot, channels, NOW + 60 * run * SECOND) for run in range(8)]
    assert [each.count("again") for each in states] == [1] * 5 + [0] * 3
    assert (
        len(robot.arrived) == len(set(robot.arrived)) == sum(each.count("delivered") for each in states) > 100
    )
    assert store.outbox.pending() == ()


def test_without_a_store_a_run_keeps_to_the_rate() -> None:
    """What is too much is reported as not sent."""
    robot = _Robot()
    with patch("coopgov.notify.send.transmit", robot):
        receipts = send([_long(30)], one_channel("wecom"), now=NOW, environment={})
    assert len(robot.sent) == 20
    assert [each.state for each in receipts[:20]] == ["delivered"] * 20
    assert {each.state for each in receipts[20:]} == {"again"}
    assert [each.part for each in receipts] == [*range(1, receipts[0].parts + 1)]


_AGAIN = Answer("again", phrase("notify.answers.cut"))
_REFUSED = Answer("refused", phrase("notify.answers.code", code=1))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(RATES)),
    st.lists(
        st.tuples(st.integers(0, 40), st.lists(st.sampled_from([1, 1, 2, 5, 12, 19, 30]), max_size=4)),
        min_size=2,
        max_size=8,
    ),
    st.lists(st.sampled_from([DELIVERED, DELIVERED, _AGAIN, _REFUSED]), max_size=40),
)
def test_no_time_has_more_than_the_rate(
    kind: str, runs: list[tuple[int, list[int]]], answers: list[Answer]
) -> None:
    """However runs follow each other and whatever fails: the rate holds in every window, and nothing is lost."""
    robot, channels, now = _Robot(answers), one_channel(kind), NOW
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(f"{folder}/cases.db", durability="normal") as store,
    ):
        store.update(lambda _: first_day(1))
        store.outbox.route({each.seq: [] for each in store.outbox.unrouted()})
        for number, (gap, messages) in enumerate(runs):
            now += gap * SECOND
            for at, parts in enumerate(messages):
                store.outbox.form(f"{number}/{at}", "one", [], ["{}"] * parts)
            _run(store, robot, channels, now)
        for _ in range(200):
            if not store.outbox.messages():
                break
            now += timedelta(hours=4)
            _run(store, robot, channels, now)
        assert store.outbox.messages() == ()
        for most, seconds in RATES[kind]:
            assert not robot.sent or robot.most_within(seconds) <= most
        for message in store.outbox.messages("undeliverable"):
            assert message.why


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_waits_are_true_where_clocks_change(store: SqlStore, month: int, day: int) -> None:
    """A wait is a time that passes, in every minute of the nights on which the clocks of Berlin change."""
    zone, begin = ZoneInfo("Europe/Berlin"), datetime(2026, month, day, tzinfo=UTC)
    channels = one_channel("webhook")
    for minute in range(0, 240, 7):
        store.outbox.form(f"m{minute}", "one", [], ["{}"])
        now = (begin + timedelta(minutes=minute)).astimezone(zone)
        robot = _Robot([Answer("again", phrase("notify.answers.cut"))] * 9)
        _run(store, robot, channels, now)
        message = store.outbox.messages()[-1]
        assert message.again is not None
        assert message.again - now.astimezone(UTC) == timedelta(minutes=1)
        assert _run(store, _Robot(), channels, now)[-1] == "again"


def test_a_secret_name_in_a_mention_has_room() -> None:
    """A part is no longer than its limit once the ids of people, of up to 64 bytes, are in the place of their names."""
    people = {f"p{number}": f"\ue000env:P{number}\ue001" for number in range(60)}
    for lines in range(20, 60, 3):
        told = [notice(to=name, case=f"C-{name}", text=_long_text(lines)) for name in people]
        background = Background(people=people)
        limits: tuple[tuple[ChannelKind, int], ...] = (
            ("wecom", 4096),
            ("dingtalk", 20_000),
            ("feishu", 20_000),
        )
        for kind, limit in limits:
            for part in render_notices(kind, told, background=background):
                said = (
                    part["markdown"]["content"] if kind == "wecom" else json.dumps(part, ensure_ascii=False)
                )
                filled = re.sub("\ue000env:P[0-9]+\ue001", "x" * 64, said)
                assert len(filled.encode()) <= limit
