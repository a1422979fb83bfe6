"""The option `--skips` fails a run in which a test is skipped for a reason that is not accepted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
SKIPPED = (
    "import pytest\n\n@pytest.mark.skip(reason={reason!r})\ndef test_one(): ...\n\ndef test_two(): ...\n"
)


@pytest.mark.parametrize(
    ("accepted", "reason", "code"),
    [
        ("all", "not today", 0),
        ("needs", "needs a compiler", 0),
        ("needs", "not today", 1),
        ("none", "needs a compiler", 1),
    ],
)
@pytest.mark.parametrize("processes", [[], ["-n", "1"]], ids=["one process", "a worker"])
def test_a_skip_fails_the_run_unless_its_reason_is_accepted(
    tmp_path: Path, accepted: str, reason: str, code: int, processes: list[str]
) -> None:
    """All skips, those that say what they need, or none are accepted, with and without worker processes."""
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "test_it.py").write_text(SKIPPED.format(reason=reason), encoding="utf-8")
    options = ["-o", f"pythonpath={CONFTEST.parent}", f"--skips={accepted}", *processes]
    command = [sys.executable, "-m", "pytest", "-q", *options, "test_it.py"]
    ran = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True)
    assert (ran.returncode, f"test_one: {reason}" in ran.stdout) == (code, code == 1), ran.stdout
