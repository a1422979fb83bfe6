"""`coopgov words`: print the words that files may use for the values that the library knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_format
from coopgov.cli.output import json_text, write
from coopgov.languages import relative
from coopgov.locales import text
from coopgov.synonyms import TABLES, synonyms

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    add_format(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Print the words of a language."""
    language = relative(options.lang)
    write(_as_json(language) if options.format == "json" else "\n".join(_as_text(language)))
    return 0


def _as_text(language: str) -> Iterator[str]:
    """A block for each table, a line for each canonical value."""
    for number, (table, values) in enumerate(TABLES.items()):
        if number:
            yield ""
        yield text(f"cli.words.{table}", language)
        for value in values:
            words = text("common.comma", language).join(synonyms(table, value, language))
            yield f"  {value}: {words}"


def _as_json(language: str) -> str:
    """The words by table and canonical value, the displayed one first, for programs."""
    rows = [
        {"table": table, "value": value, "words": list(synonyms(table, value, language))}
        for table, values in TABLES.items()
        for value in values
    ]
    return json_text(rows, language)
