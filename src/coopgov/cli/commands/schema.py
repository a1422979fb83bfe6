"""`coopgov schema`: print a JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import json_text, write

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["HELP", "add_arguments", "run"]

HELP = "print a JSON Schema"


def add_arguments(command: ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = (
        "Print the JSON Schema of agreements, rule files, rule tests, mapping files or assessments."
    )
    formats = ("agreement", "rules", "rule-tests", "mapping", "assessment")
    command.add_argument("of", choices=formats, metavar="FORMAT", help=", ".join(formats))
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print a JSON Schema."""
    from coopgov.cli.schemas import schema_of

    write(json_text(schema_of(options.of)))
    return 0
