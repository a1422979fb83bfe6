"""What is not translated in a text of the library: English words outside of code, names and what a user wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgov.languages import LANGUAGES
from coopgov.locales import Phrase, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHERS = [language for language in LANGUAGES if language != "en"]
_CODE = re.compile(r"`[^`]*`|\{[^{}]*\}|\"[^\"]*\"")
_WORD = re.compile(r"[A-Za-z][A-Za-z-]+")
_SENTENCE = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b")
_NAMES = {
    "Polars",
    "pandas",
    "PyArrow",
    "DuckDB",
    "Dask",
    "Spark",
    "CSV",
    "Parquet",
    "ASCII",
    "IANA",
    "SQLite",
    "PostgreSQL",
    "libpq",
}
"""Names of products and standards, which are the same in every language."""


def english_of(template: str) -> set[str]:
    """The English words of a text in another language, besides its code, placeholders and names of products."""
    return set(_WORD.findall(_CODE.sub("", template))) - _NAMES


def untranslated(said: object, language: str) -> Iterator[str]:
    """Yield what a text does not say in a language: plain texts, English words, sentences that claim to be verbatim."""
    if not isinstance(said, Phrase):
        yield f"no phrase: {said!r}"
        return
    if not said.key:
        yield from _SENTENCE.findall(_CODE.sub("", said))
        return
    yield from english_of(texts(language)[said.key])
    items = said.values.get("items", ())
    for value in (*(items if isinstance(items, tuple) else ()), *said.values.values()):
        if isinstance(value, Phrase):
            yield from untranslated(value, language)
        elif isinstance(value, str):
            yield from _SENTENCE.findall(_CODE.sub("", value))


def assert_translated(*said: object) -> None:
    """Every text is a phrase in all languages; empty ones are none."""
    for each in said:
        for language in OTHERS:
            assert each == "" or not [*untranslated(each, language)], (each, language)
