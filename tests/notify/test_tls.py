"""Encrypted connections: certificates are checked, and the deadline holds inside them, too."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.notify import parse_channels, send
from notify.notices import NOW, notice, one_channel
from notify.servers import KEY, answer, drip, service
from notify.test_smtp import mail_server

if TYPE_CHECKING:
    from coopgov.notify import Receipt
    from notify.servers import Reply

trustme = pytest.importorskip("trustme", reason="needs trustme: pip install trustme")
pytest.importorskip("httpx", reason="needs httpx: pip install coopgov[notify]")


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> Any:
    """An authority that the library trusts in this test."""
    made = trustme.CA()
    trusting = ssl.create_default_context()
    made.configure_trust(trusting)
    monkeypatch.setattr("coopgov.notify.http._context", lambda: trusting)
    monkeypatch.setattr("coopgov.notify.smtp._trusted", lambda: trusting)
    monkeypatch.setattr("coopgov.notify.wire.SECONDS", 3.0)
    return made


def _server_side(authority: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def _posted(reply: Reply, context: ssl.SSLContext) -> Receipt:
    with service(reply, tls=context) as running:
        address = running.address.replace("http:", "https:")
        (receipt,) = send([notice()], one_channel("wecom"), now=NOW, environment={"URL": address})
    return receipt


def test_https(authority: Any) -> None:
    """The message arrives, and a server that drips is given up in time."""
    assert _posted(answer({"errcode": 0}), _server_side(authority)).state == "delivered"
    assert _posted(drip, _server_side(authority)).why == "no answer in time"


def test_a_certificate_that_nobody_trusts(authority: Any) -> None:
    """The connection fails, and nothing is sent over it."""
    assert authority
    receipt = _posted(answer({"errcode": 0}), _server_side(trustme.CA()))
    assert (receipt.state, str(receipt.why)) == ("again", "the connection failed")
    assert KEY not in str(receipt)


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_encrypted_mail(authority: Any, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the beginning, or where the server offers it; a password is sent then."""
    monkeypatch.setattr("coopgov.notify.smtp.OWN_MACHINE", "elsewhere")  # so that encryption is asked for
    channels = parse_channels(
        "coopgov: channels/1\nchannels:\n"
        "  - {id: board, kind: email, to: [tech@example.org], from: coopgov@example.org, server: env:SMTP}\n"
        "routes: [{to: [board]}]\n"
    )
    with mail_server(tls=_server_side(authority), at_once=scheme == "smtps", user=("me", "hidden")) as (
        mailbox,
        address,
    ):
        server = address.replace("smtp://", f"{scheme}://me:hidden@")
        (receipt,) = send([notice()], channels, now=NOW, environment={"SMTP": server})
    assert (receipt.state, str(receipt.why)) == ("delivered", "")
    assert len(mailbox.arrived) == 1
