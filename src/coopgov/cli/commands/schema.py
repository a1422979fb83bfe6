"""`coopgov schema`: print a JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    formats = ("agreement", "part", "rules", "rule-tests", "mapping", "assessment")
    command.add_argument("of", choices=formats, metavar="FORMAT", help="schema.of")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print a JSON Schema."""
    from coopgov.cli.schemas import schema_of

    write(json_text(schema_of(options.of, options.data_lang)))
    return 0
