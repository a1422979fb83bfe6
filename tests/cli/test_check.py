"""`coopgov check`: what is printed where, in which language, with which exit code."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.cli.output import painted
from coopgov.cli.text import Terminal
from coopgov.faults import display_width

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

AS_OF = ("--as-of", "2026-06-30")
OWN = ("--rules", "own.yaml", *AS_OF)

_ENGLISH = """\
pier · The pier · as of 2026-06-30 · own 1.0.0
status: major — 1 major, 1 notice, 1 undetermined

MAJOR late@phase/piles  81.8 % (above 50 %)
  Piles is late by 81.8 %.
  tell port by 2026-07-02
  do more-piles: Order more piles — mason (vacant) by 2026-07-03
"""
_SIMPLIFIED = """\
pier · 码头合作 · 截至 2026-06-30 · own 1.0.0
状态：严重 — 1 严重，1 提示，1 无法判定

严重 late@phase/piles  81.8 %（高于 50 %）
  打桩延误81.8 %。
  须于 2026-07-02 前告知 port
  措施 more-piles：加购桩材 — mason（空缺），2026-07-03 前
"""
_TRADITIONAL = """\
pier · 碼頭合作 · 截至 2026-06-30 · own 1.0.0
狀態：嚴重 — 1 嚴重，1 提示，1 無法判定

嚴重 late@phase/piles  81.8 %（高於 50 %）
  打桩延误81.8 %。
  須於 2026-07-02 前告知 port
  措施 more-piles：加购桩材 — mason（出缺），2026-07-03 前
"""


_AWAY = """\
coopgov: agreement/1
id: away
title: Away
currency: CNY
term: {start: 2026-01-05, end: 2026-12-31}
parties: [{id: p}]
team:
  members:
    - {id: m, role: project-manager, deputy: a, absent: [{from: 2026-06-29}]}
    - {id: n, role: project-manager, deputy: b, absent: [{from: 2026-06-29}]}
    - {id: f, role: finance-liaison, absent: [{from: 2026-06-29}]}
    - {id: a, name: Ann}
    - {id: b, name: Bo}
phases:
  - {id: x, planned: {start: 2026-01-05, end: 2026-03-31}, budget: 100, spending: [{on: 2026-03-02, amount: 900}]}
