"""`coopgov export`: write the plan of an agreement for another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, current_day
from coopgov.cli.losses import lost_lines
from coopgov.cli.output import say, to_stderr, write

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
    """Write the file, and say what it leaves out."""
    from coopgov.imports.export_csv import tasks_csv
    from coopgov.imports.export_losses import export_losses
    from coopgov.imports.export_mspdi import mspdi_text
    from coopgov.model import load_agreement
    from coopgov.source.files import replace_file

    agreement = load_agreement(options.agreement)
    writer = {"mspdi": mspdi_text, "csv": tasks_csv}[options.to]
    day = options.as_of or current_day()
    replace_file(Path(options.out), writer(agreement, as_of=day, language=options.lang).encode())
    write(say("written.file", options.lang, path=options.out))
    lost = export_losses(agreement, to=options.to, as_of=day)
    if lost:
        lines = [say("import.left-out", options.lang, format=options.to), *lost_lines(lost, options.lang)]
        to_stderr("\n".join(lines))
    return 0
