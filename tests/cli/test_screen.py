"""What `coopgov check` prints on one screen: five parts, each as short as people need it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgov.cli.fitting import fitted
from coopgov.faults import display_width

if TYPE_CHECKING:
    from command_line import Run

EXAMPLES = Path(__file__).parents[2] / "examples"
SCREENS = Path(__file__).parent / "screens"
PILOT = (EXAMPLES / "pilot" / "agreement.yaml", "--as-of", "2026-06-30")
LARGE = (EXAMPLES / "large" / "agreement.yaml", "--as-of", "2026-11-30")
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
OWN = ("pier.yaml", "--rules", "own.yaml", "--as-of", "2026-06-30")


_AWAY = """\
coopgov: agreement/1
id: away
title: Away
currency: CNY
term: {start: 2026-01-05, end: 2026-12-31}
parties: [{id: p}]
team:
  members:
    - {id: m, name: Wang, role: project-manager, deputy: a, absent: [{from: 2026-06-29}]}
    - {id: f, name: Fu, role: finance-liaison, absent: [{from: 2026-06-29}]}
    - {id: a, name: Ann}
phases:
  - {id: x, planned: {start: 2026-01-05, end: 2026-03-31}, budget: 100, spending: [{on: 2026-03-02, amount: 900}]}
"""


def plain(text: str) -> str:
    """The text without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "asked"), [("pilot", PILOT), ("large", LARGE)])
def test_an_assessment_fits_on_a_screen(run: Run, name: str, asked: tuple[str, ...], language: str) -> None:
    """The whole text, in each language: at most 40 lines of at most 100 columns."""
    out = run("check", *asked, "--lang", language).out
    assert out == (SCREENS / f"{name}.{language}.txt").read_text(encoding="utf-8")
    lines = out.splitlines()
    assert len(lines) <= 40
    assert max(map(display_width, lines)) <= 100


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [60, 80, 100, 140])
@pytest.mark.parametrize("asked", [PILOT, LARGE])
def test_a_terminal_of_any_width_has_a_screen(
    run: Run, asked: tuple[str, ...], columns: int, language: str
) -> None:
    """As wide as the terminal, 100 columns at most; colours add nothing and take nothing away."""
    out = run("check", *asked, "--lang", language, columns=columns).out
    assert "\x1b[" in out
    lines = plain(out).splitlines()
    assert len(lines) <= 40
    assert max(map(display_width, lines)) <= min(columns, 100)
    assert plain(out) == run("check", *asked, "--lang", language, "--color", "never", columns=columns).out


