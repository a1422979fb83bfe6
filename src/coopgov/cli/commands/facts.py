"""`coopgov facts`: print the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_format
from coopgov.cli.output import write
from coopgov.errors import UnknownNameError
from coopgov.locales import phrase

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("--about", metavar="TYPE", help="facts.about")
    command.add_argument("--rules", nargs="+", action="extend", metavar="FILE", help="facts.rules")
    add_format(command, ("text", "json", "markdown"))
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the catalogue."""
    from coopgov.cli.catalogue import catalogue_json, catalogue_markdown, catalogue_text
    from coopgov.facts import default_catalogue
    from coopgov.rules import load_rules

    catalogue = load_rules(*options.rules).catalogue if options.rules else default_catalogue()
    if options.about is not None and options.about not in catalogue.subject_types:
        raise UnknownNameError(phrase("errors.sorts.type-of-subject"), options.about, catalogue.subject_types)
    printers = {"text": catalogue_text, "json": catalogue_json, "markdown": catalogue_markdown}
    write(printers[options.format](catalogue, options.about, options.lang))
    return 0
