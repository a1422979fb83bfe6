"""The words of the vocabulary: no word has two meanings, what is displayed is understood, and the list is printed."""

from __future__ import annotations

import pytest

from coopgov.assessment.figures import Form
from coopgov.language.units import BUILT_IN
from coopgov.languages import LANGUAGES
from coopgov.locales import texts
from coopgov.model import STANDARD_ROLES
from coopgov.severities import SEVERITIES
from coopgov.synonyms import (
    GROUPS,
    TABLES,
    canonical,
    choice,
    folded,
    in_both_scripts,
    meant,
    misspelt,
    spellings,
    synonyms,
)

WORDS = [
    (table, value, word)
    for table, values in TABLES.items()
    for value in values
    for language in LANGUAGES
    for word in (value, *synonyms(table, value, language))
]


@pytest.mark.parametrize("tables", [*GROUPS.values(), *((table,) for table in TABLES)], ids="+".join)
def test_no_word_has_two_meanings(tables: tuple[str, ...]) -> None:
    """Whatever its language, case and spaces, a word of a field or fact has one canonical value."""
    meanings: dict[str, str] = {}
    for table, value, word in WORDS:
        if table in tables:
            assert meanings.setdefault(folded(word), value) == value, word


def test_every_word_is_understood() -> None:
    """Among the fixed values of its table, in other cases, with other spaces, in full width."""
    for table, value, word in WORDS:
        for written in (word, word.upper(), f" {word} ", word.replace(" ", "_"), word.replace("-", " ")):
            assert choice(written, TABLES[table]) == value, written
        for group, tables in GROUPS.items():
            if table in tables:
                assert canonical(word.title(), group) == value, word
                assert misspelt(word, group) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_displayed_comes_first(language: str) -> None:
    """An assessment shows the first word of its language, so that people can write what they read."""
    form = Form(language, "CNY", 100)
    for table, values in TABLES.items():
        for value in values if table != "units" else ():
            shown = form.term(value)
            assert shown in (value, synonyms(table, value, language)[0]), (table, value)
    for unit in TABLES["units"]:
        shown = texts(language).get(f"assessment.units.{unit}", unit)
        assert unit == "money" or shown == synonyms("units", unit, language)[0]


def test_the_tables_have_the_values_of_the_formats() -> None:
    """A role, severity or unit that is added gets its words."""
    assert TABLES["roles"] == STANDARD_ROLES
    assert TABLES["severities"] == SEVERITIES
    assert set(TABLES["units"]) <= set(BUILT_IN)
    keys = {key.removeprefix("words.") for key in texts("en") if key.startswith("words.")}
    assert keys == {f"{table}.{value}" for table, values in TABLES.items() for value in values}


def test_a_word_of_somebodys_own_means_itself() -> None:
    """Nothing is near enough to be replaced."""
    assert meant("survey", "category") == "survey"
    assert choice("fertig", TABLES["task-statuses"]) is None
    assert spellings("survey", "category") == ("survey",)
    assert {"Satisfaction", "滿意度", "satisfaction"} <= set(spellings("satisfaction", "category"))


def test_a_word_means_what_its_field_allows() -> None:
    """A finished milestone is met, a finished task is done."""
    assert choice("完成", TABLES["task-statuses"]) == "done"
    assert choice("完成", TABLES["milestone-statuses"]) == "met"


@pytest.mark.parametrize(
    ("word", "group", "value"),
    [
        ("項目經理", "role", "project-manager"),
        ("专案经理", "role", "project-manager"),
        ("財務联络人", "role", "finance-liaison"),
        ("質量", "kind", "quality"),
        ("個工作天", "unit", "working days"),
        ("百分比", "unit", "%"),
        ("顾客满意度", "category", "satisfaction"),
        ("用戶滿意度", "category", "satisfaction"),
        ("满意", "category", "satisfaction"),
        ("Customer-Satisfaction", "category", "satisfaction"),
    ],
)
def test_usual_words_in_either_script_are_understood(word: str, group: str, value: str) -> None:
    """In simplified or traditional characters, or in both at once."""
    assert canonical(word, group) == value


def test_every_word_in_the_other_script_is_understood() -> None:
    """The table of characters has every one that only one script has; no word gets a second meaning by it."""
    for table, value, word in WORDS:
        for written in in_both_scripts(word):
            assert choice(written, TABLES[table]) == value
            for group, tables in GROUPS.items():
                if table in tables:
                    assert {word, written} <= set(spellings(value, group))
        assert folded(word).encode("gb2312")
        forms = in_both_scripts(word)
        assert any(form == form.encode("big5", "ignore").decode("big5") for form in forms), word


@pytest.mark.parametrize(
    ("word", "group", "near"),
    [
        ("满意渡", "category", "满意度"),
        ("滿意渡", "category", "滿意度"),
        ("工作曰", "unit", "工作日"),
        ("项目经里", "role", "项目经理"),
        ("自然月", "unit", None),
        ("工作周", "unit", None),
        ("工作量", "unit", None),
        ("日历年", "unit", None),
        ("数值", "kind", None),
        ("内部因素", "category", None),
    ],
)
def test_a_short_chinese_word_is_misspelt_by_one_character(word: str, group: str, near: str | None) -> None:
    """Of three characters one may be wrong, unless it is another unit; a word of two is its author's own."""
    assert misspelt(word, group) == near
