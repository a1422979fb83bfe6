"""`coopgov init`: write a starter agreement and rule file, with rule tests and the schemas that editors read."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import current_day, day
from coopgov.cli.output import say, shell_words, to_stderr, write
from coopgov.cli.parser import WrongValueError
from coopgov.locales import Phrase, phrase
from coopgov.source.files import made_folder

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


_SCHEMAS = ".coopgov"


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("folder", metavar="DIR", help="shared.out")
    command.add_argument("--as-of", type=command.reader(_first_day), metavar="DATE", help="init.as-of")
    command.set_defaults(run=run)


def _first_day(text: str) -> date:
    first = day(text)
    if first.year == date.max.year:
        raise WrongValueError(text, phrase("cli.usage.first-day", year=str(date.max.year)))
    return first


def run(options: Namespace) -> int:
    """Write the starter files, all or none."""
    from coopgov.cli.starter import schema_files, starter_files

    folder = Path(options.folder)
    first_day = options.as_of or current_day()
    texts = {**starter_files(first_day, options.lang), **schema_files(options.lang)}
    written: list[Path] = []
    try:
        with made_folder(folder), made_folder(folder / _SCHEMAS), _undone(written):
            for name, text in texts.items():
                path = folder / name
                with path.open("x", encoding="utf-8", newline="\n") as file:
                    written.append(path)
                    file.write(text)
    except OSError as error:
        to_stderr(_not_written(folder, error), options.message_lang)
        return 2
    write(_report(folder, written, options.lang))
    return 0


def _not_written(folder: Path, error: OSError) -> Phrase:
    """Why nothing was written."""
    path = error.filename or folder
    if isinstance(error, FileExistsError) and Path(error.filename) != folder:
        return phrase("cli.messages.already-there", path=path)
    return phrase("cli.messages.nothing-written", path=path, why=error.strerror or str(error))


@contextmanager
def _undone(written: list[Path]) -> Iterator[None]:
    """Remove the files already written if something goes wrong."""
    try:
        yield
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _report(folder: Path, written: list[Path], language: str) -> str:
    """The files that were written, and the commands to try with them."""
    agreement, rules, tests = map(str, written[:3])
    last = [] if language == "en" else ["--lang", language]
    commands = (["check", agreement, "--rules", rules], ["rules", "test", tests])
    lines = [
        *(say("written.file", language, path=path) for path in written[:3]),
        say("written.schemas", language, path=folder / _SCHEMAS),
        *(say("written.try", language, command=shell_words(["coopgov", *each, *last])) for each in commands),
    ]
    return "\n".join(lines)
