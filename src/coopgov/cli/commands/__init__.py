"""The commands, one module each: its arguments, and a `run` that calls the library and prints the result.

A module is imported once its command is the one to run. Heavy modules are imported inside `run`, so that `--help` is
quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.parser import InModule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cli.parser import Command

__all__ = ["COMMANDS"]

_NAMES = (
    "check",
    "backtest",
    "whatif",
    "cases",
    "evaluate",
    "chart",
    "template",
    "report",
    "portfolio",
    "agreement",
    "notify",
    "calendar",
    "import",
    "export",
    "rules",
    "facts",
    "workbook",
    "words",
    "schema",
    "init",
)
_MODULES = {"import": "import_"}
COMMANDS: Mapping[str, Command] = {
    name: InModule(f"{__name__}.{_MODULES.get(name, name)}") for name in _NAMES
}
