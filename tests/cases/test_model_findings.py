"""What loads but is probably a mistake is a finding of the agreement, not a fault."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coopgov import build_agreement, dump_agreement, load_agreement, parse_agreement
from coopgov.cli import main
from small import least

if TYPE_CHECKING:
    from coopgov import Agreement

HERE = Path(__file__).parent
BASE = least("a", "b")
COMPLETE: dict[str, Any] = {"budget": 1, "buffer": "1 day"}
"""What a phase needs to have no finding for being incomplete."""
TERM = "a day within the term, 2026-01-05 to 2027-06-30, or at most a year outside of it"


def agreed(**fields: Any) -> Agreement:
    """An agreement with these fields."""
    return build_agreement({**BASE, **deepcopy(fields)})


def test_probable_mistakes_are_findings_of_the_agreement() -> None:
    """A buffer longer than its window and a milestone years after the term load, and are findings with their places."""
    agreement = load_agreement(HERE / "10-off-scale" / "far.yaml", "far.yaml")
    window = "2026-02-02 to 2026-02-20"
    assert [str(finding).split("\n")[0] for finding in agreement.findings] == [
        f'warning: far.yaml:7:73: buffer-too-long: found "60 days", expected at most the window of the phase, {window}',
        f'warning: far.yaml:7:108: outside-the-term: found "2031-01-01", expected {TERM}',
    ]


@pytest.mark.parametrize(
    ("fields", "place", "near"),
    [
        ({"team": {"members": [{"id": "m", "role": "项目经里"}]}}, "team.members[0].role", "项目经理"),
        ({"team": {"key_roles": ["project-manger"]}}, "team.key_roles[0]", "project-manager"),
        ({"kpis": [{"id": "k", "category": "satisfacton"}]}, "kpis[0].category", "satisfaction"),
        ({"kpis": [{"id": "k", "unit": "working dys"}]}, "kpis[0].unit", "working days"),
        ({"risks": [{"id": "r", "title": "T", "category": "资源冲图"}]}, "risks[0].category", "资源冲突"),
        (
            {"risks": [{"id": "r", "title": "T", "causes": ["x", "tecnical"]}]},
            "risks[0].causes[1]",
            "technical",
        ),
        (
            {"plans": [{"id": "p", "title": "T", "answers": ["overspent"]}]},
            "plans[0].answers[0]",
            "overspend",
        ),
        ({"kpis": [{"id": "k", "category": "满意渡"}]}, "kpis[0].category", "满意度"),
        ({"kpis": [{"id": "k", "unit": "工作曰"}]}, "kpis[0].unit", "工作日"),
    ],
)
def test_a_word_that_is_nearly_a_standard_one_is_a_finding(
    fields: dict[str, Any], place: str, near: str
) -> None:
    """No rule for the standard word sees it."""
    (finding,) = (each for each in agreed(**fields).findings if each.fault.code == "nearly-standard")
    assert finding.fault.place.file == place
    assert finding.fault.hint == f'did you mean "{near}"?'


@pytest.mark.parametrize(
    "word",
    ["internal", "内部因素", "survey", "equality", "回收率", "节能", "项目经理", "Satisfaction", "cost"],
)
def test_a_word_of_its_authors_own_is_no_finding(word: str) -> None:
    """Neither a synonym, nor a word with another first letter, nor one that is far from all."""
    codes = {each.fault.code for each in agreed(kpis=[{"id": "k", "category": word}]).findings}
    assert "nearly-standard" not in codes


def test_findings_are_no_part_of_what_is_compared_or_written() -> None:
    """An agreement with findings is equal to the one that its dump loads to, which has the same findings."""
    agreement = load_agreement(HERE / "10-off-scale" / "far.yaml")
    again = parse_agreement(dump_agreement(agreement))
    assert again == agreement
    assert "findings" not in dump_agreement(agreement)
    assert [each.fault.code for each in again.findings] == [each.fault.code for each in agreement.findings]


def places(agreement: Agreement) -> list[tuple[str, str]]:
    """Where findings of Python objects are, and their codes."""
    return [(each.fault.place.file, each.fault.code) for each in agreement.findings]


@pytest.mark.parametrize(
    ("day", "far"),
    [
        ("2028-06-30", False),
        ("2028-07-01", True),
        ("2025-01-05", False),
        ("2025-01-04", True),
        ("9999-12-31", True),
        ("0001-01-01", True),
    ],
)
def test_more_than_a_year_outside_of_the_term_is_far(day: str, *, far: bool) -> None:
    """Milestones, deliverables, tasks and phases have it; one end of a window is enough, and is reported once."""
    window = {"start": day, "end": day}
    phase = {
        **COMPLETE,
        "id": "p",
        "planned": {"start": "2025-06-01", "end": "2027-12-31"},
        "milestones": [{"id": "m", "due": day}],
        "deliverables": [{"id": "d", "due": day}],
        "tasks": [{"id": "t", "planned": window}],
    }
    expected = [
        "phases[0].deliverables[0].due",
        "phases[0].milestones[0].due",
        "phases[0].tasks[0].planned.start",
    ]
    ended = {"end": "2026-02-20"}
    phases = [phase, {"id": "q", "planned": window, "actual": ended, "budget": 1}]
    found = [*expected, "phases[1].planned.start"] if far else []
    assert places(agreed(phases=phases)) == [(where, "outside-the-term") for where in found]


@pytest.mark.parametrize(
    ("buffer", "long"),
    [
        ("18 days", False),
        ("19 days", True),
        ("14 working days", False),
        ("15 working days", True),
        ("999999 days", True),
        ("999999 working days", True),
        (None, False),
    ],
)
def test_a_buffer_may_be_as_long_as_its_window(buffer: str | None, *, long: bool) -> None:
    """In days or in working days; also where it would begin before there were years."""
    window = {"start": "2026-02-02", "end": "2026-02-20"}
    phase = {"id": "p", "planned": window, "buffer": buffer, "budget": 1, "actual": {"end": "2026-02-20"}}
    assert places(agreed(phases=[phase])) == [("phases[0].buffer", "buffer-too-long")] * long


@pytest.mark.parametrize(
    ("on", "by", "found"),
    [
        ("2026-03-01", "2026-02-28", "target.by"),
        ("2026-03-01", "2026-03-01", ""),
        (None, "2026-01-04", "target.by"),
        ("2027-07-01", None, "baseline.on"),
        (None, None, ""),
    ],
)
def test_a_target_day_before_the_baseline_is_probably_a_mistake(
    on: str | None, by: str | None, found: str
) -> None:
    """Days that are not written are those of the term."""
    kpi = {
        "id": "k",
        "every": "1 month",
        "baseline": {"value": 1, "on": on},
        "target": {"value": 2, "by": by},
    }
    expected = [(f"kpis[0].{found}", "target-before-baseline")] if found else []
    assert places(agreed(kpis=[kpi])) == expected


@pytest.mark.parametrize(
    ("language", "word", "said"),
    [
        ("en", "probably a mistake: ", "buffer-too-long ({0}:7:73), outside-the-term ({0}:7:108)"),
        ("zh-Hans", "存疑之处：", "buffer-too-long（{0}:7:73）、outside-the-term（{0}:7:108）"),
        ("zh-Hant", "存疑之處：", "buffer-too-long（{0}:7:73）、outside-the-term（{0}:7:108）"),
    ],
)
def test_the_command_line_shows_where_findings_are(
    capsys: pytest.CaptureFixture[str], language: str, word: str, said: str
) -> None:
    """By code and place, after everything else; they change neither the status nor the exit code."""
    path = HERE / "10-off-scale" / "far.yaml"
    asked = ["check", str(path), "--as-of", "2026-03-01", "--fail-on", "never", "--lang", language]
    assert main([*asked, "--verbose"]) == 0
    last = capsys.readouterr().out.rstrip().rpartition("\n\n")[2]
    assert " ".join(last.split()) == word + said.format(path)
    assert main(asked) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert "2" in last
    assert last.endswith("coopgov agreement check")


@pytest.mark.parametrize(("owner", "hint"), [("李伟", "write `m`"), ("项目经里", 'did you mean "项目经理"?')])
def test_a_vacant_owner_has_the_hint_of_an_unknown_one(owner: str, hint: str) -> None:
    """The id of who is displayed with the name, or the role that is nearly the same."""
    team = {"members": [{"id": "m", "name": "李伟"}]}
    found = agreed(
        team=team, plans=[{"id": "p", "title": "T", "owner": owner, "answers": ["delay"]}]
    ).findings
    assert [each.fault.hint for each in found if each.fault.code == "vacant-owner"] == [hint]
