"""`coopgov agreement …`: commands about the files of agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.parser import InModule, add_commands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cli.parser import Command, Parser

__all__ = ["add_arguments"]

COMMANDS: Mapping[str, Command] = {"check": InModule(f"{__name__}.check")}


def add_arguments(command: Parser) -> None:
    """Add the commands about agreements."""
    add_commands(command, COMMANDS)
