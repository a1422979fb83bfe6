"""Settings for all tests: which skips are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_ACCEPTED: dict[str, Callable[[str], bool]] = {
    "all": lambda _: True,
    "needs": lambda reason: reason.startswith("needs "),
    "none": lambda _: False,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--skips`."""
    parser.addoption(
        "--skips",
        choices=list(_ACCEPTED),
        default="all",
        help="which skipped tests are accepted: all, those whose reason says what they need, or none",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Watch for skips where some are refused; with pytest-xdist, in the process that collects the reports."""
    if config.getoption("skips") != "all" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Skips(_ACCEPTED[config.getoption("skips")]))


class _Skips:
    """Fails a run in which a test was skipped for a reason that is not accepted."""

    def __init__(self, accepted: Callable[[str], bool]) -> None:
        self.accepted = accepted
        self.refused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail") and isinstance(report.longrepr, tuple):
            reason = report.longrepr[2].removeprefix("Skipped: ")
            if not self.accepted(reason):
                self.refused.append(f"{report.nodeid}: {reason}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.refused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.refused:
            terminalreporter.write_line(f"a skip that is not accepted: {line}", red=True)
