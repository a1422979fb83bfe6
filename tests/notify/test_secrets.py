"""No output of a run that fails holds a secret."""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from coopgov.cases.store import open_store
from coopgov.notify import deliver, load_channels, send
from coopgov.testing.stores.steps import first_day
from notify.known_secrets import FILE, REPLIES, clean, environment
from notify.notices import NOW, notice
from notify.servers import answer, service

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("httpx", reason="needs httpx: pip install coopgov[notify]")


def test_500_failing_runs_show_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in receipts nor in what libraries log, whatever the service says; and nothing is raised."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("coopgov.notify.wire.SECONDS", 0.1)
    (tmp_path / "c.yaml").write_text(FILE, encoding="utf-8")
    channels = load_channels(tmp_path / "c.yaml")
    choose = random.Random(1)  # noqa: S311  # which service fails in which way
    states: set[str] = set()
    with service(answer({})) as running:
        known = environment(tmp_path, running.address, running.port)
        for _ in range(500):
            running.replies[:] = [choose.choice(REPLIES)]
            one = choose.choice(channels.ids)
            for receipt in send([notice()], channels, now=NOW, only=one, environment=known):
                states.add(receipt.state)
                assert clean(f"{receipt} {receipt.to_dict()} {receipt.why.in_language('zh-Hans')}")
    assert {
        "again",
        "refused",
        "unsent",
    } <= states  # and delivered, since a webhook takes any answer with 200
    assert clean(caplog.text)


def test_a_store_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that are tried again hold the names of secret addresses, and why they failed names none."""
    monkeypatch.setattr("coopgov.notify.wire.SECONDS", 0.1)
    (tmp_path / "c.yaml").write_text(FILE, encoding="utf-8")
    channels = load_channels(tmp_path / "c.yaml")
    with open_store(tmp_path / "cases.db", durability="normal") as store:
        store.update(lambda _: first_day(3))
        for number, reply in enumerate(REPLIES):
            with service(reply) as running:
                known = environment(tmp_path, running.address, running.port)
                now = NOW + timedelta(hours=5 * number)
                assert clean(repr(deliver(store.outbox, channels, now=now, environment=known)))
        assert store.outbox.messages("undeliverable")
    for path in tmp_path.glob("cases.db*"):
        assert clean(path.read_bytes().decode("latin-1"))
