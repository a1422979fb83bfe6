"""The streams of the command line: results on stdout; faults and progress on stderr."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys

__all__ = [
    "Progress",
    "RowProgress",
    "json_text",
    "one_line",
    "prepare_streams",
    "printable",
    "silence",
    "tell",
    "write",
]

_MANY = 3
_NAME_WIDTH = 60
_CLEARED = "\r\x1b[K"
_BREAKS = re.compile(r"[\t-\r\x85\u2028\u2029]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROLS_IN_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def prepare_streams() -> None:
    """Write UTF-8 whatever the locale says; a stream that was closed before we began takes everything silently."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  # lasts as long as we do
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def write(text: str = "") -> None:
    """Print a result, or nothing, and let it go out now; a reader who has gone is no fault and changes no exit code."""
    try:
        print(text, end="\n" if text else "", flush=True)
    except BrokenPipeError:
        silence()


def json_text(data: object) -> str:
    """A result as JSON that people can read, too."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def silence() -> None:
    """Send what stdout still holds nowhere: its reader has gone, or its disk is full."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(message: object) -> None:
    """Print a fault on stderr, if it can be heard there."""
    with contextlib.suppress(OSError):
        print(printable(message), file=sys.stderr)


def printable(message: object) -> str:
    """The text of a message about a file; control characters from there must not steer a terminal."""
    return _CONTROLS_IN_LINES.sub("\ufffd", str(message))


def one_line(text: str) -> str:
    """The text without line breaks and control characters."""
    return _CONTROLS.sub("\ufffd", _BREAKS.sub(" ", text))


class Progress:
    """On a terminal, how far we are when there are many files."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.shown = total > _MANY and sys.stderr.isatty()

    def begin(self, number: int, name: str) -> None:
        """Show which file is read now."""
        if self.shown:
            print(
                f"{_CLEARED}{number}/{self.total} {one_line(name)[-_NAME_WIDTH:]}",
                end="",
                file=sys.stderr,
                flush=True,
            )

    def clear(self) -> None:
        """Make room for other lines."""
        if self.shown:
            print(_CLEARED, end="", file=sys.stderr, flush=True)


class RowProgress:
    """How far a long run is, on a line of its own; on a terminal, unless `shown` says otherwise."""

    def __init__(self, *, shown: bool | None = None) -> None:
        self.shown = sys.stderr.isatty() if shown is None else shown
        self.began = False

    def show(self, number: int, share: float | None) -> None:
        """Show how many have been read, and which share of all."""
        if self.shown:
            self.began = True
            percent = "" if share is None else f" ({share:.0%})"
            print(f"{_CLEARED}{number:,}{percent}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Make room for other lines."""
        if self.began:
            print(_CLEARED, end="", file=sys.stderr, flush=True)
