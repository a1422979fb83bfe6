"""`coopgov schema`: print a JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["FORMATS", "add_arguments", "run"]

FORMATS = (
    "agreement",
    "part",
    "rules",
    "rule-tests",
    "events",
    "case-tests",
    "mapping",
    "import",
    "channels",
    "report",
    "assessment",
    "evaluation",
    "case",
    "notice",
)
"""The formats of files and results that have a JSON Schema."""


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("of", choices=FORMATS, metavar="FORMAT", help="schema.of")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print a JSON Schema."""
    from coopgov.cli.schemas import schema_of

    write(json_text(schema_of(options.of, options.data_lang)))
    return 0
