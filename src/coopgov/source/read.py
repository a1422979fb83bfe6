"""Bytes → Document. The only reader of files in the library; it never guesses a type.

PyYAML's parser gives events, from which nodes are composed. JSON is read the same way, being YAML but for its
surrogate pairs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.errors import Fault, InputError, Place
from coopgov.source.compose import Composer

if TYPE_CHECKING:
    from pathlib import Path

    from coopgov.source.nodes import Document

__all__ = ["MAX_BYTES", "decoded", "file_bytes", "read_document", "read_file"]

MAX_BYTES = 5_000_000

_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def read_file(path: Path, name: str | None = None) -> Document:
    """Read one YAML or JSON file; `name` is what faults call it (its path by default).

    Raises:
        InputError: the file cannot be read, or is not a document of ours.
    """
    name = name or str(path)
    return read_document(file_bytes(path, name), name)


def file_bytes(path: Path, name: str) -> bytes:
    """What a file holds, at most a little more than it may.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise InputError([Fault(Place(name, 1, 1), "unreadable-file", found, "a file to read")]) from None


def read_document(data: bytes | str, name: str) -> Document:
    """Read the text of one file into nodes that remember their places."""
    text = decoded(data, name)
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("{", "["):
        text = _SURROGATES.sub(_join_surrogates, text)
    return Composer(name, text).document()


def decoded(data: bytes | str, name: str) -> str:
    """The text of a file in UTF-8, within the limit of size.

    Raises:
        InputError: it is larger, or in another encoding.
    """
    if len(data) > MAX_BYTES:
        fault = Fault(
            Place(name, 1, 1), "file-too-large", f"more than {MAX_BYTES:,} bytes", "at most 5 MB a file"
        )
        raise InputError([fault])
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        fault = Fault(
            Place(name, 1, 1),
            "encoding",
            f"byte 0x{data[error.start]:02x} at offset {error.start}",
            "a text in UTF-8",
            "save the file as UTF-8",
        )
        raise InputError([fault]) from None


def _join_surrogates(match: re.Match[str]) -> str:
    high, low = int(match[2], 16), int(match[3], 16)
    return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"
