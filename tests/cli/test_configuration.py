"""Defaults of options from `coopgov.toml` or `pyproject.toml`: where they are found, what they may say, what wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov.cli.configuration import Configuration, find_configuration
from coopgov.locales import Phrase

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Run

AS_OF = ("--as-of", "2026-06-30")


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_every_key_is_a_default_of_its_option(run: Run, pier: Path) -> None:
    """Rules, language, severity and colour come from the file; the command line wins over each."""
    text = 'rules = "own.yaml"\nlang = "zh-CN"\nfail-on = "never"\ncolor = "always"\n'
    _write(pier, "coopgov.toml", text)
    ran = run("check", "pier.yaml", *AS_OF)
    assert ran.code == 0
    assert "own 1.0.0" in ran.out
    assert "状态：\x1b[31m严重" in ran.out
    won = ("--rules", "cooperation-plan", "--lang", "en", "--fail-on", "minor", "--color", "never")
    ran = run("check", "pier.yaml", *AS_OF, *won)
    assert ran.code == 1
    assert "cooperation-plan 1.0.0" in ran.out
    assert "\x1b" not in ran.out
    assert "status: " in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "pier.yaml"),
        ("backtest", "pier.yaml", "--to", "2026-01-31"),
        ("whatif", "pier.yaml", "--set", "phase/deck.actual_start=2026-05-01"),
        ("portfolio", "check", "agreements", "--fail-on", "never"),
        ("facts", "--about", "phase"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_rules_are_those_of_the_configuration(run: Run, pier: Path, arguments: tuple[str, ...]) -> None:
    """In every command with `--rules`, its faults included."""
    _write(pier / "agreements", "pier.yaml", (pier / "pier.yaml").read_text(encoding="utf-8"))
    _write(pier, "coopgov.toml", 'rules = ["no-such.yaml"]\n')
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("no-such.yaml:1:1: unreadable-file")
    assert "; the name is in `coopgov.toml`" in ran.err


def test_paths_start_from_the_configuration(run: Run, pier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In any working directory below it, paths are relative to the configuration file; names of packs stay names."""
    _write(pier, "coopgov.toml", 'rules = ["cooperation-plan", "own.yaml"]\n')
    (pier / "below" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(pier / "below" / "deeper")
    assert "own 1.0.0" in run("check", "../../pier.yaml", *AS_OF).out
    (pier / "own.yaml").write_text("{", encoding="utf-8")
    assert "../../own.yaml:1:" in run("check", "../../pier.yaml", *AS_OF).err.replace("\\", "/")


@pytest.mark.parametrize(
    ("files", "lang"),
    [
        ({}, None),
        ({"a/b/coopgov.toml": 'lang = "en"', "a/coopgov.toml": 'lang = "zh"'}, "en"),
        ({"a/coopgov.toml": 'lang = "zh"'}, "zh-Hans"),
        ({"pyproject.toml": '[tool.coopgov]\nlang = "zh-Hant"'}, "zh-Hant"),
        ({"coopgov.toml": 'lang = "en"', "pyproject.toml": '[tool.coopgov]\nlang = "zh"'}, "en"),
        ({"coopgov.toml": 'lang = "zh"', "a/pyproject.toml": '[tool.coopgov]\nlang = "en"'}, "en"),
        ({"coopgov.toml": 'lang = "zh"', "a/pyproject.toml": '[project]\nname = "coopgov"'}, "zh-Hans"),
        ({"coopgov.toml": 'lang = "zh"', "a/pyproject.toml": "coopgov = [broken"}, "zh-Hans"),
        ({"coopgov.toml": 'lang = "zh"', "a/coopgov.toml": ""}, None),
    ],
)
def test_the_nearest_file_counts_alone(tmp_path: Path, files: dict[str, str], lang: str | None) -> None:
    """`coopgov.toml` before `pyproject.toml`, which only counts if it configures coopgov."""
    for name, text in files.items():
        _write((tmp_path / name).parent, (tmp_path / name).name, text)
    (tmp_path / "a" / "b").mkdir(parents=True, exist_ok=True)
    found = find_configuration(tmp_path / "a" / "b")
    assert (found.lang, found.faults) == (lang, ())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rulez = []", (':1:1: unknown-key: found the key `rulez`, expected `rules`, `lang`, `fail-on` or '
            '`color`; did you mean "rules"?\n    rulez = []\n    ^^^^^')),
        ('\nfail_on = "major"', (':2:1: unknown-key: found the key `fail_on`, expected `rules`, `lang`, `fail-on` or '
            '`color`; did you mean "fail-on"?')),
        ('fail-on = "mayor"', (':1:1: wrong-choice: found fail-on = "mayor", expected undetermined, notice, minor, '
            'major, critical or never; did you mean "major"?')),
        ("fail-on = true", ":1:1: wrong-choice: found fail-on = true, expected undetermined, "),
        ('lang = "chinese"', (':1:1: wrong-choice: found lang = "chinese", expected en, zh-Hans or zh-Hant; did you '
            'mean "zh-Hans"?')),
        ("lang = 1", ":1:1: wrong-choice: found lang = 1, expected en, zh-Hans or zh-Hant\n"),
        ('color = "yes"', ':1:1: wrong-choice: found color = "yes", expected auto, always or never'),
        ("rules = []", ":1:1: wrong-type: found rules = [], expected a rule file or shipped pack, or a list of them"),
        ("rules = [1]", ":1:1: wrong-type: found rules = [1], expected a rule file"),
        ("[rules]\na = [true]", ":1:2: wrong-type: found rules = { a = [true] }, expected a rule file"),
        ("lang = {}", ":1:1: wrong-choice: found lang = {}, expected en"),
        ("lang = 2026-01-02", ":1:1: wrong-choice: found lang = 2026-01-02, expected en"),
        ('[tool.coopgov]\nlang = "en"', (":1:2: unknown-key: found the key `tool`, expected `rules`, `lang`, `fail-on` "
            "or `color`; leave out the header `[tool.coopgov]`: it belongs in `pyproject.toml`")),
        ('[coopgov]\nlang = "en"', (":1:2: unknown-key: found the key `coopgov`, expected `rules`, `lang`, `fail-on` "
            "or `color`; leave out the header `[coopgov]`: it belongs in `pyproject.toml`")),
        ("coopgov = 1", ":1:1: unknown-key: found the key `coopgov`, expected `rules`, `lang`, `fail-on` or `color`\n"),
        ("rules = " + "[" * 5000, ":1:5009: syntax: found text that is not TOML"),
        ("lang = " + "1" * 5000, ":1:5008: syntax: found text that is not TOML"),
        ("lang = ", ':1:8: syntax: found text that is not TOML, expected lines such as `fail-on = "major"`'),
        ('lang = "en"\nlang = "en"', ":2:12: syntax: found a key that is set twice, expected"),
        ("[", ":1:2: syntax: "),
    ],
)  # fmt: skip
def test_a_fault_has_its_line_and_a_hint(run: Run, pier: Path, text: str, shown: str) -> None:
    """Every command reports it, and does nothing else; each part of it has its languages."""
    _write(pier, "coopgov.toml", text)
    ran = run("check", "pier.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert f"coopgov.toml{shown}" in ran.err
    for fault in find_configuration(pier).faults:
        assert isinstance(fault.found, Phrase)
        assert isinstance(fault.expected, Phrase)
        assert not fault.hint or isinstance(fault.hint, Phrase)
    assert "应为" in run("schema", "rules", "--lang", "zh-Hans").err


def test_all_faults_are_reported_at_once_in_the_configured_language(run: Run, pier: Path) -> None:
    """The parts of the file that are right count for its faults."""
    _write(
        pier,
        "pyproject.toml",
        '[project]\nlang = 3\n[tool.coopgov]\nlang = "zh-Hans"\ncolour = "no"\nrules = 1\n',
    )
    ran = run("facts")
    assert [line for line in ran.err.splitlines() if "pyproject" in line] == [
        (
            "pyproject.toml:5:1: unknown-key: 实际为键 `colour`，应为 `rules`、`lang`、"
            "`fail-on`或`color`；是否想写“color”？"
        ),
        (
            "pyproject.toml:6:1: wrong-type: 实际为 rules = 1，应为规则文件或随附的规则包，"
            '或者它们的列表，例如 `["rules.yaml"]`'
        ),
    ]


def test_help_is_there_even_if_the_configuration_is_wrong(run: Run, pier: Path) -> None:
    """Whoever looks up an option needs no repaired file."""
    _write(pier, "coopgov.toml", 'lang = "zh-Hans"\nrulez = 1\n')
    ran = run("check", "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("用法：")


@pytest.mark.parametrize("data", [b"lang = '\xff'", b"x" * 5_000_001])
def test_a_file_that_cannot_be_read_is_a_fault(pier: Path, data: bytes) -> None:
    """Bytes that are no text, or too many of them."""
    (pier / "coopgov.toml").write_bytes(data)
    found = find_configuration(pier)
    assert found == Configuration(faults=found.faults)
    assert len(found.faults) == 1


def test_a_table_that_is_none_is_a_fault(pier: Path) -> None:
    """`tool.coopgov` must be a table."""
    _write(pier, "pyproject.toml", "[tool]\ncoopgov = 1\n")
    (fault,) = find_configuration(pier).faults
    assert fault.code == "wrong-type"
    assert fault.place.line == 2


def test_findings_have_a_level_of_their_own(run: Run, pier: Path) -> None:
    """`fail-on` is about assessments; `rules check` keeps its default."""
    _write(pier, "coopgov.toml", 'fail-on = "critical"\n')
    assert run("rules", "check", "own.yaml").code == 0


@pytest.mark.parametrize("text", ['tool = "coopgov"\n', "[[tool]]\ncoopgov = 1\n", "tool = ['coopgov']\n"])
def test_a_tool_that_is_no_table_is_ignored(run: Run, pier: Path, text: str) -> None:
    """It is no table of tools, and so not coopgov's to judge."""
    _write(pier, "pyproject.toml", text)
    assert find_configuration(pier) == Configuration()
    assert run("facts").code == 0


def test_a_byte_order_mark_does_no_harm(pier: Path) -> None:
    """Some editors write one at the start of a file."""
    (pier / "coopgov.toml").write_bytes(b'\xef\xbb\xbflang = "zh-Hans"\nrulez = 1\n')
    found = find_configuration(pier)
    assert found.lang == "zh-Hans"
    assert [(each.place.line, each.place.column) for each in found.faults] == [(2, 1)]


def test_rules_of_the_command_line_are_not_said_to_be_configured(run: Run, pier: Path) -> None:
    """Whoever types a wrong name knows where it is."""
    _write(pier, "coopgov.toml", 'rules = "no-such.yaml"\n')
    ran = run("check", "pier.yaml", "--rules", "no-such.yaml")
    assert ran.code == 2
    assert "coopgov.toml" not in ran.err


@pytest.mark.parametrize(
    ("written", "meant"), [("严重", "major"), ("嚴重", "major"), ("major", "major"), ("never", "never")]
)
def test_a_severity_can_be_written_in_its_words(pier: Path, written: str, meant: str) -> None:
    """As after `--fail-on`."""
    _write(pier, "coopgov.toml", f'fail-on = "{written}"\n')
    assert find_configuration(pier) == Configuration(pier, "coopgov.toml", fail_on=meant)
