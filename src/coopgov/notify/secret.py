"""References to secrets: a file names an environment variable or another file, and never holds the secret itself."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from coopgov.errors import InputError
from coopgov.locales import phrase
from coopgov.schema import Parsed, problem, written
from coopgov.source.files import file_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Contact", "Secret", "SecretKey", "parse_contact", "parse_secret", "revealed"]

_REFERENCE = re.compile(r"(env|file):(\S.*)")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONTACT = re.compile(r"[^\s<>()\[\]]{1,200}")


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is: in an environment variable, or in a file; its text is the reference, never the secret.

    >>> print(Secret("env", "COOPGOV_WECOM"))
    env:COOPGOV_WECOM
    """

    source: Literal["env", "file"]
    name: str

    def __str__(self) -> str:
        return f"{self.source}:{self.name}"

    def read(self, environment: Mapping[str, str], folder: Path) -> str | None:
        """Return the secret; None if it is not there. A path is relative to the folder of the file that names it."""
        if self.source == "env":
            return environment.get(self.name, "").strip() or None
        try:
            data = file_bytes(folder / self.name, str(self))
            return data.decode("utf-8-sig").strip() or None
        except (InputError, UnicodeDecodeError):
            return None


def revealed(
    secrets: Iterable[Secret], folder: Path, environment: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the secrets that are there, by their references; `environment` is that of the process by default."""
    known = os.environ if environment is None else environment
    found = {str(each): each.read(known, folder) for each in secrets}
    return {name: value for name, value in found.items() if value is not None}


def parse_secret(value: object) -> Secret:
    """Parse a reference to a secret; a fault never repeats what was written, which may be the secret itself."""
    if isinstance(value, Secret):
        return value
    match = _REFERENCE.fullmatch((written(value) or "").strip())
    if match and (match[1] == "file" or _VARIABLE.fullmatch(match[2])):
        return Secret("env" if match[1] == "env" else "file", match[2])
    found, expected = phrase("notify.secret.found"), phrase("notify.secret.expected")
    raise problem("plain-secret", found, expected, phrase("notify.secret.hint"))


def parse_contact(value: object) -> Secret | str:
    """Parse the address of a person: a plain text without spaces, or a reference to a secret."""
    text = (written(value) or "").strip()
    if isinstance(value, Secret) or _REFERENCE.fullmatch(text):
        return parse_secret(value)
    if _CONTACT.fullmatch(text):
        return text
    raise problem("wrong-type", phrase("notify.secret.found"), phrase("notify.contact"))


_SECRET_SCHEMA = {
    "title": "Secret",
    "description": "Where a secret is: env:NAME for an environment variable, file:PATH for a file.",
    "type": "string",
    "pattern": r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*)$",
}
_CONTACT_SCHEMA = {
    "title": "Contact",
    "description": "An address of a person, or where it is: env:NAME, file:PATH.",
    "type": ["string", "number"],
    "pattern": r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*|[^\s<>()\[\]]{1,200})$",
}
SecretKey = Annotated[Secret, Parsed(parse_secret, schema=_SECRET_SCHEMA)]
Contact = Annotated[Secret | str, Parsed(parse_contact, schema=_CONTACT_SCHEMA)]
