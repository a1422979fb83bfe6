"""Defaults of options from `coopgov.toml` or `[tool.coopgov]` in `pyproject.toml`, whichever is nearest.

The working directory is searched first, then its parents. In one folder, `coopgov.toml` comes before `pyproject.toml`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coopgov.errors import InputError
from coopgov.faults import NO_HINT, Fault, Place, did_you_mean
from coopgov.languages import LANGUAGES, intended, is_supported, relative
from coopgov.locales import Phrase, one_of, phrase, verbatim
from coopgov.severities import SEVERITIES
from coopgov.source.files import file_bytes, is_file
from coopgov.synonyms import choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["COLOURS", "STATUSES", "Configuration", "find_configuration"]

STATUSES = ("undetermined", "notice", "minor", "major", "critical", "never")
"""What `--fail-on` accepts for assessments."""
COLOURS = ("auto", "always", "never")
"""What `--color` accepts."""
_OWN, _SHARED = "coopgov.toml", "pyproject.toml"
_HEADER = r"(?m)^\s*\[\s*tool\s*\.\s*[\"']?coopgov[\"']?\s*\]"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a configuration file sets; None for the rest. `faults` are reported once the arguments are parsed.

    `rules` are as they are written, relative to `folder`; `file` is the name of the file in it.
    """

    folder: Path | None = None
    file: str = ""
    rules: tuple[str, ...] | None = None
    lang: str | None = None
    fail_on: str | None = None
    color: str | None = None
    faults: tuple[Fault, ...] = ()

    def rule_files(self) -> tuple[str, ...] | None:
        """The rules: files by their paths from the working directory, shipped packs by their names."""
        if self.rules is None or self.folder is None:
            return None
        from coopgov.rules.pack_names import pack_names  # heavy, and help needs no rules

        packs, folder = pack_names(), self.folder
        return tuple(name if name in packs else _shown(folder / name) for name in self.rules)

    def explained(self, error: InputError) -> InputError:
        """An error about rules of this configuration: files that cannot be read have a hint where their names are."""
        names = set(self.rule_files() or ())
        if self.folder is None or not any(_is_unread(each, names) for each in error.faults):
            return error
        hint = phrase("cli.configuration.rules.named", file=_shown(self.folder / self.file))
        faults = (replace(each, hint=hint) if _is_unread(each, names) else each for each in error.faults)
        return InputError(faults, error.document)


def find_configuration(folder: Path) -> Configuration:
    """Read the nearest configuration; an empty one if there is none."""
    for place in (folder, *folder.parents):
        for name in (_OWN, _SHARED):
            path = place / name
            if is_file(path) and (found := _read(path)) is not None:
                return found
    return Configuration()


def _is_unread(fault: Fault, names: set[str]) -> bool:
    """Whether a fault without a hint of its own is that one of these files cannot be read."""
    return fault.code == "unreadable-file" and not fault.hint and fault.place.file in names


def _read(path: Path) -> Configuration | None:
    """Read a file; None for a `pyproject.toml` that does not configure coopgov."""
    try:
        data = file_bytes(path, _shown(path))
    except InputError as error:
        return Configuration(faults=error.faults)
    if path.name == _SHARED and b"coopgov" not in data:
        return None
    import tomllib  # most folders have no configuration

    try:
        text = data.decode("utf-8-sig")  # some editors write a byte order mark
        whole = tomllib.loads(text)
    except UnicodeDecodeError:
        expected = phrase("cli.configuration.encoding.expected")
        found = phrase("cli.configuration.encoding.found")
        return Configuration(faults=(Fault(Place(_shown(path), 1, 1), "encoding", found, expected),))
    except (
        ValueError,
        RecursionError,
    ) as error:  # also a number with too many digits, or lists in lists without end
        if path.name == _SHARED and not re.search(_HEADER, text):
            return None  # the file is not coopgov's to judge
        return Configuration(faults=(_malformed(path, text, str(error)),))
    if path.name == _OWN:
        return _Reader(path, text).read(whole)
    tool = whole.get("tool")
    table = (
        tool.get("coopgov") if isinstance(tool, dict) else None
    )  # a `tool` that is no table is not coopgov's
    return None if table is None else _Reader(path, text).read(table)


