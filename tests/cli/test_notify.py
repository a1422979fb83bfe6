"""`coopgov notify` and `coopgov calendar`: from one day, from a store, and without sending."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from coopgov import load_agreement, load_rules
from coopgov.cases.cases import Cases
from coopgov.cases.catch_up import catch_up
from coopgov.cases.store import open_store
from coopgov.cli.schemas import schema_of
from notify.known_secrets import FILE, clean, environment
from notify.servers import answer, service

if TYPE_CHECKING:
    from command_line import Run
    from notify.servers import Service

pytest.importorskip("httpx", reason="needs httpx: pip install coopgov[notify]")

PILOT = Path(__file__).parents[2] / "examples" / "pilot" / "agreement.yaml"
CHANNELS = """\
coopgov: channels/1
channels:
  - {id: group, kind: wecom, url: env:GROUP}
  - {id: bus, kind: webhook, url: env:BUS}
routes:
  - {severity: major, to: [group]}
  - {to: [bus]}
language: {group: zh-Hans}
"""
NOW = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)


@pytest.fixture
def channels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A channels file; the clock does not move."""
    path = tmp_path / "channels.yaml"
    path.write_text(CHANNELS, encoding="utf-8")
    _now(monkeypatch, NOW)
    return path


def _now(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("coopgov.cli.commands.notify.current_moment", lambda: moment)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with the cases of the pilot of some days."""
    agreement, rules = load_agreement(PILOT), load_rules()
    with open_store(tmp_path / "cases.db") as opened:
        opened.update(
            lambda _: catch_up(
                Cases.begin(agreement.id, date(2026, 11, 5)), agreement, rules, to=date(2026, 11, 9)
            )
        )
    return tmp_path / "cases.db"


def _serve(monkeypatch: pytest.MonkeyPatch, running: Service) -> None:
    monkeypatch.setenv("GROUP", running.address)
    monkeypatch.setenv("BUS", running.address)


def test_the_warnings_of_one_day(run: Run, channels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each warning is a notice, with since when and what to do; ids are the same in a second run."""
    with service(answer({"errcode": 0})) as running:
        _serve(monkeypatch, running)
        first = run("notify", PILOT, "--channels", channels, "--as-of", "2026-11-09")
        second = run("notify", PILOT, "--channels", channels, "--as-of", "2026-11-09")
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "group: delivered, 10 notices, part 1 of 2\ngroup: delivered, 10 notices, part 2 of 2\n"
        "bus: delivered, 26 notices\n"
    )
    assert second.out == first.out
    group, bus = running.seen[0].json, running.seen[-1].json
    assert group["markdown"]["content"].startswith("**港口数据合作：1 项危急、9 项严重 (1/2)**")
    late = next(
        each for each in bus["notices"] if (each["rule"], each["about"]) == ("phase-late", "phase/core")
    )
    assert late["text"].split("\n")[1] == "Since 2026-10-19."
    assert (late["to"], late["by"]) == ("joint-lead", "2026-11-11")


def test_notices_of_a_store_are_sent_once(
    run: Run, channels: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run has nothing to send."""
    with service(answer({"errcode": 0})) as running:
        _serve(monkeypatch, running)
        first = run("notify", PILOT, "--channels", channels, "--store", store)
        assert (first.code, first.err) == (0, "")
        second = run("notify", PILOT, "--channels", channels, "--store", store)
    assert (second.code, second.out) == (0, "nothing to send\n")
    said = "".join(each.body.decode() for each in running.seen)
    assert "coopgov cases ack" in said
    assert f"--store {store}" in said


def test_a_failure_is_on_stderr_and_exits_with_1(
    run: Run, channels: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With when it is tried again; the language of the user is used."""
    with service(answer({}, 500)) as running:
        _serve(monkeypatch, running)
        ran = run(
            "notify", PILOT, "--channels", channels, "--store", store, "--only", "bus", "--lang", "zh-Hans"
        )
    assert (ran.code, ran.out) == (1, "")
    assert "bus：未送达" in ran.err
    assert "状态 500：服务方故障" in ran.err
    _now(monkeypatch, NOW + timedelta(minutes=1))
    with service(answer({"errcode": 0})) as running:
        _serve(monkeypatch, running)
        assert run("notify", PILOT, "--channels", channels, "--store", store).code == 0


def test_a_dry_run_changes_nothing(
    run: Run, channels: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shows the texts and the addresses without what is secret, and what is not set."""
    monkeypatch.setenv("GROUP", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hidden")
    before = store.read_bytes()
    ran = run("notify", PILOT, "--channels", channels, "--store", store, "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert "group: wecom, env:GROUP (https://qyapi.weixin.qq.com/***)" in ran.out
    assert "not set: env:BUS" in ran.out
    assert "核心项目延误" in ran.out
    assert "hidden" not in ran.out
    assert store.read_bytes() == before
    found = json.loads(
        run("notify", PILOT, "--channels", channels, "--store", store, "--dry-run", "--format", "json").out
    )
    assert [each["channel"] for each in found] == ["group", "bus"]


def test_a_dry_run_shows_who_cannot_be_reached(
    run: Run, channels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An e-mail for a body none of whose members has an address; and parts of e-mails show no whole address."""
    monkeypatch.setenv("SMTP", "smtps://me:hidden@mail.example.org")
    channels.write_text(
        "coopgov: channels/1\nchannels:\n"
        "  - {id: board, kind: email, to: [steering, tech], from: c@example.org, server: env:SMTP}\n"
        "routes: [{severity: critical, to: [board]}, {to: []}]\n"
        "people: {joint-lead: {email: x@example.org}, pm: {email: lead@example.org}}\n",
        encoding="utf-8",
    )
    ran = run("notify", PILOT, "--channels", channels, "--as-of", "2026-11-09", "--dry-run")
    assert ran.out.splitlines()[:3] == [
        "board: email, env:SMTP (smtps://mail.example.org)",
        "  1 notice",
        "  nobody has an e-mail address in `people`: steering, tech",
    ]


def test_what_no_route_takes(run: Run, channels: Path, store: Path) -> None:
    """It is reported on stderr, and the exit code is 1, also where nothing else fails."""
    channels.write_text(
        CHANNELS.replace("  - {to: [bus]}\n", "").replace("severity: major", "severity: critical")
    )
    ran = run("notify", PILOT, "--channels", channels, "--as-of", "2026-11-09")
    assert ran.code == 1
    assert "not sent, because no route takes it: phase-late@phase/core" in ran.err
    ran = run("notify", PILOT, "--channels", channels, "--store", store)
    assert "not sent, because no route takes it: phase-late@phase/core" in ran.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "give either --store or --as-of"),
        (["--store", "x.db", "--as-of", "2026-11-09"], "give either --store or --as-of"),
        (["--as-of", "2026-11-09", "--only", "grup"], 'there is no channel "grup"; did you mean "group"?'),
        (["--store", "missing.db"], "missing.db"),
    ],
)
def test_usage(run: Run, channels: Path, arguments: list[str], expected: str) -> None:
    """Mistakes are reported before anything is sent."""
    ran = run("notify", PILOT, "--channels", channels, *arguments)
    assert ran.code in (2, 4)
    assert expected in ran.err


