"""`coopgov cases notices`: who was notified of what; with `--pending`, what has not been sent yet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_output
from coopgov.cli.case_store import add_store, cases_of, names_of, opened
from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cases.store.protocol import Posted
    from coopgov.cases.store.sql_store import SqlStore
    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    add_store(command)
    command.add_argument("--pending", action="store_true", help="cases-notices.pending")
    add_output(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the notices, oldest first."""
    with opened(options) as store:
        cases = cases_of(store)
        found = _notices(store, pending=options.pending)
        if options.format == "json":
            write(json_text([{"seq": each.seq, **each.notice.to_dict()} for each in found], options.lang))
            return 0
        from coopgov.cli.case_text import notices_text
        from coopgov.cli.text import Terminal

        names = names_of(options, store, cases.last or cases.first)
        terminal = Terminal.of(sys.stdout, options.lang, options.color)
        write(notices_text(terminal, names, [each.notice for each in found]))
    return 0


def _notices(store: SqlStore, *, pending: bool) -> list[Posted]:
    from coopgov.cases.notice import Notice
    from coopgov.cases.store.protocol import Posted

    if pending:
        return list(store.outbox.pending())
    return [Posted(entry.seq, entry.what) for entry in store.log() if isinstance(entry.what, Notice)]
