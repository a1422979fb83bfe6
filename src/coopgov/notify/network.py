"""Where connections may go, and how long they may take: one deadline for all steps, and no private addresses."""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from coopgov.notify.masking import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["OWN_MACHINE", "Deadline", "PrivateAddressError", "is_public", "muted", "vetted"]

OWN_MACHINE = "127.0.0.1"
"""The one address that is reached without TLS, and without `allow_private`."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddressError(Exception):
    """A host has an address that is not public; the error names neither."""


class Deadline:
    """The moment by which everything must be over; each step may take what is left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self._end

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also where IPv6 wraps an address of IPv4.

    >>> is_public("8.8.8.8"), is_public("10.0.0.1"), is_public("::ffff:192.168.0.1"), is_public("169.254.169.254")
    (True, False, False, False)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def vetted(host: str, port: int, deadline: Deadline, *, allow_private: bool) -> list[str]:
    """Return the IP addresses of a host, all of which may be reached; connecting to them asks no name server again.

    Raises:
        PrivateAddressError: one of them is private.
        OSError: the host is not found.
        TimeoutError: finding it took too long.
    """
    found = _resolved(host, port, deadline.left())
    if not allow_private and host != OWN_MACHINE and not all(map(is_public, found)):
        raise PrivateAddressError
    return found


def _resolved(host: str, port: int, seconds: float) -> list[str]:
    """Ask for the addresses of a host in a thread that is left behind when it takes too long."""
    if re.fullmatch(r"[0-9.]+", host) or ":" in host:
        return [str(ipaddress.ip_address(host))] if _is_address(host) else _asked(host, port)
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(_asked(host, port))
        except (OSError, UnicodeError) as error:
            answer.append(OSError(type(error).__name__))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if not answer:
        raise TimeoutError
    if isinstance(answer[0], OSError):
        raise answer[0]
    found: list[str] = answer[0]
    return found


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _asked(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@contextmanager
def muted(*names: str, secrets: Iterable[str] = ()) -> Iterator[None]:
    """Drop what libraries log in this thread, and what they log of secrets in any: they log addresses."""
    here, known = threading.get_ident(), tuple(secrets)

    def elsewhere(record: logging.LogRecord) -> bool:
        said = f"{record.getMessage()} {record.exc_info and record.exc_info[1]}"
        return threading.get_ident() != here and without_secrets(said, known) == said

    loggers = [logging.getLogger(name) for name in names]
    for logger in loggers:
        logger.addFilter(elsewhere)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(elsewhere)
