"""Pages about rules: complete, and safe from what people write."""

from __future__ import annotations

import re
from pathlib import Path

from coopgov.pages.markdown import code, prose, table
from coopgov.pages.site import MARK, rule_pages
from coopgov.rules import load_rules, parse_rules
from coopgov.testing import run_tests

EXAMPLES = Path(__file__).parents[2] / "examples"
TOLERANCES = load_rules(EXAMPLES / "pilot/tolerances.yaml")
_LINK = re.compile(r"\]\(([^)]+)\)")


def test_each_rule_has_a_page_and_each_measure_a_picture() -> None:
    """Also the rules of extended packs and the built-in ones; every file begins with the mark."""
    pages = rule_pages(TOLERANCES)
    assert {name.removesuffix(".md") for name in pages if name.endswith(".md")} == {
        "index",
        *(rule.id for rule in TOLERANCES.rules),
    }
    assert {name.removesuffix(".svg") for name in pages if name.endswith(".svg")} == {
        rule.id for rule in TOLERANCES.rules if rule.measured
    }
    assert all(text.startswith(f"{MARK}\n") and text.endswith("\n") for text in pages.values())


def test_all_links_lead_to_pages() -> None:
    """Pictures, rules and the index."""
    pages = rule_pages(TOLERANCES)
    for name, text in pages.items():
        assert [link for link in _LINK.findall(text) if link not in pages] == [], name


def test_a_page_shows_everything_about_a_rule() -> None:
    """What it means, measures and says in all languages, its bands with parameters, facts, actions, escalation."""
    page = rule_pages(TOLERANCES)["phase-late.md"]
    for text in (
        "# phase-late",
        "**Phase late · 阶段延误 · 階段延誤**",
        "A phase ended, is forecast to end",
        "![The ladder of phase-late](phase-late.svg)",
        "- measure: `delay / window`",
        "  - **minor** above 5 % — `delay_tolerance`: Delay of a phase as a share",
        "- message (en): {phase.name} is late by {delay}",
        "- message (zh-Hans): {phase.name}延误 {delay}",
        "- message (zh-Hant): {phase.name}延誤 {delay}",
        "- causes to look into: resources, technical, external, communication",
        "- escalation: major: joint-lead within 2 working days; critical: steering within 1 working day",
        "| `planned_end` | Last planned day, by the current baseline. | a date |",
        "| `overtime`<br>Work overtime and at weekends",
        "No rule test names this rule.",
    ):
        assert text in page, text


def test_a_page_shows_what_cases_read() -> None:
    """Ladders, spans and limits as sentences; a setting only where the file changes it."""
    rules = parse_rules(
        "coopgov: rules/1\npack: p\nversion: 1.0.0\nextends: [cooperation-plan]\n"
        "cases: {remind: 3 working days}\nrules:\n"
        "  - {id: satisfaction-low, override: true, for: 2 readings, keep: 1 reading, acknowledge: each party,\n"
        "     clear: {minor: at least 82 points}, treat: {major: 10 working days},\n"
        "     escalate: {minor: [owner within 5 working days, steering within 1 week]}}\n"
    )
    pages = rule_pages(rules)
    for text in (
        "- escalation: minor: the owner of the subject within 5 working days, then steering within 1 week; major: ",
        "- acknowledged only once each party has acknowledged",
        "- an action must be agreed: major within 10 working days",
        "- its case fires once it has held for 2 readings",
        "- its case leaves a band only past a limit: minor: `at least 82 points`",
        "- its case is clear once the rule has been clear for 1 reading",
    ):
        assert text in pages["satisfaction-low.md"], text
    assert "## Cases\n\n- those notified last are reminded after 3 working days\n" in pages["index.md"]
    assert "## Cases" not in rule_pages(TOLERANCES)["index.md"]
    assert (
        "- 上报：轻微：对象的负责人（5 个工作日内），然后指导委员会（1 周内）；严重："
        in (rule_pages(rules, language="zh-Hans")["satisfaction-low.md"])
    )


def test_the_index_lists_every_rule_by_subject_and_by_kind() -> None:
    """Twice, with its title, its severities and its tests."""
    index = rule_pages(TOLERANCES)["index.md"]
    assert index.startswith(f"{MARK}\n\n# harbour-tolerances 1.0.0\n")
    assert all(index.count(f"[`{rule.id}`]({rule.id}.md)") == 2 for rule in TOLERANCES.rules)
    assert index.index("## By subject") < index.index("### phase") < index.index("## By kind")
    assert "| `delay_tolerance` | 5 % |" in index


