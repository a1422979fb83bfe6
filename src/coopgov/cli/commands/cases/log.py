"""`coopgov cases log`: the log of changes and notices, and whether it is as it was written."""

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
    add_store(command)
    command.add_argument("--verify", action="store_true", help="cases-log.verify")
    command.add_argument("--head", metavar="HASH", help="cases-log.head")
    add_output(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the log, or verify it."""
    from coopgov.cli.case_text import log_text, verified_text
    from coopgov.cli.log_rows import row_of
    from coopgov.cli.text import Terminal

    terminal = Terminal.of(sys.stdout, options.lang, options.color)
    with opened(options) as store:
        if options.verify or options.head:
            head = store.verify(options.head)
            data = {"rows": head.seq, "head": head.hash}
            write(json_text(data) if options.format == "json" else verified_text(terminal, head))
            return 0
        if options.format == "json":
            write(json_text([row_of(each) for each in store.log()], options.lang))
            return 0
        cases = cases_of(store)
        names = names_of(options, store, cases.last or cases.first)
        write(log_text(terminal, names, store.log(), cases))
    return 0
