"""What the public functions refuse, and what they say where a library is missing."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.cases.store import open_store
from coopgov.errors import ArgumentError, UnknownNameError
from coopgov.notify import deliver, render_notices, send
from notify.notices import NOW, notice, one_channel

if TYPE_CHECKING:
    from pathlib import Path


def test_arguments_that_do_not_fit() -> None:
    """Each is named, with what was expected; nothing is sent."""
    channels: Any = one_channel("webhook")
    with pytest.raises(ArgumentError, match=r"now: .* expected a moment with its time zone"):
        send([notice()], channels, now=datetime(2026, 11, 9))  # noqa: DTZ001  # which is what is wrong
    with pytest.raises(ArgumentError, match=r"channels: .* expected what `load_channels"):
        send([notice()], "channels.yaml", now=NOW)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"kind: .*wecom"):
        render_notices("telegram", [notice()])  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="no channel"):
        send([notice()], channels, now=NOW, only="two")


def test_a_channel_that_the_file_does_not_have(tmp_path: Path) -> None:
    """A misspelt `only` is no reason to send nothing silently."""
    with open_store(tmp_path / "cases.db") as store, pytest.raises(UnknownNameError):
        deliver(store.outbox, one_channel("webhook"), now=NOW, only="tow")


@pytest.mark.parametrize(
    ("kind", "library", "module", "extra"),
    [
        ("webhook", "httpcore", "coopgov.notify.http", "notify"),
        ("apprise", "apprise", "coopgov.notify.apprise_library", "apprise"),
    ],
)
def test_a_library_that_is_missing(
    kind: str, library: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt says how to install it, and the notice waits."""
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    (receipt,) = send([notice()], one_channel(kind), now=NOW, environment={"URL": "https://example.org"})
    assert receipt.state == "unsent"
    assert receipt.why == f'{library} is not installed; run `pip install "coopgov[{extra}]"`'
