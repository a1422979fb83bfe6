"""`coopgov rules fmt` writes files in canonical form, or only names them; it leaves faulty ones alone."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coopgov.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

UNTIDY = (
    "pack: 'p' # ours\ncoopgov: rules/1\nversion: 1\nrules: [{id: a, about: phase, kind: k, message: "
    "m, when: 'delay>3days', severity: minor}]\n"
)
TIDY = (
    "coopgov: rules/1\npack: p  # ours\nversion: 1\nrules: [{id: a, about: phase, kind: k, when: "
    "delay above 3 days, severity: minor, message: m}]\n"
)
AGREEMENT = (
    "title: T\nid: a\ncoopgov: agreement/1\ncurrency: CNY\nparties: [{id: p}]\nterm: {end: "
    "2026-12-31, start: 2026-01-01}\n"
)
PART = "into: a\nfrom: {on: 2026/6/30, format: jira}\ncoopgov: part/1\n"
TIDY_PART = "coopgov: part/1\ninto: a\nfrom: {format: jira, on: 2026-06-30}\n"
TESTS = (
    "coopgov: rule-tests/1\ntests:\n- expect: minor   # five days\n  name: Late\n  rule: a\n  phase: "
    "{delay: 5 days}\n"
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule file that is not in canonical form."""
    path = tmp_path / "r.yaml"
    path.write_text(UNTIDY, encoding="utf-8")
    return path


def test_a_file_is_written_in_canonical_form(run: Run, rules: Path) -> None:
    """In place, with the rights that it had; its rules mean the same. A second time there is nothing to do."""
    rules.chmod(0o640)
    digest = load_rules(rules).digest
    ran = run("rules", "fmt", rules)
    assert (ran.code, ran.out, ran.err) == (0, f"{rules}: formatted\n", "")
    assert rules.read_bytes().decode() == TIDY
    assert stat.S_IMODE(rules.stat().st_mode) == 0o640
    assert load_rules(rules).digest == digest
    ran = run("rules", "fmt", rules)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert [path.name for path in rules.parent.iterdir()] == ["r.yaml"]


def test_check_writes_nothing(run: Run, rules: Path, tmp_path: Path) -> None:
    """It names the files that would change, and exits with 1."""
    tidy = tmp_path / "tidy.yaml"
    tidy.write_text(TIDY, encoding="utf-8")
    ran = run("rules", "fmt", "--check", rules, tidy)
    assert (ran.code, ran.out, ran.err) == (1, f"{rules}: not in canonical form\n", "")
    assert rules.read_text("utf-8") == UNTIDY
    assert run("rules", "fmt", "--check", tidy).code == 0


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ("colour: red\n", "5:1: unknown-key"),
        ("extends: [nothing]\n", "5:11: unknown-pack"),
        ("title: [\n", "6:1: syntax"),
        ("parameters: {x: 1}\n", "5:14: unknown-parameter"),
    ],
)
def test_a_faulty_file_is_left_alone(run: Run, rules: Path, tmp_path: Path, more: str, shown: str) -> None:
    """Its faults are reported, and the others are still formatted."""
    rules.write_text(UNTIDY + more, encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(UNTIDY, encoding="utf-8")
    ran = run("rules", "fmt", rules, other)
    assert ran.code == 2
    assert ran.err.startswith(f"{rules}:{shown}")
    assert ran.out == f"{other}: formatted\n"
    assert rules.read_text("utf-8") == UNTIDY + more


def test_agreements_and_rule_tests_are_formatted_too(run: Run, rules: Path, tmp_path: Path) -> None:
    """Each by the order of keys of its format."""
    agreement, tests = tmp_path / "a.yaml", tmp_path / "r.tests.yaml"
    agreement.write_text(AGREEMENT, encoding="utf-8")
    tests.write_text(TESTS, encoding="utf-8")
    assert run("rules", "fmt", rules, agreement, tests).code == 0
    assert agreement.read_text("utf-8").startswith("coopgov: agreement/1\nid: a\ntitle: T\n")
    assert tests.read_text("utf-8") == (
        "coopgov: rule-tests/1\ntests:\n  - name: Late\n    rule: a\n    phase: {delay: 5 days}\n"
        "    expect: minor  # five days\n"
    )
    tests.write_text(TESTS.replace("minor", "mayor"), encoding="utf-8")
    assert run("rules", "fmt", tests).code == 2


def test_json_and_other_files_are_refused(run: Run, tmp_path: Path) -> None:
    """There is nothing to keep in JSON, and nothing to know of other files."""
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"coopgov": "rules/1", "pack": "p", "version": "1"}), encoding="utf-8")
    ran = run("rules", "fmt", path)
    assert (ran.code, ran.err.split(": found")[0]) == (2, f"{path}:1:1: odd-layout")
    path.write_text("a: b\n", encoding="utf-8")
    assert (
        'missing-key: found a file without it, expected the key "coopgov" with the format of the file'
        in run("rules", "fmt", path).err
    )
    assert run("rules", "fmt", tmp_path / "none.yaml").code == 2


