"""`coopgov agreement check`: findings of agreements as text, JSON and SARIF, exit codes, explanations."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import coopgov
from coopgov.analysis.finding_codes import agreement_finding_codes
from coopgov.languages import LANGUAGES

if TYPE_CHECKING:
    from command_line import Run

ROOT = Path(__file__).parents[2]
QUAY = """\
coopgov: agreement/1
id: quay
title: The quay
currency: CNY
term: {start: 2026-01-01, end: 2026-12-31}
parties: [{id: port}]
phases:
  - id: piles
    planned: {start: 2026-01-01, end: 2026-04-10}
    budget: 5000
    milestones: [{id: signing, due: 2062-01-05}]
  - id: deck  # coopgov: ignore phase-incomplete until 2026-06-30: the budget is being discussed
    planned: {start: 2026-05-01, end: 2026-12-01}
waivers:
  - {rule: loud, about: phase/deck, until: 2026-12-31, reason: Nobody lives there.}
"""
RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
rules:
  - {id: loud, about: phase, kind: noise, severity: minor, when: not ended, message: Loud.}
"""
TEXT = """\
note: quay.yaml:8:9: phase-incomplete: found the phase "piles", expected also `buffer`
      - id: piles
            ^^^^^
warning: quay.yaml:11:37: outside-the-term: found "2062-01-05", expected a day within the term, 2026-01-01 to 2026-12-31, or at most a year outside of it
        milestones: [{id: signing, due: 2062-01-05}]
                                        ^^^^^^^^^^
quay.yaml: quay: no faults, 2 findings (1 warning, 1 note), 1 ignored
"""  # noqa: E501  # as it is printed


