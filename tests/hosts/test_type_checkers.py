"""Type checkers find the mistakes of hosts: the package is typed, and no name of it is `Any`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import coopgov
from optional import needs
from surface import documented

PROGRAM = Path(__file__).parent / "mistaken.py"
SOURCE = Path(coopgov.__file__).parents[1]


def test_mypy_finds_every_mistake_of_a_host(tmp_path: Path) -> None:
    """In strict mode, each marked line has an error, and no other line has one."""
    needs("mypy")
    options = ["--strict", "--cache-dir", str(tmp_path), "--config-file", os.devnull, "--no-error-summary"]
    ran = _run("mypy", *options, str(PROGRAM), MYPYPATH=str(SOURCE))
    found = {int(line) for line in re.findall(r"^.*mistaken\.py:(\d+): error", ran, re.MULTILINE)}
    assert found == _marked(), ran


def test_pyright_finds_every_mistake_of_a_host(tmp_path: Path) -> None:
    """The same in strict mode of pyright; basedpyright is a build of it that needs no download when it runs."""
    needs("basedpyright")
    config = {"include": [str(PROGRAM)], "extraPaths": [str(SOURCE)], "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    ran = _run("basedpyright", "--outputjson", "-p", str(tmp_path), "--pythonpath", sys.executable)
    said = [each for each in json.loads(ran)["generalDiagnostics"] if each["severity"] == "error"]
    assert {each["range"]["start"]["line"] + 1 for each in said} == _marked(), said


def test_the_type_of_all_that_is_exported_is_known() -> None:
    """Pyright need not infer or guess any part of it, so every checker and editor sees the same."""
    needs("basedpyright")
    options = ["--verifytypes", "coopgov", "--ignoreexternal", "--outputjson"]
    ran = _run("basedpyright", *options, PYTHONPATH=str(SOURCE))
    known = {each["name"]: each["isTypeKnown"] for each in json.loads(ran)["typeCompleteness"]["symbols"]}
    names = [f"{place}.{name}" for place, shown in documented() for name in sorted(shown)]
    assert [name for name in names if not known[name]] == []


def _marked() -> set[int]:
    """The numbers of the lines with a mark."""
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "# mistake: " in line}
    assert len(marked) == 10
    return marked


def _run(command: str, *arguments: str, **environment: str) -> str:
    """What a tool prints; it fails, because it finds something."""
    ran = subprocess.run(
        [sys.executable, "-m", command, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert ran.returncode == 1, ran.stderr
    return ran.stdout
