"""The command line as a whole: exit codes, usage, streams, and real processes."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from coopgov import __version__
from coopgov.cli import main
from coopgov.cli.commands import facts
from coopgov.cli.output import write
from coopgov.errors import FactError
from coopgov.locales import verbatim

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

PILOT = str(Path(__file__).parents[2] / "examples" / "pilot" / "agreement.yaml")


def _process(*arguments: str | bytes, **options: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "coopgov", *arguments]
    return subprocess.run(command, check=False, **{"capture_output": True, **options})


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["chek"], "invalid choice: 'chek'"),
        (["check"], "the following arguments are required: AGREEMENT"),
        (["check", "a", "--as-of", "30.6.2026"], 'found "30.6.2026", expected a date such as 2026-06-30'),
        (["check", "a", "--as-of", "2026-W27-2"], 'found "2026-W27-2"'),
        (["check", "a", "--as-of", "2026-06-31"], 'found "2026-06-31"'),
        (["check", "a", "--fail-on", "bad"], "invalid choice: 'bad'"),
        (["check", "a", "--lang", "fr"], 'found "fr", expected one of en, zh-Hans, zh-Hant'),
        (["check", "a", "--frobnicate"], "unrecognized arguments: --frobnicate"),
        (["check", "--rules", "r.yaml", "a.yaml"], "the following arguments are required: AGREEMENT"),
        (["rules"], "the following arguments are required: COMMAND"),
        (["schema", "warnings"], "invalid choice: 'warnings'"),
        (["init"], "the following arguments are required: DIR"),
    ],
)
def test_bad_usage_says_what_is_wrong_and_where_help_is(run: Run, arguments: list[str], shown: str) -> None:
    """Exit code 2, nothing on stdout, the usage and one line with a hint on stderr."""
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("usage: coopgov")
    last = ran.err.splitlines()[-1]
    assert shown in last
    assert last.endswith("--help)")


@pytest.mark.parametrize(
    "command", [[], ["check"], ["rules"], ["rules", "check"], ["facts"], ["schema"], ["init"]]
)
def test_every_command_has_help(run: Run, command: list[str]) -> None:
    """`--help` goes to stdout and is not a fault."""
    ran = run(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(" ".join(["usage: coopgov", *command]))


def test_the_version_is_printed(run: Run) -> None:
    """`--version` prints name and version."""
    assert run("--version").out == f"coopgov {__version__}\n"


def test_an_internal_error_has_its_own_exit_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw ends with a trace, a plea to report it, and exit code 3."""

    def fail(_options: object) -> NoReturn:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(facts, "run", fail)
    ran = run("facts")
    assert (ran.code, ran.out) == (3, "")
    assert "ZeroDivisionError: of all things" in ran.err
    assert ran.err.endswith("this is a fault of coopgov; please report it with the lines above\n")


@pytest.mark.parametrize(
    ("module", "name", "traces"),
    [("coopgov.cli.languages", "find_configuration", 1), ("coopgov.cli.main", "to_stderr", 0)],
)
def test_a_failure_while_reporting_is_no_second_trace(
    run: Run, monkeypatch: pytest.MonkeyPatch, module: str, name: str, traces: int
) -> None:
    """Reading the configuration fails twice; the exit code stays 3, and the error is reported if possible."""

    def fail(*_arguments: object) -> NoReturn:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(facts, "run", fail)
    monkeypatch.setattr(sys.modules[module], name, fail)
    ran = run("facts")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("Traceback") == traces


