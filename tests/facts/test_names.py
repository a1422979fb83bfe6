"""Every fact of the catalogue has a display name and a meaning in every language."""

from __future__ import annotations

import pytest

from coopgov.facts import Fact, SubjectType, default_catalogue
from coopgov.languages import LANGUAGES
from translated import OTHERS, english_of

CATALOGUE = default_catalogue()


@pytest.mark.parametrize("about", [*CATALOGUE.subjects()])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_has_a_name_and_a_meaning(about: str, language: str) -> None:
    """A meaning is a sentence; two facts about one type of subject have different names."""
    facts = [*CATALOGUE.about(about)]
    kind = CATALOGUE.subject_types[about]
    end = "." if language == "en" else "。"
    assert kind.name_in(language)
    assert all(
        each.endswith(end) for each in (kind.means_in(language), *(fact.means_in(language) for fact in facts))
    )
    names = [fact.name_in(language) for fact in facts]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", OTHERS)
def test_names_and_meanings_are_not_english_elsewhere(language: str) -> None:
    """Latin letters are only in code, and in the example of the name of a baseline."""
    for about in CATALOGUE.subjects():
        kind = CATALOGUE.subject_types[about]
        said = [f"{kind.name_in(language)} {kind.means_in(language)}"]
        said += [
            f"{fact.name_in(language)} {fact.means_in(language)}".replace(fact.of or "\n", "")
            for fact in CATALOGUE.about(about)
        ]
        assert not [each for each in said if english_of(each)]


def test_every_type_is_named_in_every_language() -> None:
    """The type of each fact, and that of a formula."""
    for about in CATALOGUE.subjects():
        for fact in CATALOGUE.about(about):
            kind = CATALOGUE.type_of(about, fact.name)
            assert kind is not None
            assert str(kind) == kind.words.in_language("en")
            assert kind.words.in_language("zh-Hans") != str(kind)


def test_a_declared_fact_has_the_meaning_that_its_file_gives() -> None:
    """In its own language; without one, it says where the fact comes from."""
    assert Fact("energy", "task", "Energy used.").means_in("zh-Hans") == "Energy used."
    assert Fact("energy", "task", "").means_in("en") == "Declared in a rule file."
    assert Fact("energy", "task", "").means_in("zh-Hans") == "在规则文件中声明。"
    assert Fact("energy", "task", "").name_in("zh-Hans") == "energy"
    assert SubjectType("supplier").name_in("zh-Hans") == "supplier"
    assert SubjectType("supplier").means_in("zh-Hant") == "在規則檔中宣告。"
