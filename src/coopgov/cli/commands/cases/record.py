"""`coopgov cases record`: record the events of a file, all or none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_output
from coopgov.cli.case_store import (
    add_inputs,
    add_store,
    cases_of,
    changes_of,
    inputs_for,
    names_of,
    now,
    opened,
)
from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("events", metavar="EVENTS", help="cases-record.events")
    add_store(command)
    add_inputs(command)
    add_output(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Record the events that the log does not have yet; refusals are reported together, and then none is recorded."""
    from coopgov.cases.events_file import load_events
    from coopgov.cli.event_recording import recorded

    events = load_events(options.events)
    with opened(options) as store:
        begun = cases_of(store)
        agreement, rules = inputs_for(options, store, begun)
        made = recorded(begun, agreement, rules, events, [*changes_of(store)])
        store.update(lambda _: made, at=now())  # refused where somebody else wrote meanwhile
        if options.format == "json":
            changes = [change.to_dict() for change in made.changes]
            write(
                json_text(
                    {"changes": changes, "notices": [each.to_dict() for each in made.notices]}, options.lang
                )
            )
            return 0
        from coopgov.cli.case_text import recorded_text
        from coopgov.cli.text import Terminal

        terminal = Terminal.of(sys.stdout, options.lang, options.color)
        names = names_of(options, store, begun.last or begun.first)
        write(recorded_text(terminal, names, made, len(events.events)))
    return 0