def test_line_ends_and_marks_of_windows_go(run: Run, rules: Path) -> None:
    """Files are written in UTF-8 without a BOM, with line feeds."""
    rules.write_bytes(("\ufeff" + TIDY.replace("\n", "\r\n")).encode())
    assert run("rules", "fmt", rules).code == 0
    assert rules.read_bytes().decode() == TIDY


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_a_link_stays_a_link(run: Run, rules: Path, tmp_path: Path) -> None:
    """The file behind it is written."""
    link = tmp_path / "link.yaml"
    link.symlink_to(rules)
    assert run("rules", "fmt", link).code == 0
    assert link.is_symlink()
    assert rules.read_text("utf-8") == TIDY


def test_a_file_that_cannot_be_written_is_reported(
    run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is left behind."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    ran = run("rules", "fmt", rules)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{rules}:1:1: unwritable-file: found Permission denied, expected a file to write\n"
    assert [path.name for path in rules.parent.iterdir()] == ["r.yaml"]


def test_a_file_that_is_write_protected_is_left_alone(
    run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though its folder would let it be replaced; asked as anybody but root, who may write everywhere."""
    rules.chmod(0o444)
    monkeypatch.setattr(os, "access", lambda *_: False)
    ran = run("rules", "fmt", str(rules))
    assert (ran.code, rules.read_text(encoding="utf-8")) == (2, UNTIDY)
    assert "unwritable-file" in ran.err


def test_a_part_has_a_canonical_form(run: Run, tmp_path: Path) -> None:
    """Keys are in the order of the format, and days in their canonical form."""
    (tmp_path / "p.yaml").write_text(PART, encoding="utf-8")
    assert run("rules", "fmt", tmp_path / "p.yaml").code == 0
    assert (tmp_path / "p.yaml").read_text(encoding="utf-8") == TIDY_PART
    (tmp_path / "p.yaml").write_text(PART + "x: 1\n", encoding="utf-8")
    assert run("rules", "fmt", tmp_path / "p.yaml").code == 2


def test_import_mappings_have_a_canonical_form(run: Run, tmp_path: Path) -> None:
    """Keys in the order of the page, comments kept; a second run changes nothing, and faults have places."""
    path = tmp_path / "jira.import.yaml"
    path.write_text(
        "phase: {values: {A: core}, by: Epic}\nfields:\n  owner: Assignee   # who\n"
        "into: 'harbour'\nfrom: jira-csv\ncoopgov: import/1\n",
        encoding="utf-8",
    )
    assert run("rules", "fmt", path).code == 0
    assert path.read_text(encoding="utf-8") == (
        "coopgov: import/1\nfrom: jira-csv\ninto: harbour\nphase: {by: Epic, values: {A: core}}\n"
        "fields:\n  owner: Assignee   # who\n"
    )
    assert run("rules", "fmt", "--check", path).code == 0
    path.write_text(
        "coopgov: import/1\nfrom: csv\ninto: a\nphase: {id: b}\nfields: {ownr: x}\n", encoding="utf-8"
    )
    faulty = run("rules", "fmt", path)
    assert (faulty.code, f"{path}:5:16: wrong-choice" in faulty.err) == (2, True)