@pytest.mark.parametrize(
    ("error", "code", "shown"),
    [
        (FactError("delay", "x", verbatim("a number")), 2, "fact delay: found 'x', expected a number\n"),
        (OSError(28, "No space left on device"), 2, "coopgov: No space left on device\n"),
        (FileNotFoundError(2, "No such file or directory", "packs/lost.yaml"), 3, None),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_each_failure_has_its_exit_code(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, shown: str | None
) -> None:
    """Errors of the library and full disks are reported in a line; an interrupt needs no words."""

    def fail(_options: object) -> NoReturn:
        raise error

    monkeypatch.setattr(facts, "run", fail)
    ran = run("facts")
    assert ran.code == code
    assert shown is None or ran.err == shown


def test_a_process_gives_the_exit_codes() -> None:
    """`python -m coopgov` prints results on stdout, faults on stderr, and exits with 0, 1 or 2."""
    warned = _process("check", PILOT, "--as-of", "2026-06-30")
    assert (warned.returncode, warned.stderr) == (1, b"")
    assert warned.stdout.startswith(b"Harbour data cooperation \xc2\xb7 ")
    never = _process("check", PILOT, "--fail-on", "never", "--as-of", "2026-06-30")
    assert (never.returncode, never.stdout) == (0, warned.stdout)
    absent = _process("check", "nowhere.yaml")
    assert (absent.returncode, absent.stdout) == (2, b"")
    assert absent.stderr.startswith(b"nowhere.yaml:1:1: unreadable-file")


def test_output_is_utf8_whatever_the_locale() -> None:
    """A terminal or pipe set to ASCII gets UTF-8, not a crash."""
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    ran = _process("check", PILOT, "--lang", "zh-Hans", "--as-of", "2026-06-30", env=plain)
    assert ran.returncode == 1
    assert "港口数据合作" in ran.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_file_name_that_is_no_text_does_no_harm(tmp_path: Path, form: str) -> None:
    """Names of files are bytes to the system; what is not UTF-8 in them is printed as a question mark."""
    name = os.fsencode(tmp_path) + b"/n\xff.yaml"
    Path(os.fsdecode(name)).write_bytes(Path(PILOT).read_bytes())
    ran = _process(b"check", name, b"--format", form.encode(), b"--as-of", b"2026-06-30")
    assert (ran.returncode, ran.stderr) == (1, b"")
    ran.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
@pytest.mark.parametrize(
    "arguments", [["check", PILOT, "--as-of", "2026-06-30"], ["schema", "agreement"], ["--help"]]
)
def test_a_reader_who_goes_away_does_no_harm(arguments: list[str]) -> None:
    """`coopgov ... | head` ends in silence, with the exit code it would have had."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = _process(*arguments, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (ran.returncode, ran.stderr) == (int(arguments[0] == "check"), b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_full_disk_is_no_internal_error() -> None:
    """A result that cannot be written is reported in one line; faults that cannot be written keep their exit code."""
    with Path("/dev/full").open("wb") as full:
        ran = _process("check", PILOT, capture_output=False, stdout=full, stderr=subprocess.PIPE)
        assert (ran.returncode, ran.stderr) == (2, b"coopgov: No space left on device\n")
        assert _process("check", "nowhere", capture_output=False, stderr=full).returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="closes streams as a POSIX shell does")
def test_closed_streams_do_no_harm() -> None:
    """A job that runs with stdout or stderr closed gets its exit code."""
    for closed, arguments, code in ((1, ["check", PILOT], 1), (2, ["check", "nowhere"], 2)):
        ran = _process(*arguments, preexec_fn=lambda fd=closed: os.close(fd))
        assert (ran.returncode, ran.stdout, ran.stderr) == (code, b"", b"")


def test_a_file_that_may_not_be_read_is_reported(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing permission is bad input, not a fault of coopgov."""
    path = tmp_path / "secret.yaml"

    path.touch()
    opened = os.open

    def refuse(name: Any, *arguments: Any, **options: Any) -> Any:
        if name == path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(name, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    ran = run("check", path)
    assert ran.code == 2
    assert "unreadable-file: found Permission denied" in ran.err


def test_a_stream_without_a_file_is_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host may put its own stream in place of stdout."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["facts", "--about", "kpi"]) == 0
    write("last")
    assert stream.getvalue().endswith("last\n")
