"""The language of the command line: which one is chosen, and that help, faults, results and data follow it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

import pytest

from coopgov import locales
from coopgov.cli.languages import Languages, asked_language, system_language
from coopgov.cli.main import parser
from coopgov.cli.output import json_text
from coopgov.locales import phrase, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from command_line import Run
    from coopgov.cli.parser import Parser

CHINESE = ("zh-Hans", "zh-Hant")
_ENGLISH = re.compile(r"[A-Za-z][a-z]+ [a-z]+")
"""Two words of English. Options, metavars, codes and values are single words, upper-case or in back quotes."""


def _commands(command: Parser, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, and of every group of commands."""
    command.complete()
    yield path
    for action in command._actions:
        if isinstance(action.choices, dict):
            for name, below in action.choices.items():
                yield from _commands(cast("Parser", below), (*path, name))


COMMANDS = list(_commands(parser()))


@pytest.mark.parametrize("language", CHINESE)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command) or "coopgov")
def test_the_help_of_every_command_is_in_its_language(
    run: Run, command: Sequence[str], language: str
) -> None:
    """Only options, metavars, values and codes are Latin, on a line of any width."""
    for columns in (200, 60):
        ran = run(*command, "--help", "--lang", language, columns=columns)
        assert (ran.code, ran.err) == (0, "")
        usage, _, text = ran.out.partition("\n\n")
        assert usage.startswith(" ".join(["用法：coopgov", *command]))
        assert _ENGLISH.findall(re.sub(r"`[^`]*`", "", text)) == []


def test_the_walk_finds_every_command() -> None:
    """Groups and their commands are among them."""
    assert {(), ("check",), ("rules",), ("rules", "mutate"), ("portfolio", "check")} <= set(COMMANDS)


def test_help_for_one_command_is_as_expected(run: Run) -> None:
    """`facts --help` in Simplified Chinese."""
    assert run("facts", "--help", "--lang", "zh-Hans", columns=72).out == HELP_OF_FACTS


def test_help_for_a_group_is_as_expected(run: Run) -> None:
    """`rules --help` in Simplified Chinese; `--lang` can be before it."""
    assert run("--lang", "zh-Hans", "rules", "--help", columns=72).out == HELP_OF_RULES


def test_help_reads_no_language_but_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are looked up when they are printed; to add arguments, none is needed."""
    read: list[str] = []

    def spy(language: str) -> Mapping[str, str]:
        read.append(language)
        return texts(language)

    monkeypatch.setattr(locales, "texts", spy)
    list(_commands(parser(Languages("zh-Hans"))))
    assert read == []
    assert run("check", "--help", "--lang", "zh-Hant").code == 0
    assert set(read) == {"zh-Hant"}


HELP_OF_FACTS = """\
用法：coopgov facts [-h] [--about TYPE] [--rules FILE [FILE ...]]
                    [--format {text,json,markdown}] [--lang LANGUAGE]

列出每个事实：它针对的对象、类型、含义和公式。

选项：
  -h, --help            显示此帮助并退出
  --about TYPE          只列出关于某一类对象的事实，例如 phase
  --rules FILE [FILE ...]
                        同时列出规则文件中的事实
  --format {text,json,markdown}
                        输出格式（默认为 text）
  --lang LANGUAGE       文字的语言：en、zh-Hans、zh-Hant（默认依次
                        取自配置文件、终端所在系统的语言环境，否则
                        为 en）
"""
HELP_OF_RULES = """\
用法：coopgov rules [-h] [--lang LANGUAGE] COMMAND ...

处理规则文件。

位置参数：
  COMMAND
    check          加载规则文件，报告错误和问题
    test           运行规则测试，并统计其覆盖范围
    mutate         列出没有任何规则测试能发现的细微改动
    fmt            把规则文件、协议和导入映射写成规范形式
    doc            为每条规则生成一页说明
    convert        把规则转换给其他引擎使用

选项：
  -h, --help       显示此帮助并退出
  --lang LANGUAGE  文字的语言：en、zh-Hans、zh-Hant（默认依次取自配
                   置文件、终端所在系统的语言环境，否则为 en）
