"""Any kind of file, read or written, gives a result or a fault."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

import coopgov
from cases.crashes import AGREEMENT, HEAD, case


def test_a_chain_of_files_is_followed(run: Any, tmp_path: Path) -> None:
    """However long it is."""
    for number in range(600):
        extends = f"extends: [c{number + 1}.yaml]\n" if number < 599 else ""
        (tmp_path / f"c{number}.yaml").write_text(HEAD + extends)
    assert run("rules", "check", "c0.yaml")[0] == 0
    (tmp_path / "c599.yaml").write_text(HEAD + "extends: [c0.yaml]\n")
    assert "extends-circle" in run("rules", "check", "c0.yaml")[2]


@pytest.mark.parametrize(
    "command",
    [
        ("check", "*"),
        ("check", "a.yaml", "--rules", "*"),
        ("rules", "check", "*"),
        ("rules", "test", "*"),
        ("rules", "mutate", "*"),
        ("rules", "fmt", "*"),
        ("rules", "doc", "*", "--out", "d"),
        ("backtest", "*", "--from", "2026-01-05", "--to", "2026-01-06"),
        ("portfolio", "check", "*", "--map", "m.yaml"),
        ("portfolio", "check", "t.csv", "--map", "*"),
        ("portfolio", "check", "t.csv", "--map", "m.yaml", "--rules", "own.yaml", "--out", "*.csv"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("sort", ["pipe", "socket", "loop", "long", "surrogate", "gone"])
@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
def test_what_is_no_file_is_a_fault_at_once(
    run: Any, tmp_path: Path, command: tuple[str, ...], sort: str
) -> None:
    """Pipes, sockets, links to themselves, names that are too long or that nobody can write."""
    case("31", tmp_path)
    (tmp_path / "a.yaml").write_text(AGREEMENT)
    name = {"long": "w" * 5000, "surrogate": "x\udcff", "gone": "gone"}.get(sort, "odd")
    target = Path("*.csv".replace("*", name) if command[-1] == "*.csv" else name)
    server = socket.socket(socket.AF_UNIX)
    if sort == "pipe":
        os.mkfifo(target)
    elif sort == "socket":
        server.bind(str(target))
    elif sort == "loop":
        target.symlink_to(target)
    code, _, err = run(*(each.replace("*", name) for each in command))
    server.close()
    written = command[-1] == "*.csv" and sort in ("surrogate", "gone", "loop")
    assert written or (code == 2 and err.strip()), err
    assert "Traceback" not in err
    assert "fault of coopgov" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes in folders")
def test_a_pipe_that_a_file_names_is_not_waited_for(run: Any, tmp_path: Path) -> None:
    """By `extends`, by the rows of a table, by rule tests."""
    os.mkfifo(tmp_path / "odd")
    table = "tables:\n  - {id: x, about: phase, kind: delay, message: m, csv: odd}\n"
    (tmp_path / "t.yaml").write_text(HEAD + table)
    (tmp_path / "e.yaml").write_text(HEAD + "extends: [odd]\n")
    (tmp_path / "x.tests.yaml").write_text(
        "coopgov: rule-tests/1\nagreement: odd\nrules: [odd]\ntests: [{name: n, rule: r, expect: nothing}]\n"
    )
    for command in (("check", "t.yaml"), ("check", "e.yaml"), ("test", "x.tests.yaml")):
        assert run("rules", *command)[0] == 2


def test_no_line_of_another_file_is_quoted(run: Any, tmp_path: Path) -> None:
    """Whichever file leads there, as YAML, as JSON, or broken."""
    case("31", tmp_path)
    (tmp_path / "secret.txt").write_text("root:x:0:0:do-not-show:/root:/bin/sh\n")
    assert run("rules", "check", "r.yaml") == (
        2,
        "",
        (
            'secret.txt:1:1: missing-key: found a file without it, expected the key "coopgov" with '
            "the format of the file\n"
        ),
    )
    for text in (
        "password: do-not-show\n",
        '{"do-not-show": 1}',
        "do-not-show: [",
        "a:\n\tdo-not-show",
        "%do-not-show",
    ):
        (tmp_path / "secret.txt").write_text(text)
        for command in (
            ("rules", "check", "r.yaml"),
            ("check", "secret.txt"),
            ("rules", "fmt", "secret.txt"),
        ):
            code, out, err = run(*command)
            assert (code, "do-not-show" in out + err) == (2, False)


def test_no_line_of_another_table_is_quoted(run: Any, tmp_path: Path) -> None:
    """A file of rows has a column of severities."""
    (tmp_path / "secret.csv").write_text("root:x:0,do-not-show\n1,do-not-show\n")
    (tmp_path / "t.yaml").write_text(
        HEAD + "tables:\n  - {id: x, about: phase, kind: delay, message: m, csv: secret.csv}\n"
    )
    code, out, err = run("rules", "check", "t.yaml")
    assert (code, "unknown-column" in err, "do-not-show" in out + err) == (2, True, False)


def test_a_lone_surrogate_is_a_fault() -> None:
    """In texts, in the escapes of JSON, and in Python objects."""
    with pytest.raises(coopgov.RulesError) as caught:
        coopgov.parse_rules(HEAD + 'title: "\ud800"\n')
    assert [(each.code, each.place.line, each.place.column) for each in caught.value.faults] == [
        ("character", 4, 9)
    ]
    for escape in (r"\ud800", r"\udc00", r"\ud800\ud800"):
        with pytest.raises(coopgov.CoopgovError):
            coopgov.parse_agreement(
                json.dumps({"coopgov": "agreement/1", "title": "T"}).replace('"T"', f'"{escape}"')
            )
    with pytest.raises(coopgov.AgreementError) as refused:
        coopgov.build_agreement({"coopgov": "agreement/1", "id": "\ud800", "title": "x\udfff"})
    assert str(refused.value).encode()


def test_nothing_is_left_of_a_refused_target(run: Any, tmp_path: Path) -> None:
    """Not even a part of it."""
    case("31", tmp_path)
    (tmp_path / "dir.csv").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    command = (
        "portfolio",
        "check",
        "t.csv",
        "--map",
        "m.yaml",
        "--rules",
        "own.yaml",
        "--as-of",
        "2026-06-30",
    )
    assert run(*command, "--out", "dir.csv") == (
        2, "", "dir.csv:1:1: unwritable-file: found Is a directory, expected a file to write\n",
    )  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_nothing_is_left_on_a_full_disk(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, no part, no folder that was made for them."""
    (tmp_path / "r.yaml").write_text(
        HEAD + "rules: [{id: r, about: phase, kind: k, when: ended, severity: minor, message: m}]\n"
    )
    written = Path.write_text
    count = iter(range(100))

    def full(path: Path, *arguments: Any, **options: Any) -> int:
        if next(count) > 2:
            raise OSError(28, "No space left on device", str(path))
        return written(path, *arguments, **options)

    monkeypatch.setattr(Path, "write_text", full)
    assert run("rules", "doc", "r.yaml", "--out", "a/b")[0] == 2
    opened = Path.open
    more = iter(range(100))

    def filled(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if mode == "x" and next(more) > 3:
            raise OSError(28, "No space left on device", str(path))
        return opened(path, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", filled)
    assert run("init", "c/d")[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["r.yaml"]
