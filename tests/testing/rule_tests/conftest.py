"""A rule file, and a fixture that runs tests against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from coopgov.testing import load_tests
from recorded import faults_in_every_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coopgov.testing import Suite

__all__ = ["faults_in_every_language"]

RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
extends: [cooperation-plan]
parameters: {answers_minor: 60 %}
subjects:
  supplier: {on_time_share: "%", open_claims: count, last_audit: date}
facts:
  - {name: energy, about: task, type: kWh}
rules:
  - id: few-answers
    about: kpi
    kind: quality
    where: category is "survey"
    title: {en: Few answers, zh-Hans: 回收率低}
    measure: value
    bands: {minor: below answers_minor, major: below 40 %}
    message: {en: "{kpi.name}: only {measure} answered.", zh-Hans: "{kpi.name}：回收率仅{measure}。"}
  - id: supplier-unreliable
    about: supplier
    kind: external
    measure: on_time_share
    bands: {minor: below 95 %, critical: below 85 %}
    message: "{measure} on time."
  - id: hungry-task
    about: task
    kind: overspend
    when: energy above 0.5 MWh and (phase.spent above phase.budget or status is "done")
    severity: notice
    message: "{task.name} needs {energy}."
  - id: busy
    about: phase
    kind: resource-conflict
    measure: count(tasks where status is "in progress")
    bands: {minor: at least 2, major: at least 3}
    message: "{measure} tasks."
  - id: much-trouble
    about: agreement
    kind: alignment
    measure: count(warnings where kind is "delay" and not waived)
    bands: {minor: at least 2}
    message: "{measure} delays."
  - id: spent-too-much
    about: phase
    kind: overspend
    measure: spent - budget
    bands: {minor: above 1000 money}
    message: "{phase.name}: {measure} over, {delay} late."
"""


@pytest.fixture
def suite(tmp_path: Path) -> Callable[..., Suite]:
    """Load tests beside that rule file."""

    def load(tests: str, head: str = "", rules: str = RULES) -> Suite:
        (tmp_path / "own.yaml").write_text(rules.replace("", ""), encoding="utf-8")
        (tmp_path / "own.tests.yaml").write_text(
            f"coopgov: rule-tests/1\n{head}tests:\n{tests}", encoding="utf-8"
        )
        return load_tests(tmp_path / "own.tests.yaml")

    return load
