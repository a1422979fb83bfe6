"""The texts of faults of rule files: each is used, and a fault is said in any language of the library."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

import coopgov
from coopgov.errors import RulesError
from coopgov.faults import Fault, Place
from coopgov.locales import Phrase, phrase, texts, verbatim
from coopgov.rules import parse_rules
from wording import untranslated

SECTIONS = {"rules": ("rules",), "formatting": ("formatting",)}
BAD = """coopgov: rules/1
pack: p
version: 1.0.0
subjects: {thing: {x: count, done: truth}}
tables:
  - {id: t, about: thing, kind: k, message: m, conditions: [x, done], rows: [[above 3 days, high, mayor], [-, -, minor]]}
rules:
  - {id: r, about: thing, kind: k, message: "{y}", measure: x, bands: {minor: above 5, major: above 3}}
"""  # noqa: E501  # a file as people write it
SAID = {
    "zh-Hans": [
        "6:99: wrong-choice: 实际为“mayor”，应为以下之一：“notice”、“minor”、“major”、“critical”；是否想写“major”？",
        "8:45: unknown-placeholder: 实际为 {y}，应为关于 thing 的事实，或 measure、threshold、severity、about 之一",
        "8:95: ladder-order: 实际为 major 的 `above 3`（即 3），应为大于 minor 档的值",
    ],
    "zh-Hant": [
        (
            "6:99: wrong-choice: 實際為「mayor」，應為以下之一：「notice」、「minor」、「major」、"
            "「critical」；是否想寫「major」？"
        ),
        "8:45: unknown-placeholder: 實際為 {y}，應為關於 thing 的事實，或 measure、threshold、severity、about 之一",
        "8:95: ladder-order: 實際為 major 的 `above 3`（即 3），應為大於 minor 級的值",
    ],
}


@pytest.mark.parametrize("language", SAID)
def test_faults_are_said_in_chinese(language: str) -> None:
    """Each with its place and code; what the author wrote stays as it is."""
    with pytest.raises(RulesError) as caught:
        parse_rules(BAD, "r.yaml")
    said = [fault.in_language(language).split("\n")[0] for fault in caught.value.faults]
    assert said == [f"r.yaml:{line}" for line in SAID[language]]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_text_of_faults_is_used(section: str) -> None:
    """A text that no module names would be translated for nobody."""
    package = Path(coopgov.__file__).parent
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in SECTIONS[section]
        for path in (package / folder).glob("*.py")
    )
    made = {"rules.ragged-row.when"}
    unused = [
        key
        for key in texts("en")
        if key.startswith(f"{section}.") and f'"{key}"' not in code and key.rpartition(".")[0] not in made
    ]
    assert not unused


def test_english_in_a_fault_is_noticed() -> None:
    """So that the check of all bad rule files in the tests would fail for it."""
    place = Place("r.yaml", 1, 1)
    whole = phrase("rules.unknown-rule.expected")
    assert not list(untranslated(Fault(place, "c", verbatim("`x`"), whole)))
    assert list(untranslated(Fault(place, "c", cast("Phrase", "a rule"), whole)))
    assert list(untranslated(Fault(place, "c", phrase("schema.quoted", text=str(whole)), whole)))
