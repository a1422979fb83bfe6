"""The entry point of the command line: arguments in, exit code out.

Exit codes: 0 fine, 1 warnings or findings at or above `--fail-on`, 2 bad input or usage, 3 a fault of coopgov,
4 a store of cases refused.
"""

from __future__ import annotations

import gc
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from coopgov import __version__
from coopgov.cli.commands import COMMANDS
from coopgov.cli.languages import ENGLISH, Languages
from coopgov.cli.output import prepare_streams, silence, to_stderr
from coopgov.cli.parser import Parser, add_commands
from coopgov.cli.progress import showing
from coopgov.errors import CoopgovError, InputError
from coopgov.locales import phrase
from coopgov.store_errors import NoFreeTextError, StoreError, StoreUnusableError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from coopgov.cli.configuration import Configuration

__all__ = ["main", "parser"]

_DATA = ("json", "sarif")
"""Formats for programs: their texts are English unless the command line asks for another language."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    gc.set_threshold(100_000)  # a short run makes little garbage and many lasting objects: collect less often
    prepare_streams()
    languages = Languages.of_arguments(sys.argv[1:] if arguments is None else arguments)
    try:
        with _ended_by_signal():
            return _run(parser(languages).parse_args(arguments), languages)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # whatever it is, it has an exit code
        return _failed(error, languages)


def parser(languages: Languages = ENGLISH) -> Parser:
    """The parser of all commands."""
    whole = Parser(prog="coopgov", epilog="coopgov.epilog", languages=languages)
    whole.add_argument("--version", action="version", version=f"coopgov {__version__}", help="shared.version")
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


def _failed(error: Exception, languages: Languages) -> int:
    """Report what went wrong, and return the exit code; a failure to report it is a fault of coopgov."""
    try:
        return _reported(error, _language(languages))
    except Exception:  # noqa: BLE001  # a second traceback would hide the exit code
        return 3


def _language(languages: Languages) -> str:
    """The language of errors; English if reading the configuration is what failed."""
    try:
        return languages.of_text(sys.stderr)
    except Exception:  # noqa: BLE001  # the first error is the one to report
        return "en"


def _reported(error: Exception, language: str) -> int:
    """Report what went wrong and whose fault it is, and return the exit code."""
    match error:
        case StoreError() if not isinstance(error, (NoFreeTextError, StoreUnusableError)):
            to_stderr(error, language)
            return 4
        case CoopgovError():
            to_stderr(error, language)
            return 2
        case ModuleNotFoundError() if "coopgov[" in str(error):  # an extra; the message has the command
            to_stderr(f"coopgov: {error}")
            return 2
        case OSError(filename=None):  # a stream, not a file: its disk is full
            silence()
            to_stderr(f"coopgov: {error.strerror or error}")
            return 2
    import traceback

    to_stderr("".join(traceback.format_exception(error)).rstrip())
    to_stderr(phrase("cli.messages.own-fault"), language)
    return 3


def _run(options: Namespace, languages: Languages) -> int:
    """Complete the options by the configuration, and call the command."""
    configured = languages.configuration
    if configured.faults:
        raise InputError(configured.faults)
    _complete(options, configured)
    options.data_lang, options.asked_lang = languages.of_data(), languages.asked
    data = getattr(options, "format", "text") in _DATA
    options.lang = options.data_lang if data else languages.of_text(sys.stdout)
    options.message_lang = languages.of_text(sys.stderr)
    try:
        with showing(options.message_lang, shown=getattr(options, "progress", None)):
            code: int = options.run(options)
    except InputError as error:
        raise options.explained(error) from None
    return code


def _complete(options: Namespace, configured: Configuration) -> None:
    """Give the options that were not used their configured values, or else their defaults."""
    options.explained = lambda error: error
    if getattr(options, "rules", ...) is None:
        options.rules, options.explained = configured.rule_files(), configured.explained
    if getattr(options, "fail_on", ...) is None:
        options.fail_on = configured.fail_on or "minor"
    if getattr(options, "color", ...) is None:
        options.color = configured.color or "auto"