def _malformed(path: Path, text: str, message: str) -> Fault:
    """A fault of TOML itself, at the place that the parser names."""
    lines = text.splitlines() or [""]
    match = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    line = int(match[1]) if match else len(lines)
    column = int(match[2]) if match else len(lines[-1]) + 1
    twice = message.startswith("Cannot overwrite")
    found = phrase("cli.configuration.syntax.twice" if twice else "cli.configuration.syntax.found")
    expected = phrase("cli.configuration.syntax.expected")
    return Fault(
        Place(_shown(path), line, column), "syntax", found, expected, source=lines[line - 1 : line][0]
    )


class _Reader:
    """Reads the table of a file, and collects all its faults."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.faults: list[Fault] = []

    def read(self, table: object) -> Configuration:
        """The configuration; what is wrong is left out and reported."""
        if not isinstance(table, dict):
            self._fault("coopgov", "wrong-type", table, phrase("cli.configuration.table.expected"))
            return Configuration(faults=tuple(self.faults))
        known: dict[str, Callable[[str, Any], Any]] = {
            "rules": self._rules,
            "lang": self._lang,
            "fail-on": self._one_of(STATUSES, SEVERITIES),
            "color": self._one_of(COLOURS),
        }
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key in known:
                values[key.replace("-", "_")] = known[key](key, value)
            else:
                self._unknown(key, value, known)
        return Configuration(self.path.parent, self.path.name, **values, faults=tuple(self.faults))

    def _unknown(self, key: str, value: object, known: Mapping[str, object]) -> None:
        near = did_you_mean(key.replace("_", "-"), known)
        header = {"tool": "[tool.coopgov]", "coopgov": "[coopgov]"}.get(key)
        if header and isinstance(value, dict):
            near = phrase("cli.configuration.key.header", header=header)
        found = phrase("cli.configuration.key.found", key=key)
        expected = phrase("cli.configuration.key.expected", keys=one_of(f"`{each}`" for each in known))
        self.faults.append(self._made(key, "unknown-key", found, expected, near))

    def _rules(self, key: str, value: object) -> tuple[str, ...] | None:
        """Rule files and packs."""
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or not all(isinstance(each, str) for each in names):
            self._fault(key, "wrong-type", value, phrase("cli.configuration.rules.expected"))
            return None
        return tuple(names)

    def _lang(self, key: str, value: object) -> str | None:
        if isinstance(value, str) and is_supported(value):
            return relative(value)
        near = intended(value) if isinstance(value, str) else ""
        hint = phrase("common.did-you-mean", near=near) if near else verbatim("")
        self._fault(key, "wrong-choice", value, one_of(LANGUAGES), hint)
        return None

    def _one_of(
        self, choices: tuple[str, ...], worded: tuple[str, ...] = ()
    ) -> Callable[[str, object], str | None]:
        """A reader of one of several values; those that are `worded` in any of their words."""

        def read(key: str, value: object) -> str | None:
            if isinstance(value, str):
                meant = value if value in choices else choice(value, worded)
                if meant is not None:
                    return meant
            hint = did_you_mean(value, choices) if isinstance(value, str) else verbatim("")
            self._fault(key, "wrong-choice", value, one_of(choices), hint)
            return None

        return read

    def _fault(self, key: str, code: str, value: object, expected: Phrase, hint: Phrase = NO_HINT) -> None:
        self.faults.append(self._made(key, code, verbatim(f"{key} = {_toml(value)}"), expected, hint))

    def _made(self, key: str, code: str, found: Phrase, expected: Phrase, hint: Phrase) -> Fault:
        """A fault at the line that sets a key."""
        line, column = self._place(key)
        source = self.lines[line - 1] if line else ""
        return Fault(Place(_shown(self.path), line, column), code, found, expected, hint, source, len(key))

    def _place(self, key: str) -> tuple[int, int]:
        """The line and column of a key; 0 where it is written in an unusual way."""
        text = "\n".join(self.lines)
        header = re.search(_HEADER, text) if self.path.name == _SHARED else None
        pattern = re.compile(rf"^[ \t]*\[?[ \t]*[\"']?({re.escape(key)})[\"']?\s*[=.\]]", re.MULTILINE)
        match = pattern.search(text, header.end() if header else 0)
        if not match:
            return 0, 0
        start = match.start(1)
        return text.count("\n", 0, start) + 1, start - (text.rfind("\n", 0, start) + 1) + 1


def _toml(value: object) -> str:
    """A value as TOML writes it, on one line."""
    match value:
        case str():
            return f'"{value}"'
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            pairs = ", ".join(f"{key} = {_toml(each)}" for key, each in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
    return str(value)


def _shown(path: Path) -> str:
    """A path from the working directory, as faults name it; on another drive, the whole path."""
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)
