"""One line on a terminal that says what takes so long: on stderr, from the third second on, and gone at the end.

No other stream sees it, nor does a terminal of continuous integration. While something else is printed, the line makes
room. A run has one line at most.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from threading import Event, RLock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from coopgov.locales import text
from coopgov.safe_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cleared", "doing", "showing", "some"]

_DELAY = 2.0
_EVERY = 0.2
"""Seconds between two drawings, at least."""
_REFRESHED = 1.0
_NAME_WIDTH = 60
_CLEARED = "\r\x1b[K"


class _Line:
    """The line of a run. A thread draws it again every second, so that people see that something goes on."""

    def __init__(self, language: str, delay: float) -> None:
        self._language = language
        self._begun = monotonic()
        self._next = self._begun + delay
        self._what: tuple[str, dict[str, object]] = ("working", {})
        self._drawn = False
        self._ended = Event()
        self.lock = RLock()
        Thread(target=self._tick, args=(delay,), daemon=True).start()

    def doing(self, what: str, values: dict[str, object]) -> None:
        """Say what is going on now."""
        self._what = what, values
        self._draw()

    def clear(self) -> None:
        """Make room for something else."""
        if self._drawn:
            self._print(_CLEARED)
            self._drawn = False

    def end(self) -> None:
        """Remove the line."""
        self._ended.set()
        with self.lock:
            self.clear()

    def _tick(self, delay: float) -> None:
        if not self._ended.wait(delay):
            self._draw()
        while not self._ended.wait(_REFRESHED):
            self._draw()

    def _draw(self) -> None:
        now = monotonic()
        if now < self._next:
            return
        with self.lock:
            if not self._ended.is_set():
                what, values = self._what
                doing = text(f"cli.output.progress.{what}", self._language, **values)
                seconds = int(now - self._begun)
                line = text("cli.output.progress.line", self._language, doing=doing, seconds=seconds)
                self._print(f"{_CLEARED}{visible(line)}")
                self._drawn = True
                self._next = now + _EVERY

    @staticmethod
    def _print(line: str) -> None:
        with suppress(OSError, ValueError):  # stderr is gone, or closed
            print(line, end="", file=sys.stderr, flush=True)


_line: _Line | None = None


@contextmanager
def showing(language: str, *, shown: bool | None = None) -> Iterator[None]:
    """Have a line while a command runs: on a terminal after a while, or as `shown` says, then at once."""
    global _line  # noqa: PLW0603  # as there is one stderr
    if not (sys.stderr.isatty() and "CI" not in os.environ if shown is None else shown):
        yield
        return
    _line = line = _Line(language, 0.0 if shown else _DELAY)
    try:
        yield
    finally:
        _line = None
        line.end()


def doing(what: str, /, **values: object) -> None:
    """Say what is going on, by what follows `cli.output.progress` in a key; a name is shortened."""
    if _line is not None:
        if "name" in values:
            values["name"] = str(values["name"])[-_NAME_WIDTH:]
        _line.doing(what, values)


def some(number: int, share: float | None) -> None:
    """Say how many rows, files or days are done, and which share of all."""
    if share is None:
        doing("some", number=f"{number:,}")
    else:
        doing("share", number=f"{number:,}", share=f"{share:.0%}")


@contextmanager
def cleared() -> Iterator[None]:
    """Clear the line while something else is printed."""
    if _line is None:
        yield
        return
    with _line.lock:
        _line.clear()
        yield
