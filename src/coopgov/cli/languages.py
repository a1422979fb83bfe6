"""The language of what the command line prints.

It is the requested language, else the configured one, else that of the system, else English.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from coopgov.cli.configuration import Configuration, find_configuration
from coopgov.languages import is_supported, relative

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ENGLISH", "Languages", "asked_language", "system_language"]

_OPTION = "--lang"
_SHORTEST = len("--la")
"""The shortest abbreviation: `--l` could also be `--limit`."""


@dataclass(frozen=True)
class Languages:
    """The language that the arguments ask for, and the configuration, which is read when it is first needed."""

    asked: str | None = None

    @classmethod
    def of_arguments(cls, arguments: Sequence[str]) -> Languages:
        """The languages of a run, before its arguments are parsed: help and usage errors need them."""
        return cls(asked_language(arguments))

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration of the working directory; an empty one if that folder is gone."""
        with suppress(OSError):
            return find_configuration(Path.cwd())
        return Configuration()

    def of_text(self, stream: TextIO) -> str:
        """The language of a text on a stream; the system's counts only on a terminal."""
        chosen = self.asked or self.configuration.lang
        return chosen or (system_language(os.environ) if stream.isatty() else "en")

    def of_data(self) -> str:
        """The language of JSON and other forms that programs read: it depends on nothing but the arguments."""
        return self.asked or "en"


ENGLISH = Languages("en")
"""English, whatever is configured."""


def asked_language(arguments: Sequence[str]) -> str | None:
    """The value of the last `--lang` that is a supported language; None without one.

    >>> asked_language(["--lang", "zh-CN", "check", "a.yaml"]), asked_language(["check", "--lang=nope"])
    ('zh-Hans', None)
    """
    found = None
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        option, equals, value = argument.partition("=")
        if len(option) >= _SHORTEST and _OPTION.startswith(option):
            value = value if equals else "".join(arguments[position + 1 : position + 2])
            found = relative(value) if is_supported(value) else found
    return found


def system_language(environment: Mapping[str, str]) -> str:
    """The language of the system's locale, by the first of the POSIX variables that is set.

    >>> system_language({"LANG": "zh_TW.UTF-8"}), system_language({"LC_ALL": "C", "LANG": "zh_CN"})
    ('zh-Hant', 'en')
    """
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    tag = next(filter(None, names), "").partition(".")[0].partition("@")[0]
    return relative(tag) if is_supported(tag) else "en"