@pytest.fixture(autouse=True)
def quay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and the working directory, with an agreement that has findings, and rules for its waiver."""
    (tmp_path / "quay.yaml").write_text(QUAY, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


CHECK = ("agreement", "check", "quay.yaml", "--rules", "own.yaml", "--as-of", "2026-06-30")


def test_findings_are_printed_with_their_lines(run: Run) -> None:
    """Level, place, what was found and expected, the line with a caret; then one line about the file."""
    ran = run(*CHECK)
    assert (ran.code, ran.out, ran.err) == (1, TEXT, "")


@pytest.mark.parametrize(("level", "code"), [("note", 1), ("warning", 1), ("error", 0), ("never", 0)])
def test_the_exit_code_is_by_level(run: Run, level: str, code: int) -> None:
    """A finding of the level or a worse one fails; the findings are printed all the same."""
    ran = run(*CHECK, "--fail-on", level)
    assert (ran.code, ran.out) == (code, TEXT)


def test_a_waiver_is_compared_with_the_rules_in_use(run: Run, quay: Path) -> None:
    """Those of `--rules`, else those of the configuration, else the shipped pack."""
    bare = ("agreement", "check", "quay.yaml", "--as-of", "2026-06-30")
    told = 'warning: quay.yaml:15:12: unknown-waived-rule: found "loud", expected a rule of cooperation-plan '
    assert told in run(*bare).out
    (quay / "coopgov.toml").write_text('rules = "own.yaml"\nfail-on = "critical"\n', encoding="utf-8")
    ran = run(*bare)
    assert (ran.code, ran.out) == (1, TEXT)


def test_the_date_judges_comments(run: Run) -> None:
    """After its last day a comment ignores nothing, and is reported."""
    out = run(*CHECK[:-1], "2026-07-01").out
    assert "warning: quay.yaml:12:15: expired-ignore: found 2026-06-30 as its last day" in out
    assert out.endswith(" no faults, 4 findings (2 warnings, 2 notes)\n")


def test_faults_are_worse_than_findings(run: Run, quay: Path) -> None:
    """A file that does not load makes the exit code 2, whatever is found in the others; so do faulty rules."""
    (quay / "broken.yaml").write_text(QUAY.replace("CNY", "XXX"), encoding="utf-8")
    ran = run("agreement", "check", "broken.yaml", *CHECK[2:], "--fail-on", "never")
    assert (ran.code, ran.out) == (2, TEXT)
    assert ran.err.startswith("broken.yaml:4:11: ")
    (quay / "own.yaml").write_text(RULES.replace("ended", "endet"), encoding="utf-8")
    ran = run(*CHECK)
    assert (ran.code, ran.out) == (2, "")
    assert "own.yaml:5:" in ran.err


def test_json_holds_what_the_library_answers(run: Run) -> None:
    """One object for each file, also for one that does not load."""
    ran = run("agreement", "check", "nowhere.yaml", *CHECK[2:], "--format", "json")
    nowhere, quay = json.loads(ran.out)
    assert ran.code == 2
    agreement, rules = coopgov.load_agreement("quay.yaml"), coopgov.load_rules("own.yaml")
    analysis = coopgov.check_agreement(agreement, rules, as_of=date(2026, 6, 30))
    assert quay == {"file": "quay.yaml", "agreement": "quay", "gone": [], "faults": [], **analysis.to_dict()}
    assert quay["ignored"][0]["reason"] == "the budget is being discussed"
    assert (nowhere["agreement"], nowhere["findings"]) == (None, [])
    assert nowhere["faults"][0]["code"] == "unreadable-file"


def test_sarif_says_what_the_codes_mean(run: Run) -> None:
    """Findings and faults are results; what the file ignores is suppressed; each code has its level and its page."""
    log: dict[str, Any] = json.loads(run(*CHECK, "--format", "sarif").out)
    schema = json.loads((ROOT / "tests/cli/sarif.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(log)
    (one,) = log["runs"]
    assert [(each["ruleId"], each["level"], "suppressions" in each) for each in one["results"]] == [
        ("phase-incomplete", "note", False),
        ("outside-the-term", "warning", False),
        ("phase-incomplete", "note", True),
    ]
    rules = {each["id"]: each for each in one["tool"]["driver"]["rules"]}
    assert rules["phase-incomplete"]["defaultConfiguration"] == {"level": "note"}
    assert "coopgov: agreement/1" in rules["outside-the-term"]["help"]["markdown"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", agreement_finding_codes())
def test_a_code_is_explained_in_every_language(run: Run, code: str, language: str) -> None:
    """By `agreement check` and `rules check` alike, with an agreement that has it and the same one corrected."""
    each = agreement_finding_codes()[code]
    ran = run("agreement", "check", "--explain", code, "--lang", language)
    assert (ran.code, ran.err) == (0, "")
    assert each.explanation.in_language(language) in ran.out
    assert ran.out.count("    coopgov: agreement/1\n") == 2
    assert run("rules", "check", "--explain", code, "--lang", language).out == ran.out


def test_an_unknown_code_is_bad_usage(run: Run) -> None:
    """With the nearest one."""
    ran = run("agreement", "check", "--explain", "vacant-owners")
    assert (ran.code, ran.out) == (2, "")
    assert 'did you mean "vacant-owner"?' in ran.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_starter_agreement_has_no_findings(run: Run, language: str) -> None:
    """In no language."""
    run("init", "new", "--lang", language, "--as-of", "2026-01-05")
    ran = run("agreement", "check", "new/agreement.yaml", "--rules", "new/rules.yaml")
    assert (ran.code, ran.out) == (0, "new/agreement.yaml: our-cooperation: no faults, no findings\n")


def test_the_assessment_mentions_what_counts(run: Run, quay: Path) -> None:
    """Neither notes nor what a comment ignores; a waiver without a rule is a warning of its own."""
    check = ("check", "quay.yaml", "--as-of", "2026-03-01", "--fail-on", "never")
    assert "probably a mistake: outside-the-term (quay.yaml:11:37)\n" in run(*check, "--verbose").out
    assert run(*check).out.endswith("\n1 probable mistake in the agreement: coopgov agreement check\n")
    ignore = "  # coopgov: ignore outside-the-term: a treaty"
    text = QUAY.replace("2062-01-05}]", f"2062-01-05}}]{ignore}")
    (quay / "quay.yaml").write_text(text, encoding="utf-8")
    assert "probably a mistake" not in run(*check, "--verbose").out
    assert "probable mistake" not in run(*check).out


def test_what_is_gone_is_listed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the newest part of a source lacks is said in text and JSON, with where it was."""
    monkeypatch.chdir(tmp_path)
    head = "coopgov: part/1\ninto: quay\nfrom: {format: jira, on: %s}\n"
    for day, tasks in (("2026-05-01", "[{id: t, source: J-1}]"), ("2026-06-30", "[]")):
        text = head % day + f"phases: [{{id: dig, tasks: {tasks}}}]\n"
        (tmp_path / f"{day}.part.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "quay.yaml").write_text(WITH_PARTS, encoding="utf-8")
    checked = run("agreement", "check", "quay.yaml", "--as-of", "2026-06-30")
    said = ": gone: task/dig/t, which jira last had on 2026-05-01 and no longer has on 2026-06-30\n"
    assert "2026-05-01.part.yaml:4:28" + said in checked.out
    assert "已消失：task/dig/t" in run("agreement", "check", "quay.yaml", "--lang", "zh-Hans").out
    (row,) = json.loads(run("agreement", "check", "quay.yaml", "--format", "json").out)
    assert [each["subject"] for each in row["gone"]] == ["task/dig/t"]


WITH_PARTS = """\
coopgov: agreement/1
id: quay
title: Quay
currency: CNY
term: {start: 2026-01-05, end: 2026-12-31}
parties: [{id: a}]
phases: [{id: dig, planned: {start: 2026-01-05, end: 2026-06-30}}]
parts: ['*.part.yaml']
"""


def test_a_folder_is_reported_with_a_file_in_it(run: Run, tmp_path: Path) -> None:
    """The first one of the sort that is wanted; with none of them, there is nothing to propose."""
    folder = tmp_path / "all"
    folder.mkdir()
    (folder / "a.yaml").write_text("coopgov: rules/1\npack: p\nversion: 1.0.0\n", encoding="utf-8")
    (folder / "b.yaml").write_text("a: 1\n", encoding="utf-8")
    asked = {"rules": ("rules", "check"), "agreement": ("agreement", "check")}
    assert f"; write `{folder / 'a.yaml'}`\n" in run(*asked["rules"], folder).err
    assert run(*asked["agreement"], folder).err.endswith("expected a file to read\n")
    (folder / "c.json").write_text('{"coopgov": "agreement/1"}', encoding="utf-8")
    assert run(*asked["agreement"], folder, "--lang", "zh-Hans").err.endswith(
        f"；请写成 `{folder / 'c.json'}`\n"
    )
