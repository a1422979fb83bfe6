"""`coopgov facts`: print the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import language
from coopgov.cli.output import write
from coopgov.errors import UnknownNameError
from coopgov.languages import LANGUAGES

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["HELP", "add_arguments", "run"]

HELP = "list the facts that rules can name"


def add_arguments(command: ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = "List every fact: what it is about, its type, its meaning, its formula."
    command.add_argument(
        "--about", metavar="TYPE", help="only facts about one type of subject, such as phase"
    )
    command.add_argument(
        "--rules", nargs="+", action="extend", metavar="FILE", help="with the facts of rule files"
    )
    command.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="how to print (text)"
    )
    command.add_argument(
        "--lang",
        type=language,
        default="en",
        metavar="LANGUAGE",
        help=f"language of names, types and meanings: {', '.join(LANGUAGES)} (en)",
    )
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the catalogue."""
    from coopgov.cli.catalogue import catalogue_json, catalogue_markdown, catalogue_text
    from coopgov.facts import default_catalogue
    from coopgov.rules import load_rules

    catalogue = load_rules(*options.rules).catalogue if options.rules else default_catalogue()
    if options.about is not None and options.about not in catalogue.subject_types:
        raise UnknownNameError("type of subject", options.about, catalogue.subject_types)
    printers = {"text": catalogue_text, "json": catalogue_json, "markdown": catalogue_markdown}
    write(printers[options.format](catalogue, options.about, options.lang))
    return 0
