"""The texts of the library: the same keys and placeholders in every language, and phrases that keep them."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopgov
from coopgov import locales
from coopgov.languages import LANGUAGES
from coopgov.locales import compile as compiler

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    written = compiler.compile_all(SOURCES["en"].parent, tmp_path)
    assert {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in written} == TEXTS


READERS = {"phrased": "reports.", "phrase": "", "text": "", "say": "cli.output.", "counted": "cli.output."}
"""The functions that take a key as their first argument, and how the key goes on before it."""


def _wrong_calls(tree: ast.Module) -> Iterator[str]:
    """The calls whose key does not exist, or whose values are not those of the placeholders."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        start, key = READERS.get(name), node.args[0]
        if start is None or not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            continue
        if not start and "." not in key.value:  # another function of that name
            continue
        given = {each.arg for each in node.keywords} | ({"number"} if name == "counted" else set())
        for path in [f"{key.value}.one", f"{key.value}.many"] if name == "counted" else [key.value]:
            wanted = TEXTS["en"].get(start + path)
            if wanted is None or (None not in given and given != _placeholders(wanted)):
                yield ast.unparse(node)


def test_every_call_names_a_text_and_its_placeholders() -> None:
    """A key that the code writes out exists, and the call gives exactly what the text has placeholders for."""
    source = Path(coopgov.__file__).parent
    wrong = [
        f"{path.relative_to(source)}: {call}"
        for path in sorted(source.rglob("*.py"))
        for call in _wrong_calls(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "code",
    [
        'phrase("common.nothin")',
        'locales.text("common.more", language)',
        'phrase("common.more", more=1, than=2)',
        'terminal.say("as-of", day=day)',
        'counted("backtest.days", language, 3, of=4)',
    ],
)
def test_a_wrong_call_is_found(code: str) -> None:
    """A key that does not exist, a placeholder without a value, a value without a placeholder."""
    assert len(set(_wrong_calls(ast.parse(code)))) == 1


def test_a_right_call_is_not_found() -> None:
    """Calls with the right values, with values that are not written out, and with keys that are made."""
    code = (
        'phrase("common.more", more=1); phrase("common.more", **all); text(f"common.{key}", "en"); '
        'say("as-of", "en", date=1)'
    )
    assert list(_wrong_calls(ast.parse(code))) == []
