"""`coopgov portfolio …`: check many subjects at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_commands
from coopgov.cli.commands.portfolio import check

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Mapping

    from coopgov.cli.arguments import Command

__all__ = ["HELP", "add_arguments"]

HELP = "check whole tables, or folders of agreements"

COMMANDS: Mapping[str, Command] = {"check": check}


def add_arguments(command: ArgumentParser) -> None:
    """Add the commands about portfolios."""
    command.description = "Work on many subjects at once."
    add_commands(command, COMMANDS)
