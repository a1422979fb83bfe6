"""`coopgov init` writes starter files that pass their tests on any day, and never overwrites a file."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coopgov.assessment.assess import assess
from coopgov.cli.schemas import schema_of
from coopgov.cli.starter import starter_files
from coopgov.languages import LANGUAGES
from coopgov.model import parse_agreement
from coopgov.rules import load_rules, parse_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Ran

    Run = Callable[..., Ran]


def test_what_init_writes_passes_check_today(run: Run, tmp_path: Path) -> None:
    """The folder is made, the files are named, and the command it proposes finds nothing to warn of."""
    folder = tmp_path / "deep" / "our cooperation"
    ran = run("init", folder)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:4] == [
        f"wrote {folder / 'agreement.yaml'}",
        f"wrote {folder / 'rules.yaml'}",
        f"wrote {folder / 'rules.tests.yaml'}",
        f"wrote {folder / '.coopgov'}: the JSON Schemas with which editors help",
    ]
    proposed = [shlex.split(line.removeprefix("try: coopgov ")) for line in lines[4:]]
    assert proposed == [
        ["check", str(folder / "agreement.yaml"), "--rules", str(folder / "rules.yaml")],
        ["rules", "test", str(folder / "rules.tests.yaml")],
    ]
    for command in proposed:
        checked = run(*command)
        assert (checked.code, checked.err) == (0, "")
    assert run("check", folder / "agreement.yaml", "--fail-on", "notice").code == 0
    assert run("rules", "check", folder / "rules.yaml", "--agreement", folder / "agreement.yaml").code == 0


@pytest.mark.parametrize("day", ["2024-02-29", "2026-12-31", "1999-12-31", "0001-01-01", "9998-12-31"])
def test_what_init_writes_passes_on_its_first_day(run: Run, tmp_path: Path, day: str) -> None:
    """`--as-of` sets the first day of the agreement."""
    assert run("init", tmp_path, "--as-of", day).code == 0
    checked = run("check", tmp_path / "agreement.yaml", "--rules", tmp_path / "rules.yaml", "--as-of", day)
    assert (checked.code, checked.err) == (0, "")
    assert f"start: {day}," in (tmp_path / "agreement.yaml").read_text(encoding="utf-8")


_DEFAULT = load_rules()


@settings(deadline=None)
@given(st.dates(date.min, date(9998, 12, 31)), st.sampled_from(LANGUAGES))
@example(date(2024, 2, 29), "en")
@example(date(2023, 12, 31), "en")
def test_the_starter_files_are_clear_on_any_day(day: date, language: str) -> None:
    """Whatever the calendar says, the starter agreement is clear by its own rules and by the shipped pack."""
    files = starter_files(day, language)
    agreement = parse_agreement(files["agreement.yaml"])
    for rules in (_DEFAULT, parse_rules(files["rules.yaml"])):
        assert assess(agreement, rules, as_of=day).status == "clear"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_what_init_writes_in_chinese_passes_all_checks(run: Run, tmp_path: Path, language: str) -> None:
    """The proposed commands run in that language; nothing is found in the rules, and all tests pass."""
    ran = run("init", tmp_path, "--lang", language)
    assert (ran.code, ran.err) == (0, "")
    proposed = [line.partition("：coopgov ")[2] for line in ran.out.splitlines()[4:]]
    assert len(proposed) == 2
    for command in proposed:
        assert command.endswith(f" --lang {language}")
        assert (checked := run(*shlex.split(command))).code == 0
        assert checked.err == ""
    assert run("check", tmp_path / "agreement.yaml", "--fail-on", "notice").code == 0
    ran = run("rules", "check", tmp_path / "rules.yaml", "--agreement", tmp_path / "agreement.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert run("rules", "mutate", tmp_path / "rules.yaml").code == 0
    assert run("rules", "fmt", "--check", *tmp_path.glob("*.yaml")).code == 0


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_what_people_read_in_chinese_starter_files_is_chinese(language: str) -> None:
    """Names, texts and comments, but not the line for editors."""
    for text in starter_files(date(2026, 3, 1), language).values():
        comments = [line for line in re.findall(r"# .+", text) if "yaml-language-server" not in line]
        shown = re.findall(
            r'\b(?:name|title|statement|achievable|relevant|source|note|message): ("[^"\n]*"|[^,}\n]+)', text
        )
        assert comments
        assert shown
        assert [each for each in (*comments, *shown) if not re.search(r"[\u4e00-\u9fff]", each)] == []


def test_editors_find_the_schemas(run: Run, tmp_path: Path) -> None:
    """The first line of each file names the schema beside it, which is the one that is published."""
    assert run("init", tmp_path).code == 0
    for name, schema in (("agreement", "agreement"), ("rules", "rules"), ("rules.tests", "rule-tests")):
        first = (tmp_path / f"{name}.yaml").read_text(encoding="utf-8").split("\n", maxsplit=1)[0]
        assert first == f"# yaml-language-server: $schema=.coopgov/{schema}.schema.json"
        path = tmp_path / first.partition("$schema=")[2]
        assert json.loads(path.read_text(encoding="utf-8")) == schema_of(schema)
        assert path.read_text(encoding="utf-8") == run("schema", schema).out


def test_the_starter_tests_are_an_example_to_follow(run: Run, tmp_path: Path) -> None:
    """They reach every part of the starter rules and miss no slip."""
    run("init", tmp_path / "new")
    rules = tmp_path / "new/rules.yaml"
    assert run("rules", "test", rules, "--min-coverage", "100 %").code == 0
    assert run("rules", "mutate", rules).code == 0


@pytest.mark.parametrize("there", ["agreement.yaml", "rules.yaml", "rules.tests.yaml"])
def test_init_overwrites_nothing(run: Run, tmp_path: Path, there: str) -> None:
    """With one of the files there already, it stays as it is, the other is not written, and the exit code is 2."""
    (tmp_path / there).write_text("mine", encoding="utf-8")
    ran = run("init", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{tmp_path / there} already exists; nothing was written\n"
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


def test_init_overwrites_no_schema(run: Run, tmp_path: Path) -> None:
    """A schema that is there already stays, and so does its folder."""
    (tmp_path / ".coopgov").mkdir()
    path = tmp_path / ".coopgov" / "rules.schema.json"
    path.write_text("mine", encoding="utf-8")
    ran = run("init", tmp_path)
    assert (ran.code, ran.err) == (2, f"{path} already exists; nothing was written\n")
    assert list(tmp_path.rglob("*")) == [tmp_path / ".coopgov", path]
    assert path.read_text(encoding="utf-8") == "mine"


def test_init_does_not_write_through_a_link(run: Run, tmp_path: Path) -> None:
    """A link that leads nowhere yet is there already, too."""
    (tmp_path / "agreement.yaml").symlink_to(tmp_path / "elsewhere")
    assert run("init", tmp_path).code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_init_into_a_file_is_reported(run: Run, tmp_path: Path) -> None:
    """A folder that cannot be made is bad input."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        ran = run("init", folder)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"{folder}: ")


@pytest.mark.parametrize("day", ["9999-01-01", "2026-02-30", "tomorrow"])
def test_a_first_day_that_cannot_be_is_bad_usage(run: Run, tmp_path: Path, day: str) -> None:
    """The agreement runs for a year; the calendar must hold it."""
    ran = run("init", tmp_path / "new", "--as-of", day)
    assert ran.code == 2
    assert f'found "{day}", expected a date' in ran.err
    assert not (tmp_path / "new").exists()


def test_what_init_writes_is_in_canonical_form(run: Run, tmp_path: Path) -> None:
    """So `coopgov rules fmt` changes only what its user writes."""
    assert run("init", str(tmp_path / "new")).code == 0
    files = map(str, sorted((tmp_path / "new").glob("*.yaml")))
    ran = run("rules", "fmt", "--check", *files)
    assert (ran.code, ran.out) == (0, "")
