"""`coopgov export`: write the plan of an agreement for another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, current_day
from coopgov.cli.output import say, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", metavar="AGREEMENT", help="export.agreement")
    command.add_argument("--to", choices=("mspdi", "csv"), required=True, help="export.to")
    command.add_argument("--out", required=True, metavar="FILE", help="export.out")
    add_day(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Write the file."""
    from coopgov.imports.export_csv import tasks_csv
    from coopgov.imports.export_mspdi import mspdi_text
    from coopgov.model import load_agreement
    from coopgov.source.files import replace_file

    agreement = load_agreement(options.agreement)
    writer = {"mspdi": mspdi_text, "csv": tasks_csv}[options.to]
    text = writer(agreement, as_of=options.as_of or current_day(), language=options.lang)
    replace_file(Path(options.out), text.encode())
    write(say("written.file", options.lang, path=options.out))
    return 0
