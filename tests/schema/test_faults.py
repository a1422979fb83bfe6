"""The faults of an agreement as people read them."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, ValidationError

from coopgov.errors import AgreementError
from coopgov.model import load_agreement, parse_agreement
from coopgov.schema import faults_of
from coopgov.source import read_document

HEAD = (
    "coopgov: agreement/1\nid: a\ntitle: A\ncurrency: CNY\nterm: {start: 2026-01-05, end: "
    "2026-12-31}\nparties: [{id: 港务局}]\n"
)


def shown(text: str) -> str:
    """The faults of a text, as printed."""
    with pytest.raises(AgreementError) as caught:
        parse_agreement(text, "a.yaml")
    return str(caught.value)


GOLDEN = """
a.yaml:7:1: unknown-key: found the key "phasen", expected a known key; did you mean "phases"?
    phasen: []
    ^^^^^^

a.yaml:7:18: unknown-key: found the key "名称", expected a known key; did you mean "name"?
    kpis: [{id: 满意度, 名称: 客户满意度}]
                        ^^^^

a.yaml:7:34: not-a-number: found "九十二", expected a number such as 12 or -0.5
    kpis: [{id: 满意度, target: {value: 九十二}}]
                                        ^^^^^^

a.yaml:7:24: missing-key: found nothing, expected the key "value" with a value
    kpis: [{id: k, target: {by: 2026-12-31}}]
                           ^

a.yaml:7:27: wrong-choice: found "Dwn", expected one of "up", "down"; did you mean "down"?
    kpis: [{id: k, direction: Dwn}]
                              ^^^

a.yaml:7:7: wrong-type: found a mapping, expected a list
    kpis: {id: k}
          ^

a.yaml:7:7: wrong-type: found "joint", expected a mapping of keys and values
    team: joint
          ^^^^^

a.yaml:7:35: not-a-date: found "2026-5-2", expected a date of the calendar as YYYY-MM-DD; write 2026-05-02
    calendar: {holidays: [2026-05-01, 2026-5-2]}
                                      ^^^^^^^^

a.yaml:7:10: not-a-language: found the key "chinese", expected a language such as en or zh-Hans; did you mean "zh-Hans"?
    vision: {chinese: 愿景}
             ^^^^^^^

a.yaml:7:34: unknown-party: found "港务居", expected a party of the agreement; did you mean "港务局"?
    team: {members: [{id: 李娜, party: 港务居}]}
                                       ^^^^^^

a.yaml:7:44: unknown-party: found "港务", expected a party of the agreement; did you mean "港务局"?
    goals: [{id: g, statement: 目标, agreed_by: {"港务": 2026-01-05}}]
                                                 ^^^^^^

a.yaml:7:52: wrong-order: found "2026-01-31", expected a day not before the start, 2026-02-01
    phases: [{id: x, planned: {start: 2026-02-01, end: 2026-01-31}}]
                                                       ^^^^^^^^^^

a.yaml:7:73: too-fine-money: found "10.005", expected at most 2 decimals, as CNY has
    phases: [{id: x, planned: {start: 2026-02-01, end: 2026-03-31}, budget: 10.005}]
                                                                            ^^^^^^

a.yaml:7:73: missing-rate: found "10 USD", expected a rate of USD on or before 2026-01-05; add to rates: {currency: USD, on: 2026-01-05, rate: …}
    phases: [{id: x, planned: {start: 2026-02-01, end: 2026-03-31}, budget: 10 USD}]
                                                                            ^^^^^^

a.yaml:7:18: wrong-type: found a mapping, expected a text, a number, a date or a truth value
    custom: {energy: {value: 5}}
                     ^
