"""`coopgov rules test`: run rule tests and print expected beside got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import tell, write

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["HELP", "add_arguments", "run"]

HELP = "run rule tests"


def add_arguments(command: ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = "Run rule tests and print what was expected beside what was got."
    command.add_argument(
        "paths", nargs="+", metavar="PATH", help="files of rule tests, rule files, folders, shipped packs"
    )
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Run all tests that are found; faulty files do not stop the others."""
    from coopgov.testing.rule_tests.find import find_tests, load_suites
    from coopgov.testing.rule_tests.report import report
    from coopgov.testing.rule_tests.result import Results

    suites, faults = load_suites(find_tests(*options.paths))
    results = Results(tuple(outcome for suite in suites for outcome in suite.outcomes()))
    for fault in faults:
        tell(fault)
    write(report(results))
    return 2 if faults else int(not results.passed)
