"""`coopgov rules …`: commands for rule authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.commands.rules import check, convert, doc, fmt, mutate, test
from coopgov.cli.parser import add_commands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cli.parser import Command, Parser

__all__ = ["add_arguments"]

COMMANDS: Mapping[str, Command] = {
    "check": check,
    "test": test,
    "mutate": mutate,
    "fmt": fmt,
    "doc": doc,
    "convert": convert,
}


def add_arguments(command: Parser) -> None:
    """Add the commands about rules."""
    add_commands(command, COMMANDS)