"""


@pytest.mark.parametrize(
    ("asked", "configured", "locale", "columns", "shown"),
    [
        ("", "", "C", 200, "en en"),
        ("", "", "zh_CN.UTF-8", 200, "zh-Hans en"),
        ("", "", "zh_CN.UTF-8", 0, "en en"),
        ("", "", "zh_TW", 200, "zh-Hant en"),
        ("", "", "de_DE.UTF-8@euro", 200, "en en"),
        ("", "zh-Hans", "C", 0, "zh-Hans en"),
        ("", "zh-Hans", "zh_TW.UTF-8", 200, "zh-Hans en"),
        ("", "en", "zh_TW.UTF-8", 200, "en en"),
        ("zh-Hant", "zh-Hans", "C", 200, "zh-Hant zh-Hant"),
        ("zh-Hant", "", "C", 0, "zh-Hant zh-Hant"),
        ("en", "zh-Hans", "zh_CN.UTF-8", 200, "en en"),
    ],
)
def test_the_language_is_the_first_that_is_stated(
    run: Run, pier: Path, asked: str, configured: str, locale: str, columns: int, shown: str
) -> None:
    """`--lang`, then the configuration, then (for text on a terminal) the system; for data, only `--lang`."""
    if configured:
        (pier / "coopgov.toml").write_text(f'lang = "{configured}"\n', encoding="utf-8")
    text, data = shown.split()
    last = ["--rules", "own.yaml", "--as-of", "2026-06-30", *(["--lang", asked] if asked else [])]
    status = run("check", "pier.yaml", *last, columns=columns, locale=locale).out
    assert {"en": "The pier", "zh-Hans": "码头合作", "zh-Hant": "碼頭合作"}[text] in status
    assert {"en": "status: ", "zh-Hans": "状态：", "zh-Hant": "狀態："}[text] in status
    fault = run("check", "nowhere.yaml", *last, columns=columns, locale=locale).err
    assert {"en": "found ", "zh-Hans": "实际为", "zh-Hant": "實際為"}[text] in fault
    rows = run("check", "pier.yaml", *last, "--format", "json", columns=columns, locale=locale).out
    assert {"en": "Piles is late by ", "zh-Hans": "打桩延误", "zh-Hant": "打桩延误"}[data] in rows


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        ([], None),
        (["check", "a.yaml"], None),
        (["--lang", "zh-Hans", "check"], "zh-Hans"),
        (["check", "--lang=zh_TW"], "zh-Hant"),
        (["check", "--la", "en-GB"], "en"),
        (["--lang", "en", "check", "--lang", "zh"], "zh-Hans"),
        (["check", "--lang", "fr"], None),
        (["check", "--lang"], None),
        (["check", "--", "--lang", "zh"], None),
        (["portfolio", "check", "--l", "zh"], None),
    ],
)
def test_the_language_that_is_asked_for_is_known_before_parsing(
    arguments: list[str], language: str | None
) -> None:
    """The last one counts, in every spelling that the parser accepts."""
    assert asked_language(arguments) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_HK"}, "zh-Hant"),
        ({"LANG": "zh_CN", "LC_MESSAGES": "zh_TW", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh-Hans"),
        ({"LANG": "zh_CN", "LC_ALL": "POSIX"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh"}, "zh-Hans"),
        ({"LANG": "?"}, "en"),
    ],
)
def test_the_system_has_a_language(environment: dict[str, str], language: str) -> None:
    """The first variable of POSIX that is set decides; languages that coopgov does not have are English."""
    assert system_language(environment) == language


@pytest.mark.parametrize(
    ("arguments", "actual"),
    [
        ([], "coopgov：缺少必需的参数：COMMAND（参见 coopgov --help）"),
        (["chek"], "coopgov：参数 COMMAND：无效的值“chek”（可选："),
        (["check"], "coopgov check：缺少必需的参数：AGREEMENT（参见 coopgov check --help）"),
        (["check", "a", "--frobnicate"], "coopgov：无法识别的参数：--frobnicate（"),
        (["check", "a", "--fo"], "coopgov check：参数 --format：需要一个值（"),
        (["check", "a", "--rules"], "coopgov check：参数 --rules：至少需要一个值（"),
        (["check", "a", "--f", "1"], "coopgov check：选项不明确：--f 可能是 --format, --fail-on（"),
        (["rules", "fmt", "a", "--check=1"], "coopgov rules fmt：参数 --check：不接受值：'1'（"),
        (
            ["check", "a", "--as-of", "30.6.2026"],
            "参数 --as-of：实际为“30.6.2026”，应为日期，例如 2026-06-30；请写 2026-06-30（",
        ),
        (["check", "a", "--explain", "@"], "应为 RULE@SUBJECT（例如 phase-late@phase/setup）"),
        (["rules", "check", "a", "--explain", "tob"], "应为问题或错误的代码；是否想写“tab”？"),
        (["rules", "check", "a", "--time-limit", "0"], "应为大于 0 的秒数"),
        (
            ["rules", "test", "a", "--min-coverage", "120"],
            "参数 --min-coverage：实际为“120”，应为 0 % 到 100 % 之间的比例",
        ),
        (["rules", "test"], "缺少必需的参数：PATH"),
        (["portfolio", "check", "a.csv"], "缺少必需的参数：--map"),
        (["portfolio", "check", ".", "--map", "m"], "检查文件夹时，不能使用 --map、--query 或 --engine"),
        (["portfolio", "check", "a", "--limit", "x"], "应为不小于 0 的整数"),
        (["portfolio", "check", "a", "--max-rejected", "x"], "应为行数，或者比例，例如 5 %"),
        (["whatif", "a", "--set", "x"], "应为 SUBJECT.FACT=VALUE，例如 "),
        (["init", "a", "--as-of", "9999-01-01"], "应为 9999 年之前的日期"),
    ],
)
def test_usage_errors_are_in_the_language(run: Run, arguments: list[str], actual: str) -> None:
    """The messages of argparse and those of coopgov; the usage above them, too."""
    ran = run("--lang", "zh-Hans", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("用法：coopgov")
    last = ran.err.splitlines()[-1]
    assert actual in last
    assert last.endswith("--help）")


def test_a_wrong_language_is_reported_in_the_language_of_the_system(run: Run) -> None:
    """Whoever misspells the tag can still read what is wrong."""
    ran = run("check", "a", "--lang", "zh-Hanz!", columns=80, locale="zh_CN.UTF-8")
    assert "应为以下之一：en、zh-Hans、zh-Hant；是否想写“zh-Hant”？" in ran.err


def test_a_fault_of_coopgov_is_reported_in_the_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trace is for its developers, the sentence below for the reader."""
    monkeypatch.setattr("coopgov.cli.commands.schema.run", lambda _options: 1 // 0)
    assert run("schema", "rules", "--lang", "zh-Hans").err.endswith(
        "coopgov：这是 coopgov 自身的故障，请连同以上各行一并报告\n"
    )


def test_a_folder_is_not_an_agreement(run: Run, pier: Path) -> None:
    """`check` names the command for folders, which works as it is written."""
    (pier / "own folder").mkdir()
    ran = run("check", "own folder", "--lang", "zh-Hans")
    assert (ran.code, ran.out) == (2, "")
    assert "；要评估文件夹中的所有协议，请运行 `coopgov portfolio check 'own folder'`\n" in ran.err
    assert (
        "for all agreements of a folder, run `coopgov portfolio check 'own folder'`"
        in run("check", "own folder").err
    )


def test_data_says_phrases_in_the_language_that_is_asked_for() -> None:
    """Phrases anywhere in the data; everything else is as it was."""
    data = {"a": [phrase("common.nothing"), 1, None, "nothing"], "b": (phrase("common.nothing"),)}
    assert json.loads(json_text(data, "zh-Hans")) == {"a": ["空", 1, None, "nothing"], "b": ["空"]}
    assert json.loads(json_text(data)) == {"a": ["nothing", 1, None, "nothing"], "b": ["nothing"]}


def test_findings_are_counted_in_the_language(run: Run, pier: Path) -> None:
    """The line about a file, and its SARIF."""
    assert (
        run("rules", "check", "own.yaml", "--lang", "zh-Hans")
        .out.splitlines()[-1]
        .startswith("own.yaml：own 1.0.0：5 条规则，文件无误，未发现问题")
    )
    (pier / "wrong.yaml").write_text(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nrulez: []\n", encoding="utf-8"
    )
    log = json.loads(run("rules", "check", "wrong.yaml", "--format", "sarif", "--lang", "zh-Hans").out)
    assert {result["message"]["text"][:3] for result in log["runs"][0]["results"]} == {"实际为"}


FAULTY_TESTS = """\
coopgov: rule-tests/1
tests:
  - {name: Late, rule: late, phase: {started: true, delay: 20 days, window: 100 days}, expect: nothing}
"""


@pytest.mark.parametrize(("asked", "actual"), [((), "expected"), (("--lang", "zh-Hans"), "预期")])
def test_results_of_tests_are_in_the_language(
    run: Run, pier: Path, asked: tuple[str, ...], actual: str
) -> None:
    """On the terminal, and in JUnit XML, for which only the command line counts."""
    (pier / "own.tests.yaml").write_text(FAULTY_TESTS, encoding="utf-8")
    assert actual in run("rules", "test", "own.yaml", *asked).out
    (pier / "coopgov.toml").write_text('lang = "zh-Hant"', encoding="utf-8")
    assert run("rules", "test", "own.yaml", "--junit", "results.xml", *asked).code == 1
    assert actual in (pier / "results.xml").read_text(encoding="utf-8")
    (pier / "wrong.tests.yaml").write_text("coopgov: rule-tests/1\ntestz: []\n", encoding="utf-8")
    faults = json.loads(run("rules", "test", "wrong.tests.yaml", "--format", "json", *asked).out)["faults"]
    assert faults
    assert all(("实际为" if asked else "found ") in fault for fault in faults)


@pytest.mark.parametrize("language", CHINESE)
def test_facts_are_listed_in_the_language(run: Run, language: str) -> None:
    """The words between the facts, in text and in the table."""
    assert "（" in run("facts", "--about", "phase", "--lang", language).out
    table = run("facts", "--about", "phase", "--format", "markdown", "--lang", language).out
    assert {"zh-Hans": "| 事实 | 类型 | 含义 |", "zh-Hant": "| 事實 | 型別 | 意義 |"}[language] in table
