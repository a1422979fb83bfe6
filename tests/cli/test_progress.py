"""The line that says what takes so long: on a terminal, after a while, gone at the end, and in no output."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from coopgov.cli import progress
from coopgov.cli.output import to_stderr, write
from coopgov.cli.progress import doing, showing, some

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Run

_RUN = """
import sys
from coopgov.cli import main, progress
progress._DELAY, progress._EVERY = float(sys.argv[1]), 0.0
sys.exit(main(sys.argv[2:]))
"""
_OWN = ("--rules", "own.yaml", "--as-of", "2026-06-30", "--fail-on", "never")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is there from the start, nobody else draws it, and no time passes."""
    monkeypatch.setattr(progress, "monotonic", lambda: 0.0)
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    monkeypatch.setattr(progress._Line, "_tick", lambda _self, _delay: None)


def _on_terminals(
    folder: Path, *arguments: str, delay: float = 0.0, out: bool = False, **environment: str
) -> tuple[str, str]:
    """What a run prints on stdout and stderr, the latter a pseudo-terminal, the former one with `out`."""
    ours, theirs = pty.openpty()
    known = {name: value for name, value in os.environ.items() if name != "CI"}
    with subprocess.Popen(
        [sys.executable, "-c", _RUN, str(delay), *arguments],
        cwd=folder,
        env={**known, "LC_ALL": "C", **environment},
        stdout=theirs if out else subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        printed = process.stdout.read() if process.stdout else b""
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(ours)
    assert process.returncode == 0
    return printed.decode(), shown.decode().replace("\r\n", "\n")


def _left(shown: str) -> str:
    """What is left on a terminal once lines are cleared."""
    return re.sub(r"(?m)^[^\n]*\r\x1b\[K", "", shown)


def test_a_terminal_shows_which_file_is_assessed(pier: Path) -> None:
    """The results go elsewhere as they would without it, and the terminal is empty at the end."""
    names = ["pier.yaml"] * 3
    printed, shown = _on_terminals(pier, "check", *names, *_OWN)
    assert re.search(r"\r\x1b\[K2/3 pier.yaml · \d+ s", shown)
    assert _left(shown) == ""
    assert "\x1b" not in printed
    quick, nothing = _on_terminals(pier, "check", *names, *_OWN, delay=1e9)
    assert (quick, nothing) == (printed, "")


def test_results_on_the_same_terminal_are_whole(pier: Path) -> None:
    """The line makes room for each of them."""
    arguments = ("check", "pier.yaml", "pier.yaml", *_OWN, "--color", "never")
    _, shown = _on_terminals(pier, *arguments, out=True)
    _, alone = _on_terminals(pier, *arguments, out=True, delay=1e9)
    assert "\r\x1b[K1/2 pier.yaml" in shown
    assert _left(shown) == alone


def test_continuous_integration_has_no_progress(pier: Path) -> None:
    """Its terminal is a file in the end."""
    _, shown = _on_terminals(pier, "check", "pier.yaml", "pier.yaml", *_OWN, CI="true")
    assert shown == ""


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "working · 0 s"), ("zh-Hans", "处理中 · 0 秒"), ("zh-Hant", "處理中 · 0 秒")],
)
def test_whatever_takes_long_says_that_it_goes_on(
    language: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also a command that counts nothing; in the language of messages."""
    with showing(language, shown=True):
        doing("working")
    assert capsys.readouterr().err == f"\r\x1b[K{line}\r\x1b[K"


@pytest.mark.usefixtures("at_once")
def test_what_is_printed_is_never_on_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Results and messages are printed on a cleared line."""
    with showing("en", shown=True):
        some(1_000, 0.25)
        to_stderr("a.yaml: not readable")
        some(2_000, None)
        write("result")
        doing("files", number=1, total=2, name="x" * 100 + "\x1b[31m")
    printed = capsys.readouterr()
    assert printed.out == "result\n"
    assert printed.err == (
        "\r\x1b[K1,000 (25%) · 0 s\r\x1b[Ka.yaml: not readable\n\r\x1b[K2,000 · 0 s\r\x1b[K"
        f"\r\x1b[K1/2 {'x' * 55}\\u001b[31m · 0 s\r\x1b[K"
    )


@pytest.mark.usefixtures("at_once", "pier")
@pytest.mark.parametrize("command", ["backtest", "chart"])
def test_days_are_counted(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """A history takes long, and it is known how many days it has."""
    arguments = {
        "backtest": (
            "backtest",
            "pier.yaml",
            "--rules",
            "own.yaml",
            "--from",
            "2026-06-01",
            "--to",
            "2026-06-04",
        ),
        "chart": ("chart", "status", "pier.yaml", "--rules", "own.yaml", "--as-of", "2026-01-04"),
    }[command]
    patched = progress.showing

    def showing_at_once(language: str, *, shown: bool | None = None) -> object:
        return patched(language, shown=True if shown is None else shown)

    monkeypatch.setattr(import_module("coopgov.cli.main"), "showing", showing_at_once)
    err = run(*arguments).err
    line = "1/1 pier.yaml (75%) · " if command == "backtest" else "3 (75%) · "
    assert f"\r\x1b[K{line}" in err
    assert _left(err) == ""


def test_a_run_ends_its_thread() -> None:
    """A host that calls the command line keeps none of it."""
    import threading

    before = threading.active_count()
    with pytest.raises(KeyError), showing("en", shown=True):
        raise KeyError
    doing("working")
    assert threading.active_count() <= before + 1
