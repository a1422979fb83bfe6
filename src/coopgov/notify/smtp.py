"""Send one e-mail to one recipient: within a deadline, to a public server, encrypted where the server can."""

from __future__ import annotations

import smtplib
import socket
import ssl
from email.policy import SMTPUTF8
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from coopgov.notify.answer import CUT, DELIVERED, TIMED_OUT, Answer, failed, refused, unsent
from coopgov.notify.network import OWN_MACHINE, Deadline, PrivateAddressError, vetted

if TYPE_CHECKING:
    from email.message import EmailMessage
    from urllib.parse import SplitResult

__all__ = ["deliver"]

_PORTS = {"smtp": 25, "smtps": 465}


def deliver(
    server: str,
    sender: str,
    recipient: str,
    message: EmailMessage,
    *,
    allow_private: bool = False,
    seconds: float = 10,
) -> Answer:
    """Hand an e-mail to a server, and return what came of it; nothing that is returned names an address.

    Args:
        server: `smtp://host:port`, which encrypts where the server offers it, or `smtps://user:password@host:port`.
        sender: the address that it comes from.
        recipient: the one address that it goes to, whatever its header names.
        message: the e-mail.
        allow_private: whether the server may be in a private network.
        seconds: how long all of it may take.
    """
    parts = _parsed(server)
    if parts is None:
        return unsent("not-smtp")
    sort = ""
    timing = _Timing(seconds, allow_private=allow_private)
    try:
        return _sent(parts, sender, recipient, message, timing)
    except PrivateAddressError:
        sort = "private"
    except TimeoutError:
        sort = TIMED_OUT
    except smtplib.SMTPResponseException as error:
        return _by_code(error.smtp_code)
    except (smtplib.SMTPException, OSError, ValueError):  # smtplib reports a time-out as a lost connection
        sort = TIMED_OUT if timing.deadline.over else CUT
    return unsent("private") if sort == "private" else failed(sort)


def _parsed(server: str) -> SplitResult | None:
    try:
        parts = urlsplit(server)
        known = parts.scheme in _PORTS and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if known else None


def _by_code(code: int) -> Answer:
    if 400 <= code < 500:
        return Answer("again", refused("smtp-later", code=code).why)
    return refused("smtp-never", code=code) if code >= 500 else failed(CUT)


def _sent(parts: SplitResult, sender: str, recipient: str, message: EmailMessage, timing: _Timing) -> Answer:
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    client = _connected(parts.scheme, host, port, sender.rpartition("@")[2], timing)
    try:
        client.ehlo_or_helo_if_needed()
        safe = parts.scheme == "smtps" or host == OWN_MACHINE
        if parts.scheme == "smtp" and client.has_extn("starttls") and host != OWN_MACHINE:
            client.starttls(context=timing.context())
            client.ehlo_or_helo_if_needed()
            safe = True
        if parts.username is not None:
            if not safe:
                return unsent("password-in-clear")
            client.login(unquote(parts.username), unquote(parts.password or ""))
        return _handed_over(client, sender, recipient, message)
    finally:
        client.close()


def _handed_over(client: smtplib.SMTP, sender: str, recipient: str, message: EmailMessage) -> Answer:
    """Hand over one e-mail; a recipient that the server refuses is a reason of its own."""
    wide = not (sender + recipient).isascii()
    if wide and not client.has_extn("smtputf8"):
        return refused("smtp-utf8")
    options = ["SMTPUTF8", "BODY=8BITMIME"] if wide else []
    code, _ = client.mail(sender, options)
    if code != 250:
        return _by_code(code)
    code, _ = client.rcpt(recipient)
    if code not in (250, 251):
        later = 400 <= code < 500
        said = refused("recipient-later" if later else "recipient-never", code=code)
        return Answer("again", said.why) if later else said
    code, _ = client.data(message.as_bytes(policy=SMTPUTF8 if wide else None))
    return DELIVERED if code == 250 else _by_code(code)


def _trusted() -> ssl.SSLContext:
    """A context of the certificates that are trusted."""
    return ssl.create_default_context()


class _Timing:
    """What both clients know: the deadline, and whether the server may be private."""

    def __init__(self, seconds: float, *, allow_private: bool) -> None:
        self.deadline = Deadline(seconds)
        self.allow_private = allow_private

    def connected(self, host: str, port: int) -> _TimedSocket:
        """Connect to the first address of a host that answers."""
        failure: OSError = OSError()
        for address in vetted(host, port, self.deadline, allow_private=self.allow_private):
            try:
                plain = socket.create_connection((address, port), self.deadline.left())
                return _TimedSocket.taken(plain, self.deadline)
            except OSError as error:
                failure = error
        raise failure

    def context(self) -> ssl.SSLContext:
        """Certificates are checked, and what is read keeps the deadline."""
        context = _trusted()
        deadline = self.deadline

        class Timed(ssl.SSLSocket):
            def read(self, *arguments: Any) -> Any:
                self.settimeout(deadline.left())
                return super().read(*arguments)

            def send(self, *arguments: Any) -> int:
                self.settimeout(deadline.left())
                return super().send(*arguments)

        context.sslsocket_class = Timed
        return context


class _TimedSocket(socket.socket):
    """A socket whose every step may take what is left of the time."""

    deadline: Deadline

    @classmethod
    def taken(cls, plain: socket.socket, deadline: Deadline) -> _TimedSocket:
        """Take over a connected socket."""
        made = cls(plain.family, plain.type, plain.proto, fileno=plain.detach())
        made.deadline = deadline
        made.settimeout(deadline.left())
        return made

    def recv_into(self, *arguments: Any) -> int:
        """Read some bytes."""
        self.settimeout(self.deadline.left())
        return super().recv_into(*arguments)

    def sendall(self, *arguments: Any) -> None:
        """Write all bytes; the timeout of a socket holds for the whole of it."""
        self.settimeout(self.deadline.left())
        super().sendall(*arguments)


def _connected(scheme: str, host: str, port: int, name: str, timing: _Timing) -> smtplib.SMTP:
    """Connect; `name` is how the server is greeted, since asking for the name of this machine can take long."""

    class Client(smtplib.SMTP):
        def _get_socket(self, to: str, port: int, _timeout: float) -> socket.socket:
            made = timing.connected(to, port)
            if scheme == "smtps":
                return timing.context().wrap_socket(made, server_hostname=host)
            return made

    return Client(host, port, local_hostname=name)
