"""The streams of the command line: results on stdout; faults on stderr."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import sys
from typing import TYPE_CHECKING, Any

from coopgov.cli.progress import cleared
from coopgov.errors import CoopgovError, InputError
from coopgov.json_layout import laid_out
from coopgov.locales import Phrase
from coopgov.locales import text as text_of_key
from coopgov.safe_text import MARK, json_string, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coopgov.faults import Fault

__all__ = [
    "Results",
    "about_file",
    "counted",
    "json_text",
    "one_line",
    "painted",
    "prepare_streams",
    "say",
    "shell_words",
    "silence",
    "to_stderr",
    "worded",
    "write",
]

_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]+")
_PLAIN = re.compile(r"[\w@%+=:,./-]+")
_COLOURS = re.compile(rf"{MARK}([0-9;]*)m")


def prepare_streams() -> None:
    """Write UTF-8 whatever the locale; a stream that was closed before the start silently discards its output."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  # never closed
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def write(text: str = "") -> None:
    """Print a result, if any, and flush; a reader that has gone is not an error and does not change the exit code.

    Control characters are made visible, so that no text steers the terminal; the colours of `painted` pass.
    """
    _print(_shown(text), end="\n" if text else "")


def _print(*parts: str, end: str = "\n") -> None:
    try:
        with cleared():
            print(*parts, sep="", end=end, flush=True)
    except BrokenPipeError:
        silence()


def json_text(data: object, language: str = "en", *, depth: int = 0) -> str:
    """A result as JSON that people can read; phrases are in a language, and parts may be results themselves.

    `depth` is the number of lists around it.
    """

    def plain(value: Any) -> object:
        return value.in_language(language) if isinstance(value, Phrase) else value.to_dict()

    return laid_out(data, plain=plain, encode=json_string, depth=depth)


class Results:
    """Results that are printed as they come: texts with a blank line between them, or the items of a list in JSON."""

    def __init__(self, form: str) -> None:
        self._json = form == "json"
        self._number = 0
        self._held = ""

    def add(self, texts: Iterable[str]) -> None:
        """Print some texts, or items of JSON; of these the last one is held until it is known what follows."""
        for text in texts:
            if not self._json:
                write(f"\n{text}" if self._number else text)
            elif self._number:
                _print(self._held, ",")
            else:
                _print("[")
            self._held = text if self._json else ""
            self._number += 1

    def end(self) -> None:
        """Print what is left."""
        if self._json:
            _print(self._held, "\n]") if self._number else _print("[]")


def say(name: str, language: str, /, **values: object) -> str:
    """A text of the command line, by what follows `cli.output` in its key."""
    return text_of_key(f"cli.output.{name}", language, **values)


def counted(name: str, language: str, number: float, /, **values: object) -> str:
    """A text with a number, whose key has a form for one and a form for many."""
    return say(f"{name}.{'one' if number == 1 else 'many'}", language, number=number, **values)


def painted(text: str, colour: str) -> str:
    """The text in a terminal colour, for `write`."""
    return f"{MARK}{colour}m{text}{MARK}0m"


def _shown(text: str) -> str:
    parts = _COLOURS.split(text)
    parts[::2] = map(visible, parts[::2])
    parts[1::2] = (f"\x1b[{colour}m" for colour in parts[1::2])
    return "".join(parts)


def silence() -> None:
    """Discard what stdout still holds: its reader has gone, or its disk is full."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def to_stderr(message: str | CoopgovError | Fault, language: str = "en") -> None:
    """Print a message on stderr, if that is open; phrases, errors and faults in a language."""
    with contextlib.suppress(OSError), cleared():
        print(visible(worded(message, language)), file=sys.stderr)


def worded(value: object, language: str) -> str:
    """What has wordings in several languages (a phrase, error, fault or finding) in one of them; all else as text.

    >>> from coopgov.locales import phrase
    >>> worded(phrase("common.nothing"), "zh-Hans"), worded(3, "zh-Hans")
    ('空', '3')
    """
    in_language: Callable[[str], str] | None = getattr(value, "in_language", None)
    return in_language(language) if in_language else str(value)


def about_file(name: str, error: CoopgovError, language: str) -> str:
    """An error in a language, with the file that it is about; faults name it themselves."""
    return worded(error, language) if isinstance(error, InputError) else f"{name}: {worded(error, language)}"


def shell_words(words: Iterable[str]) -> str:
    """A command to copy: words in quotes where a shell needs them, which it does not for letters of any script.

    >>> print(shell_words(["coopgov", "check", "合作/a.yaml", "my file"]))
    coopgov check 合作/a.yaml 'my file'
    """
    return " ".join(word if _PLAIN.fullmatch(word) else shlex.quote(word) for word in words)


def one_line(text: str) -> str:
    """The text without line breaks, with control characters made visible."""
    return visible(_BREAKS.sub(" ", text))
