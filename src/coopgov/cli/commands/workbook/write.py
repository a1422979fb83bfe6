"""`coopgov workbook write`: write an agreement as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import say, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", metavar="AGREEMENT", help="shared.agreement-file")
    command.add_argument("file", metavar="FILE", help="shared.workbook-out")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Write the workbook."""
    from coopgov.connect.workbooks import write_workbook
    from coopgov.model import load_agreement

    write_workbook(load_agreement(options.agreement), options.file, language=options.lang)
    write(say("written.workbook", options.lang, path=options.file))
    return 0
