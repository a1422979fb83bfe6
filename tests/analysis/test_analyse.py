"""The scope of an analysis, and its result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov.analysis import analyse as module
from coopgov.analysis import scope as scopes
from coopgov.analysis.result import Analysis
from coopgov.analysis.scope import NotDecided, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = """\
coopgov: rules/1
pack: base
version: 1.0.0
facts:
  - {name: days_left, about: phase, is: "max(0 days, planned_end - as_of)"}
rules:
  - id: late
    about: phase
    kind: delay
    measure: delay
    bands: {minor: above 5 days}
    message: "{phase.name} is late."
"""
OWN = """\
coopgov: rules/1
pack: own
version: 1.0.0
extends: [base.yaml]
rules:
  - {id: late, override: true, bands: {minor: above 8 days}}
"""


def _codes(analysis: Analysis) -> list[str]:
    return [each.fault.code for each in analysis.findings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a rule file that extends another one."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_findings_are_about_the_file_itself(folder: Path) -> None:
    """A finding in an extended file is reported when that file is checked; one in an override, at the override."""
    assert _codes(coopgov.analyse(coopgov.load_rules(folder / "own.yaml"))) == []
    assert _codes(coopgov.analyse(coopgov.load_rules(folder / "base.yaml"))) == [
        "unused-fact",
        "message-without-measure",
    ]
    text = OWN.replace("override: true", 'override: true, message: "{phase.name} is late"')
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    (found,) = coopgov.analyse(coopgov.load_rules(folder / "own.yaml")).findings
    assert (found.fault.code, found.rule) == ("message-without-measure", "late")
    assert found.fault.place.file == str(folder / "own.yaml")


def test_the_last_of_several_files_is_the_file_itself(folder: Path) -> None:
    """As if it extended those before it."""
    (folder / "own.yaml").write_text(OWN.replace("extends: [base.yaml]\n", ""), encoding="utf-8")
    rules = coopgov.load_rules(folder / "base.yaml", folder / "own.yaml")
    assert coopgov.analyse(rules).findings == ()
    rules = coopgov.load_rules("cooperation-plan", folder / "base.yaml")
    assert "unused-fact" in _codes(coopgov.analyse(rules))


def test_rules_without_files_have_no_findings() -> None:
    """A rule set that was put together in Python has no places to report."""
    assert coopgov.analyse(replace(coopgov.parse_rules(BASE), sources=())) == Analysis()


def test_levels_are_compared() -> None:
    """An analysis reaches the levels of its findings and milder ones."""
    analysis = coopgov.analyse(coopgov.parse_rules(BASE))
    assert analysis.at_least("note")
    assert analysis.at_least("warning")
    assert not analysis.at_least("error")
    assert not Analysis().at_least("note")


def _open(scope: Scope) -> Iterator[NotDecided]:
    yield from (NotDecided("kind-without-action", rule.id, "in 1 second") for rule in scope.own)


def test_what_is_not_decided_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not a finding; and a comment that ignores that code is not called unused."""
    monkeypatch.setattr(module, "FAMILIES", (_open,))
    text = BASE.replace(
        "kind: delay", "kind: delay  # coopgov: ignore kind-without-action: the plans answer it"
    )
    analysis = coopgov.analyse(coopgov.parse_rules(text))
    assert analysis == Analysis(undecided=(NotDecided("kind-without-action", "late", "in 1 second"),))
    assert str(analysis.undecided[0]) == "not decided: kind-without-action of late: in 1 second"
    assert analysis.to_dict() == {
        "findings": [],
        "ignored": [],
        "undecided": [{"code": "kind-without-action", "rule": "late", "why": "in 1 second"}],
    }


@pytest.mark.parametrize(
    ("installed", "asked", "used"),
    [
        (True, None, True),
        (True, False, False),
        (True, True, True),
        (False, None, False),
        (False, True, False),
    ],
)
def test_the_solver_is_used_where_it_is_there_and_wanted(
    monkeypatch: pytest.MonkeyPatch, *, installed: bool, asked: bool | None, used: bool
) -> None:
    """Nothing said means where it is installed; the time limit ends in the future."""
    seen: list[Scope] = []

    def look(scope: Scope) -> Iterator[NotDecided]:
        seen.append(scope)
        yield from ()

    monkeypatch.setattr(module, "FAMILIES", (look,))
    monkeypatch.setattr(scopes, "find_spec", lambda _: object() if installed else None)
    coopgov.analyse(coopgov.parse_rules(BASE), solver=asked, time_limit=60)
    (scope,) = seen
    assert scope.solver is used
    assert 0 < scope.deadline.remaining <= 60


def test_what_an_alias_repeats_is_reported_once() -> None:
    """Two rules that share a message by an alias of YAML have one finding, at the place of the text."""
    again = """\
  - id: very-late
    about: phase
    kind: delay
    measure: delay
    bands: {critical: above 50 days}
    message: *text
"""
    text = BASE.replace("message: ", "message: &text ") + again
    found = coopgov.analyse(coopgov.parse_rules(text)).findings
    assert [(each.fault.code, each.fault.place.line) for each in found] == [
        ("unused-fact", 5),
        ("message-without-measure", 12),
    ]
