"""`coopgov workbook …`: write agreements and forms as workbooks, and read forms back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.parser import InModule, add_commands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cli.parser import Command, Parser

__all__ = ["add_arguments"]

COMMANDS: Mapping[str, Command] = {
    name: InModule(f"{__name__}.{name}") for name in ("new", "write", "form", "read")
}


def add_arguments(command: Parser) -> None:
    """Add the commands about workbooks."""
    add_commands(command, COMMANDS)
