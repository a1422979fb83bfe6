"""`coopgov init`: write a starter agreement and rule file, with rule tests and the schemas that editors read."""

from __future__ import annotations

import argparse
import shlex
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import current_day, day
from coopgov.cli.output import say, spoken, tell, write
from coopgov.source.files import made_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HELP", "add_arguments", "run"]

HELP = "write a starter agreement and rule file"

_SCHEMAS = ".coopgov"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = (
        "Write agreement.yaml, rules.yaml and rules.tests.yaml that pass as they are, and the JSON Schemas with which "
        "editors help to write such files. Nothing is overwritten."
    )
    command.add_argument("folder", metavar="DIR", help="the folder; created if it does not exist")
    command.add_argument(
        "--as-of", type=_first_day, metavar="DATE", help="the first day of the agreement (today)"
    )
    command.set_defaults(run=run)


def _first_day(text: str) -> date:
    first = day(text)
    if first.year == date.max.year:
        raise argparse.ArgumentTypeError(f'found "{text}", expected a date before the year {date.max.year}')
    return first


def run(options: argparse.Namespace) -> int:
    """Write the starter files, all or none."""
    from coopgov.cli.starter import schema_files, starter_files

    folder = Path(options.folder)
    first_day = options.as_of or current_day()
    texts = {**starter_files(first_day), **schema_files()}
    written: list[Path] = []
    try:
        with made_folder(folder), made_folder(folder / _SCHEMAS), _undone(written):
            for name, text in texts.items():
                path = folder / name
                with path.open("x", encoding="utf-8", newline="\n") as file:
                    written.append(path)
                    file.write(text)
    except OSError as error:
        there = isinstance(error, FileExistsError) and Path(error.filename) != folder
        tell(
            f"{error.filename or folder}: {'is already there' if there else error.strerror}; nothing was written"
        )
        return 2
    _told(folder, written, spoken(options))
    return 0


@contextmanager
def _undone(written: list[Path]) -> Iterator[None]:
    """Remove the files already written if something goes wrong."""
    try:
        yield
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _told(folder: Path, written: list[Path], language: str) -> None:
    agreement, rules, tests = (shlex.quote(str(path)) for path in written[:3])
    lines = [
        *(say("written.file", language, path=path) for path in written[:3]),
        say("written.schemas", language, path=folder / _SCHEMAS),
        say("written.try", language, command=f"coopgov check {agreement} --rules {rules}"),
        say("written.try", language, command=f"coopgov rules test {tests}"),
    ]
    write("\n".join(lines))
