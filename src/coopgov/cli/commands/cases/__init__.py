"""`coopgov cases …`: run a cooperation day by day, answer its cases, and look at what was said and done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.commands.cases import advance, list_cases, log, notices, record, redact, replay, show
from coopgov.cli.commands.cases.answers import ANSWERS
from coopgov.cli.parser import add_commands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cli.parser import Command, Parser

__all__ = ["add_arguments"]

COMMANDS: Mapping[str, Command] = {
    "advance": advance,
    "list": list_cases,
    "show": show,
    **ANSWERS,
    "record": record,
    "notices": notices,
    "log": log,
    "replay": replay,
    "redact": redact,
}


def add_arguments(command: Parser) -> None:
    """Add the commands about cases."""
    add_commands(command, COMMANDS)
