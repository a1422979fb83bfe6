"""`coopgov backtest`: what is printed where, in which language, with which exit code."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import coopgov
from coopgov.cli.text import Terminal
from coopgov.cli.timeline import MARKS, Timeline
from coopgov.faults import display_width

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]

PILOT = Path(__file__).parents[2] / "examples/pilot"
PERIOD = ("--from", "2026-04-01", "--to", "2026-07-31")
OWN = ("--rules", "own.yaml", *PERIOD)
STRICT = """\
coopgov: rules/1
pack: strict
version: 2.0.0
extends: [own.yaml]
rules:
  - {id: late, override: true, bands: {minor: above 5 %}}
"""


@pytest.fixture
def strict(pier: Path) -> Path:
    """The folder with a second rule file that warns earlier."""
    (pier / "strict.yaml").write_text(STRICT, encoding="utf-8")
    return pier


@pytest.mark.usefixtures("pier")
def test_each_warning_is_reported_with_its_days(run: Run) -> None:
    """A headline, then each warning with its episodes; undetermined days are listed, too."""
    ran = run("backtest", "pier.yaml", *OWN)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(
        "pier · The pier · 2026-04-01 to 2026-07-31, 122 days · own 1.0.0\n2 warnings; "
    )
    assert (
        "MAJOR late@phase/piles  Late · Piles\n"
        "  2026-04-11 to 2026-07-31, 112 days, ongoing: notice from 2026-04-11, minor from "
        "2026-04-20, major from 2026-05-30\n"
    ) in ran.out
    assert ran.out.endswith(
        "UNDETERMINED loud@kpi/noise: 2026-04-01 to 2026-07-31, 122 days, ongoing: absent data (missing: value)\n"
    )


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-Hans", ("严重 late@phase/piles  延误 · 打桩\n  2026-04-11 至 2026-07-31，112 天，持续中：提示自 "
            "2026-04-11")),
        ("zh-Hant", ("嚴重 late@phase/piles  延误 · 打桩\n  2026-04-11 至 2026-07-31，112 天，持續中：提示自 "
            "2026-04-11")),
    ],
)  # fmt: skip
def test_text_is_in_the_language_asked_for(run: Run, language: str, line: str) -> None:
    """Headline, severities, periods."""
    assert line in run("backtest", "pier.yaml", *OWN, "--lang", language).out


@pytest.mark.usefixtures("pier")
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_the_timeline_fits_the_terminal(run: Run, language: str, columns: int) -> None:
    """No line is wider than the terminal, also with Chinese, and all lines of the timeline are equally wide."""
    out = run("backtest", "pier.yaml", *OWN, "--lang", language, "--color", "never", columns=columns).out
    assert [line for line in out.splitlines() if display_width(line) > columns] == []
    marks = re.escape("".join(MARKS.values()))
    drawn = [line for line in out.splitlines() if re.search(rf"[{marks}]{{8}}$", line)]
    assert len(drawn) == 3
    assert len({display_width(line) for line in drawn}) == 1


@pytest.mark.usefixtures("pier")
def test_colour_changes_nothing_else(run: Run) -> None:
    """Without its escapes, the coloured text is the plain one."""
    plain = run("backtest", "pier.yaml", *OWN, "--color", "never").out
    coloured = run("backtest", "pier.yaml", *OWN, "--color", "always").out
    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.usefixtures("strict")
def test_against_shows_only_what_differs(run: Run) -> None:
    """The warning that begins earlier, under both rule sets, and the count of what is the same."""
    ran = run("backtest", "pier.yaml", "--rules", "strict.yaml", "--against", "own.yaml", *PERIOD)
    assert (ran.code, ran.err) == (0, "")
    assert (
        "strict 2.0.0 against own 1.0.0\nalert days: 224 against 224, undetermined days: 122 against 122\n"
        in ran.out
    )
    assert (
        "CHANGED late@phase/piles  Late · Piles\n"
        "  new: 2026-04-11 to 2026-07-31, 112 days, ongoing: notice from 2026-04-11, minor from "
        "2026-04-15, major from 2026-05-30\n"
        "  old: 2026-04-11 to 2026-07-31, 112 days, ongoing: notice from 2026-04-11, minor from "
        "2026-04-20, major from 2026-05-30\n"
        "\nchanged 1, unchanged: 1\n"
    ) in ran.out


@pytest.mark.usefixtures("pier")
def test_against_itself_nothing_differs(run: Run) -> None:
    """No chart, no changes."""
    out = run("backtest", "pier.yaml", *OWN, "--against", "own.yaml").out
    assert out.endswith("undetermined days: 122 against 122\n\nunchanged: 2\n")


@pytest.mark.usefixtures("strict")
def test_several_agreements_end_with_a_table_of_rules(run: Run) -> None:
    """What each rule did to all of them, with the old rules in brackets; silent rules are named."""
    ran = run("backtest", "pier.yaml", "pier.yaml", *OWN)
    assert "\n\n2 agreements\n" in ran.out
    table = ran.out.partition("\n2 agreements\n")[2].splitlines()
    assert [re.split("  +", line) for line in table] == [
        ["rule", "warnings", "agreements", "alert days", "undetermined days"],
        ["late", "2", "2", "224", "0"],
        ["loud", "0", "0", "0", "244"],
        ["role-vacant", "2", "2", "224", "0"],
        ["without warnings: waiver-expired, waiver-without-rule"],
    ]
    both = run("backtest", "pier.yaml", "pier.yaml", *OWN, "--against", "strict.yaml").out
    assert ["late", "2 (2)", "2 (2)", "224 (224)", "0 (0)"] in [
        re.split("  +", line) for line in both.splitlines()
    ]


@pytest.mark.usefixtures("strict")
def test_json_is_what_the_library_answers(run: Run) -> None:
    """Histories, or comparisons, and the table."""
    shown = json.loads(run("backtest", "pier.yaml", *OWN, "--format", "json").out)
    agreement, rules = coopgov.load_agreement("pier.yaml"), coopgov.load_rules("own.yaml")
    history = coopgov.backtest(agreement, rules, first=date(2026, 4, 1), last=date(2026, 7, 31))
    assert shown["agreements"] == [history.to_dict()]
    assert [row["rule"] for row in shown["rules"]] == sorted(rule.id for rule in rules.rules)
    both = json.loads(run("backtest", "pier.yaml", *OWN, "--against", "strict.yaml", "--format", "json").out)
    assert both["agreements"][0]["new"] == history.to_dict()
    assert [change["sort"] for change in both["agreements"][0]["changes"]] == ["changed"]
    assert {row["rule"] for row in both["against"]} >= {"late", "loud"}


@pytest.mark.usefixtures("pier")
def test_the_period_is_the_term_up_to_today(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is read where no end is given, and the headline says so; a term that is over ends the period."""
    for now, shown in (
        (date(2026, 3, 1), "2026-01-01 to 2026-03-01 (today), 60 days"),
        (date(2028, 1, 1), "2026-01-01 to 2026-12-31, 365 days"),
        (date(2025, 1, 1), "2026-01-01 to 2026-01-01, 1 day ·"),
    ):
        monkeypatch.setattr("coopgov.cli.commands.backtest.current_day", lambda now=now: now)
        assert shown in run("backtest", "pier.yaml").out


