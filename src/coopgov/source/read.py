"""Reads a YAML or JSON file into a document of nodes; every scalar stays a text, whose type its field decides.

PyYAML's parser produces events, from which nodes are built: quickly if nothing about them is unusual, else by the
composer, which reports what is wrong. JSON is read by the standard library if it means the same as YAML; otherwise it
takes the path of YAML, with surrogate pairs joined first.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.errors import InputError
from coopgov.faults import Fault, Place
from coopgov.locales import phrase
from coopgov.source.compose import Composer
from coopgov.source.files import MAX_BYTES, file_bytes, is_folder
from coopgov.source.quick import collecting_later, quick_json, quick_yaml

if TYPE_CHECKING:
    from coopgov.source.nodes import Document

__all__ = ["decoded", "own_text", "read_document", "read_file"]

_OURS = re.compile(r"""(?:^|[\r\x85\u2028\u2029{,])[ \t]*(["']?)coopgov\1[ \t]*[:：]""", re.MULTILINE)
"""The key that marks a coopgov file. Faults quote lines only of such a file, whatever else is wrong with it."""
_SUFFIXES = (".yaml", ".yml", ".json")
_HEAD = 4096
"""The bytes in which a file says what sort it is."""
_LONE = re.compile("[\ud800-\udfff]")
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def read_file(path: Path, name: str | None = None) -> Document:
    """Read one YAML or JSON file; faults call it `name`, by default its path.

    Faults quote nothing from a file without the key `coopgov`: a mistyped path, or a path in someone else's file, can
    lead to any file, also a secret one.

    Raises:
        InputError: the file cannot be read, or is not a coopgov file.
    """
    name = name or str(path)
    return read_document(own_text(path, name), name)


def own_text(path: Path, name: str, sort: str = "") -> str:
    """Return the text of a file that has the key `coopgov`.

    Args:
        path: the file.
        name: what faults call it.
        sort: the sort of file that is wanted, such as `rules`; the fault of a folder names one that is in it.

    Raises:
        InputError: the file cannot be read, or lacks the key.
    """
    try:
        data = file_bytes(path, name)
    except InputError as error:
        inner = _inside(path, sort) if sort and is_folder(path) else None
        if inner is None:
            raise
        hint = phrase("hints.write-code", text=str(Path(name) / inner.name))
        raise InputError([replace(fault, hint=hint) for fault in error.faults]) from None
    text = decoded(data, name)
    if not _OURS.search(text.removeprefix("\ufeff")):
        raise InputError([_not_a_known_format(text, name)])
    return text


def _inside(folder: Path, sort: str) -> Path | None:
    """The first file of a sort in a folder."""
    key = re.compile(rf"""^\s*{{?\s*["']?coopgov["']?\s*:\s*["']?{sort}/""", re.MULTILINE)
    for path in sorted(each for each in folder.iterdir() if each.suffix in _SUFFIXES):
        with suppress(InputError):
            if key.search(file_bytes(path, str(path))[:_HEAD].decode(errors="replace")):
                return path
    return None


def _not_a_known_format(text: str, name: str) -> Fault:
    """The only fault of a file without the key `coopgov`; it quotes nothing."""
    empty = all(line.lstrip("\ufeff \t\r")[:1] in ("", "#") for line in text.split("\n"))
    code, key = ("empty-file", "common.nothing") if empty else ("missing-key", "source.not-ours.found")
    return Fault(Place(name, 1, 1), code, phrase(key), phrase("source.not-ours.expected"))


def read_document(data: bytes | str, name: str) -> Document:
    """Read the text of one file into nodes with lines and columns."""
    text = decoded(data, name)
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("{", "["):
        found = quick_json(text, name)
        if found is not None:
            return found
        text = _SURROGATES.sub(_join_surrogates, text)
    with collecting_later():
        return quick_yaml(text, name) or Composer(name, text).document()


def decoded(data: bytes | str, name: str) -> str:
    """Decode a file as UTF-8, within the size limit.

    Raises:
        InputError: it is too large, or in another encoding.
    """
    if len(data) > MAX_BYTES:
        found = phrase("source.file-too-large.found", most=f"{MAX_BYTES:,}")
        expected = phrase("source.file-too-large.expected")
        raise InputError([Fault(Place(name, 1, 1), "file-too-large", found, expected)])
    if isinstance(data, str):
        return _without_surrogates(data, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = f"0x{data[error.start]:02x}"
        found = phrase("source.encoding.found", byte=byte, offset=error.start)
        expected, hint = phrase("source.encoding.expected"), phrase("source.encoding.hint")
        raise InputError([Fault(Place(name, 1, 1), "encoding", found, expected, hint)]) from None


def _without_surrogates(text: str, name: str) -> str:
    """Return a Python string if it has no lone surrogates, which UTF-8 cannot encode."""
    lone = None if text.isascii() else _LONE.search(text)
    if lone is None:
        return text
    before = text[: lone.start()]
    line, column = before.count("\n") + 1, lone.start() - before.rfind("\n")
    found = phrase("source.character.surrogate", code=f"{ord(lone[0]):04X}")
    expected = phrase("source.character.expected")
    raise InputError([Fault(Place(name, line, column), "character", found, expected)])


def _join_surrogates(match: re.Match[str]) -> str:
    high, low = int(match[2], 16), int(match[3], 16)
    return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"
