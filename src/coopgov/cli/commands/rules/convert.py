"""`coopgov rules convert`: print rules for another engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import write

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("files", nargs="+", metavar="FILE", help="shared.rule-set")
    command.add_argument("--to", required=True, choices=("durable",), help="rules-convert.to")
    command.add_argument("--about", metavar="TYPE", help="rules-convert.about")
    command.add_argument("--currency", default="", metavar="CODE", help="rules-convert.currency")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the conversion."""
    from coopgov.export.durable_rules import convert
    from coopgov.rules import load_rules

    rules = load_rules(*options.files)
    write(convert(rules, about=options.about, currency=options.currency).to_json())
    return 0
