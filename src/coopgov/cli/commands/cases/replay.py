"""`coopgov cases replay`: the cases as they were at the end of a day, made of the log alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import day
from coopgov.cli.case_store import add_store, cases_of, changes_of, opened
from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    add_store(command)
    command.add_argument(
        "--to", required=True, type=command.reader(day), metavar="DATE", help="cases-replay.to"
    )
    command.set_defaults(run=run, format="json")


def run(options: Namespace) -> int:
    """Print the cases as JSON, as `coopgov cases list --all --format json` did on that day."""
    from coopgov.case_errors import DayBeforeLastError
    from coopgov.cases.replay import replay

    with opened(options) as store:
        begun = cases_of(store).first
        if options.to < begun:
            raise DayBeforeLastError(options.to, begun)
        cases = replay(changes_of(store), to=options.to)
    write(json_text([case.to_dict() for case in cases], options.data_lang))
    return 0
