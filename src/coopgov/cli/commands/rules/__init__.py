"""`coopgov rules …`: commands for rule authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_commands
from coopgov.cli.commands.rules import check, convert, doc, fmt, mutate, test

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Mapping

    from coopgov.cli.arguments import Command

__all__ = ["HELP", "add_arguments"]

HELP = "check, test, mutate, format and describe rule files"

COMMANDS: Mapping[str, Command] = {
    "check": check,
    "test": test,
    "mutate": mutate,
    "fmt": fmt,
    "doc": doc,
    "convert": convert,
}


def add_arguments(command: ArgumentParser) -> None:
    """Add the commands about rules."""
    command.description = "Work on rule files."
    add_commands(command, COMMANDS)
