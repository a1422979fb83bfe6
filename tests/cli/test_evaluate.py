"""`coopgov evaluate`: what is printed, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from command_line import Run

PILOT = Path(__file__).parents[2] / "examples/pilot/agreement.yaml"
EVALUATED = """
evaluation:
  efficiency: {kpis: [delivery-time], weight: 25 %}
  finance:
    weight: 30 %
    benefits: [{on: 2026-06-30, amount: 420000, kind: saving}, {on: 2026-06-30, amount: 180000, kind: revenue}]
    profit: {baseline: 2000000, target: 5 %, readings: [{on: 2026-12-31, value: 2120000}]}
    discount: 8 %
  satisfaction: {kpis: [satisfaction], weight: 25 %}
  team: {survey: team-survey, target: 90 %, weight: 20 %}
surveys:
  - {id: team-survey, name: {en: Team survey, zh-Hans: 团队调查}, readings: [{on: 2026-06-30, answers: 4, positive: 4}]}
"""
TEXT = """\
harbour-data · Harbour data cooperation · as of 2026-06-30
total: 32.5 to 62.5 of 100 — not rated

Cooperation efficiency (25 %): 50 of 100, poor
  Mean delivery time of like projects: 27 days (2026-06-28)

Financial return (30 %): undetermined
  missing: a reading of the profit

Customer satisfaction (25 %): 0 of 100, poor
  Customer satisfaction: 78 points (2026-06-25)

Team collaboration (20 %): 100 of 100, excellent
  Team survey: 100 % (2026-06-30) (fewer than 5 answers)
  Team survey: 4 answers (2026-06-30) (fewer than 5 answers)

KPIs against their baselines
  Mean delivery time of like projects: improved by 10 %, 50 % of the way to the target
  Customer satisfaction: worse by 8.2 %, -100 % of the way to the target

Money
  benefits: 600,000 CNY
  savings: 420,000 CNY
  revenue: 180,000 CNY
  costs: 1,710,000 CNY
  net present value: -1,110,000 CNY
  return on investment: -64.91 %
  internal rate of return: undetermined, flows do not change their sign
"""


@pytest.fixture
def evaluated(tmp_path: Path) -> str:
    """The pilot with an evaluation."""
    file = tmp_path / "agreement.yaml"
    file.write_text(PILOT.read_text(encoding="utf-8") + EVALUATED, encoding="utf-8")
    return str(file)


def test_the_total_the_dimensions_and_the_money_are_printed(run: Run, evaluated: str) -> None:
    """What is missing is named, and the total is then a range."""
    ran = run("evaluate", evaluated, "--as-of", "2026-06-30")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == TEXT


def test_the_text_is_in_the_language(run: Run, evaluated: str) -> None:
    """With the ratings of the plan: 优, 良, 中, 差."""
    ran = run("evaluate", evaluated, "--as-of", "2026-12-31", "--lang", "zh-Hans")
    assert "总分：87.5 分（满分 100），良\n" in ran.out
    assert "财务收益（30 %）：100 分，优\n  净利润增幅：6 %（2026-12-31）\n" in ran.out
    assert "  团队调查：4 份答卷（2026-06-30）（答卷少于 5 份）\n" in ran.out


def test_json_is_the_evaluation(run: Run, evaluated: str) -> None:
    """The total is a number, or a range with what is missing."""
    ran = run("evaluate", evaluated, "--as-of", "2026-06-30", "--format", "json")
    found = json.loads(ran.out)
    assert found["total"] == {"from": 32.5, "to": 62.5, "missing": ["finance"]}
    assert [each["rating"] for each in found["dimensions"]] == ["poor", None, "poor", "excellent"]


def test_an_agreement_without_an_evaluation_says_so(run: Run) -> None:
    """No dimension is invented."""
    ran = run("evaluate", str(PILOT), "--as-of", "2026-06-30")
    assert ran.code == 0
    assert "total: 0 to 100 of 100 — not rated\n\nCooperation efficiency: not evaluated\n" in ran.out
