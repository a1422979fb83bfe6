"""Find, load and run the tests that paths lead to: what `coopgov rules test` does, except for printing."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.errors import InputError
from coopgov.rules.pack_names import BUILT_IN, pack_names
from coopgov.source.files import is_file, is_folder, resolved
from coopgov.testing.case_tests.load import load_case_tests
from coopgov.testing.case_tests.suite import CaseSuite
from coopgov.testing.rule_tests.coverage import coverage_of
from coopgov.testing.rule_tests.detect import CASE_SUFFIXES, SUFFIXES, is_case_test_file, is_test_file
from coopgov.testing.rule_tests.load import load_tests
from coopgov.testing.rule_tests.result import Results
from coopgov.testing.rule_tests.suite import Suite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.faults import Fault
    from coopgov.testing.rule_tests.coverage import Coverage

__all__ = ["FoundTests", "find_tests", "run_tests"]

_ANY = (*SUFFIXES, *CASE_SUFFIXES)


@dataclass(frozen=True, slots=True)
class FoundTests:
    """The suites that paths lead to, unusable files with their faults, and paths that lead to no test.

    `suites` have rule tests, `case_suites` case tests.
    """

    suites: tuple[Suite, ...]
    unusable: tuple[str, ...]
    faults: tuple[Fault, ...]
    without: tuple[str, ...]
    case_suites: tuple[CaseSuite, ...] = ()

    def run(self) -> Results:
        """Run all suites."""
        outcomes = [outcome for suite in self.suites for outcome in suite.outcomes()]
        outcomes += (outcome for suite in self.case_suites for outcome in suite.outcomes())
        return Results(tuple(outcomes), self.unusable, self.faults, self.without)

    def coverage(self) -> Coverage:
        """The coverage of the rules that the suites are about."""
        return coverage_of(self.suites)


def run_tests(*paths: str | Path) -> Results:
    """Find, load and run rule tests and case tests; a file with faults does not stop the others.

    Args:
        paths: files of tests; folders, for all files of tests below; rule files and shipped packs, for the tests
            beside them.

    >>> run_tests("examples/pilot/tolerances.yaml").passed
    True
    """
    return find_tests(*paths).run()


def find_tests(*paths: str | Path) -> FoundTests:
    """Find and load rule tests and case tests, each file once; see `run_tests` for what paths can be."""
    suites: dict[str, Suite | CaseSuite | None] = {}
    names: dict[str, Path] = {}
    faults: dict[Fault, None] = {}
    without = []
    for given in paths:
        found = {resolved(path): path for path in _files(given)}
        for key, path in found.items():
            if key not in suites:
                names[key] = path
                suites[key], more = _loaded(path)
                faults |= dict.fromkeys(more)
        loaded = [suites[key] for key in found]
        if all(suite is not None and not suite.tests for suite in loaded):
            without.append(str(given))
    return FoundTests(
        tuple(suite for suite in suites.values() if isinstance(suite, Suite)),
        tuple(str(names[key]) for key, suite in suites.items() if suite is None),
        tuple(faults),
        tuple(without),
        tuple(suite for suite in suites.values() if isinstance(suite, CaseSuite)),
    )


def _loaded(path: Path) -> tuple[Suite | CaseSuite | None, tuple[Fault, ...]]:
    try:
        return (load_case_tests(path) if is_case_test_file(path) else load_tests(path)), ()
    except InputError as error:
        return None, error.faults


def _files(given: str | Path) -> Iterator[Path]:
    """The files of tests that a path leads to; a file that does not exist is reported when it is read."""
    path = Path(given)
    if given in (*pack_names(), BUILT_IN):
        yield from _beside(Path(str(files("coopgov.rules").joinpath("packs"))) / f"{given}.yaml")
    elif is_folder(path):
        yield from _below(path)
    elif not is_file(path) or path.name.endswith(_ANY) or is_test_file(path) or is_case_test_file(path):
        yield path
    else:
        yield from _beside(path)


def _below(folder: Path) -> Iterator[Path]:
    """All files of tests in a folder and below it, except in hidden folders, which hold no sources."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts[:-1])
        if path.name.endswith(_ANY) and is_file(path) and not hidden:
            yield path


def _beside(path: Path) -> Iterator[Path]:
    """The tests beside a rule file."""
    found = (path.with_name(path.stem + end) for end in _ANY)
    yield from (each for each in found if is_file(each))