@pytest.mark.usefixtures("pier")
def test_bad_input_ends_with_2(run: Run) -> None:
    """An unusable agreement does not stop the others; a period that runs backwards is reported for each."""
    ran = run("backtest", "nowhere.yaml", "pier.yaml", *OWN)
    assert ran.code == 2
    assert ran.err.startswith("nowhere.yaml:1:1: unreadable-file: ")
    assert ran.out.startswith("pier · ")
    ran = run("backtest", "pier.yaml", "--from", "2026-07-01", "--to", "2026-06-30")
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err
        == "pier.yaml: found 2026-07-01 to 2026-06-30, expected a last day that is not before the first\n"
    )
    assert run("backtest", "pier.yaml", "--rules", "nowhere").code == 2
    assert run("backtest", "pier.yaml", "--from", "1.4.2026").code == 2


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("more", [(), ("--against", "strict.yaml"), ("--lang", "zh-Hans")])
def test_svg_is_one_well_formed_picture(run: Run, more: tuple[str, ...]) -> None:
    """With a title and a description for those who cannot see it."""
    ran = run("backtest", "pier.yaml", "pier.yaml", *OWN, "--format", "svg", *more)
    root = ET.fromstring(ran.out)  # noqa: S314  # our own picture
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root[0].tag.endswith("title")
    assert root[1].tag.endswith("desc")


days = st.dates(date(2025, 1, 1), date(2030, 12, 31))


@given(first=days, last=days, width=st.integers(1, 200), day=days)
def test_each_day_has_its_column(first: date, last: date, width: int, day: date) -> None:
    """Columns run with the days, none is left out, and the axis is never wider than they are."""
    first, last = min(first, last), max(first, last)
    timeline = Timeline(first, last, width)
    assert 1 <= timeline.columns <= width
    assert (timeline.column(first), timeline.column(last)) == (0, timeline.columns - 1)
    assert len(timeline.axis()) <= timeline.columns
    terminal = Terminal("en", width, colour=False)
    assert timeline.line(terminal, (), ()) == MARKS["clear"] * timeline.columns
    if first < day <= last:
        assert 0 <= timeline.column(day) - timeline.column(date.fromordinal(day.toordinal() - 1)) <= 1