@pytest.mark.parametrize("columns", [0, 60, 80])
@pytest.mark.parametrize("asked", [PILOT, LARGE])
def test_nothing_is_dropped_without_being_counted(run: Run, asked: tuple[str, ...], columns: int) -> None:
    """The warnings that are named and those that are counted are all warnings; the same for actions."""
    text = plain(run("check", *asked, columns=columns).out)
    (assessment,) = json.loads(run("check", *asked, "--format", "json").out)
    text = re.sub(r"\n {3,}", " ", text)
    counted = [
        each
        for each in assessment["warnings"]
        if not each["past"] and each["inhibited_by"] is None and each["waived"] is None
    ]
    titles = {(each["severity"].upper(), each["title"]) for each in counted}
    shown = {
        (severity, title)
        for severity, title in titles
        if re.search(rf"^  {severity} +\d+ {re.escape(title)}\b", text, re.MULTILINE)
    }
    left = sum((each["severity"].upper(), each["title"]) not in shown for each in counted)
    told = re.search(r"^  … and (.* (?:critical|major|minor|notice)) more:", text, re.MULTILINE)
    assert sum(map(int, re.findall(r"\d+", told[1] if told else ""))) == left
    todo = re.search(r"^To do\n((?:  .*\n)+)", text, re.MULTILINE)
    assert todo is not None
    listed = len(re.findall(r"^  \d{4}-", todo[1], re.MULTILINE))
    more = re.search(r"… and (\d+) more: --verbose", todo[1])
    assert listed + int(more[1] if more else 0) == len(assessment["todo"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_day_is_quiet(run: Run, tmp_path: Path, language: str) -> None:
    """The starter agreement on its first day: at most 12 lines."""
    run("init", tmp_path, "--as-of", "2026-03-02", "--lang", language)
    ran = run("check", tmp_path / "agreement.yaml", "--as-of", "2026-03-02", "--lang", language)
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) <= 12


def test_first_readings_that_are_not_due_are_listed(run: Run, tmp_path: Path) -> None:
    """A KPI without a reading is no gap until its first one is due."""
    run("init", tmp_path, "--as-of", "2026-03-02", "--lang", "en")
    path = tmp_path / "agreement.yaml"
    text = re.sub(r"    readings:\n.*\n", "", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    ran = run("check", path, "--as-of", "2026-03-02")
    assert ran.out == (
        "Our cooperation · as of 2026-03-02 · cooperation-plan 1.0.0\n"
        "status: clear — no warnings\n\n"
        "not due yet: Customer satisfaction by 2026-06-02\n"
    )


def test_four_phases_without_a_buffer_are_one_line(run: Run) -> None:
    """One rule with one severity is one line, whatever the number of its subjects."""
    out = run("check", *LARGE, "--only", "notice", "--about", "agreement").out
    assert "Phase without a buffer" not in out
    out = re.sub(r"\n {3,}", " ", run("check", *LARGE, "--only", "notice").out)
    (line,) = [line for line in out.splitlines() if "Phase without a buffer" in line]
    for name in ("Evaluation and closing", "Trial in four counties", "Quality system", "Roll-out"):
        assert name in line


def test_an_action_is_listed_once_with_what_it_answers(run: Run) -> None:
    """The numbers after the arrow are those before the titles of warnings."""
    out = run("check", *LARGE, "--about", "phase/platform").out
    assert out.count("Set new priorities and cut approvals") == 1
    assert "Set new priorities and cut approvals — Project manager (Zhang Wei) → 1–3, 6, 7\n" in out
    assert re.search(r"^  MINOR    6 Phase began late: Platform 26 days", out, re.MULTILINE)


def test_strains_are_words_that_are_explained_once(run: Run) -> None:
    """Each action that takes what is short says so in a word; the line below says why that is short."""
    out = run("check", *LARGE, "--about", "phase/platform").out
    assert "Weekend shifts — Project manager (Zhang Wei) · money, people → " in out
    assert out.count("already short") == 1
    assert "already short, and the action takes more: money (see 4), people, time (see 1), quality\n" in out
    assert "already short" not in run("check", *LARGE, "--owner", "communication-officer").out


def test_people_have_one_name(run: Run) -> None:
    """A body is called what the agreement calls it, with its members; a role, with its holders."""
    out = run("check", *LARGE, "--lang", "zh-Hans").out
    assert "指导委员会（张伟、李娜、王芳）" in out
    assert "联合组长（张伟、李娜）" in out
    assert "项目经理（张伟）" in out
    assert "joint-lead" not in out


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Project manager (Wang), with Ann standing in →", "Finance liaison (Fu), absent →")),
        ("zh-Hans", ("项目经理（Wang），由 Ann 代理 →", "财务联络人（Fu），不在岗 →")),
        ("zh-Hant", ("專案經理（Wang），由 Ann 代理 →", "財務聯絡人（Fu），不在崗 →")),
    ],
)
def test_who_stands_in_is_named(run: Run, tmp_path: Path, language: str, expected: tuple[str, str]) -> None:
    """Beside who is absent; a deputy has to do what falls to them."""
    file = tmp_path / "away.yaml"
    file.write_text(_AWAY, encoding="utf-8")
    asked = (file, "--as-of", "2026-06-30", "--lang", language)
    out = re.sub(r"\n {3,}", " ", run("check", *asked).out)
    for who in expected:
        assert who in out
    assert expected[0] in re.sub(r"\n {3,}", " ", run("check", *asked, "--owner", "Ann").out)
    assert expected[1] not in run("check", *asked, "--owner", "Ann").out


def test_what_is_hidden_is_folded_under_what_hides_it(run: Run) -> None:
    """The titles of what a late phase explains are in the line below it, and nowhere else."""
    out = run("check", *LARGE).out
    assert "              with it: Buffer used up, Task overdue (4), Phase late by days (2)\n" in out
    assert out.count("Task overdue") == 1


