"""`coopgov rules convert`: print rules for another engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import write

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["HELP", "add_arguments", "run"]

HELP = "convert rules for another engine"


def add_arguments(command: ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = "Convert rule files to rulesets of durable-rules, printed as JSON."
    command.add_argument("files", nargs="+", metavar="FILE", help="rule files or shipped packs: one rule set")
    command.add_argument("--to", required=True, choices=("durable",), help="which engine")
    command.add_argument(
        "--about", metavar="TYPE", help="only rules about one type of subject, such as phase"
    )
    command.add_argument(
        "--currency", default="", metavar="CODE", help="the currency of money, for rules that name one"
    )
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the conversion."""
    from coopgov.export.durable_rules import convert
    from coopgov.rules import load_rules

    rules = load_rules(*options.files)
    write(convert(rules, about=options.about, currency=options.currency).to_json())
    return 0
