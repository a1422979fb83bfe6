"""The texts of the library: the same keys and placeholders in every language, and phrases that keep them."""

from __future__ import annotations

import copy
import pickle
import string
from pathlib import Path

import pytest

from coopgov import locales
from coopgov.languages import LANGUAGES
from coopgov.locales import compile as compiler

SOURCES = {language: Path(locales.__file__).parent / f"{language}.yaml" for language in LANGUAGES}
TEXTS = {language: compiler.flattened(source) for language, source in SOURCES.items()}
OTHERS = [language for language in LANGUAGES if language != "en"]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_keys_in_the_same_order(language: str) -> None:
    """Every language has the same keys in the same order."""
    assert list(TEXTS[language]) == list(TEXTS["en"])


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_placeholders(language: str) -> None:
    """Every language has the same placeholders."""
    for key, text in TEXTS["en"].items():
        assert _placeholders(TEXTS[language][key]) == _placeholders(text), key


def test_a_phrase_is_said_in_every_language_with_the_phrases_in_it() -> None:
    """A phrase is said in every language with the phrases in it."""
    found = locales.phrase(
        "common.found", found=locales.one_of(["a", "b"]), expected=locales.phrase("common.nothing")
    )
    assert str(found) == "found a or b, expected nothing"
    assert found.in_language("zh-CN") == "实际为 a 或 b，应为空"
    assert found.in_language("zh_TW") == "實際為 a 或 b，應為空"


@pytest.mark.parametrize(
    ("found", "expected", "said"),
    [
        ("“甲”", "1", "实际为“甲”，应为 1"),
        ("`x`", "甲", "实际为 `x`，应为甲"),
        ("x甲", "KPI", "实际为 x甲，应为 KPI"),
    ],
)
def test_chinese_has_a_space_beside_latin_letters_and_none_beside_chinese(
    found: str, expected: str, said: str
) -> None:
    """What is put into a Chinese text is spaced at its edges and left as it is inside."""
    whole = locales.phrase("common.found", found=found, expected=expected)
    assert whole.in_language("zh-Hans") == said
    assert str(whole) == f"found {found}, expected {expected}"


def test_a_phrase_keeps_its_languages_when_it_is_copied_or_pickled() -> None:
    """A phrase keeps its languages when it is copied or pickled."""
    found = locales.phrase("common.found", found=locales.listed(["a", "b"]), expected=locales.verbatim("{x}"))
    for again in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):  # noqa: S301  # made two words before
        assert again == found
        assert again.in_language("zh-Hans") == "实际为 a、b，应为{x}"


def test_compiled_texts_are_those_of_the_sources(tmp_path: Path) -> None:
    """Compiled texts are those of the sources."""
    for language, source in SOURCES.items():
        (tmp_path / f"{language}.yaml").write_bytes(source.read_bytes())
    assert {path.stem for path in compiler.compile_all(tmp_path)} == set(LANGUAGES)