"""  # noqa: E501  # a file as people write it


@pytest.mark.parametrize("fault", GOLDEN.strip().split("\n\n"))
def test_a_fault_says_where_what_and_what_instead(fault: str) -> None:
    """Place, code, what was found, what was expected, a hint, the line and a caret under the value."""
    line = fault.splitlines()[1].strip()
    assert shown(HEAD + line) == fault


def test_all_broken_fields_are_reported_in_file_order() -> None:
    """One run shows everything there is to repair."""
    text = shown(
        "coopgov: agreement/1\nid: a b\ntitle: ''\ncurrency: RMB\nterm: {start: 2026-13-01}\nparties: []\nkpi: 1\n"
    )
    assert [line.split(": ")[:2] for line in text.splitlines() if line.startswith("a.yaml")] == [
        ["a.yaml:2:5", "not-an-identifier"],
        ["a.yaml:3:8", "empty-text"],
        ["a.yaml:4:11", "unknown-currency"],
        ["a.yaml:5:7", "missing-key"],
        ["a.yaml:5:15", "not-a-date"],
        ["a.yaml:7:1", "unknown-key"],
    ]


def test_a_key_without_a_value_is_pointed_at() -> None:
    """A required key that says nothing is the place of the fault."""
    assert shown(HEAD + "kpis:\n  - id:\n    unit: 件\n") == (
        'a.yaml:8:5: missing-key: found nothing, expected the key "id" with a value\n      - id:\n        ^^'
    )


@pytest.mark.parametrize("text", ["coopgov: rules/1\nrules: []\n", "coopgov: rules/1\nid: 5\ncurrency: x\n"])
def test_a_file_of_another_format_gets_one_fault(text: str) -> None:
    """What a rule file lacks as an agreement is not listed."""
    assert shown(text) == (
        'a.yaml:1:10: wrong-version: found "rules/1", expected "agreement/1"\n    coopgov: '
        "rules/1\n             ^^^^^^^"
    )


def test_a_file_that_cannot_be_read_is_an_agreement_error() -> None:
    """Faults of the reader and of the model come by one way."""
    with pytest.raises(AgreementError, match=r"missing\.yaml:1:1: unreadable-file"):
        load_agreement("missing.yaml")
    with pytest.raises(AgreementError, match="split-text"):
        parse_agreement("title: {en: Late, by 5 days}")
    with pytest.raises(AgreementError, match="wrong-type: found a list, expected a mapping"):
        parse_agreement("[]")


class _Band(BaseModel):
    name: str
    level: Literal["low", "high"] | None = None


class _Ladder(BaseModel, extra="forbid"):
    bands: dict[str, _Band]
    first: _Band | None = None


def test_any_model_has_its_errors_placed() -> None:
    """Faults of plain pydantic models, as of rule files, have the same wording."""
    text = "bands:\n  甲: {name: x, level: hgih}\n  b: 5\nfirst: {}\nfirts: 1\n"
    document = read_document(text, "r.yaml")
    data = {"bands": {"甲": {"name": "x", "level": "hgih"}, "b": "5"}, "first": {}, "firts": "1"}
    with pytest.raises(ValidationError) as caught:
        _Ladder.model_validate(data)
    assert "\n".join(map(str, faults_of(document, caught.value, _Ladder))) == (
        'r.yaml:2:23: wrong-choice: found "hgih", expected one of "low", "high"; did you mean "high"?\n'
        "      甲: {name: x, level: hgih}\n"
        "                           ^^^^\n"
        'r.yaml:3:6: wrong-type: found "5", expected a mapping of keys and values\n'
        "      b: 5\n"
        "         ^\n"
        'r.yaml:4:8: missing-key: found nothing, expected the key "name" with a value\n'
        "    first: {}\n"
        "           ^\n"
        'r.yaml:5:1: unknown-key: found the key "firts", expected a known key; known keys: bands, first\n'
        "    firts: 1\n"
        "    ^^^^^"
    )
    assert str(faults_of(None, caught.value, _Ladder)[0]).startswith("bands.甲.level: wrong-choice: ")


def test_faults_behind_faults_are_reported_at_once() -> None:
    """A doubled key and a split text do not hide unknown keys and wrong values elsewhere in the file."""
    text = """\
coopgov: agreement/1
id: x
id: y
title: {en: Late, by 5 days}
currency: CNY
term: {start: 2026-01-01, end: 2026-12-31}
foo: 1
parties: [{id: p}]
phases:
  - {id: a, planned: {start: 2026-99-01, end: 2026-12-01}, budget: -3}
"""
    with pytest.raises(AgreementError) as caught:
        parse_agreement(text)
    codes = [fault.code for fault in caught.value.faults]
    assert codes == ["duplicate-key", "split-text", "unknown-key", "not-a-date", "negative-amount"]
