"""Whatever the command line prints in Chinese is Chinese: no English sentence but those of the user's own files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from coopgov.cli.main import parser
from coopgov.facts import default_catalogue
from coopgov.rules import load_rules
from coopgov.synonyms import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from command_line import Run

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PACK = ROOT / "src/coopgov/rules/packs/cooperation-plan.tests.yaml"
PILOT = (EXAMPLES / "pilot/agreement.yaml", EXAMPLES / "pilot/tolerances.yaml")
COMPACT = (EXAMPLES / "compact/agreement.yaml", EXAMPLES / "compact/rules.yaml")
FULL = (EXAMPLES / "full/agreement.yaml",)

KEYWORDS = {
    *(
        "above",
        "all",
        "and",
        "any",
        "at",
        "below",
        "between",
        "count",
        "day",
        "days",
        "else",
        "hours",
        "in",
        "is",
    ),
    *(
        "known",
        "least",
        "max",
        "mean",
        "min",
        "minutes",
        "month",
        "months",
        "most",
        "not",
        "of",
        "on",
        "or",
        "points",
    ),
    *("share", "sum", "true", "false", "week", "weeks", "where", "working"),
}
"""The words of the rule language, which formulas consist of."""
NAMES = {
    *load_rules().parameters,
    *default_catalogue().subject_types,
    *(name for _, name in default_catalogue().facts),
}
_WORD = r"[A-Za-z][\w.\-'/@]*"
_RUN = re.compile(rf"{_WORD}(?:[,;:]? {_WORD})+")
_CODE = re.compile(
    r"`[^`]*`|\"[^\"]*\"|\[-[^\]]*\]|<!--.*?-->|<[^>]*>"
    r"|\bcoopgov(?: [a-z]+)*|--[a-z-]+(?: [A-Z]+)?|^\S+:\d+:\d+: [\w.-]+:"
)
"""What is quoted as code or data, commands and options, places with a code or rule, and tags of pages and pictures."""
_NAME = re.compile(r"[\-/@_.\d]|^[A-Z]+$")
"""Ids, paths and placeholders of arguments have one of these characters, or only capitals."""
_HALF = re.compile(r"[\u4e00-\u9fff”）][,:;!?()](?!\d)|[,;()][\u4e00-\u9fff“（]")
"""A half-width mark beside a Chinese character."""


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _texts(each)
    elif isinstance(node, str) and " " in node:
        yield from (part.strip(" .") for part in re.split(r"\{[^}]*\}", " ".join(node.split())))


def _own(*files: Path) -> list[str]:
    """The texts of a user's files, longest first; of messages, what is between placeholders."""
    loaded = (yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) for path in files)  # noqa: S506  # texts only
    return sorted({text for each in loaded for text in _texts(each) if text}, key=len, reverse=True)


