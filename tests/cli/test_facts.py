"""`coopgov facts`: the catalogue for people, programs and the reference page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from coopgov.facts import default_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Ran

    Run = Callable[..., Ran]


def test_every_fact_is_listed_in_every_form(run: Run) -> None:
    """Text, JSON and Markdown name the same facts, each with a type and a meaning."""
    rows = json.loads(run("facts", "--format", "json").out)
    catalogue = default_catalogue()
    named = {(about, fact.name) for about in catalogue.subjects() for fact in catalogue.about(about)}
    assert {(row["about"], row["name"]) for row in rows} == named
    assert all(row["type"] and row["means"] for row in rows)
    text, markdown = run("facts").out, run("facts", "--format", "markdown").out
    for row in rows:
        assert f"  {row['name']} ({row['type']}): {row['means']}" in text
        assert f"| `{row['name']}` | {row['type']} |" in markdown


def test_a_derived_fact_shows_its_formula(run: Run) -> None:
    """A formula is below the fact in text, and under `is` in JSON, where base facts have none."""
    rows = {row["name"]: row for row in json.loads(run("facts", "--about", "phase", "--format", "json").out)}
    assert rows["planned_end"]["is"] is None
    assert f"\n      = {rows['delay']['is']}\n" in run("facts", "--about", "phase").out


def test_about_limits_the_list(run: Run) -> None:
    """Only one type of subject; an unknown one is bad usage, with the nearest name."""
    out = run("facts", "--about", "kpi").out
    assert out.startswith("kpi: ")
    assert "\nphase: " not in out
    ran = run("facts", "--about", "kpy")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'there is no type of subject "kpy"; did you mean "kpi"?\n'


def test_rule_files_add_their_facts(run: Run, pier: Path) -> None:
    """Facts and types of subject that a rule file declares are listed with the others."""
    text = (
        "coopgov: rules/1\npack: more\nversion: 1\nsubjects: {supplier: {open_claims: count}}\n"
        'facts: [{name: energy, about: task, type: kWh, means: "Energy used."}]\n'
    )
    (pier / "more.yaml").write_text(text, encoding="utf-8")
    rows = json.loads(run("facts", "--rules", "more.yaml", "--format", "json").out)
    assert {("supplier", "open_claims"), ("task", "energy")} <= {(row["about"], row["name"]) for row in rows}
    assert run("facts", "--rules", "more.yaml", "--about", "supplier").code == 0


@pytest.mark.usefixtures("pier")
def test_an_agreement_given_as_rules_is_reported(run: Run) -> None:
    """The fault says which format was found and which was expected."""
    ran = run("facts", "--rules", "pier.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert 'wrong-version: found "agreement/1", expected "rules/1"' in ran.err


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh-Hans", "  planned_end 计划结束日（日期）：计划的最后一天，以当前基线为准。"),
        ("zh-Hant", "  budget 預算（金額，選填）：最新一次可見的預算，以目前基線為準。"),
    ],
)
def test_names_types_and_meanings_are_in_the_language(run: Run, language: str, line: str) -> None:
    """Beside the names that rules use, there are those of the language; formulas stay as they are."""
    out = run("facts", "--about", "phase", "--lang", language).out
    assert line in out.splitlines()
    assert "\n      = (spent - budget) / budget\n" in out
    rows = json.loads(run("facts", "--about", "phase", "--format", "json", "--lang", language).out)
    assert all(row["display_name"] and row["name"].isascii() for row in rows)
    assert "fact" not in run("facts", "--about", "phase", "--format", "markdown", "--lang", language).out


def test_a_row_in_json_has_the_display_name(run: Run) -> None:
    """In English without a language; the other fields are as they were."""
    rows = json.loads(run("facts", "--about", "kpi", "--format", "json").out)
    assert list(rows[0]) == ["about", "name", "display_name", "type", "optional", "is", "means"]
    assert {row["name"]: row["display_name"] for row in rows}["off_target"] == "distance from the target"
