"""Fixtures that run the command line in this process, and files that change only with these tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from command_line import Ran
from coopgov.cli import main, progress

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Run

AGREEMENT = """\
coopgov: agreement/1
id: pier
title: {en: The pier, zh-Hans: 码头合作, zh-Hant: 碼頭合作}
currency: CNY
term: {start: 2026-01-01, end: 2026-12-31}
parties: [{id: port}, {id: city}]
phases:
  - {id: piles, name: {en: Piles, zh-Hans: 打桩}, planned: {start: 2026-01-01, end: 2026-04-10}, actual: {start: 2026-01-01}}
  - {id: deck, planned: {start: 2026-05-01, end: 2026-12-01}}
kpis:
  - {id: noise, unit: dB}
"""  # noqa: E501  # a file as people write it
RULES = """\
coopgov: rules/1
pack: own
version: 1.0.0
actions:
  - {id: more-piles, answers: [delay, quality], title: {en: Order more piles, zh-Hans: 加购桩材}, owner: mason, within: 3 working days}
rules:
  - id: late
    about: phase
    kind: delay
    title: {en: Late, zh-Hans: 延误}
    where: started
    measure: delay / window
    bands: {notice: above 0 %, minor: above 10 %, major: above 50 %}
    message: {en: "{phase.name} is late by {measure}.", zh-Hans: "{phase.name}延误{measure}。"}
    escalate: {minor: port within 2 working days}
  - id: loud
    about: kpi
    kind: quality
    title: {en: Loud, zh-Hans: 噪声大}
    measure: value / 100 dB
    bands: {minor: above 80 %}
    message: {en: "{kpi.name} is loud: {measure}.", zh-Hans: "{kpi.name}噪声大：{measure}。"}
"""  # noqa: E501  # a file as people write it


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process; with `columns`, both streams seem to be a terminal of that width.

    The system's locale is `locale`, wherever the tests run.
    """

    def call(*arguments: str | Path, columns: int = 0, locale: str = "C") -> Ran:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.setenv("LC_ALL", locale)
            patch.setattr(progress, "_DELAY", 1e6)
            if columns:
                patch.setattr(sys.stdout, "isatty", lambda: True)
                patch.setattr(sys.stderr, "isatty", lambda: True)
                patch.setenv("COLUMNS", str(columns))
            try:
                code = main([str(each) for each in arguments])
            except SystemExit as exit_:
                code = int(exit_.code or 0)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call


@pytest.fixture
def pier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and the working directory, with an agreement (`pier.yaml`) and a rule file (`own.yaml`)."""
    (tmp_path / "pier.yaml").write_text(AGREEMENT, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