def test_tests_are_listed_with_what_they_expect() -> None:
    """Under the rules that they name; those that failed say so."""
    outcomes = run_tests(EXAMPLES / "pilot/tolerances.yaml").outcomes
    pages = rule_pages(TOLERANCES, outcomes)
    assert "| Money may run a quarter ahead of time | nothing | passed |" in pages["budget-burns-too-fast.md"]
    assert "| budget-burns-too-fast | overspend | minor, major | 7 passed |" in pages["index.md"]


def test_rows_of_tables_say_which_table_they_are_from() -> None:
    """And only the actions that they name."""
    page = rule_pages(load_rules(EXAMPLES / "tables/rules.yaml"))["delivery-risk.late-and-costly.md"]
    assert "- a row of the decision table `delivery-risk`, hit policy first" in page
    to_do = page.partition("## What to do")[2].partition("## Tests")[0]
    assert sorted(re.findall(r"^\| `([^`]+)`", to_do, re.MULTILINE)) == ["cut-non-core", "reprioritise"]


HOSTILE = """\
coopgov: rules/1
pack: p
version: 1
rules:
  - id: Index
    about: phase
    kind: "delay"
    title: "a | b <script>"
    means: "one\\n\\n# two"
    when: "name is 'a|b `c`'"
    severity: minor
    message: "<img src=x> {{x}}"
  - {id: late, about: phase, kind: delay, when: started, severity: minor, message: x}
  - {id: LATE, about: phase, kind: delay, when: started, severity: minor, message: x}
"""


def test_what_people_write_changes_no_page() -> None:
    """No HTML of theirs, no cell of a table too many, no heading."""
    pages = rule_pages(parse_rules(HOSTILE))
    assert {"index.md", "Index-2.md", "late.md", "LATE-2.md"} <= set(pages)
    page = pages["Index-2.md"]
    assert "<script" not in page
    assert "<img" not in page
    assert "\n# two" not in page
    assert "- minor when ``name is 'a|b `c`'``" in page
    assert "| a \\| b &lt;script> |" in pages["index.md"]


def test_code_holds_any_text() -> None:
    """Also with backticks inside or at its ends."""
    assert (code("a"), code("a `b` c"), code("`a`")) == ("`a`", "``a `b` c``", "`` `a` ``")
    assert prose("a\n  b & <c>") == "a b &amp; &lt;c>"
    assert list(table(["x"], [["a|b"]])) == ["| x |", "|---|", "| a\\|b |"]


def test_what_people_write_is_shown_word_for_word() -> None:
    """Markdown in texts gives no emphasis, links or headings; an underscore in a name and code stay."""
    assert prose("# 5 * 3 and [a](b)") == r"\# 5 \* 3 and \[a\](b)"
    assert prose("1. planned_end of `a*b`, _so_ it is") == r"1\. planned_end of `a*b`, \_so\_ it is"
    assert prose("a ` tick, a \\") == "a \\` tick, a \\\\"
    assert prose("-5 %") == "-5 %"


def test_pages_are_in_the_language_that_was_asked_for() -> None:
    """Headings, heads of tables, severities and the words of pictures.

    What people wrote and formulas stay as they are.
    """
    pages = rule_pages(load_rules(), language="zh-CN")
    page = pages["phase-late.md"]
    for text in (
        "## 读取的事实",
        "## 应对措施",
        "| 事实 | 含义 | 类型 |",
        "  - **轻微** 高于 10 % — ",
        "- 度量：`delay / window`",
        "- 上报：严重：联合负责人（2 个工作日内）；危急：指导委员会（1 个工作日内）",
    ):
        assert text in page, text
    assert "## 按对象" in pages["index.md"]
    headings = re.findall(r"^## .+|^\|(?: [\w ]+ \|)+(?=\n\|---)", "\n".join(pages.values()), re.MULTILINE)
    assert [each for each in headings if re.search("[a-z]", each)] == []
    assert "轻微" in pages["phase-late.svg"]
    assert "越来越严重 →" in pages["phase-late.svg"]
    assert 'lang="zh-Hans-CN"' in pages["phase-late.svg"]
