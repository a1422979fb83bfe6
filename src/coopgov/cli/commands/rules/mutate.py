"""`coopgov rules mutate`: change a rule file in small ways, and report the changes that no rule test catches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.output import json_text, tell, write

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

__all__ = ["HELP", "add_arguments", "run"]

HELP = "list the small changes of rules that no rule test catches"


def add_arguments(command: ArgumentParser) -> None:
    """Add the description and the arguments."""
    command.description = (
        "Shift each threshold, turn `above` into `at least`, leave out branches, and list the changes that no rule "
        "test catches."
    )
    command.add_argument("file", metavar="FILE", help="a rule file or a shipped pack")
    command.add_argument(
        "--tests",
        nargs="+",
        action="extend",
        metavar="PATH",
        help="files of rule tests, or folders of them (the tests beside the rule file)",
    )
    command.add_argument(
        "--rule", action="append", default=[], metavar="ID", help="change only this rule; may be repeated"
    )
    command.add_argument("--format", choices=("text", "json"), default="text", help="how to print (text)")
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Run the tests against every mutant; no tests, failing tests and survivors are findings."""
    from coopgov.rules import load_rules
    from coopgov.testing.mutation.report import mutation_text
    from coopgov.testing.mutation.run_mutants import mutation_run
    from coopgov.testing.rule_tests.run_suites import find_tests

    rules = load_rules(options.file)
    found = find_tests(*(options.tests or [options.file]))
    for fault in found.faults:
        tell(fault)
    if found.faults:
        return 2
    result = mutation_run(rules, *found.suites, only=options.rule)
    for path in found.without:
        tell(f"{path}: no rule tests found {'here' if options.tests else 'beside it'}")
    told = json_text(result.to_dict()) if options.format == "json" else None
    write(told or mutation_text(result))
    return int(not result.passed)
