"""`coopgov evaluate`: evaluate a cooperation in four dimensions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_day, add_output, current_day
from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("agreement", metavar="AGREEMENT", help="evaluate.agreement")
    add_day(command)
    add_output(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Evaluate the agreement, and print the result."""
    from coopgov.evaluation import evaluate
    from coopgov.model import load_agreement

    agreement = load_agreement(options.agreement)
    result = evaluate(agreement, as_of=options.as_of or current_day())
    if options.format == "json":
        write(json_text(result.to_dict(), options.lang))
        return 0
    from coopgov.cli.evaluation import evaluation_text
    from coopgov.cli.text import Terminal

    terminal = Terminal.of(sys.stdout, options.lang, options.color)
    write(evaluation_text(terminal, agreement, result, today=options.as_of is None))
    return 0
