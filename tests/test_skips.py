"""Options about skipped tests: `--skips` refuses them, and another run can make up for them."""

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
    ran = _ran(tmp_path, SKIPPED.format(reason=reason), f"--skips={accepted}", *processes)
    assert (ran.returncode, f"test_one: {reason}" in ran.stdout) == (code, code == 1), ran.stdout


@pytest.mark.parametrize("processes", [[], ["-n", "1"]], ids=["one process", "a worker"])
@pytest.mark.parametrize(
    ("module", "makes_up"),
    [
        (SKIPPED.format(reason="needs it"), 1),
        ("import pytest\n\nneeded = pytest.importorskip('needed')\n", 2),
    ],
    ids=["a test", "a module"],
)
def test_another_run_makes_up_for_what_was_skipped(
    tmp_path: Path, module: str, makes_up: int, processes: list[str]
) -> None:
    """What one run skipped, one by one or as a whole module, is all that another runs."""
    file = tmp_path / "skipped.txt"
    _ran(tmp_path, module, f"--write-skipped={file}", *processes)
    later = SKIPPED.replace("@pytest.mark.skip(reason={reason!r})\n", "")
    ran = _ran(tmp_path, later, f"--only-skipped={file}", *processes)
    assert (ran.returncode, f"{makes_up} passed" in ran.stdout) == (0, True), ran.stdout


def _ran(folder: Path, module: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "test_it.py").write_text(module, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-o",
        f"pythonpath={CONFTEST.parent}",
        *options,
        "test_it.py",
    ]
    return subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
