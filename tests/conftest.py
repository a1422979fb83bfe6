"""Settings for all tests: which skips are accepted; and that every fault of a rule file is said in every language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopgov.errors import InputError, RulesError
from wording import untranslated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from coopgov.faults import Fault

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
    parser.addoption("--write-skipped", type=Path, help="a file for the ids of the tests that were skipped")
    parser.addoption(
        "--only-skipped", type=Path, help="run only the tests that were skipped when FILE was written"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Watch for skips where some are refused; with pytest-xdist, in the process that collects the reports."""
    if not hasattr(config, "workerinput"):
        accepted, file = _ACCEPTED[config.getoption("skips")], config.getoption("write_skipped")
        config.pluginmanager.register(_Skips(accepted, file))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep only what another run skipped, if `--only-skipped` says so; that run may have skipped whole modules."""
    file = config.getoption("only_skipped")
    if file is not None:
        skipped = set(file.read_text(encoding="utf-8").splitlines())
        items[:] = [
            each for each in items if not skipped.isdisjoint((each.nodeid, each.nodeid.partition("::")[0]))
        ]


class _Skips:
    """Fails a run in which a test was skipped for a reason that is not accepted, and writes down what was skipped."""

    def __init__(self, accepted: Callable[[str], bool], file: Path | None) -> None:
        self.accepted = accepted
        self.file = file
        self.skipped: list[str] = []
        self.refused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail") and isinstance(report.longrepr, tuple):
            self.skipped.append(report.nodeid)
            reason = report.longrepr[2].removeprefix("Skipped: ")
            if not self.accepted(reason):
                self.refused.append(f"{report.nodeid}: {reason}")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.file is not None:
            self.file.write_text("".join(f"{each}\n" for each in self.skipped), encoding="utf-8")
        if self.refused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.refused:
            terminalreporter.write_line(f"a skip that is not accepted: {line}", red=True)


@pytest.fixture(autouse=True)
def _faults_of_rules_in_every_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever bad rule file a test has, none of its faults has a part that is said in English only."""
    wrong: dict[str, None] = {}
    made = InputError.__init__

    def make(error: InputError, faults: Iterable[Fault], document: object = None) -> None:
        made(error, faults, document)
        if isinstance(error, RulesError):
            wrong.update(dict.fromkeys(each for fault in error.faults for each in untranslated(fault)))

    monkeypatch.setattr(InputError, "__init__", make)
    yield
    assert not list(wrong)
