"""Send one request over HTTP: within a deadline, to public addresses, without redirects or a trace in logs."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpcore
import httpx

from coopgov.notify.answer import CUT, TIMED_OUT, answer_of, failed, unsent
from coopgov.notify.network import OWN_MACHINE, Deadline, PrivateAddressError, is_public, muted, vetted

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from coopgov.notify.answer import Answer

__all__ = ["post"]

_MOST_READ = 64_000
"""The most bytes of an answer that are read; what is longer is no answer of a robot."""
_LOGGERS = ("httpx", *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")))


def post(
    kind: str,
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    proxy: str | None = None,
    allow_private: bool = False,
    seconds: float = 10,
) -> Answer:
    """Send a request, and return what came of it; nothing that is returned or raised names the address.

    Args:
        kind: the kind of the channel, whose answers are understood.
        address: of the service: https, or http at 127.0.0.1.
        body: what is sent.
        headers: sent with it.
        proxy: the address of a proxy; those of the environment are not used.
        allow_private: whether the address may be in a private network.
        seconds: how long all of it may take.
    """
    url = _parsed(address)
    if url is None or not (url.scheme == "https" or url.host == OWN_MACHINE):
        return unsent("not-https")
    if proxy is not None and _parsed(proxy) is None:
        return unsent("not-proxy")
    if proxy is not None and not _may_pass(url.host, allow_private=allow_private):
        return unsent("private")
    _context()  # before the time begins
    return _came_of(
        kind,
        lambda: _exchange(url, body, headers, proxy, _Guarded(seconds, allow_private or proxy)),
    )


def _came_of(kind: str, exchange: Callable[[], tuple[int, Mapping[str, str], bytes]]) -> Answer:
    """What came of an exchange; errors name addresses, so none of them is in what is returned, nor raised."""
    sort = ""
    try:
        with muted(*_LOGGERS):
            status, headers, said = exchange()
        return answer_of(kind, status, said, headers)
    except PrivateAddressError:
        sort = "private"
    except (TimeoutError, httpcore.TimeoutException):
        sort = TIMED_OUT
    except (OSError, ValueError, httpx.HTTPError, httpx.StreamError):
        sort = CUT
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, httpcore.UnsupportedProtocol):
        sort = CUT
    return unsent("private") if sort == "private" else failed(sort)


def _parsed(address: str) -> httpx.URL | None:
    """An address of http or https, each part of which can be used."""
    try:
        url = httpx.URL(address)
        usable = url.scheme in ("http", "https") and url.host and f"{url.username}{url.password}".isascii()
    except (httpx.InvalidURL, ValueError):
        return None
    return url if usable else None


def _may_pass(host: str, *, allow_private: bool) -> bool:
    """Whether a proxy may be asked for a host; only the proxy knows the addresses of a name."""
    try:
        return allow_private or host == OWN_MACHINE or is_public(host)
    except ValueError:
        return True


def _exchange(
    url: httpx.URL, body: bytes, headers: Mapping[str, str], proxy: str | None, guard: _Guarded
) -> tuple[int, Mapping[str, str], bytes]:
    """Send a request over a connection of its own; return the status, the headers and the body of the answer."""
    user = {"Authorization": _basic(url)} if url.userinfo else {}
    own = {"Connection": "close", "Accept-Encoding": "identity", "User-Agent": "coopgov", **user}
    request = httpx.Request("POST", url.copy_with(userinfo=b""), headers={**own, **headers}, content=body)
    core = httpcore.Request(
        request.method,
        httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=body,
    )
    with _pool(proxy, guard) as pool:
        response = pool.handle_request(core)
        try:
            assert isinstance(response.stream, Iterable)
            said = b""
            for chunk in response.stream:
                said += chunk
                if len(said) > _MOST_READ:
                    break
            return response.status, httpx.Headers(response.headers), said
        finally:
            response.close()


@cache
def _context() -> ssl.SSLContext:
    """The certificates that are trusted, read once: that takes longer than a request."""
    return httpx.create_ssl_context(trust_env=False)


def _pool(proxy: str | None, guard: _Guarded) -> httpcore.ConnectionPool:
    context = _context()
    if proxy is None:
        return httpcore.ConnectionPool(ssl_context=context, network_backend=guard)
    url = httpx.URL(proxy)
    user = (unquote(url.username), unquote(url.password)) if url.userinfo else None
    return httpcore.HTTPProxy(
        str(url.copy_with(userinfo=b"")), proxy_auth=user, ssl_context=context, network_backend=guard
    )


def _basic(url: httpx.URL) -> str:
    user = f"{unquote(url.username)}:{unquote(url.password)}"
    return f"Basic {base64.b64encode(user.encode()).decode('ascii')}"


class _Guarded(httpcore.NetworkBackend):
    """Connects only where it may, and lets no step take longer than what is left of the time."""

    def __init__(self, seconds: float, allow_private: object) -> None:
        self._deadline = Deadline(seconds)
        self._allow_private = bool(allow_private)
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the deadline decides
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers."""
        addresses = vetted(host, port, self._deadline, allow_private=self._allow_private)
        for number, address in enumerate(addresses, 1):
            try:
                left = self._deadline.left()
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options or ())
                return _Timed(stream, self._deadline)
            except httpcore.ConnectError:
                if number == len(addresses):
                    raise
        raise OSError


class _Timed(httpcore.NetworkStream):
    """A connection whose every step may take what is left of the time."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Read some bytes."""
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Write all bytes."""
        for start in range(0, len(buffer), 16_384):
            self._inner.write(buffer[start : start + 16_384], self._deadline.left())

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Begin to encrypt."""
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Timed(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Return what the library asks about the connection."""
        return self._inner.get_extra_info(info)
