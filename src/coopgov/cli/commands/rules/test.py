"""`coopgov rules test`: run rule tests, print expected beside actual results, and report what no test reaches."""

from __future__ import annotations

import argparse
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.cli.output import json_text, tell, write
from coopgov.errors import InputError
from coopgov.source.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.testing.rule_tests.coverage import Coverage
    from coopgov.testing.rule_tests.result import Results

__all__ = ["HELP", "add_arguments", "run"]

HELP = "run rule tests and measure what they cover"
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) *%?")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = "Run rule tests, and print expected beside actual results."
    command.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files of rule tests; rule files and shipped packs, for the tests beside them; folders, for all tests below",
    )
    command.add_argument("--format", choices=("text", "json"), default="text", help="how to print (text)")
    command.add_argument("--junit", type=Path, metavar="FILE", help="also write the results as JUnit XML")
    command.add_argument(
        "--coverage", action="store_true", help="list the parts of the rules that no test reaches"
    )
    command.add_argument(
        "--min-coverage",
        action=_Share,
        nargs="+",
        metavar=("SHARE", "%"),
        help="exit with 1 if less is covered, such as 90 %%",
    )
    command.set_defaults(run=run, more=[], wrong_usage=command.error)


class _Share(argparse.Action):
    """A share such as `90 %`, as one argument or two; the percent sign is optional. Further arguments are paths."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002  # argparse's signature
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        """Set the share and the paths."""
        first, *rest = map(str, values or ())
        match = _PERCENT.fullmatch(first.strip())
        if not match or Decimal(match[1]) > 100:
            raise argparse.ArgumentError(self, f'found "{first}", expected a share from 0 % to 100 %')
        setattr(namespace, self.dest, Decimal(match[1]) / 100)
        namespace.more = rest[1:] if rest[:1] == ["%"] else rest


def run(options: argparse.Namespace) -> int:
    """Run all tests that are found; a faulty file does not stop the others."""
    from coopgov.testing.rule_tests.junit import junit_xml
    from coopgov.testing.rule_tests.run_suites import find_tests

    paths = [*options.paths, *options.more]
    if not paths:
        options.wrong_usage("the following arguments are required: PATH")
    found = find_tests(*paths)
    results = found.run()
    for fault in results.faults:
        tell(fault)
    asked = options.coverage or options.min_coverage is not None
    coverage = found.coverage() if asked else None
    written = options.junit is None or _write(options.junit, junit_xml(results))
    _print(options, results, coverage)
    enough = coverage is None or _enough(coverage, options.min_coverage)
    return 2 if results.unusable or not written else int(not (results.passed and enough))


def _enough(coverage: Coverage, share: Decimal | None) -> bool:
    """Whether coverage reaches the required share; report it if not."""
    from coopgov.testing.rule_tests.report import percent

    if share is None or coverage.at_least(share):
        return True
    tell(f"covered {percent(coverage)}, expected at least {(share * 100).normalize():f} %")
    return False


def _write(path: Path, text: str) -> bool:
    """Write a file; False, after reporting the reason, if that fails."""
    try:
        replace_file(path, text.encode())
    except InputError as error:
        tell(error)
        return False
    return True


def _print(options: argparse.Namespace, results: Results, coverage: Coverage | None) -> None:
    from coopgov.testing.rule_tests.report import coverage_text, results_text

    if options.format == "json":
        told = results.to_dict() | ({} if coverage is None else {"coverage": coverage.to_dict()})
        write(json_text(told))
        return
    write(results_text(results))
    if coverage is not None and coverage.parts:
        write(coverage_text(coverage))
