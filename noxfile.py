"""Every check of the project, each a session of its own: `nox -l` lists them, `nox -s lint` runs one.

`.ci/run` installs what the sessions need beside Python (a C compiler, Java) and runs them all.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

import nox

ROOT = Path(__file__).parent
OLDEST, *LATER = "3.11", "3.12", "3.13", "3.14"
ON_EVERY_PYTHON = [
    "tests/language",
    "tests/source",
    "tests/model",
    "tests/facts",
    "tests/rules",
    "tests/backends",
    "tests/stores/test_opening.py",
    "tests/stores/test_conformance.py",
]
"""What can differ from one Python to the next; the whole suite runs on the oldest."""
SKIPPED = ROOT / ".nox" / "skipped.txt"
"""The tests that `readme` skipped because something that they need is not there; `engines` runs them."""
FIXED = "--hypothesis-profile=ci"
"""The same examples in every run; longer, random runs are started by hand."""

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False


def _readme(number: int) -> str:
    """The first or second `sh` block of the README, as it stands."""
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(blocks[number - 1])


def _in_development(session: nox.Session, command: str, *arguments: str) -> None:
    """Run a command of `.venv`, the environment of development, which is made where it is not there."""
    if not (ROOT / ".venv").exists():
        session.run("python3", "-m", "venv", ".venv", external=True)
    session.run(".venv/bin/pip", "install", "--quiet", "-e", ".[dev]", external=True)
    session.run(f".venv/bin/{command}", *arguments, external=True)


@nox.session(python=False)
def readme(session: nox.Session) -> None:
    """Run the two commands of the README as they stand: the second is the whole suite, measured for coverage."""
    measured = f"{FIXED} --skips=needs --write-skipped={SKIPPED} --cov --cov-report="
    SKIPPED.parent.mkdir(exist_ok=True)
    session.run("bash", "-euc", _readme(1), external=True, silent=True)
    session.run(".venv/bin/pip", "install", "--quiet", "pytest-cov", external=True)
    session.run("bash", "-euc", _readme(2), external=True, env={"PYTEST_ADDOPTS": measured})


@nox.session(python=OLDEST)
def engines(session: nox.Session) -> None:
    """Test what needs more than Python: a C compiler for durable-rules, all engines of frames, and Java for Spark.

    After `readme`, only what that skipped is run. Spark runs in one process, so that its tests share a session.
    """
    session.install("-e", ".[test,durable,engines]", "pytest-cov")
    paths = ["tests/backends", "tests/portfolio", "tests/cases", "tests/test_docs.py"]
    options = [FIXED, "--skips=none", "--cov", "--cov-append", "--cov-report="]
    options += [f"--only-skipped={SKIPPED}"] if SKIPPED.exists() else []
    session.run("pytest", "-q", "-n", "auto", "-m", "not spark", *options, *(session.posargs or paths))
    if not session.posargs:
        session.run("pytest", "-q", "-m", "spark", *options, "tests/backends/columnar", "tests/test_docs.py")


@nox.session(python=OLDEST)
def stores(session: nox.Session) -> None:
    """Test stores of cases on a PostgreSQL server, which the tests start; without one they would be skipped."""
    session.install("-e", ".[test]")
    session.run(
        "pytest",
        "-q",
        FIXED,
        "--skips=none",
        "-k",
        "postgres",
        *(session.posargs or ["tests/stores/test_conformance.py"]),
    )


@nox.session(python=LATER)
def tests(session: nox.Session) -> None:
    """Test on the later Pythons what can differ there."""
    session.install("-e", ".[test]")
    options = [FIXED, "--skips=needs", "--ignore=tests/backends/columnar"]
    session.run("pytest", "-q", "-n", "auto", *options, *(session.posargs or ON_EVERY_PYTHON))


@nox.session(python=OLDEST)
def coverage(session: nox.Session) -> None:
    """Refuse less than 95 % of lines and branches in what `readme` and `engines` have measured."""
    session.install("coverage")
    session.run("coverage", "report", "--include=src/*", "--fail-under=95")


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Look for mistakes with ruff, and hold its format."""
    _in_development(session, "ruff", "check", ".")
    _in_development(session, "ruff", "format", "--check", ".")


@nox.session(python=False)
def types(session: nox.Session) -> None:
    """Check types with mypy, strictly."""
    _in_development(session, "mypy")


@nox.session(python=OLDEST)
def hosts(session: nox.Session) -> None:
    """Check that mypy and pyright find the mistakes of a host; run the examples for FastAPI, Django and notebooks."""
    session.install("-e", ".[checkers,hosts,portfolio,testing]", "pytest", "pandas")
    session.run("pytest", "-q", FIXED, "--skips=none", *(session.posargs or ["tests/hosts"]))


@nox.session(python=False)
def layers(session: nox.Session) -> None:
    """Check that modules import only from below, also for types, and that none are in a circle."""
    _in_development(session, "lint-imports")


@nox.session(python=False)
def pages(session: nox.Session) -> None:
    """Check that the generated pages and the tables of benchmarks are fresh; `nox -s pages -- write` writes them."""
    check = [] if "write" in session.posargs else ["--check"]
    _in_development(session, "python", "docs/generate.py", *check)
    _in_development(session, "python", "benchmarks/page.py", *check)


@nox.session(python=False)
def style(session: nox.Session) -> None:
    """Look for wording that the style page asks to avoid."""
    _in_development(session, "python", "docs/check_style.py")


@nox.session(python=OLDEST)
def docs(session: nox.Session) -> None:
    """Build the documentation site into `build/site`; every warning is an error."""
    session.install("-e", ".[docs,test]")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "docs", "build/site")


@nox.session(python=OLDEST)
def package(session: nox.Session) -> None:
    """Build an sdist, and a wheel from it.

    Run the README's first example from the wheel, and refuse what is not the package in it.

    The wheel holds the texts compiled, and not their sources; it holds the packs both ways.
    """
    session.install("build")
    target = Path(tempfile.mkdtemp())
    try:
        session.run("python", "-m", "build", "--outdir", str(target), silent=True)
        (wheel,) = target.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        wrong = [name for name in names if not re.match(r"coopgov(/|-[\d.]+\.dist-info/)", name)]
        wrong += [name for name in names if re.match(r"coopgov/locales/.*\.yaml", name)]
        if wrong:
            session.error(f"the wheel holds {wrong}")
        if "coopgov/rules/packs/compiled/cooperation-plan.json" not in names:
            session.error("the wheel holds no compiled packs")
        session.install("--force-reinstall", str(wheel))
        check = _readme(1).rpartition("&&")[2].split()[1:]
        session.run("coopgov", *check, silent=True)
        if "状态：" not in str(session.run("coopgov", *check, "--lang", "zh-Hans", silent=True)):
            session.error("the installed package does not speak Chinese")
    finally:
        shutil.rmtree(target)


if __name__ == "__main__":
    sys.exit("run it with nox: nox -l")
