"""The pytest plugin that collects rule tests and case tests; faults of their files are collection errors.

Each rule test on each date is an item, and so is each case test.

Every run of pytest loads it where coopgov is installed, so it imports nothing from coopgov before it meets a file of
rule tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov.safe_text import visible
from coopgov.testing.rule_tests.detect import CASE_SUFFIXES, SUFFIXES, is_case_test_file, is_test_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from coopgov.testing.case_tests.course import CaseTest
    from coopgov.testing.case_tests.suite import CaseSuite
    from coopgov.testing.rule_tests.case import Expected, RuleTest
    from coopgov.testing.rule_tests.result import Outcome
    from coopgov.testing.rule_tests.suite import Suite

__all__ = ["CaseTestFile", "CaseTestItem", "RuleTestFile", "RuleTestItem", "pytest_collect_file"]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Collect files of rule tests and of case tests, recognised by their name and their first key."""
    collector: pytest.File
    if file_path.name.endswith(SUFFIXES) and is_test_file(file_path):
        collector = RuleTestFile.from_parent(parent, path=file_path)
    elif file_path.name.endswith(CASE_SUFFIXES) and is_case_test_file(file_path):
        collector = CaseTestFile.from_parent(parent, path=file_path)
    else:
        return None
    return collector


class RuleTestFile(pytest.File):
    """A file of rule tests."""

    def collect(self) -> Iterator[RuleTestItem]:
        """Load the file, and give an item for each test on each date."""
        from coopgov.errors import InputError
        from coopgov.testing.rule_tests.load import load_tests

        try:
            suite = load_tests(self.path)
        except InputError as error:
            raise self.CollectError(str(error)) from None
        for test in suite.tests:
            for expected in test.expected:
                yield RuleTestItem.from_parent(
                    self, name=visible(test.title(expected.as_of)), suite=suite, test=test, expected=expected
                )


class _NotAsExpected(Exception):  # noqa: N818  # an outcome, not an error
    """A test failed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class _TestItem(pytest.Item):
    """One test, which shows expected beside actual where it fails."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> object:  # type: ignore[override]
        """Expected beside actual; a traceback would not help the author of a rule."""
        if isinstance(excinfo.value, _NotAsExpected):
            from coopgov.testing.rule_tests.report import failure_text

            return visible(failure_text(excinfo.value.outcome))
        return super().repr_failure(excinfo)


class RuleTestItem(_TestItem):
    """One rule test on one date."""

    def __init__(self, *, suite: Suite, test: RuleTest, expected: Expected, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # pytest's own
        self.suite = suite
        self.test = test
        self.expected = expected

    def runtest(self) -> None:
        """Decide the rules and compare."""
        outcome = self.suite.outcome(self.test, self.expected)
        if not outcome.passed:
            raise _NotAsExpected(outcome)

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """The place of the test; pytest counts lines from 0."""
        return self.path, self.test.place.line - 1, self.name


class CaseTestFile(pytest.File):
    """A file of case tests."""

    def collect(self) -> Iterator[CaseTestItem]:
        """Load the file, and give an item for each test."""
        from coopgov.errors import InputError
        from coopgov.testing.case_tests.load import load_case_tests

        try:
            suite = load_case_tests(self.path)
        except InputError as error:
            raise self.CollectError(str(error)) from None
        for test in suite.tests:
            yield CaseTestItem.from_parent(self, name=visible(test.name), suite=suite, test=test)


class CaseTestItem(_TestItem):
    """One case test."""

    def __init__(self, *, suite: CaseSuite, test: CaseTest, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # pytest's own
        self.suite = suite
        self.test = test

    def runtest(self) -> None:
        """Run the cooperation and compare."""
        outcome = self.suite.outcome(self.test)
        if not outcome.passed:
            raise _NotAsExpected(outcome)

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """The place of the test; pytest counts lines from 0."""
        return self.path, self.test.place.line - 1, self.name
