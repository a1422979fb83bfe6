"""What the commands that print findings share: their arguments, their data formats and their exit code."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from coopgov.cli.arguments import add_format, day
from coopgov.cli.output import json_text, write
from coopgov.cli.parser import WrongValueError
from coopgov.faults import did_you_mean
from coopgov.finding import LEVELS
from coopgov.locales import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.cli.findings import Checked
    from coopgov.cli.parser import Parser

__all__ = ["add_finding_arguments", "exit_code", "write_findings"]


def add_finding_arguments(command: Parser) -> None:
    """Add `--format`, `--fail-on`, `--as-of` and `--explain`."""
    add_format(command, ("text", "json", "sarif"))
    command.add_argument("--fail-on", choices=(*LEVELS, "never"), default="note", help="rules-check.fail-on")
    command.add_argument("--as-of", type=command.reader(day), metavar="DATE", help="rules-check.as-of")
    command.add_argument("--explain", action=_Explain, metavar="CODE", help="rules-check.explain")


class _Explain(argparse.Action):
    """Print the page of a code and exit; no file is needed."""

    def __call__(
        self,
        parser: Parser,  # type: ignore[override]  # coopgov's own
        namespace: argparse.Namespace,  # noqa: ARG002  # as argparse calls it
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002  # as argparse calls it
    ) -> None:
        """Print it and exit."""
        from coopgov.cli.findings import explanation, known_codes

        known = known_codes()
        if values not in known:
            wrong = WrongValueError(str(values), phrase("cli.usage.code"), did_you_mean(str(values), known))
            parser.error(phrase("cli.argparse.argument", name="--explain", message=wrong.phrase))
        write(explanation(str(values), parser.languages.of_text(sys.stdout)))
        parser.exit()


def write_findings(form: str, checked: Sequence[Checked], language: str) -> None:
    """Print all files in one document, `json` or `sarif`; with `text`, each was printed once it was checked."""
    from coopgov.cli.sarif import sarif_log

    if form != "text":
        data: Any = sarif_log(checked, language) if form == "sarif" else [each.to_dict() for each in checked]
        write(json_text(data, language))


def exit_code(checked: Sequence[Checked], level: str) -> int:
    """2 for a fault in any file, 1 for a finding of a level or a worse one, else 0."""
    if any(each.faults for each in checked):
        return 2
    return int(level != "never" and any(each.analysis.at_least(level) for each in checked))  # type: ignore[arg-type]
