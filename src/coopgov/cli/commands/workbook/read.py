"""`coopgov workbook read`: make a part of a form that was filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import day
from coopgov.cli.output import say, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("file", metavar="FILE", help="workbook-read.file")
    command.add_argument("--out", required=True, metavar="PART", help="workbook-read.out")
    command.add_argument("--as-of", type=command.reader(day), metavar="DATE", help="workbook-read.as-of")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Read the form, and write the part."""
    from coopgov.connect.workbooks import read_form
    from coopgov.model import dump_part
    from coopgov.source.files import replace_file

    part = read_form(options.file, as_of=options.as_of)
    replace_file(Path(options.out), dump_part(part).encode())
    write(say("written.part", options.lang, path=options.out, agreement=part.into, day=part.origin.on))
    return 0