def test_what_is_past_is_apart(run: Run) -> None:
    """A phase that has ended late is named below the warnings, and has nothing to do."""
    past = "past, nothing left to do: Signing and set-up (Buffer used up, Phase late, Phase late by days)\n"
    assert past in run("check", *LARGE).out
    out = run("check", *LARGE, "--about", "phase/setup").out
    assert past in out
    assert "To do" not in out


@pytest.mark.usefixtures("pier")
def test_a_waiver_is_shown_with_its_reason(run: Run) -> None:
    """What was waived is apart from the warnings, until when and why."""
    path = Path("pier.yaml")
    waiver = "waivers: [{rule: late, about: phase/piles, until: 2026-07-31, reason: the ship is late}]\n"
    path.write_text(path.read_text(encoding="utf-8") + waiver, encoding="utf-8")
    out = run("check", *OWN).out
    assert "  waived until 2026-07-31: Late: Piles (the ship is late)\n" in out


@pytest.mark.usefixtures("pier")
def test_a_screen_of_own_rules(run: Run) -> None:
    """An action whose owner nobody is, and a KPI that nobody reads."""
    ran = run("check", *OWN)
    assert ran.code == 1
    assert ran.out == (
        "The pier · as of 2026-06-30 · own 1.0.0\n"
        "status: major — 1 major, 1 notice, 1 undetermined\n"
        "\n"
        "Warnings\n"
        "  MAJOR  1 Late: Piles 81.8 % (above 50 %)\n"
        "  NOTICE 2 Role vacant: mason\n"
        "\n"
        "To do\n"
        "  2026-07-03  Order more piles — mason (vacant) → 1\n"
        "\n"
        "To tell\n"
        "  2026-07-02  port → 1\n"
        "\n"
        "Not known\n"
        "  noise: no reading → 1 rule\n"
    )


def test_since_shows_what_changed(run: Run) -> None:
    """How many are new, worse, better and gone; each is marked where it is, and those gone are named."""
    out = run("check", *LARGE, "--since", "2026-10-31").out
    assert "\nsince 2026-10-31: 2 new, 4 worse, 1 gone\ngone: Weekly meeting (Meeting missed)\n" in out
    assert "Milestone missed: Platform live 61 days – worse (above 60 days)\n" in out
    (row,) = json.loads(run("check", *LARGE, "--since", "2026-10-31", "--format", "json").out)
    assert row["since"]["date"] == "2026-10-31"
    assert row["since"]["gone"] == ["meeting-missed@meeting/weekly"]
    assert [len(row["since"][name]) for name in ("new", "worse", "better", "gone")] == [2, 4, 0, 1]
    assert "\nsince 2026-11-29: 3 worse\n" in run("check", *LARGE, "--since", "2026-11-29").out
    quiet = ("--since", "2026-11-29", "--about", "kpi/complaints")
    assert "\nsince 2026-11-29: nothing changed\n" in run("check", *LARGE, *quiet).out


@pytest.mark.parametrize("severity", ["major", "critical"])
def test_since_compares_before_it_selects(run: Run, severity: str) -> None:
    """A milestone that went from major to critical is worse under either severity, neither gone nor new."""
    asked = (*LARGE, "--since", "2026-11-29", "--only", severity)
    (row,) = json.loads(run("check", *asked, "--format", "json").out)
    late = "milestone-missed@milestone/platform/platform-live"
    assert (row["since"]["new"], row["since"]["gone"]) == ([], [])
    assert late in row["since"]["worse"]
    assert (late in {each["id"] for each in row["warnings"]}) is (severity == "critical")
    named = "\nchanged, no longer selected: Platform live (Milestone missed)\n" in run("check", *asked).out
    assert named is (severity == "major")