"""


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize(
    ("language", "expected"), [("en", _ENGLISH), ("zh-Hans", _SIMPLIFIED), ("zh-Hant", _TRADITIONAL)]
)
def test_text_is_in_the_language_asked_for(run: Run, language: str, expected: str) -> None:
    """Headline, status, the worst warning with its measure, escalation and action: all in one language."""
    ran = run("check", "pier.yaml", *OWN, "--verbose", "--lang", language)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(expected)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Project manager (m, n), with Ann, Bo standing in by", "Finance liaison (f), absent by")),
        ("zh-Hans", ("项目经理（m、n），由 Ann、Bo 代理，", "财务联络人（f），不在岗，")),
        ("zh-Hant", ("專案經理（m、n），由 Ann、Bo 代理，", "財務聯絡人（f），不在崗，")),
    ],
)
def test_deputies_are_named_beside_who_is_absent(
    run: Run, tmp_path: Path, language: str, expected: tuple[str, str]
) -> None:
    """The role and its holders have their names; whoever is absent is so called, and the deputy is named."""
    file = tmp_path / "away.yaml"
    file.write_text(_AWAY, encoding="utf-8")
    lines = run("check", str(file), *AS_OF, "--verbose", "--lang", language).out.splitlines()
    told = {line.split(" — ")[1] for line in lines if " overtime" in line or " cut-non-core" in line}
    for who in expected:
        assert any(each.startswith(who) for each in told), (who, told)


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["tell port by 2026-07-02", "if nobody answers, tell mason (vacant) by 2026-07-03"]),
        ("zh-Hans", ["须于 2026-07-02 前告知 port", "如无人答复，须于 2026-07-03 前告知 mason（空缺）"]),
    ],
)
def test_a_ladder_is_printed_step_by_step(run: Run, language: str, told: list[str]) -> None:
    """Each step with its deadline, as long as nobody acknowledges."""
    own = Path("own.yaml")
    text = own.read_text(encoding="utf-8")
    ladder = text.replace(
        "port within 2 working days", "[port within 2 working days, mason within 1 working day]"
    )
    own.write_text(ladder, encoding="utf-8")
    out = run("check", "pier.yaml", *OWN, "--verbose", "--lang", language).out
    assert [line.strip() for line in out.splitlines() if line.strip() in told] == told


@pytest.mark.usefixtures("pier")
def test_what_could_not_be_decided_is_at_the_end(run: Run) -> None:
    """Silence is never read as health: an undetermined rule has a line of its own, with the data it lacks."""
    out = run("check", "pier.yaml", *OWN, "--verbose").out
    assert out.endswith("\n\nUNDETERMINED loud@kpi/noise: absent data (missing: newest reading)\n")


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize("severity", ["undetermined", "notice", "minor", "major", "critical", "never"])
@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2026-04-10", "undetermined"),
        ("2026-04-11", "notice"),
        ("2026-04-25", "minor"),
        ("2026-06-30", "major"),
    ],
)
def test_fail_on_names_the_mildest_status_that_fails(
    run: Run, severity: str, as_of: str, status: str
) -> None:
    """The exit code is 1 at the status of `--fail-on` or worse, else 0; with `never` always 0."""
    ran = run(
        "check",
        "pier.yaml",
        "--rules",
        "own.yaml",
        "--as-of",
        as_of,
        "--fail-on",
        severity,
        "--format",
        "json",
    )
    ranks = ["undetermined", "notice", "minor", "major", "critical", "never"]
    assert json.loads(ran.out)[0]["status"] == status
    assert ran.code == int(ranks.index(status) >= ranks.index(severity))


@pytest.mark.usefixtures("pier")
def test_minor_fails_by_default(run: Run) -> None:
    """Without `--fail-on` a notice passes and a minor warning does not."""
    assert run("check", "pier.yaml", "--rules", "own.yaml", "--as-of", "2026-04-11").code == 0
    assert run("check", "pier.yaml", "--rules", "own.yaml", "--as-of", "2026-04-25").code == 1


@pytest.mark.usefixtures("pier")
def test_json_is_a_list_with_an_assessment_for_each_agreement(run: Run) -> None:
    """One agreement or two, the same file twice: always a list, in the order given, nothing else on stdout."""
    one = json.loads(run("check", "pier.yaml", *OWN, "--format", "json").out)
    two = json.loads(run("check", "pier.yaml", "pier.yaml", *OWN, "--format", "json").out)
    assert [each["agreement"] for each in one] == ["pier"]
    assert two == one * 2


def test_a_broken_agreement_does_not_stop_the_others(run: Run, pier: Path) -> None:
    """The others are still assessed, the faults are on stderr, and the exit code is 2."""
    (pier / "broken.yaml").write_text("coopgov: agreement/1\nid: 'a b'\n", encoding="utf-8")
    ran = run("check", "broken.yaml", "nowhere.yaml", "pier.yaml", *OWN, "--format", "json")
    assert ran.code == 2
    assert [each["agreement"] for each in json.loads(ran.out)] == ["pier"]
    assert "broken.yaml:2:5: not-an-identifier" in ran.err
    assert "nowhere.yaml:1:1: unreadable-file" in ran.err


def test_faults_of_rules_and_agreements_come_together(run: Run, pier: Path) -> None:
    """With rules that cannot be used the agreements are still read for their faults; JSON stays a list."""
    (pier / "broken.yaml").write_text("coopgov: agreement/1\n", encoding="utf-8")
    ran = run("check", "broken.yaml", "pier.yaml", "--rules", "pier.yaml", "--format", "json")
    assert (ran.code, json.loads(ran.out)) == (2, [])
    assert 'pier.yaml:1:10: wrong-version: found "agreement/1", expected "rules/1"' in ran.err
    assert "broken.yaml:1:1: missing-key" in ran.err


@pytest.mark.usefixtures("pier")
def test_the_date_of_today_is_printed_when_none_is_given(run: Run) -> None:
    """A result that depends on the clock says so, in text and in JSON, for assessments and explanations."""
    today = date.today().isoformat()  # noqa: DTZ011  # as the command line has it
    assert f"as of {today} (today)" in run("check", "pier.yaml", "--rules", "own.yaml").out
    assert "(today)" not in run("check", "pier.yaml", *OWN).out
    explained = ("--rules", "own.yaml", "--explain", "late@phase/deck")
    assert f"as of {today} (today)" in run("check", "pier.yaml", *explained).out
    assert json.loads(run("check", "pier.yaml", *explained, "--format", "json").out)[0]["as_of"] == today
    assert json.loads(run("check", "pier.yaml", "--format", "json").out)[0]["as_of"] == today


@pytest.mark.usefixtures("pier")
def test_explain_shows_the_tree_of_a_rule(run: Run) -> None:
    """The sentence, and every value with its place in the file; the exit code follows the outcome."""
    ran = run("check", "pier.yaml", *OWN, "--explain", "late@phase/piles")
    assert ran.code == 1
    assert ran.out.startswith("late holds for phase/piles (major): ")
    assert "\n        planned_end = 2026-04-10  pier.yaml:8:" in ran.out
    assert run("check", "pier.yaml", *OWN, "--explain", "late@phase/deck").code == 0
    unsure = ("--explain", "loud@kpi/noise", "--fail-on", "undetermined")
    assert run("check", "pier.yaml", *OWN, *unsure).code == 1


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize(
    ("asked", "actual"),
    [
        ("lat@phase/piles", 'there is no rule "lat"; did you mean "late"?'),
        ("late@phase/pile", 'did you mean "phase/piles"?'),
        ("late@kpi/noise", 'no subject of type phase "kpi/noise"'),
        ("late@", 'found "late@", expected RULE@SUBJECT such as phase-late@phase/setup'),
        ("@", 'found "@", expected RULE@SUBJECT such as phase-late@phase/setup, RULE, @SUBJECT or all'),
        ("lat", 'there is no rule "lat"; did you mean "late"?'),
        ("@phase/pile", 'there is no subject "phase/pile"; did you mean "phase/piles"?'),
    ],
)
def test_explain_of_what_does_not_exist_names_the_nearest(run: Run, asked: str, actual: str) -> None:
    """An unknown rule or subject and a malformed question are bad usage."""
    ran = run("check", "pier.yaml", *OWN, "--explain", asked)
    assert (ran.code, ran.out) == (2, "")
    assert actual in ran.err


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize(
    ("asked", "near"),
    [("延误", "late"), ("延误@phase/piles", "late"), ("late@打桩", "phase/piles"), ("@打桩", "phase/piles")],
)
def test_explain_of_what_people_read_names_its_id(run: Run, asked: str, near: str) -> None:
    """A rule by its title, a subject by its name, in any language."""
    ran = run("check", "pier.yaml", *OWN, "--explain", asked, "--lang", "zh-Hans")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f"；是否想写“{near}”？\n")


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize(
    "more", [("--only", "minor"), ("--about", "phase/piles"), ("--owner", "port"), ("--since", "2026-05-31")]
)
@pytest.mark.parametrize(("language", "said"), [("en", "without {}"), ("zh-Hans", "不写 {}")])
def test_explanations_are_not_selected_as_warnings_are(
    run: Run, more: tuple[str, str], language: str, said: str
) -> None:
    """An option that explanations would ignore is a fault that says what to write."""
    ran = run("check", "pier.yaml", *OWN, "--explain", "all", *more, "--lang", language)
    assert (ran.code, ran.out) == (2, "")
    assert said.format(more[0]) in ran.err


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize("option", ["--about", "--owner"])
@pytest.mark.parametrize("name", ["", " ", "\u3000"])
def test_an_empty_name_is_a_fault(run: Run, option: str, name: str) -> None:
    """It is a variable that was not set, and must not select everything."""
    ran = run("check", "pier.yaml", *OWN, option, name)
    assert (ran.code, ran.out) == (2, "")
    assert f"{option}: found" in ran.err
    assert "expected a name" in ran.err


@pytest.mark.usefixtures("pier")
def test_explain_shows_what_would_change_it(run: Run) -> None:
    """Below the sentence, the first three changes and what time will do; then a blank line and the tree."""
    out = run("check", "pier.yaml", *OWN, "--explain", "late@phase/piles").out
    sentence, *changes = out.split("\n\n")[0].split("\n")
    assert sentence.startswith("late holds for phase/piles (major): ")
    assert changes
    assert all(line.startswith("  ") for line in changes)
    assert any(line.endswith(" would clear it.") for line in changes)


@pytest.mark.usefixtures("pier")
def test_explain_many(run: Run) -> None:
    """All subjects of a rule, all rules about a subject, or everything; the exit code is that of the worst."""
    rule = run("check", "pier.yaml", *OWN, "--explain", "late")
    assert rule.code == 1
    assert rule.out.startswith("pier · ")
    assert "\n\nlate is not for phase/deck: its `where` is false." in rule.out
    about = run("check", "pier.yaml", *OWN, "--explain", "@phase/deck")
    assert about.code == 0
    assert "phase/piles" not in about.out
    everything = run("check", "pier.yaml", *OWN, "--explain", "all", "--format", "json")
    rows = json.loads(everything.out)
    assert {(row["agreement"], row["as_of"]) for row in rows} == {("pier", rows[0]["as_of"])}
    assert {"late@phase/piles", "late@phase/deck", "loud@kpi/noise"} <= {
        f"{row['rule']}@{row['about']}" for row in rows
    }
    assert everything.code == 1


@pytest.mark.usefixtures("pier")
def test_explain_of_a_rule_without_subjects_says_so(run: Run) -> None:
    """Nothing to explain is not a fault."""
    ran = run("check", "pier.yaml", *OWN, "--explain", "waiver-expired")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "nothing to explain: there is no such subject")


def test_explain_of_several_agreements_says_which_lacks_the_subject(run: Run, pier: Path) -> None:
    """A subject that only some have is explained for those, each with a headline; an unknown rule is reported once."""
    other = (
        (pier / "pier.yaml")
        .read_text(encoding="utf-8")
        .replace("id: piles", "id: poles")
        .replace("id: pier", "id: wharf")
    )
    (pier / "wharf.yaml").write_text(other, encoding="utf-8")
    ran = run("check", "pier.yaml", "wharf.yaml", *OWN, "--explain", "late@phase/piles", "--format", "json")
    assert ran.code == 2
    assert [each["agreement"] for each in json.loads(ran.out)] == ["pier"]
    assert ran.err.startswith("wharf.yaml: there is no subject")
    both = run("check", "pier.yaml", "wharf.yaml", *OWN, "--explain", "late@phase/deck").out
    assert re.findall("^.* · .*$", both, flags=re.MULTILINE) == [
        "pier · The pier · as of 2026-06-30",
        "wharf · The pier · as of 2026-06-30",
    ]
    assert (
        run("check", "pier.yaml", "wharf.yaml", *OWN, "--explain", "nothing@phase/piles").err.count("\n") == 1
    )


@pytest.mark.usefixtures("pier")
def test_output_is_plain_unless_colour_is_wanted(run: Run) -> None:
    """Piped text holds no escape codes and no broken lines.

    `--color always` paints the severities, and nothing else.
    """
    for more, painted_part in (
        (("--verbose",), "\x1b[31mMAJOR\x1b[0m late@phase/piles"),
        ((), "\n\x1b[1mWarnings\x1b[0m\n  \x1b[31mMAJOR\x1b[0m  1 Late: Piles"),
    ):
        plain = run("check", "pier.yaml", *OWN, *more).out
        painted = run("check", "pier.yaml", *OWN, *more, "--color", "always").out
        assert "\x1b" not in plain
        assert painted_part in painted
        assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
        assert run("check", "pier.yaml", *OWN, *more, "--color", "never").out == plain


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("more", [(), ("--verbose",), ("--explain", "late@phase/piles")])
def test_a_terminal_gets_colour_and_lines_that_fit(run: Run, language: str, more: tuple[str, ...]) -> None:
    """On a terminal of 60 columns no line of several words is wider, colour codes not counted."""
    ran = run("check", "pier.yaml", *OWN, "--lang", language, *more, columns=60)
    assert "\x1b[" in ran.out
    places = re.sub(r"\x1b\[2m  pier\.yaml:.*?\x1b\[0m", "", ran.out)  # a place follows its line
    for line in re.sub(r"\x1b\[[0-9;]*m", "", places).split("\n"):
        assert display_width(line) <= 60


def test_control_characters_of_files_do_not_reach_the_terminal(run: Run, pier: Path) -> None:
    """A title cannot clear the screen, break a line or set colours, nor can a value that a fault cites."""
    text = (pier / "pier.yaml").read_text(encoding="utf-8")
    (pier / "evil.yaml").write_text(text.replace("en: The pier", 'en: "A\\e[2J\\nB"'), encoding="utf-8")
    assert run("check", "evil.yaml", *OWN).out.startswith("A\\u001b[2J B · as of")
    assert run("check", "evil.yaml", *OWN, "--verbose").out.startswith("pier · A\\u001b[2J B · as of")
    (pier / "worse.yaml").write_text(text.replace("id: pier", 'id: "\\e[31m"'), encoding="utf-8")
    ran = run("check", "worse.yaml", *OWN)
    assert ran.code == 2
    assert "\x1b" not in ran.err


@pytest.mark.parametrize(
    ("name", "content", "actual"),
    [
        (
            "nowhere.yaml",
            None,
            "nowhere.yaml:1:1: unreadable-file: found No such file or directory, expected a file to read",
        ),
        (".", None, ".:1:1: unreadable-file: found a folder"),
        ("empty.yaml", b"", "empty.yaml:1:1: empty-file"),
        ("notes.yaml", b"# nothing yet\n", "notes.yaml:1:1: empty-file"),
        (
            "word.yaml",
            b"word",
            'word.yaml:1:1: missing-key: found a file without it, expected the key "coopgov"',
        ),
        ("list.yaml", b"- {coopgov: a}\n", "found a list, expected a mapping of keys and values"),
        ("binary.yaml", b"\x89PNG\r\n\x1a\n", "binary.yaml:1:1: encoding: found byte 0x89 at offset 0"),
        ("nul.yaml", b"coopgov: \x00\n", "nul.yaml:1:10: character: found the control character U+0000"),
        ("wide.yaml", "a: b".encode("utf-16"), "expected a text in UTF-8; save the file as UTF-8"),
        (
            "huge.yaml",
            b"a" * 5_000_001,
            "file-too-large: found more than 5,000,000 bytes, expected at most 5 MB a file",
        ),
        ("own.yaml", None, 'own.yaml:1:10: wrong-version: found "rules/1", expected "agreement/1"'),
    ],
)
def test_what_is_no_agreement_is_reported(
    run: Run, pier: Path, name: str, content: bytes | None, actual: str
) -> None:
    """Wrong paths, folders, empty, binary and huge files, files of another format: one clear fault, exit code 2."""
    if content is not None:
        (pier / name).write_bytes(content)
    ran = run("check", name, *OWN)
    assert (ran.code, ran.out) == (2, "")
    assert actual in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize("rules", ["nowhere.yaml", ".", "pier.yaml", "no-such-pack"])
def test_what_is_no_rule_file_is_reported(run: Run, rules: str) -> None:
    """An agreement given as rules, a folder, an unknown pack: faults, exit code 2."""
    ran = run("check", "pier.yaml", "--rules", rules)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{rules}:1:")


@pytest.mark.usefixtures("pier")
def test_packs_and_files_go_together(run: Run) -> None:
    """`--rules` takes pack names and paths, together or one after the other, the same one twice too."""
    both = run("check", "pier.yaml", "--rules", "cooperation-plan", "own.yaml", *AS_OF)
    assert "· own 1.0.0\n" in both.out
    assert run("check", "pier.yaml", "--rules", "cooperation-plan", "--rules", "own.yaml", *AS_OF) == both
    assert run("check", "pier.yaml", "--rules", "cooperation-plan", "own.yaml", "own.yaml", *AS_OF) == both


@given(
    st.text(st.sampled_from("abc港口数据，。）é💡 \n\t\x1b"), max_size=60),
    st.integers(8, 40),
    st.sampled_from(["", "  ", painted("MAJOR", "31") + " "]),
)
def test_broken_lines_lose_nothing(text: str, width: int, first: str) -> None:
    """However narrow the terminal, line breaks replace only spaces, and no escape code of the text comes through."""
    lines = list(Terminal("zh-Hans", width, colour=False).lines(text, "  ", first))
    shown = first.rstrip() + text.replace("\x1b", "\\u001b")
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", shown)
    assert not any(re.search(r"[\n\t]", line) for line in lines)


@given(st.text(st.sampled_from("港口数据，。）"), max_size=60), st.integers(12, 40))
def test_chinese_breaks_between_letters_but_not_before_closing_marks(text: str, width: int) -> None:
    """Wide letters take two columns; a line is full up to the mark that must not begin the next one."""
    lines = list(Terminal("zh-Hans", width, colour=False).lines(text, "  "))
    for line in lines[1:]:
        assert line.strip()[0] not in "，。）"
    for line in lines:
        letters = re.findall("[港口数据][，。）]*|^[，。）]+", line.strip())
        assert len(letters) == 1 or display_width(line) <= width or not text


def test_a_pipe_has_no_width() -> None:
    """Lines are broken on a terminal only."""
    assert Terminal.of(io.StringIO(), "en", "never").width == 0
