"""Keeps secrets out of whatever is shown: lines of channels files in faults, and texts that may repeat an address."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from coopgov.locales import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.faults import Fault

__all__ = ["MASK", "masked_fault", "masked_line", "shown_address", "without_secrets"]

MASK = "***"
_HARMLESS = frozenset(
    ("allow_private", "coopgov", "digest", "holidays", "id", "kind", "kinds", "severity", "to", "weekend")
)
"""The keys whose values a fault may quote from a channels file."""
_ENTRY = re.compile(r"(?P<key>[\w$-]+)(?P<colon>[\"']?\s*[:\uff1a]\s*)(?P<value>[^,{}\[\]#]*)")
_REFERENCE = re.compile(r"[\"']?(?:env|file):[^\s\"']+[\"']?\s*")
_SHORTEST, _SHORTEST_STEP = 4, 8
"""The lengths below which a part of an address, or a step of its path, is no secret: it would hide ordinary words."""


def masked_fault(fault: Fault) -> Fault:
    """Return a fault of a channels file that quotes nothing which may be a secret."""
    found, expected, hint = (_harmless(each) for each in (fault.found, fault.expected, fault.hint))
    return replace(fault, found=found, expected=expected, hint=hint, source=masked_line(fault.source))


def _harmless(said: Phrase) -> Phrase:
    return phrase("notify.secret.hidden") if "://" in said or _long_token(said) else said


def _long_token(said: str) -> bool:
    """Whether a text quotes something like a key: a long run of letters and digits without a break."""
    return any(re.search(r"\d", run) for run in re.findall(r"[A-Za-z0-9+/=_-]{20,}", said))


def masked_line(line: str) -> str:
    """Return a line of a channels file with asterisks for all values but those that are certainly harmless.

    >>> print(masked_line("  - {id: group, kind: wecom, url: https://example.org/key}"))
      - {id: group, kind: wecom, url: ***********************}
    """
    if not _ENTRY.search(line):
        return re.sub(r"[^\s\[\]{},\-#]", "*", line)
    shown: list[str] = []
    at = 0
    for match in _ENTRY.finditer(line):
        key = "*" * len(match["key"]) if _long_token(match["key"]) else match["key"]
        shown += [_starred(line[at : match.start()]), key, match["colon"], _value(match)]
        at = match.end()
    return "".join([*shown, _starred(line[at:])])


def _value(match: re.Match[str]) -> str:
    value = match["value"]
    if match["key"] in _HARMLESS and "://" not in value and not _long_token(value):
        return value
    if _REFERENCE.fullmatch(value):
        return value
    return re.sub(r"\S", "*", value)


def _starred(text: str) -> str:
    """What is between entries: brackets and dashes stay, everything else may be a part of a value."""
    return re.sub(r"[^\s\[\]{},\-]", "*", text)


def shown_address(address: str, *, opaque: bool = False) -> str:
    """Return an address without its user, its path and its query; of an `opaque` one, only the scheme.

    >>> shown_address("smtps://me:pass@mail.example.org:465"), shown_address("tgram://token/chat", opaque=True)
    ('smtps://mail.example.org:465', 'tgram://***')
    """
    scheme, found, _ = address.partition("://")
    if opaque or not found or not re.fullmatch(r"[a-z][a-z0-9+.-]{1,20}", scheme):
        return f"{scheme}://{MASK}" if found and re.fullmatch(r"[a-z]{2,12}", scheme) else MASK
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"{scheme}://{MASK}"
    rest = f"/{MASK}" if parts.path.strip("/") or parts.query else ""
    return f"{scheme}://{host}{f':{port}' if port else ''}{rest}"


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets, nor the parts of addresses that are secret, in any usual spelling.

    >>> without_secrets("cannot reach /send?key=abc-def", ["https://example.org/send?key=abc-def"])
    'cannot reach ***'
    """
    for part in sorted(set(_spellings(secrets)), key=len, reverse=True):
        text = text.replace(part, MASK)
    return text


def _spellings(secrets: Iterable[str]) -> Iterator[str]:
    for secret in secrets:
        for part in (secret, *_secret_parts(secret)):
            for spelt in (part, quote(part), quote(part, safe=""), unquote(part)):
                if len(spelt) >= _SHORTEST:
                    yield spelt


def _secret_parts(secret: str) -> Iterator[str]:
    """The user, the password, the path and the values of the query of an address."""
    if "://" not in secret:
        return
    try:
        parts = urlsplit(secret)
    except ValueError:
        return
    user = parts.netloc.rpartition("@")[0]
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    yield from (user, *user.split(":", 1), path, parts.path)
    yield from (step for step in parts.path.split("/") if len(step) >= _SHORTEST_STEP)
    yield from (pair.partition("=")[2] for pair in parts.query.split("&"))