@pytest.mark.parametrize(
    ("language", "status", "by"),
    [
        (
            "en",
            "status of the whole agreement: critical — shown: 1 of 52 warnings, of which 1 hidden",
            "hidden by Platform (Phase late)",
        ),
        (
            "zh-Hans",
            "整个协议的状态：危急 — 显示 52 项预警中的 1 项，其中 1 项被隐藏",
            "被以下预警隐藏：平台建设（阶段延误）",
        ),
    ],
)
def test_what_hides_a_warning_is_named_where_it_is_not_selected(
    run: Run, language: str, status: str, by: str
) -> None:
    """The warning has a line of its own, and the head says why it is not counted."""
    asked = (*LARGE, "--about", "task/platform/software", "--lang", language)
    out = run("check", *asked).out
    assert f"\n{status}\n" in out
    assert re.search(rf"^  \S+ 1 .*\n +{re.escape(by)}$", out, re.MULTILINE)
    assert f"\n{status}\n" in run("check", *asked, "--verbose").out


def test_nothing_selected_is_no_warning(run: Run) -> None:
    """A subject without a warning says so, beside the status of the whole."""
    out = run("check", *LARGE, "--about", "kpi/devices-online", "--only", "critical").out
    assert "\nstatus of the whole agreement: critical — no warnings; shown: 0 of 52 warnings\n" in out


def test_since_takes_an_earlier_day(run: Run) -> None:
    """The day of the assessment itself shows no change, so it is a mistake."""
    ran = run("check", *LARGE, "--since", "2026-11-30")
    assert (ran.code, ran.out) == (2, "")
    assert "--since takes a date before that of the assessment, 2026-11-30" in ran.err


def test_only_some_severities(run: Run) -> None:
    """The status stays that of the whole; the number says how much is shown."""
    out = run("check", *LARGE, "--only", "critical", "--only", "major").out
    assert out == run("check", *LARGE, "--only", "紧急", "--only", "严重").out
    status = "status of the whole agreement: critical — 5 critical, 8 major; shown: 19 of 52 warnings, "
    assert f"\n{status}of which 4 hidden, 2 past\n" in out.replace("of which\n  4", "of which 4")
    assert "MINOR" not in out
    (row,) = json.loads(run("check", *LARGE, "--only", "minor", "--format", "json").out)
    assert {each["severity"] for each in row["warnings"]} == {"minor"}
    assert row["status"] == "critical"
    assert (row["undetermined"], row["unknown"]) == ([], [])


@pytest.mark.parametrize("name", ["phase/platform", "Platform", "平台建设"])
def test_only_about_a_subject_and_what_is_in_it(run: Run, name: str) -> None:
    """By its id or its name in any language; with its tasks, milestones and deliverables."""
    (row,) = json.loads(run("check", *LARGE, "--about", name, "--format", "json").out)
    about = {each["about"] for each in row["warnings"]}
    assert {"phase/platform", "task/platform/software", "milestone/platform/platform-live"} <= about
    assert all(each.split("/")[1] == "platform" for each in about)
    assert {warning for each in row["todo"] for warning in each["warnings"]} <= {
        each["id"] for each in row["warnings"]
    }


@pytest.mark.parametrize("name", ["li", "Li Na", "李娜"])
def test_only_what_somebody_has_to_do(run: Run, name: str) -> None:
    """As a member, in a role and in bodies."""
    (row,) = json.loads(run("check", *LARGE, "--owner", name, "--format", "json").out)
    theirs = {"li", "technical-liaison", "joint-lead", "steering"}
    assert {each["owner"] for each in row["todo"]} == {"technical-liaison", "joint-lead"}
    assert {each["to"] for each in row["tell"]} == {"joint-lead", "steering"}
    assert [each["about"] for each in row["unknown"]] == ["kpi/devices-online"]
    for each in row["warnings"]:
        to = each["escalation"]["to"] if each["escalation"] else None
        assert theirs & {to, *(action["owner"] for action in each["actions"])}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--only", "mnor"),
            'found "mnor", expected one of notice, minor, major, critical; did you mean "minor"?',
        ),
        (("--about", "phase/plat"), 'there is no subject "phase/plat"; did you mean "phase/platform"?'),
        (("--owner", "Li N"), 'there is no member, role, body or party "Li N"; did you mean "Li Na"?'),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(run: Run, options: tuple[str, ...], told: str) -> None:
    """A filter that matches nothing by mistake would look like health."""
    ran = run("check", *LARGE, *options)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_ids_are_shown_on_request(run: Run) -> None:
    """Rules, subjects, actions and the agreement; without `--ids`, none of them."""
    out = run("check", *LARGE, "--ids", "--only", "critical").out
    for id_ in ("remote-diagnosis", "kpi-behind", "kpi/hospital-satisfaction", "reprioritise"):
        assert f"[{id_}]" in out
        assert id_ not in run("check", *LARGE).out


