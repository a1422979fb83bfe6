"""`coopgov rules mutate`: change a rule file in small ways, and report the changes that no rule test catches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.cli.arguments import add_format
from coopgov.cli.output import json_text, to_stderr, write
from coopgov.locales import phrase

if TYPE_CHECKING:
    from argparse import Namespace

    from coopgov.cli.parser import Parser

__all__ = ["add_arguments", "run"]


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("file", metavar="FILE", help="rules-mutate.file")
    command.add_argument("--tests", nargs="+", action="extend", metavar="PATH", help="rules-mutate.tests")
    command.add_argument("--rule", action="append", default=[], metavar="ID", help="rules-mutate.rule")
    add_format(command)
    command.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Run the tests against every mutant; no tests, failing tests and survivors are findings."""
    from coopgov.rules import load_rules
    from coopgov.testing.mutation.report import mutation_text
    from coopgov.testing.mutation.run_mutants import mutation_run
    from coopgov.testing.run_suites import find_tests

    rules = load_rules(options.file)
    found = find_tests(*(options.tests or [options.file]))
    for fault in found.faults:
        to_stderr(fault, options.message_lang)
    if found.faults:
        return 2
    result = mutation_run(rules, *found.suites, only=options.rule, case_suites=found.case_suites)
    for path in found.without:
        key = "cli.messages.no-tests-here" if options.tests else "cli.messages.no-tests-beside"
        to_stderr(phrase(key, path=path), options.message_lang)
    as_json = json_text(result.to_dict(), options.lang) if options.format == "json" else None
    write(as_json or mutation_text(result, options.lang))
    return int(not result.passed)
