"""`coopgov cases show`: one case, with its timeline: what changed, who was notified, what was answered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_output
from coopgov.cli.case_store import add_store, cases_of, names_of, opened
from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("case", metavar="CASE", help="cases.case")
    add_store(command)
    add_output(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the case and its timeline."""
    from coopgov.cli.log_rows import row_of

    with opened(options) as store:
        cases = cases_of(store)
        case = cases.find(options.case)
        entries = list(store.log(case=case.id))
        if options.format == "json":
            write(
                json_text({"case": case.to_dict(), "log": [row_of(each) for each in entries]}, options.lang)
            )
            return 0
        from coopgov.cli.case_text import show_text
        from coopgov.cli.text import Terminal

        names = names_of(options, store, cases.last or cases.first)
        write(show_text(Terminal.of(sys.stdout, options.lang, options.color), names, case, entries))
    return 0
