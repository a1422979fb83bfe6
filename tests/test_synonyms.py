"""The words of the vocabulary: no word has two meanings, what is displayed is understood, and the list is printed."""

from __future__ import annotations

import pytest

from coopgov.assessment.figures import Form
from coopgov.homophones import mistaken
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
        ("客户满义度", "category", "客户满意度"),
        ("工作曰", "unit", "工作日"),
        ("项目经里", "role", "项目经理"),
        ("項目經里", "role", "項目經理"),
        ("向目经理", "role", "项目经理"),
        ("项目理经", "role", "项目经理"),
        ("项目经经理", "role", "项目经理"),
        ("技术连络人", "role", "技术联络人"),
        ("指导委员汇", "role", "指导委员会"),
        ("资源充突", "kind", "资源冲突"),
        ("自然月", "unit", None),
        ("工作周", "unit", None),
        ("工作量", "unit", None),
        ("日历年", "unit", None),
        ("数值", "kind", None),
        ("内部因素", "category", None),
        ("质量提升", "kind", None),
        ("project manger", "role", "project manager"),
        ("porject-manager", "role", "project-manager"),
        ("Projekt Manager", "role", "project manager"),
        ("communcation oficer", "role", "communication officer"),
        ("sterring commitee", "role", "steering committee"),
        ("satisfacton", "category", "satisfaction"),
        ("externel", "kind", "external"),
        ("internal", "kind", None),
        ("assignment", "kind", None),
    ],
)
def test_a_slip_is_reported_with_the_word_that_is_meant(word: str, group: str, near: str | None) -> None:
    """A character that sounds or looks alike, one doubled, two swapped; a letter or two of an English word."""
    assert misspelt(word, group) == near


_OTHER_ROLES = """
    项目助理 项目总监 项目主管 项目专员 项目秘书 项目总经理 项目副经理 项目管理 项目代表 项目顾问
    项目组长 项目工程师 项目协调人 项目发起人 项目经办人 项目总负责人 项目委员会 项目监理 产品经理
    客户经理 大项目经理 项目群经理 技术经理 技术总监 技术顾问 技术支持 技术负责人 技术委员会
    技术代表 技术专员 技术主管 财务经理 财务总监 财务主管 财务负责人 财务专员 财务会计 财务代表
    财务顾问 沟通经理 沟通主管 沟通负责人 公关专员 行政专员 培训专员 采购专员 质量专员 联合会长
    联合主席 联合发起人 联合工作组 联合办公室 联合秘书长 共同发起人 共同牵头人 指导老师 指挥委员会
    指导委员 资产委员会 资金委员会 资格委员会 资源经理 资源协调人 專案助理 專案總監 專案專員
    專案秘書 專案管理師 財務主任 技術總監 溝通主任 聯合會長 督導
"""
_OTHER_ENGLISH_ROLES = (
    "product manager", "program manager", "programme manager", "project member", "project engineer",
    "project sponsor", "project owner", "project planner", "project administrator", "project office",
    "project assistant", "technical manager", "technical lead", "technical writer", "technical adviser",
    "finance manager", "finance director", "financial controller", "financial analyst", "communication manager",
    "communications director", "community officer", "compliance officer", "steering member", "joint venture",
    "resource manager", "process manager", "site manager", "quality officer", "operations officer",
)  # fmt: skip


@pytest.mark.parametrize("word", [*_OTHER_ROLES.split(), *_OTHER_ENGLISH_ROLES])
def test_another_role_that_is_real_is_no_slip(word: str) -> None:
    """Titles of jobs and committees that differ from a standard role in one character or word."""
    assert misspelt(word, "role") is None


def test_characters_that_are_mistaken_are_those_of_the_vocabulary() -> None:
    """Every simplified character of a longer word has characters that sound alike."""
    words = {folded(word) for _, _, word in WORDS if not word.isascii() and len(word) >= 3}
    characters = {
        each
        for each in "".join(words)
        if each.encode("gb2312", "ignore") and each != "後" and "\u4e00" <= each <= "\u9fff"
    }
    assert not [each for each in characters if not mistaken(each, each)]
