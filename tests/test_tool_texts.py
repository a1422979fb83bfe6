"""The texts of the workbench of rule authors and of tables: findings and help, rule tests, mutants, mapping files."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov.analysis.analyse import analyse
from coopgov.analysis.finding_codes import finding_codes
from coopgov.analysis.scope import NotDecided, solver_installed
from coopgov.cli.findings import explanation
from coopgov.finding import LEVELS
from coopgov.locales import Phrase, texts
from coopgov.testing import find_tests, parse_tests
from coopgov.testing.mutation.report import mutation_text
from coopgov.testing.mutation.run_mutants import mutation_run
from coopgov.testing.rule_tests.coverage import coverage_of
from coopgov.testing.rule_tests.junit import junit_xml
from coopgov.testing.rule_tests.report import coverage_text, results_text
from translated import OTHERS, english_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.finding import Finding

SECTIONS = ("analysis.", "findings.", "testing.", "portfolio.")
BAD = sorted((Path(__file__).parent / "analysis" / "bad").glob("*.yaml"))
AS_OF = date(2026, 6, 30)
RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - id: late
    about: phase
    kind: delay
    where: ended
    measure: delay
    bands: {minor: above 5 days, major: above 10 days}
    message: "{phase.name} is late by {measure}."
"""
TESTS = """\
coopgov: rule-tests/1
tests:
  - {name: On time, rule: late, phase: {ended: true, delay: 0 days}, expect: nothing}
  - {name: Late, rule: late, phase: {ended: true, delay: 6 days}, expect: {severity: major, value: 7 days}}
  - {name: Unknown, rule: late, phase: {ended: true, delay: unknown}, expect: minor}
"""
_CODE = re.compile(r"`([^`]*)`")


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_of_these_sections_is_english_elsewhere(language: str) -> None:
    """Latin letters are only in code, placeholders and names of products."""
    found = {key: english_of(text) for key, text in texts(language).items() if key.startswith(SECTIONS)}
    assert {key: words for key, words in found.items() if words} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_every_finding_has_help_in_every_language(language: str) -> None:
    """It ends like a sentence, and names the code that the English help names."""
    for code, each in finding_codes().items():
        for said in (each.summary, each.explanation):
            shown = said.in_language(language)
            assert shown.endswith("。"), (code, shown)
            assert set(map(_bare, _CODE.findall(shown))) == set(map(_bare, _CODE.findall(said))), (
                code,
                shown,
            )


def _bare(code: str) -> str:
    """Code without the words that a reader puts in, and on one line."""
    return " ".join(re.sub(r": (reason|理由)$", ":", code).split())


@pytest.mark.parametrize("language", OTHERS)
def test_the_page_of_a_finding_is_in_the_language(language: str) -> None:
    """Level, summary and explanation, and what is said of the two rule files, which stay as they are."""
    words = texts(language)
    for code, each in finding_codes().items():
        head, *rest = explanation(code, language).split("\n\n")
        level = words[f"analysis.finding.{each.level}"]
        assert head == f"{code}（{level}）：{each.summary.in_language(language)}"
        assert each.explanation.in_language(language).split("\n\n")[0] == rest[0]
        assert {words["analysis.page.found-in"], words["analysis.page.fixed"]} < {*rest}


def _findings() -> Iterator[Finding]:
    for path in BAD:
        yield from analyse(coopgov.load_rules(path), as_of=AS_OF).findings


@pytest.mark.skipif(not solver_installed(), reason="needs the solver")
def test_findings_are_said_in_every_language() -> None:
    """The level, the fault and what the example shows."""
    found = list(_findings())
    assert {each.fault.code for each in found} == set(finding_codes())
    for each in found:
        assert each.in_language("en") == str(each)
        for language in OTHERS:
            head, *_ = each.in_language(language).split("\n")
            level = texts(language)[f"analysis.finding.{each.level}"]
            assert head.startswith(f"{level}：{each.fault.place}: {each.fault.code}: ")
            assert "found " not in head
            if each.example is not None:
                assert isinstance(each.example.shows, Phrase)
                assert "for example" not in each.in_language(language)
    assert {each.level for each in found} == set(LEVELS)


def test_an_undecided_question_is_said_in_every_language() -> None:
    """By the code, the rule and the reason."""
    undecided = analyse(coopgov.load_rules(), as_of=AS_OF, time_limit=0.0).undecided
    assert undecided
    for each in undecided:
        assert isinstance(each.why, Phrase)
        assert each.in_language("zh-Hans") == f"未能判定：{each.rule} 的 `{each.code}`：时间不够"
    assert str(NotDecided("table-gap", "t", "in 1 second")) == "not decided: table-gap of t: in 1 second"


def test_results_of_rule_tests_are_in_the_language(tmp_path: Path) -> None:
    """Expected beside actual, the parts that no test reaches, and the same as JUnit XML."""
    (tmp_path / "own.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "own.tests.yaml").write_text(TESTS, encoding="utf-8")
    found = find_tests(tmp_path / "own.yaml")
    results = found.run()
    assert results_text(results, "zh-Hans").replace(f"{tmp_path}/", "") == (
        "own.tests.yaml:4:12: Late\n  late@phase\n    预期  严重，值为 7 days\n    实际  轻微，值为 6 days\n\n"
        "own.tests.yaml:5:12: Unknown\n  late@phase\n    预期  轻微\n    实际  无法判定，缺少 [delay]，缺少数据\n\n"
        "1 个文件，3 个测试：通过 1 个，失败 2 个"
    )
    covered = coverage_text(coverage_of(found.suites), "zh-Hans").replace(f"{tmp_path}/", "")
    assert covered == (
        "own.yaml 的覆盖率：66.6 %\n  规则      1 / 1\n  档位      1 / 2\n  无预警    1 / 1\n  分支      3 / 4\n"
        "  语言      0 / 1\n  own.yaml:10:41: late: 没有测试使它给出严重\n"
        "  own.yaml:8:12: late: 没有测试使其不成立：`ended`\n  own.yaml:11:14: late: 没有测试检查它的消息"
    )
    xml = junit_xml(results, "zh-Hant")
    assert 'message="與預期不符：late@phase"' in xml
    assert "實際  輕微，值為 6 days" in xml


def test_mutants_are_described_in_the_language(tmp_path: Path) -> None:
    """Each that survived, with the test that would catch it."""
    path = tmp_path / "own.yaml"
    path.write_text(RULES, encoding="utf-8")
    result = mutation_run(
        coopgov.load_rules(path),
        parse_tests(TESTS.split("  - {name: Late", maxsplit=1)[0], str(tmp_path / "own.tests.yaml")),
    )
    told = mutation_text(result, "zh-Hans").replace(f"{tmp_path}/", "")
    assert told.startswith(
        "own.yaml:8:12: late: 从 where 中删除 ended\n"
        "    没有测试能发现这处改动；可增加这样的测试：`ended` 不成立，而其他条件都成立\n"
        "own.yaml:10:20: late: above 5 days → at least 5 days\n"
        "    没有测试能发现这处改动；可增加这样的测试：`delay` 为 `5 days`\n"
    )
    assert told.endswith("\n7 处改动，发现 0 处，漏过 7 处（1 个测试）：0 %")
