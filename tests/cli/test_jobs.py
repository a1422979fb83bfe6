"""`--jobs`: files are assessed in several processes, and nobody can tell from what is printed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from coopgov.assessment.assess import Assessor
from coopgov.cli.screen_parts import parts_of
from coopgov.facts.derive import derive
from work import calls_of

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Run

_DAY = ("--as-of", "2026-06-30")


@pytest.fixture
def many(pier: Path) -> list[str]:
    """Agreements in a folder of their own, among them one with faults, one that is not there, and one there twice."""
    folder = pier / "many"
    folder.mkdir()
    text = (pier / "pier.yaml").read_text(encoding="utf-8")
    for number in range(20):
        changed = text.replace("id: pier", f"id: pier-{number}", 1).replace("04-10", f"0{1 + number % 9}-10")
        (folder / f"{number:02}.yaml").write_text(changed, encoding="utf-8")
    (folder / "05.yaml").write_text("coopgov: agreement/1\nid: x\n", encoding="utf-8")
    (folder / "21.yaml").write_text((folder / "03.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return [*sorted(str(path.relative_to(pier)) for path in folder.iterdir()), "none.yaml"]


def test_each_agreement_is_read_and_decided_once(run: Run, many: list[str]) -> None:
    """For the screen, too, whose warnings are laid out once; faulty files are neither derived nor decided."""
    sound = [name for name in many if name not in ("many/05.yaml", "none.yaml")]
    for function in (derive, Assessor.decide, parts_of):
        assert calls_of(lambda: run("check", *many, *_DAY), function) == len(sound)
    for function in (derive, Assessor.decide):
        counted = calls_of(lambda: run("portfolio", "check", "many", *_DAY, "--jobs", "1"), function)
        assert counted == len(sound)


@pytest.mark.parametrize("options", [(), ("--format", "json"), ("--verbose", "--lang", "zh-Hans")])
def test_check_prints_the_same(run: Run, many: list[str], options: tuple[str, ...]) -> None:
    """Results and faults, byte for byte, and the exit code."""
    one, *others = (run("check", *many, *_DAY, *options, "--jobs", jobs) for jobs in ("1", "2"))
    assert others == [one]
    assert one.code == 2
    assert "05.yaml" in one.err
    assert "none.yaml" in one.err
    if "json" in options:
        found = json.loads(one.out)
        assert one.out == json.dumps(found, ensure_ascii=False, indent=2) + "\n"
        assert len(found) == len(many) - 2


@pytest.mark.parametrize("what", ["@phase/piles", "nothing"])
def test_explanations_and_errors_are_the_same(run: Run, many: list[str], what: str) -> None:
    """An error that concerns all files ends the run as in one process."""
    one, two = (run("check", *many[:5], *_DAY, "--explain", what, "--jobs", jobs) for jobs in ("1", "2"))
    assert one == two


def test_a_backend_that_does_not_exist_is_reported_once(run: Run, many: list[str]) -> None:
    """The error comes back from the other process as it was raised there."""
    one, two = (run("check", *many, *_DAY, "--backend", "none", "--jobs", jobs) for jobs in ("1", "2"))
    assert one == two
    assert one.code == 2


def test_a_portfolio_is_the_same(run: Run, many: list[str], pier: Path) -> None:
    """The summary, and the files of hits, undetermined entries and faults."""
    ran = []
    for jobs in ("1", "2"):
        files = [f"--{name}={name}-{jobs}.csv" for name in ("out", "undetermined", "rejects")]
        printed = run("portfolio", "check", "many", *_DAY, "--format", "json", "--jobs", jobs, *files)
        ran.append((printed, [(pier / each.partition("=")[2]).read_bytes() for each in files]))
    assert ran[0] == ran[1]
    summary = json.loads(ran[0][0].out)
    assert (summary["files"]["read"], summary["files"]["rejected"]) == (len(many) - 1, 2)
    assert {each["code"] for each in summary["rejects"]} >= {"duplicate-key", "missing-key"}


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "1.5", "²"])
def test_a_number_of_processes_is_a_whole_number(run: Run, many: list[str], jobs: str) -> None:
    """Anything else is wrong usage."""
    ran = run("check", *many, f"--jobs={jobs}")
    assert ran.code == 2
    assert "a number of processes, at least 1" in ran.err


def test_a_table_takes_no_number_of_processes(run: Run, pier: Path) -> None:
    """Its engine decides."""
    (pier / "a.csv").write_text("a\n1\n", encoding="utf-8")
    ran = run("portfolio", "check", "a.csv", "--map", "m.yaml", "--jobs", "2")
    assert ran.code == 2
    assert "--jobs is for a folder of agreements" in ran.err


def _started(many: list[str]) -> subprocess.Popen[str]:
    """A run that lasts, in a session of its own: an interruption reaches all its processes."""
    command = [sys.executable, "-m", "coopgov", "check", *many * 400, *_DAY, "--jobs", "2"]
    return subprocess.Popen(
        command,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _children(session: int) -> list[int]:
    """The processes of a session that are not its first."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "-s", str(session)], capture_output=True, text=True, check=False
    )
    return [int(each) for each in found.stdout.split() if int(each) != session]


def _all_end(session: int) -> None:
    """Wait until all other processes of a session have ended."""
    for _ in range(100):
        if not _children(session):
            return
        time.sleep(0.1)
    raise AssertionError(_children(session))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_ends_all_processes_without_a_word(many: list[str], number: int, code: int) -> None:
    """What was printed until then stays."""
    with _started(many) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        os.killpg(process.pid, number)
        process.stdout.read()
        assert process.wait(timeout=60) == code
    _all_end(process.pid)


def test_a_reader_that_has_gone_is_no_error(many: list[str]) -> None:
    """As `coopgov check … | head` needs it."""
    command = [sys.executable, "-m", "coopgov", "check", *many[:3] * 30, *_DAY, "--jobs", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


def test_no_process_outlives_one_that_is_killed(many: list[str]) -> None:
    """Each end notices when the other is gone."""
    with _started(many) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    _all_end(process.pid)