def test_verbose_prints_every_warning_in_full(run: Run) -> None:
    """Each with its id, its message and its actions."""
    out = run("check", *LARGE, "--verbose").out
    (assessment,) = json.loads(run("check", *LARGE, "--format", "json").out)
    for each in assessment["warnings"]:
        assert f"{each['severity'].upper()} {each['id']}" in out
        assert each["message"] in out


@pytest.mark.parametrize(
    ("language", "lead", "change", "datum"),
    [
        ("en", "tell Joint leads (Zhang Wei, Li Na) by", " – new", "progress of "),
        ("zh-Hans", "前告知联合组长（张伟、李娜）", " – 新增", "的进度"),
    ],
)
def test_verbose_names_and_compares_as_the_screen_does(
    run: Run, language: str, lead: str, change: str, datum: str
) -> None:
    """People with the holders of their roles, facts by their names, and what changed since a day."""
    asked = ("check", *LARGE, "--since", "2026-10-31", "--lang", language)
    screen, out = run(*asked).out, run(*asked, "--verbose").out
    assert lead in out
    assert f"joint-lead{change}" not in out
    assert screen.splitlines()[2] in out
    assert any(line.endswith(change) for line in out.splitlines())
    (undated,) = [line for line in out.splitlines() if line.startswith(("without a date", "未注明日期"))]
    assert "task/" not in undated
    assert (", " in undated) == (language == "en")
    assert datum in undated or "status of" in undated or "的状态" in undated


@pytest.mark.parametrize("name", ["phase/platform", "platform", "Platform", "平台建设"])
def test_a_subject_is_named_as_people_do(run: Run, name: str) -> None:
    """By its id, with or without its type, and by its name in any language."""
    assert run("check", *LARGE, "--about", name).out == run("check", *LARGE, "--about", "phase/platform").out


def test_tasks_that_lack_the_same_are_one_entry(run: Run, tmp_path: Path) -> None:
    """Twelve tasks of one owner without progress: one line for the datum; tasks that it has no room for are counted."""
    file, rules = tmp_path / "twelve.yaml", tmp_path / "rules.yaml"
    window = "{start: 2026-01-05, end: 2026-12-31}"
    tasks = "".join(
        f"\n      - {{id: t{n}, name: 任务{n}, planned: {window}, owner: m}}" for n in range(1, 13)
    )
    phase = f"phases:\n  - id: x\n    planned: {window}\n    tasks:{tasks}\n"
    file.write_text(_AWAY.partition("phases:")[0] + phase, encoding="utf-8")
    rules.write_text(
        "coopgov: rules/1\npack: own\nversion: 1.0.0\nrules:\n"
        '  - {id: slow, about: task, kind: delay, when: progress below 20 %, severity: minor, message: "."}\n',
        encoding="utf-8",
    )
    asked = ("check", file, "--rules", rules, "--as-of", "2026-03-02", "--lang", "zh-Hans")
    out = run(*asked).out
    assert "\n  任务1、任务2、任务3、任务4，另有 8 项：缺少进度 — Wang → 1 条规则\n" in out
    ((entry,),) = (one["unknown"] for one in json.loads(run(*asked, "--format", "json").out))
    assert [entry["about"], *entry["also"]] == [f"task/x/t{n}" for n in range(1, 13)]


@given(
    st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=12), min_size=1, max_size=4),
    st.integers(4, 40),
)
def test_what_fits_is_shown(sizes: list[list[int]], room: int) -> None:
    """Each part keeps an entry; the lines fit if they can; if all fit, all are shown."""
    shown = fitted(sizes, [1 / len(sizes)] * len(sizes), room)
    lines = sum(sum(part[:number]) + (number < len(part)) for part, number in zip(sizes, shown, strict=True))
    least = sum(part[0] + (len(part) > 1) for part in sizes)
    assert all(1 <= number <= len(part) for part, number in zip(sizes, shown, strict=True))
    assert lines <= max(room, least)
    if sum(map(sum, sizes)) <= room:
        assert shown == [len(part) for part in sizes]
