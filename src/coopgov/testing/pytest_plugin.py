"""The pytest plugin that collects rule tests: each test on each date is an item, faults are collection errors.

Every run of pytest loads it where coopgov is installed, so it imports nothing from coopgov before it meets a file of
rule tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov.safe_text import visible
from coopgov.testing.rule_tests.detect import SUFFIXES, is_test_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from coopgov.testing.rule_tests.case import Expected, RuleTest
    from coopgov.testing.rule_tests.result import Outcome
    from coopgov.testing.rule_tests.suite import Suite

__all__ = ["RuleTestFile", "RuleTestItem", "pytest_collect_file"]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> RuleTestFile | None:
    """Collect files of rule tests, recognised by their name and their first key."""
    if not file_path.name.endswith(SUFFIXES) or not is_test_file(file_path):
        return None
    collector: RuleTestFile = RuleTestFile.from_parent(parent, path=file_path)
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


class RuleTestItem(pytest.Item):
    """One test on one date."""

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

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> object:  # type: ignore[override]
        """Expected beside actual; a traceback would not help the author of a rule."""
        if isinstance(excinfo.value, _NotAsExpected):
            from coopgov.testing.rule_tests.report import failure_text

            return visible(failure_text(excinfo.value.outcome))
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """The place of the test; pytest counts lines from 0."""
        return self.path, self.test.place.line - 1, self.name
