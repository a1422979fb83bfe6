"""A server on this machine that plays a service: it records what it is sent, and answers well or badly."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

KEY = "4f9a1c77-secret-key-0d2b"
"""The secret in the address of every service."""
Reply = bytes | Callable[[socket.socket], None]
"""What a server answers, or does instead."""


@dataclass
class Seen:
    """A request as it arrived."""

    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """Its body."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Service:
    """A running server; `replies` are used up in order, the last one for all further requests."""

    port: int
    replies: list[Reply]
    seen: list[Seen] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Its address, with a key that is a secret."""
        return f"http://127.0.0.1:{self.port}/hook/send?key={KEY}"


def answer(body: object = None, status: int = 200, headers: str = "") -> bytes:
    """An answer of HTTP, of JSON unless the body is bytes."""
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status} X\r\n{headers}Content-Length: {len(said)}\r\n\r\n".encode() + said


def cut(connection: socket.socket) -> None:
    """Close without an answer."""
    connection.shutdown(socket.SHUT_RDWR)


def slow(connection: socket.socket) -> None:
    """Say nothing until the other side gives up."""
    with suppress(OSError):
        connection.recv(1)


def drip(connection: socket.socket) -> None:
    """Say a character of the head now and then, for longer than anybody should wait."""
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(200):
            connection.sendall(b"a")
            time.sleep(0.02)


def drip_body(connection: socket.socket) -> None:
    """Say the head at once, and the body a character at a time."""
    with suppress(OSError):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(200):
            connection.sendall(b" ")
            time.sleep(0.02)


@contextmanager
def service(*replies: Reply, tls: ssl.SSLContext | None = None) -> Iterator[Service]:
    """Run a server while the block runs; with a context, over TLS."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    made = Service(listening.getsockname()[1], list(replies))
    threads: list[threading.Thread] = []

    def accept() -> None:
        while not made.stopping.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            thread = threading.Thread(target=_serve, args=(made, connection, tls), daemon=True)
            thread.start()
            threads.append(thread)

    main = threading.Thread(target=accept, daemon=True)
    main.start()
    try:
        yield made
    finally:
        made.stopping.set()
        main.join(2)
        listening.close()
        for thread in threads:
            thread.join(6)


def _serve(made: Service, plain: socket.socket, tls: ssl.SSLContext | None) -> None:
    with plain, suppress(OSError, ValueError):
        plain.settimeout(5)
        if tls is None:
            _answer(made, plain)
        else:
            with tls.wrap_socket(plain, server_side=True) as wrapped:
                _answer(made, wrapped)


def _answer(made: Service, connection: socket.socket) -> None:
    with connection.makefile("rb") as file:
        request = file.readline().decode()
        if not request:
            return
        headers: dict[str, str] = {}
        while (line := file.readline()) not in (b"\r\n", b"\n"):
            if not line:  # whoever sends it has been killed
                return
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        body = file.read(length)
        if len(body) < length:
            return
        made.seen.append(Seen(request.split()[1], headers, body))
        reply = made.replies.pop(0) if len(made.replies) > 1 else made.replies[0]
        if isinstance(reply, bytes):
            connection.sendall(reply)
        else:
            reply(connection)
