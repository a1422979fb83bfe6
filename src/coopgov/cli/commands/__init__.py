"""The commands, one module each: its arguments, and a `run` that calls the library and prints the result.

Heavy modules are imported inside `run`, so that `--help` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.commands import (
    agreement,
    backtest,
    calendar,
    cases,
    chart,
    check,
    evaluate,
    export,
    facts,
    import_,
    init,
    notify,
    portfolio,
    report,
    rules,
    schema,
    template,
    whatif,
    words,
    workbook,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.cli.parser import Command

__all__ = ["COMMANDS"]

COMMANDS: Mapping[str, Command] = {
    "check": check,
    "backtest": backtest,
    "whatif": whatif,
    "cases": cases,
    "evaluate": evaluate,
    "chart": chart,
    "template": template,
    "report": report,
    "portfolio": portfolio,
    "agreement": agreement,
    "notify": notify,
    "calendar": calendar,
    "import": import_,
    "export": export,
    "rules": rules,
    "facts": facts,
    "workbook": workbook,
    "words": words,
    "schema": schema,
    "init": init,
}
