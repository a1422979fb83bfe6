"""`coopgov cases …`: a cooperation run from the command line, in its files, outputs and exit codes."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import coopgov

if TYPE_CHECKING:
    from command_line import Ran, Run

PILOT = Path(__file__).parents[2] / "examples/pilot/agreement.yaml"
LADDER = """\
coopgov: rules/1
pack: ladder
version: 1.0.0
extends: [cooperation-plan]
rules:
  - id: phase-late
    override: true
    escalate: {major: [joint-lead within 2 working days, steering within 5 working days]}
"""
LATE = "phase-late@phase/core"
EVENTS = """\
coopgov: events/1
agreement: harbour-data
events:
  - {on: 2026-11-09, case: phase-late@phase/core, event: acknowledge, by: pm, note: Second shift agreed}
  - {on: 2026-11-09, case: phase-late@phase/core, event: agree, action: night-shift, owner: pm, due: 2026-11-17}
"""


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Run:
    """A folder with a store that has seen the days until 9 November."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(PILOT, "agreement.yaml")
    Path("ladder.yaml").write_text(LADDER, encoding="utf-8")
    Path("events.yaml").write_text(EVENTS, encoding="utf-8")
    assert _advance(run, "2026-11-09", "--from", "2026-10-01").code == 0
    return run


def _advance(run: Run, to: str, *more: str) -> Ran:
    return run(
        "cases",
        "advance",
        "agreement.yaml",
        "--rules",
        "ladder.yaml",
        "--store",
        "c.db",
        "--as-of",
        to,
        *more,
    )


def _cases(run: Run, *arguments: str) -> Ran:
    return run("cases", *arguments, "--store", "c.db")


