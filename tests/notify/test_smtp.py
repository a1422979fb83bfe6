"""E-mail through a real SMTP server on this machine: what arrives, who is refused, and what is tried again."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.notify import parse_channels, send
from notify.notices import NOW, notice

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from email.message import EmailMessage

    from coopgov.notify import Channels, Receipt

controller = pytest.importorskip("aiosmtpd.controller", reason="needs aiosmtpd: pip install aiosmtpd")
icalendar = pytest.importorskip("icalendar", reason="needs icalendar: pip install icalendar")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")


class _Mailbox:
    """Keeps what arrives; recipients can be refused for good or for now."""

    def __init__(self, refused: dict[str, str], data: str = "250 OK") -> None:
        self.refused = refused
        self.data = data
        self.arrived: list[tuple[str, list[str], bytes]] = []

    async def handle_RCPT(  # noqa: N802  # the name that the server calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # the name that the server calls
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        if self.data.startswith("250"):
            self.arrived.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return self.data


@contextmanager
def mail_server(
    refused: dict[str, str] | None = None,
    data: str = "250 OK",
    *,
    tls: ssl.SSLContext | None = None,
    at_once: bool = False,
    user: tuple[str, str] | None = None,
) -> Iterator[tuple[_Mailbox, str]]:
    """A mail server; with a context, it encrypts at once or when asked to, and then may want a user."""
    mailbox = _Mailbox(refused or {}, data)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": port, "enable_SMTPUTF8": True}
    if tls is not None:
        options["ssl_context" if at_once else "tls_context"] = tls
    if user is not None:
        options |= {
            "authenticator": _knows(user),
            "auth_required": not at_once,
            "auth_require_tls": not at_once,
        }
    running = controller.Controller(mailbox, **options)
    running.start()
    try:
        yield mailbox, f"smtp://127.0.0.1:{port}"
    finally:
        running.stop()


def _knows(user: tuple[str, str]) -> Any:
    """An authenticator that knows one user."""
    from aiosmtpd.smtp import AuthResult

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: Any) -> Any:
        return AuthResult(success=(data.login.decode(), data.password.decode()) == user)

    return check


def _channels(to: str, rest: str = "") -> Channels:
    return parse_channels(
        "coopgov: channels/1\nchannels:\n"
        f"  - {{id: board, kind: email, to: [{to}], from: coopgov@example.org, server: env:SMTP}}\n"
        f"routes: [{{to: [board]}}]\n{rest}"
    )


def _sent(address: str, to: str = "tech@example.org", rest: str = "") -> tuple[Receipt, ...]:
    return send(
        [notice()], _channels(to, rest), now=NOW, environment={"SMTP": address, "MAIL": "hidden@example.org"}
    )


def _parsed(data: bytes) -> EmailMessage:
    found = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def test_both_parts_and_the_calendar_arrive() -> None:
    """Text and HTML say the same; the calendar has the day by which an answer is due."""
    with mail_server() as (mailbox, address):
        (receipt,) = _sent(address, rest="language: {board: zh-Hans}")
    assert (receipt.state, receipt.to) == ("delivered", "t***@example.org")
    ((sender, recipients, data),) = mailbox.arrived
    message = _parsed(data)
    text, html, calendar = (
        message.get_body(("plain",)),
        message.get_body(("html",)),
        next(message.iter_attachments()),
    )
    assert text is not None
    assert html is not None
    assert (sender, recipients) == ("coopgov@example.org", ["tech@example.org"])
    assert message["Subject"] == "coopgov：1 项严重"
    assert message["Date"] == "Mon, 09 Nov 2026 08:30:00 +0000"
    for part in (text.get_content(), html.get_content()):
        assert "核心项目延误 37 天，占计划工期的 20.3 %。" in part
        assert "coopgov cases ack C-0123456789ab --by joint-lead" in part
    assert calendar.get_content_type() == "text/calendar"
    made = icalendar.Calendar.from_ical(calendar.get_content())
    (event,) = made.walk("VEVENT")
    assert (str(event["DTSTART"].dt), str(event["DTEND"].dt)) == ("2026-11-10", "2026-11-11")


def test_html_is_escaped() -> None:
    """A text of an agreement cannot bring tags into the e-mail."""
    from coopgov.schema import LocalText

    evil = notice(text=LocalText((("en", "<script>x</script>\n<img src=x>"),)))
    with mail_server() as (mailbox, address):
        send([evil], _channels("a@example.org"), now=NOW, environment={"SMTP": address})
    html = _parsed(mailbox.arrived[0][2]).get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content()
    assert "<img" not in html.get_content()


def test_a_recipient_that_is_refused_is_reported_and_the_others_get_it() -> None:
    """550 is for good, 450 for now; who accepts it has it."""
    refused = {"no@example.org": "550 no such user", "later@example.org": "450 greylisted"}
    with mail_server(refused) as (mailbox, address):
        receipts = _sent(address, "no@example.org, later@example.org, yes@example.org")
    assert [(each.to, each.state) for each in receipts] == [
        ("n***@example.org", "refused"),
        ("l***@example.org", "again"),
        ("y***@example.org", "delivered"),
    ]
    assert [each.why for each in receipts] == [
        "code 550: the mail server refuses the recipient",
        "code 450: the mail server does not accept the recipient yet",
        "",
    ]
    assert [recipients for _, recipients, _ in mailbox.arrived] == [["yes@example.org"]]


@pytest.mark.parametrize(("said", "state"), [("451 try later", "again"), ("554 spam", "refused")])
def test_what_the_server_says_of_the_whole(said: str, state: str) -> None:
    """4xx is tried again, 5xx is not."""
    with mail_server(data=said) as (_, address):
        (receipt,) = _sent(address)
    assert receipt.state == state


def test_an_address_can_be_a_secret() -> None:
    """It is used, and no receipt shows it."""
    with mail_server() as (mailbox, address):
        (receipt,) = _sent(address, "tech", "people: {tech: {email: env:MAIL}}")
    assert mailbox.arrived[0][1] == ["hidden@example.org"]
    assert (receipt.state, receipt.to) == ("delivered", "env:MAIL")


def test_who_has_no_address_is_reported() -> None:
    """The notice is not lost silently."""
    receipts = _sent("smtp://127.0.0.1:1", "steering")
    assert [(each.state, each.to) for each in receipts] == [("unsent", "steering")]


@pytest.mark.parametrize("address", ["http://127.0.0.1", "smtp://", "x", "smtps://127.0.0.1:0"])
def test_what_is_no_mail_server(address: str) -> None:
    """The receipt says what is expected, and does not repeat the address."""
    (receipt,) = _sent(address)
    assert receipt.state == "unsent"
    assert "smtp://" in receipt.why


def test_a_private_mail_server_needs_permission() -> None:
    """As for HTTP."""
    (receipt,) = _sent("smtp://10.0.0.1:25")
    assert "allow_private" in receipt.why


def test_a_password_is_not_sent_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not encrypt is given no password."""
    monkeypatch.setattr("coopgov.notify.smtp.OWN_MACHINE", "elsewhere")
    with mail_server() as (mailbox, address):
        monkeypatch.setattr("coopgov.notify.network.OWN_MACHINE", "127.0.0.1")
        (receipt,) = _sent(address.replace("//", "//me:hidden@"))
    assert receipt.state == "unsent"
    assert "password" in receipt.why
    assert mailbox.arrived == []


@pytest.mark.parametrize("how", ["cut", "slow", "drip"])
def test_a_mail_server_that_does_not_answer(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again, and takes no longer than one deadline, also where characters drip."""
    monkeypatch.setattr("coopgov.notify.wire.SECONDS", 0.4)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            if how == "slow":
                connection.recv(1)
            for _ in range(100 if how == "drip" else 0):
                connection.sendall(b"2")
                time.sleep(0.02)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    began = time.monotonic()
    (receipt,) = _sent(f"smtp://127.0.0.1:{listening.getsockname()[1]}")
    took = time.monotonic() - began
    listening.close()
    thread.join(3)
    assert receipt.state == "again"
    assert receipt.why == ("the connection failed" if how == "cut" else "no answer in time")
    assert took < 3
