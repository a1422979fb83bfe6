"""The entry point of the command line: arguments in, exit code out.

Exit codes: 0 fine, 1 warnings or findings at or above `--fail-on`, 2 bad input or usage, 3 a fault of coopgov.
"""

from __future__ import annotations

import gc
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from coopgov import __version__
from coopgov.cli.arguments import Parser, add_commands
from coopgov.cli.commands import COMMANDS
from coopgov.cli.output import prepare_streams, silence, tell
from coopgov.errors import CoopgovError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

__all__ = ["main", "parser"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    prepare_streams()
    try:
        with _ended_by_signal():
            return _run(parser().parse_args(arguments))
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # whatever it is, it has an exit code
        return _failed(error)


def parser() -> ArgumentParser:
    """The parser of all commands."""
    whole = Parser(
        prog="coopgov",
        description="Early warnings for cooperation agreements.",
        epilog="exit codes: 0 fine, 1 warnings, findings or failed tests, 2 bad input or usage, 3 a fault of coopgov",
    )
    whole.add_argument("--version", action="version", version=f"coopgov {__version__}")
    add_commands(whole, COMMANDS)
    return whole


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Turn a signal to end into an exception, so that no half-written file is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def _failed(error: Exception) -> int:
    """Report what went wrong and whose fault it is, and return the exit code."""
    match error:
        case CoopgovError():
            tell(error)
            return 2
        case OSError(filename=None):  # a stream, not a file: its disk is full
            silence()
            tell(f"coopgov: {error.strerror or error}")
            return 2
    import traceback

    tell("".join(traceback.format_exception(error)).rstrip())
    tell("coopgov: this is a fault of coopgov; please report it with the lines above")
    return 3


def _run(options: Namespace) -> int:
    """Call the command."""
    gc.set_threshold(100_000)  # a short run makes little garbage and many lasting objects: collect less often
    code: int = options.run(options)
    return code