def _json(run: Run, *arguments: str) -> Any:
    ran = _cases(run, *arguments, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


def test_the_same_day_again_is_nothing(begun: Run) -> None:
    """A day that was seen changes nothing and exits with 0; an earlier day is refused."""
    before = _cases(begun, "log").out
    again = _advance(begun, "2026-11-09")
    assert (again.code, again.out) == (0, "harbour-data: 2026-11-09 was seen already; nothing is new.\n")
    assert _cases(begun, "log").out == before
    earlier = _advance(begun, "2026-11-08")
    assert (earlier.code, earlier.out) == (2, "")
    assert earlier.err.startswith("day-before-last: found 2026-11-08, expected 2026-11-09 or a later day")


def test_who_is_told_is_printed(begun: Run) -> None:
    """The notices of the days that were caught up with, each with its receiver and its deadline."""
    ran = _advance(begun, "2026-11-12")
    assert ran.code == 0
    (line,) = [each for each in ran.out.splitlines() if "2026-11-11  " in each]
    assert line.startswith(
        "MAJOR 2026-11-11  Steering committee — Not answered in time, major: Phase late, Core projects"
    )
    assert "answer by 2026-11-17" in ran.out


def test_a_dry_run_writes_nothing(begun: Run) -> None:
    """It prints what would happen, also where there is no store yet."""
    ran = _advance(begun, "2026-11-12", "--dry-run")
    assert "2026-11-11  Steering committee" in ran.out
    assert _json(begun, "list")[0]["revision"] > 0
    assert _advance(begun, "2026-11-09").out.endswith("nothing is new.\n")
    arguments = (
        "cases",
        "advance",
        "agreement.yaml",
        "--store",
        "new.db",
        "--as-of",
        "2026-11-12",
        "--dry-run",
    )
    assert begun(*arguments).code == 0
    assert not Path("new.db").exists()


def test_unanswered_cases_fail_where_that_was_asked(begun: Run) -> None:
    """`--fail-on` exits with 1 if a case of that severity is unanswered past its deadline."""
    assert _advance(begun, "2026-11-12").code == 0
    assert _advance(begun, "2026-11-13", "--fail-on", "major").code == 1
    assert _advance(begun, "2026-11-14", "--fail-on", "never").code == 0


def test_an_answer_needs_only_the_store(begun: Run) -> None:
    """`cases ack` knows the agreement and the rules of the last `advance`, from whatever folder it is called."""
    Path("elsewhere").mkdir()
    ran = begun("cases", "ack", LATE, "--by", "pm", "--store", "c.db")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("MAJOR Phase late: Core projects — acknowledged · since 2026-10-19\n")
    again = begun("cases", "ack", LATE, "--by", "pm", "--store", "c.db")
    assert again.code == 2
    assert again.err.startswith("refused-event: found acknowledge of C-")
    assert "expected an event that is possible now: " in again.err


def test_a_case_is_treated_and_closed(begun: Run) -> None:
    """Each event has a command, by the fields of the event."""
    case = _json(begun, "list")
    (late,) = [each["id"] for each in case if each["rule"] == "phase-late"]
    for command in (
        ("assign", late, "--by", "pm", "--to", "tech"),
        ("cause", LATE, "--by", "pm", "--is", "resources", "--note", "Two people left"),
        ("agree", LATE, "--by", "pm", "--action", "night-shift", "--owner", "pm", "--due", "2026-11-17"),
        ("start", LATE, "--by", "pm", "--action", "night-shift"),
        ("done", LATE, "--by", "pm", "--action", "night-shift", "--evidence", "Shift plan"),
        ("verify", LATE, "--by", "tech", "--action", "night-shift", "--evidence", "Seen on site"),
        ("close", LATE, "--by", "pm", "--outcome", "accepted", "--reason", "The parties agreed"),
        ("reopen", LATE, "--by", "tech", "--reason", "Too early"),
        ("waive", LATE, "--by", "pm", "--until", "2026-11-20", "--reason", "Strike"),
    ):
        ran = _cases(begun, *command)
        assert (ran.code, ran.err) == (0, ""), command
    shown = _json(begun, "show", LATE)
    assert shown["case"]["state"] == "waived"
    assert [each["change"]["what"] for each in shown["log"] if each.get("change", {}).get("event")] == [
        "assign", "cause", "agree", "start", "done", "verify", "close", "reopen", "waive",
    ]  # fmt: skip
    text = _cases(begun, "show", late).out
    assert "recorded a cause (resources, Two people left)" in text
    assert "waived until 2026-11-20" in text


@pytest.mark.parametrize("command", ["assign", "cause", "agree", "drop", "waive", "close", "reopen", "move"])
def test_what_an_event_needs_is_asked_for(begun: Run, command: str) -> None:
    """A missing option is a usage error that names it."""
    ran = _cases(begun, command, LATE, "--by", "pm")
    assert ran.code == 2
    assert "the following arguments are required: --" in ran.err


def test_events_are_recorded_once(begun: Run) -> None:
    """A file can be recorded again after it has grown: what the log has already is not recorded twice."""
    first = _cases(begun, "record", "events.yaml")
    assert (first.code, first.out.splitlines()[0]) == (0, "2 events recorded")
    assert _cases(begun, "record", "events.yaml").out == "0 events recorded; 2 recorded before\n"
    with Path("events.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  - {{on: 2026-11-09, case: {LATE}, event: start, action: night-shift, by: pm}}\n")
    assert _cases(begun, "record", "events.yaml").out.startswith("1 event recorded; 2 recorded before")


def test_events_are_recorded_all_or_none(begun: Run) -> None:
    """Refusals are faults at the places of the events, all at once, and then nothing is recorded."""
    with Path("events.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  - {{on: 2026-11-09, case: {LATE}, event: done, action: nobody-knows, by: pm}}\n")
        file.write("  - {on: 2026-11-09, case: phase-late@phase/moon, event: cause, is: resources, by: pm}\n")
    before = _cases(begun, "log").out
    ran = _cases(begun, "record", "events.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert [line.split(": ")[:2] for line in ran.err.splitlines() if line.startswith("events.yaml")] == [
        ["events.yaml:6:5", "refused-event"],
        ["events.yaml:7:5", "unknown-case"],
    ]
    assert _cases(begun, "log").out == before


def test_events_follow_their_day(begun: Run) -> None:
    """`advance --events` gives the same cases as a run on each day with its events."""
    Path("later.yaml").write_text(EVENTS.replace("2026-11-09", "2026-11-10"), encoding="utf-8")
    shutil.copy("c.db", "daily.db")
    assert _advance(begun, "2026-11-12", "--events", "later.yaml").code == 0
    daily = ("--store", "daily.db")
    begun("cases", "advance", "agreement.yaml", "--rules", "ladder.yaml", "--as-of", "2026-11-10", *daily)
    begun("cases", "record", "later.yaml", *daily)
    begun("cases", "advance", "agreement.yaml", "--rules", "ladder.yaml", "--as-of", "2026-11-12", *daily)
    listed = begun("cases", "list", "--all", "--format", "json", *daily)
    assert json.loads(listed.out) == _json(begun, "list", "--all")


def test_events_of_the_last_day_seen_come_first(begun: Run) -> None:
    """`advance --events` applies what was said on the last day seen before it judges the days that follow."""
    assert _advance(begun, "2026-11-12", "--events", "events.yaml").code == 0
    assert _json(begun, "show", LATE)["case"]["state"] == "treating"
    assert "Steering committee" not in _cases(begun, "show", LATE).out


def test_a_timeline_is_in_the_order_of_days(begun: Run) -> None:
    """Notices stand among the changes of their day, also where many days were judged in one run."""
    _advance(begun, "2026-12-01")
    _, _, timeline = _cases(begun, "show", LATE).out.partition("Timeline\n")
    days = [line.strip()[:10] for line in timeline.splitlines()]
    assert days == sorted(days)
    assert len(set(days)) > 3


def test_replay_prints_what_list_printed(begun: Run) -> None:
    """The log alone gives the cases of any day."""
    on_the_ninth = _cases(begun, "list", "--all", "--format", "json").out
    _advance(begun, "2026-11-30")
    assert _cases(begun, "replay", "--to", "2026-11-09").out == on_the_ninth
    assert (
        _cases(begun, "replay", "--to", "2026-11-30").out
        == _cases(begun, "list", "--all", "--format", "json").out
    )
    early = _cases(begun, "replay", "--to", "2026-09-30")
    assert (early.code, early.out) == (2, "")


def test_cases_are_selected(begun: Run) -> None:
    """By state, by who was notified, by owner, and what is overdue."""
    _cases(begun, "assign", LATE, "--by", "pm", "--to", "tech")
    assert [each["rule"] for each in _json(begun, "list", "--owner", "tech")] == ["phase-late"]
    told = _json(begun, "list", "--to", "steering")
    assert told
    assert all("steering" in each["told"] for each in told)
    assert {each["state"] for each in _json(begun, "list", "--state", "firing")} == {"firing"}
    overdue = _json(begun, "list", "--overdue")
    assert overdue
    assert all(each["deadline"] < "2026-11-09" for each in overdue)
    assert _cases(begun, "list", "--owner", "nobody").code == 2


def test_notices_wait_in_the_outbox(begun: Run) -> None:
    """Without a channel, all notices are pending; JSON has their number in the log and their text by language."""
    notices = _json(begun, "notices")
    assert notices == _json(begun, "notices", "--pending")
    (worse,) = [each for each in notices if each["kind"] == "worsened" and each["rule"] == "phase-late"]
    assert (worse["on"], worse["to"], worse["by"]) == ("2026-11-06", "joint-lead", "2026-11-10")
    assert sorted(worse["text"]) == ["en", "zh-Hans", "zh-Hant"]


def test_the_log_is_verified(begun: Run) -> None:
    """An altered row is a refusal of the store, with exit code 4, and so is a head that is gone."""
    head = _json(begun, "log", "--verify")
    assert _json(begun, "log", "--head", head["head"]) == head
    with sqlite3.connect("c.db") as store:
        triggers = [
            name for (name,) in store.execute("select name from sqlite_master where type = 'trigger'")
        ]
        for name in triggers:
            store.execute(f'drop trigger "{name}"')
        store.execute("update log set data = data || ' ' where seq = 3")
    ran = _cases(begun, "log", "--verify")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("c.db: broken-log: ")
    assert "3" in ran.err


def test_texts_are_redacted(begun: Run) -> None:
    """The text is gone from every output, and the log stays valid."""
    _cases(begun, "cause", LATE, "--by", "pm", "--is", "resources", "--note", "Li is ill")
    rows = _json(begun, "log")
    (row,) = [each["seq"] for each in rows if each.get("change", {}).get("note") == "Li is ill"]
    assert _cases(begun, "redact", str(row), "--by", "pm", "--reason", "privacy").code == 0
    assert "Li is ill" not in _cases(begun, "show", LATE).out + _cases(begun, "log", "--format", "json").out
    assert b"Li is ill" not in Path("c.db").read_bytes()
    assert _cases(begun, "log", "--verify").code == 0


def test_a_row_without_texts_is_refused(begun: Run) -> None:
    """The refusal names the rows that have texts; a text that was redacted is none."""
    rows = {each["seq"] for each in _json(begun, "log")}
    ran = _cases(begun, "redact", "1", "--by", "pm", "--reason", "privacy")
    assert (ran.code, ran.out) == (2, "")
    said = "c.db: no-free-text: found row 1, which has none that is not blacked out, expected a row with a free text; "
    assert ran.err.startswith(f"{said}rows with a free text: ")
    named = [int(each) for each in ran.err.rpartition(": ")[2].split(", ") if each != "…"]
    assert named
    assert rows.issuperset(named)
    assert _cases(begun, "redact", str(named[-1]), "--by", "pm", "--reason", "privacy").code == 0
    ran = _cases(begun, "redact", str(named[-1]), "--by", "pm", "--reason", "privacy")
    assert (ran.code, str(named[-1]) in ran.err.rpartition(": ")[2].split(", ")) == (2, False)


def test_another_first_day_is_refused(begun: Run) -> None:
    """The first day is kept; repeating it, as a scheduled command does, is fine."""
    ran = _advance(begun, "2026-11-10", "--from", "2026-10-02")
    assert (ran.code, ran.out) == (2, "")
    assert "the cases of c.db begin on 2026-10-01, which is kept; leave the option out" in ran.err
    assert _advance(begun, "2026-11-10", "--from", "2026-10-01").code == 0


def test_another_agreement_is_refused(begun: Run) -> None:
    """A store is about one agreement; another one is refused with exit code 4 and without a trace."""
    text = Path("agreement.yaml").read_text(encoding="utf-8").replace("id: harbour-data", "id: other", 1)
    Path("other.yaml").write_text(text, encoding="utf-8")
    ran = begun("cases", "advance", "other.yaml", "--store", "c.db", "--as-of", "2026-12-01")
    assert (ran.code, ran.out) == (4, "")
    assert "store-other-agreement" in ran.err
    Path("wrong.yaml").write_text(EVENTS.replace("harbour-data", "other"), encoding="utf-8")
    assert "store-other-agreement" in _cases(begun, "record", "wrong.yaml").err
    ran = _cases(begun, "ack", LATE, "--by", "pm", "--agreement", "other.yaml")
    assert (ran.code, ran.out) == (4, "")
    assert "store-other-agreement" in ran.err


def test_a_store_has_to_be_named(begun: Run) -> None:
    """Without `--store`, the usage error names it; a store that does not exist is no empty one."""
    assert "--store" in begun("cases", "list").err
    ran = begun("cases", "list", "--store", "nowhere.db")
    assert (ran.code, ran.out) == (2, "")
    assert not Path("nowhere.db").exists()


def test_ids_do_where_the_agreement_is_gone(begun: Run) -> None:
    """Listing does not need the agreement; an answer says which file it misses."""
    Path("agreement.yaml").unlink()
    assert "phase-late" in _cases(begun, "list").out
    ran = _cases(begun, "ack", LATE, "--by", "pm")
    assert ran.code == 2
    assert "agreement.yaml" in ran.err


def test_check_shows_since_when(begun: Run) -> None:
    """`coopgov check --store` shows the first day and the state of each warning's case, in every form."""
    arguments = (
        "check",
        "agreement.yaml",
        "--rules",
        "ladder.yaml",
        "--store",
        "c.db",
        "--as-of",
        "2026-11-09",
    )
    assert "since 2026-10-19 (firing)" in begun(*arguments, "--about", "phase/core").out
    assert "firing since 2026-10-19" in begun(*arguments, "--verbose").out
    (row,) = json.loads(begun(*arguments, "--format", "json").out)
    assert row["cases"][LATE]["since"] == "2026-10-19"
    assert begun(*arguments[:2], *arguments).code == 2


@pytest.mark.usefixtures("begun")
def test_events_of_python_are_those_of_files() -> None:
    """`coopgov.load_events` gives what `catch_up` takes."""
    events = coopgov.load_events("events.yaml").events
    agreement, rules = coopgov.load_agreement("agreement.yaml"), coopgov.load_rules("ladder.yaml")
    first = coopgov.Cases.begin("harbour-data", events[0].on)
    step = coopgov.catch_up(first, agreement, rules, to=events[0].on, events=events)
    assert step.cases.find(LATE).state == "treating"


@pytest.mark.usefixtures("begun")
def test_case_tests_are_run_by_the_command(run: Run) -> None:
    """`coopgov rules test` finds them beside rules and in folders, and prints expected above actual."""
    text = f"""\
coopgov: case-tests/1
agreement: agreement.yaml
rules: ladder.yaml
tests:
  - name: nobody answers
    from: 2026-11-01
    to: 2026-11-12
    expect:
      notices: [{{on: 2026-11-11, to: steering, by: 2026-11-17, case: {LATE}, kind: escalated}}]
"""
    path = Path("ladder.cases.yaml")
    path.write_text(text, encoding="utf-8")
    ran = run("rules", "test", "ladder.yaml")
    assert (ran.code, ran.out) == (0, "1 test in 1 file: 1 passed, 0 failed\n")
    path.write_text(text.replace("on: 2026-11-11", "on: 2026-11-12"), encoding="utf-8")
    ran = run("rules", "test", ".", "--lang", "zh-Hans")
    assert ran.code == 1
    assert ran.out.splitlines()[:2] == ["ladder.cases.yaml:5:11: nobody answers", f"  {LATE}"]
