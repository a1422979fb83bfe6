"""`coopgov workbook new`: write an empty workbook for a whole agreement, or one with an example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import current_day
from coopgov.cli.output import say, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("file", metavar="FILE", help="shared.workbook-out")
    command.add_argument("--example", action="store_true", help="workbook-new.example")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Write the workbook."""
    from coopgov.cli.starter import starter_files
    from coopgov.connect.workbooks import new_workbook, write_workbook
    from coopgov.model import parse_agreement

    path = Path(options.file)
    if options.example:
        text = starter_files(current_day(), options.lang)["agreement.yaml"]
        write_workbook(parse_agreement(text), path, language=options.lang)
    else:
        new_workbook(path, language=options.lang)
    write(say("written.workbook", options.lang, path=options.file))
    return 0
