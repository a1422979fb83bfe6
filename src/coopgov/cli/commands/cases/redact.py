"""`coopgov cases redact`: black out the free texts of a row of the log; the chain stays valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.case_store import add_store, now, opened
from coopgov.cli.output import say, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("row", type=int, metavar="ROW", help="cases-redact.row")
    command.add_argument("--by", required=True, metavar="WHO", help="cases.by")
    command.add_argument("--reason", required=True, metavar="TEXT", help="cases-redact.reason")
    add_store(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Black out the texts, and say so."""
    with opened(options) as store:
        store.redact(options.row, by=options.by, reason=options.reason, at=now())
    write(say("cases.redacted", options.lang, row=options.row))
    return 0
