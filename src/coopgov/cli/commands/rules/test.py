"""`coopgov rules test`: run rule tests, print expected beside actual results, and report what no test reaches."""

from __future__ import annotations

import argparse
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgov.cli.arguments import add_format
from coopgov.cli.output import json_text, to_stderr, worded, write
from coopgov.cli.parser import WrongValueError
from coopgov.errors import InputError
from coopgov.locales import phrase
from coopgov.source.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.cli.parser import Parser
    from coopgov.testing.rule_tests.coverage import Coverage
    from coopgov.testing.rule_tests.result import Results

__all__ = ["add_arguments", "run"]

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) *%?")


def add_arguments(command: Parser) -> None:
    """Add the arguments."""
    command.add_argument("paths", nargs="*", metavar="PATH", help="rules-test.paths")
    add_format(command)
    command.add_argument("--junit", type=Path, metavar="FILE", help="rules-test.junit")
    command.add_argument("--coverage", action="store_true", help="rules-test.coverage")
    command.add_argument(
        "--min-coverage", action=_Share, nargs="+", metavar=("SHARE", "%"), help="rules-test.min-coverage"
    )
    command.set_defaults(run=run, more=[], wrong_usage=command.error)


class _Share(argparse.Action):
    """A share such as `90 %`, as one argument or two; the percent sign is optional. Further arguments are paths."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        """Set the share and the paths."""
        first, *rest = map(str, values or ())
        match = _PERCENT.fullmatch(first.strip())
        if not match or Decimal(match[1]) > 100:
            wrong = WrongValueError(first, phrase("cli.usage.share"))
            name = "/".join(self.option_strings)
            parser.error(phrase("cli.argparse.argument", name=name, message=wrong.phrase))
        setattr(namespace, self.dest, Decimal(match[1]) / 100)
        namespace.more = rest[1:] if rest[:1] == ["%"] else rest


def run(options: argparse.Namespace) -> int:
    """Run all tests that are found; a faulty file does not stop the others."""
    from coopgov.testing.rule_tests.junit import junit_xml
    from coopgov.testing.run_suites import find_tests

    paths = [*options.paths, *options.more]
    if not paths:
        options.wrong_usage(phrase("cli.argparse.required", names="PATH"))
    found = find_tests(*paths)
    results = found.run()
    for fault in results.faults:
        to_stderr(fault, options.message_lang)
    asked = options.coverage or options.min_coverage is not None
    coverage = found.coverage() if asked else None
    written = options.junit is None or _write(options, junit_xml(results, options.data_lang))
    _print(options, results, coverage)
    enough = coverage is None or _enough(options, coverage)
    return 2 if results.unusable or not written else int(not (results.passed and enough))


def _enough(options: argparse.Namespace, coverage: Coverage) -> bool:
    """Whether coverage reaches the required share; report it if not."""
    from coopgov.testing.rule_tests.report import percent

    share: Decimal | None = options.min_coverage
    if share is None or coverage.at_least(share):
        return True
    expected = f"{(share * 100).normalize():f} %"
    to_stderr(
        phrase("cli.messages.covered", share=percent(coverage), expected=expected), options.message_lang
    )
    return False


def _write(options: argparse.Namespace, text: str) -> bool:
    """Write a file; False, after reporting the reason, if that fails."""
    try:
        replace_file(options.junit, text.encode())
    except InputError as error:
        to_stderr(error, options.message_lang)
        return False
    return True


def _print(options: argparse.Namespace, results: Results, coverage: Coverage | None) -> None:
    from coopgov.testing.rule_tests.report import coverage_text, results_text

    if options.format == "json":
        faults = [worded(fault, options.lang) for fault in results.faults]
        data = (
            results.to_dict()
            | {"faults": faults}
            | ({} if coverage is None else {"coverage": coverage.to_dict()})
        )
        write(json_text(data, options.lang))
        return
    write(results_text(results, options.lang))
    if coverage is not None and coverage.parts:
        write(coverage_text(coverage, options.lang))
