"""Backends by name: those of other packages, missing ones, and rules that they cannot express."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import coopgov
from coopgov.backends.registry import backend_names, make_backend
from coopgov.errors import BackendError, UnknownNameError

ROOT = Path(__file__).parents[2]
MODULE = """
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.errors import BackendError

class Own(ReferenceBackend):
    pass

class Picky:
    def compile(self, program, setting, interpreter=None):
        raise BackendError("picky", program.checks[0].id, "critical", "it is picky", ("direct",))
"""
AGREEMENT = str(ROOT / "examples/pilot/agreement.yaml")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that brings two backends, as an installer leaves it."""
    (tmp_path / "own_backends.py").write_text(MODULE, encoding="utf-8")
    info = tmp_path / "own_backends-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: own-backends\nVersion: 1.0.0\n", encoding="utf-8"
    )
    points = "[coopgov.backends]\nown = own_backends:Own\npicky = own_backends:Picky\ndirect = own_backends:Picky\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    return tmp_path


def run(code: str, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python with a folder of packages on its path."""
    environment = {**os.environ, "PYTHONPATH": str(path or ""), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


COMMAND = "import sys; from coopgov.cli.main import main; sys.exit(main(sys.argv[1:]))"
CHECK = ("check", AGREEMENT, "--as-of", "2026-06-30", "--backend")


def test_a_package_brings_backends_by_its_entry_points(package: Path) -> None:
    """They are found by name; the library's own names stay its own."""
    code = (
        "from coopgov.backends.registry import backend_names, make_backend\n"
        "print(backend_names(), type(make_backend('own')).__module__, type(make_backend('direct')).__name__)\n"
    )
    found = run(code, path=package)
    assert found.stdout == (
        "['direct', 'interpreter', 'durable', 'own', 'picky'] own_backends DirectBackend\n"
    ), found.stderr


def test_the_command_line_finds_them(package: Path) -> None:
    """What is printed is the same."""
    own, direct = run(COMMAND, *CHECK, "own", path=package), run(COMMAND, *CHECK, "direct", path=package)
    assert (own.returncode, own.stdout) == (direct.returncode, direct.stdout)
    assert own.returncode == 1


def test_what_a_backend_cannot_express_exits_with_2_and_names_the_place(package: Path) -> None:
    """The error names the rule, its place in its file, the reason, and what to use instead."""
    found = run(COMMAND, *CHECK, "picky", path=package)
    assert found.returncode == 2
    assert "the backend picky cannot express " in found.stderr
    assert found.stderr.rstrip().endswith("(critical): it is picky; use direct")
    place = found.stderr.split(": the backend", 1)[0]
    assert place.split(":")[-3].endswith("cooperation-plan.yaml") or "cooperation-plan" in place


def test_conformance_takes_them_by_name(package: Path) -> None:
    """One line holds a package's backend to the language."""
    code = (
        "from coopgov.testing import check_conformance as check\n"
        "print(check('own', max_examples=0).agreed > 500, len(check('picky', max_examples=0).refused) > 500)\n"
    )
    assert run(code, path=package).stdout == "True True\n"


def test_an_unknown_backend_exits_with_2() -> None:
    """With the nearest name."""
    found = run(COMMAND, *CHECK, "durabel")
    assert (found.returncode, found.stderr) == (
        2,
        f'{AGREEMENT}: there is no backend "durabel"; did you mean "durable"?\n',
    )


def test_durable_rules_that_is_not_there_exits_with_2() -> None:
    """Why, what to install where that helps, and what can be used instead."""
    absent = "import sys; sys.modules['durable_rules_engine'] = None; "
    found = run(absent + COMMAND, *CHECK, "durable")
    why = 'durable-rules is not installed; run `pip install "coopgov[durable]"`, which needs a C compiler'
    if sys.version_info >= (3, 13):
        why = "durable-rules does not run on Python 3.13 and later"
    expected = f"the backend durable cannot be used: {why}; use direct or interpreter\n"
    assert (found.returncode, found.stderr) == (2, expected)


def test_names_of_backends_are_listed_and_unknown_ones_reported() -> None:
    """Where rules are compiled, too."""
    assert backend_names()[:3] == ["direct", "interpreter", "durable"]
    with pytest.raises(
        UnknownNameError, match='there is no backend "interpeter"; did you mean "interpreter"'
    ):
        coopgov.load_rules().checker("phase", backend="interpeter")


def test_an_error_without_a_rule_names_no_place() -> None:
    """Such an error is about the backend itself."""
    error = BackendError("own", "", "", "it is not there", ("direct",))
    assert str(error) == "the backend own cannot be used: it is not there; use direct"
    assert error.place is None


def test_the_backend_of_tables_says_where_it_is() -> None:
    """Who asks for columns for a single record hears how whole tables are checked."""
    with pytest.raises(
        BackendError, match=r"columnar cannot be used: it checks whole tables, with `coopgov\.portfolio"
    ):
        make_backend("columnar")