def test_names_that_the_agreement_does_not_have(run: Run, channels: Path) -> None:
    """They are reported with their places, and stop nothing: somebody may have left."""
    channels.write_text(
        f"{CHANNELS}people:\n  tehc: {{wecom: x}}\n  steering: {{wecom: y}}\n", encoding="utf-8"
    )
    ran = run("notify", PILOT, "--channels", channels, "--as-of", "2026-11-09", "--dry-run")
    assert ran.code == 0
    assert ran.err.startswith(
        f'{channels}:10:3: unknown-owner: found "tehc", expected a member, role, body or party of the agreement; '
        'did you mean "tech"?\n'
    )
    assert ran.err.count("unknown-owner") == 1


def test_undeliverable_messages_are_among_the_cases(
    run: Run, channels: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`cases list` shows what nobody has received."""
    with service(answer({"errcode": 93000})) as running:
        _serve(monkeypatch, running)
        ran = run("notify", PILOT, "--channels", channels, "--store", store, "--only", "group")
    assert "undeliverable" in ran.err
    listed = run("cases", "list", "--store", store)
    assert "group: undeliverable" in listed.out
    assert "code 93000" in listed.out


def test_undeliverable_messages_are_in_the_json_of_the_cases(
    run: Run, channels: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each case has what nobody has received of it, in the language of the reader; standard error says it, too."""
    with service(answer({"errcode": 93000})) as running:
        _serve(monkeypatch, running)
        run("notify", PILOT, "--channels", channels, "--store", store, "--only", "group")
    listed = run("cases", "list", "--store", store, "--format", "json", "--lang", "zh-Hans")
    cases = [case for case in json.loads(listed.out) if "undeliverable" in case]
    notices = json.loads(run("cases", "notices", "--store", store, "--format", "json").out)
    cases_of = {each["seq"]: each["case"] for each in notices}
    assert cases
    for case in cases:
        jsonschema.validate(case, schema_of("case"))
        (lost,) = case["undeliverable"]
        assert {cases_of[seq] for seq in lost["notices"]} == {case["id"]}
        assert lost["channel"] == "group"
        assert lost["why"].startswith("代码 93000")
    assert "group" in listed.err
    assert "代码 93000" in listed.err


def test_the_command_shows_no_secret(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither when it fails, nor in a dry run, in both formats."""
    monkeypatch.setattr("coopgov.notify.wire.SECONDS", 1.0)
    _now(monkeypatch, NOW)
    (tmp_path / "c.yaml").write_text(FILE, encoding="utf-8")
    with service(answer({"errcode": 93000}, 400)) as running:
        for name, value in environment(tmp_path, running.address, running.port).items():
            monkeypatch.setenv(name, value)
        command = ("notify", PILOT, "--channels", tmp_path / "c.yaml", "--as-of", "2026-11-09")
        for more in ((), ("--dry-run",), ("--format", "json"), ("--dry-run", "--format", "json")):
            ran = run(*command, *more)
            assert ran.code == int("--dry-run" not in more)
            assert clean(ran.out + ran.err)


def test_a_calendar_is_written(run: Run, tmp_path: Path, store: Path) -> None:
    """From the agreement and its warnings, or with the cases of a store; a second run gives the same bytes."""
    out = tmp_path / "pilot.ics"
    ran = run("calendar", PILOT, "--out", out, "--as-of", "2026-11-09")
    assert ran.code == 0
    assert ran.out.startswith(f"{out}: ")
    first = out.read_bytes()
    run("calendar", PILOT, "--out", out, "--as-of", "2026-11-09")
    assert out.read_bytes() == first
    run("calendar", PILOT, "--out", out, "--store", store, "--owner", "tech", "--lang", "zh-Hans")
    assert "SUMMARY:答复：阶段延误：核心项目" in out.read_text(encoding="utf-8").replace("\r\n ", "")
