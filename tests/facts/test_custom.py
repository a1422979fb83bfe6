"""Custom values become facts of the type that a rule file declares."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coopgov.errors import AgreementError
from coopgov.facts import derive
from coopgov.model import build_agreement, parse_agreement
from coopgov.rules import parse_rules

AGREEMENT = """\
coopgov: agreement/1
id: a
title: A
currency: CNY
rates: [{{currency: USD, on: 2026-01-01, rate: 7}}]
term: {{start: 2026-01-01, end: 2026-12-31}}
parties: [{{id: p}}]
phases:
  - id: x
    planned: {{start: 2026-01-01, end: 2026-12-31}}
    custom: {{v: {value}}}
"""
RULES = (
    "coopgov: rules/1\npack: t\nversion: 1.0.0\nfacts: [{{name: v, about: phase, type: {type}, means: V}}]\n"
)
NOW = date(2026, 6, 30)


def read(type_name: str, value: str) -> Any:
    """A custom value of a phase, read as a type."""
    catalogue = parse_rules(RULES.format(type=type_name)).catalogue
    return derive(parse_agreement(AGREEMENT.format(value=value), "a.yaml"), NOW, catalogue).value(
        "phase/x", "v"
    )


@pytest.mark.parametrize(
    ("type_name", "written", "value"),
    [
        ("number", "3", 3),
        ("number", "-0.5", -0.5),
        ("count", "3", 3),
        ('"%"', "12.5", 12.5),
        ('"%"', "12.5 %", 12.5),
        ('"%"', "12.5%", 12.5),
        ("days", "4", 4),
        ("days", "2 weeks", 14),
        ("hours", "3 hours", 3),
        ("kWh", "7", 7),
        ("kWh", "7 kWh", 7),
        ("money", "12.34", 1234),
        ("money", "2 USD", 1400),
        ("date", "2026-02-03", date(2026, 2, 3)),
        ("truth", "true", True),
        ("truth", "false", False),
        ("text", "007", "007"),
        ("text", "no", "no"),
    ],
)
def test_values_take_the_declared_type(type_name: str, written: str, value: Any) -> None:
    """A plain scalar is typed by the declaration, never by YAML."""
    found = read(type_name, written)
    assert found == value
    assert type(found) in (type(value), int)


@pytest.mark.parametrize(
    ("type_name", "written", "code"),
    [
        ("number", "many", "not-a-number"),
        ("number", "010", "not-a-number"),
        ("days", "3 kWh", "unit-mismatch"),
        ("kWh", "3 days", "unit-mismatch"),
        ("money", "cheap", "not-an-amount"),
        ("money", "1.001", "too-fine-money"),
        ("money", "1 EUR", "missing-rate"),
        ("date", "2026-02-30", "not-a-date"),
        ("truth", "yes", "not-a-truth-value"),
    ],
)
def test_values_of_another_type_are_faults_at_their_place(type_name: str, written: str, code: str) -> None:
    """The fault names the value's line and column."""
    with pytest.raises(AgreementError) as caught:
        read(type_name, written)
    (fault,) = caught.value.faults
    assert (fault.code, str(fault.place)) == (code, "a.yaml:11:17")


def test_all_faults_come_at_once() -> None:
    """Every custom value that does not fit is reported, also that of a Python object."""
    planned = {"start": "2026-01-01", "end": "2026-12-31"}
    phases = [{"id": name, "planned": planned, "custom": {"v": "x"}} for name in "xy"]
    head = {"coopgov": "agreement/1", "id": "a", "title": "A", "currency": "CNY", "term": planned}
    agreement = build_agreement({**head, "parties": [{"id": "p"}], "phases": phases})
    with pytest.raises(AgreementError) as caught:
        derive(agreement, NOW, parse_rules(RULES.format(type="number")).catalogue)
    assert [fault.place.file for fault in caught.value.faults] == ["phases[0].custom.v", "phases[1].custom.v"]


def test_what_no_rule_file_declares_is_left_alone() -> None:
    """Custom values without a declaration are data of the host's own."""
    agreement = parse_agreement(AGREEMENT.format(value="whatever"))
    assert "v" not in derive(agreement, NOW).subject("phase/x").record


def test_an_absent_value_is_absent() -> None:
    """A declared value that a subject does not carry has no value."""
    catalogue = parse_rules(RULES.format(type="number")).catalogue
    agreement = parse_agreement(AGREEMENT.format(value="1").replace("{v: 1}", "{w: 1}"))
    assert derive(agreement, NOW, catalogue).value("phase/x", "v") is None
