"""`coopgov cases …`: run a cooperation day by day, answer its cases, and look at what was said and done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.commands.cases.answers import ANSWERS
from coopgov.cli.parser import InModule, add_commands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cli.parser import Command, Parser

__all__ = ["add_arguments"]

COMMANDS: Mapping[str, Command] = {
    "advance": InModule(f"{__name__}.advance"),
    "list": InModule(f"{__name__}.list_cases"),
    "show": InModule(f"{__name__}.show"),
    **ANSWERS,
    **{name: InModule(f"{__name__}.{name}") for name in ("record", "notices", "log", "replay", "redact")},
}


def add_arguments(command: Parser) -> None:
    """Add the commands about cases."""
    add_commands(command, COMMANDS)
