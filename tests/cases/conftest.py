"""The command line, run as a user runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from coopgov.cli import main
from recorded import faults_in_every_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["faults_in_every_language"]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Run the command line in a folder of its own: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as error:
            code = int(error.code or 0)
        return code, *capsys.readouterr()

    return call