def _lines(printed: str, files: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    """The lines, each with what is left of it without code and without the texts of the files."""
    own = _own(*files)
    lines = printed.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if re.fullmatch(r" +\^+", below):  # a line of a file, with what a fault marks
            continue
        rest = line
        for text in own:
            rest = rest.replace(text, "`…`")
        yield line, _CODE.sub("`…`", rest)


def _english(printed: str, *files: Path, cut: bool = False) -> list[str]:
    """The runs of Latin words that are neither names nor formulas nor texts of the files, with their lines.

    With `cut`, the files' texts may be shortened and wrapped, so that each of their words is one of them.
    """
    known, found = KEYWORDS | NAMES, []
    if cut:
        known |= {word for text in _own(*files) for word in re.findall(_WORD, text)}
    for line, rest in _lines(printed, files):
        for run in _RUN.findall(rest):
            words = [each for each in re.findall(_WORD, run) if each not in known]
            if run not in _TERMS and not all(map(_NAME.search, words)):
                found.append(f"{run}: {line}")
    return found


_TERMS = {"JSON Schema", "JUnit XML", *(value for values in TABLES.values() for value in values)}
"""Names of formats, and values as data names them."""


def _half_width(printed: str, *files: Path) -> list[str]:
    """Lines with a half-width mark beside a Chinese character."""
    return [line for line, rest in _lines(printed, files) if _HALF.search(rest)]


@pytest.fixture
def chinese(run: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command in Chinese, and return all that it prints."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")

    def printed(*arguments: object) -> str:
        ran = run(*arguments, "--lang", "zh-Hans")
        assert "Traceback" not in ran.err
        return ran.out + ran.err

    return printed


RUNS: dict[str, tuple[tuple[object, ...], tuple[Path, ...]]] = {
    "check, pilot": (("check", PILOT[0], "--as-of", "2026-06-30"), PILOT),
    "check, full": (("check", *FULL, "--as-of", "2026-06-30"), FULL),
    "check, compact": (("check", COMPACT[0], "--rules", COMPACT[1], "--as-of", "2013-07-01"), COMPACT),
    "verbose, pilot": (("check", PILOT[0], "--as-of", "2026-06-30", "--verbose"), PILOT),
    "verbose, full": (("check", *FULL, "--as-of", "2026-06-30", "--verbose"), FULL),
    "verbose, compact": (
        ("check", COMPACT[0], "--rules", COMPACT[1], "--as-of", "2013-07-01", "--verbose"),
        COMPACT,
    ),
    "since, pilot": (("check", PILOT[0], "--as-of", "2026-06-30", "--since", "2026-05-01", "--ids"), PILOT),
    "explain, pilot": (("check", PILOT[0], "--as-of", "2026-06-30", "--explain", "all"), PILOT),
    "explain, full": (("check", *FULL, "--as-of", "2026-06-30", "--explain", "all"), FULL),
    "explain, compact": (
        (
            "check",
            COMPACT[0],
            "--rules",
            COMPACT[1],
            "--as-of",
            "2013-07-01",
            "--explain",
            "@kpi/irrigated-land",
        ),
        COMPACT,
    ),
    "backtest": (("backtest", PILOT[0], "--to", "2026-06-30"), PILOT),
    "backtest, against": (
        ("backtest", PILOT[0], "--against", PILOT[1], "--from", "2026-05-01", "--to", "2026-06-30"),
        PILOT,
    ),
    "whatif": (
        ("whatif", PILOT[0], "--as-of", "2026-06-30", "--set", "phase/core.forecast_end=2026-11-30"),
        PILOT,
    ),
    "a folder": (("portfolio", "check", "examples/pilot", "--as-of", "2026-06-30"), PILOT),
    "facts": (("facts",), ()),
    "facts, markdown": (("facts", "--format", "markdown"), ()),
    "words": (("words",), ()),
    "agreement check": (("agreement", "check", PILOT[0], *FULL, COMPACT[0]), (*PILOT, *FULL, *COMPACT)),
    "rules check": (("rules", "check", "cooperation-plan", *COMPACT[1:], *PILOT[1:]), ()),
    "findings": (("rules", "check", "examples/findings/docks.yaml"), (EXAMPLES / "findings/docks.yaml",)),
    "rules test": (("rules", "test", "examples/pilot", "--coverage"), PILOT),
    "rules mutate": (("rules", "mutate", "examples/boundaries/late.yaml"), ()),
    "rules fmt": (("rules", "fmt", "--check", COMPACT[1], "examples/pilot/expected.yaml"), ()),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_command_prints_no_english_sentence(chinese: Any, name: str) -> None:
    """What is left in Latin letters are names, ids, codes, formulas and texts of the user's files."""
    arguments, files = RUNS[name]
    printed = chinese(*arguments)
    assert _english(printed, *files, cut=name.startswith(("check", "since"))) == []
    assert _half_width(printed, *files) == []


def test_rule_pages_hold_no_english_sentence(chinese: Any, tmp_path: Path) -> None:
    """Neither pages nor pictures, except for the names of tests."""
    chinese("rules", "doc", PILOT[1], "--out", tmp_path)
    pages = [*tmp_path.glob("*.md"), *tmp_path.glob("*.svg")]
    assert len(pages) > 50
    written = "\n".join(page.read_text(encoding="utf-8").replace("<!--", "\n<!--") for page in pages)
    assert _english(written, *PILOT, PILOT[1].with_suffix(".tests.yaml"), PACK) == []


def test_init_writes_and_prints_no_english_sentence(chinese: Any, tmp_path: Path) -> None:
    """The files apart from their keys, and the report."""
    assert _english(chinese("init", tmp_path / "甲")) == []
    assert _english(chinese("init", tmp_path / "甲")) == []  # which reports that the files exist
    comments = "\n".join(
        line.partition("# ")[2]
        for path in (tmp_path / "甲").glob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    assert _english(comments) == []


def _commands(command: Any) -> Iterator[Any]:
    command.complete()
    yield command
    for action in command._actions:
        if isinstance(action.choices, dict):
            for each in action.choices.values():
                yield from _commands(each)


def test_help_holds_no_english_sentence(chinese: Any) -> None:
    """Of every command, below its usage line."""
    for command in _commands(parser()):
        printed = chinese(*command.prog.split()[1:], "--help")
        assert _english(printed.partition("\n\n")[2]) == []
        assert _half_width(printed) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("chek",),
        ("check",),
        ("check", "none.yaml"),
        ("check", PILOT[0], "--explain", "phase-lat@phase/core"),
        ("check", PILOT[0], "--as-of", "tomorrow"),
        ("whatif", PILOT[0], "--set", "phase/core.foo=1"),
        ("rules", "test", "none.tests.yaml"),
        ("rules", "convert", "cooperation-plan", "--to", "durable", "--about", "phas"),
    ],
)
def test_wrong_usage_is_reported_without_an_english_sentence(
    chinese: Any, arguments: tuple[object, ...]
) -> None:
    """Whatever is wrong with the arguments."""
    printed = "\n".join(
        line for line in chinese(*arguments).splitlines() if not line.startswith(("用法", " "))
    )
    assert re.search(r"[\u4e00-\u9fff]", printed)
    assert _english(printed) == []


def test_an_english_sentence_is_found() -> None:
    """In a line of Chinese, too; names, formulas and a user's texts are none."""
    assert _english("状态：the phase is late（高于 10 %）") != []
    assert _english("度量：delay / window = 7.7 %，phase-late@phase/core `any words`") == []
    assert _english("Set-up，Final report应于 2026-06-15 达成", PILOT[0]) != []
    assert _half_width("延误, 超支") != []
