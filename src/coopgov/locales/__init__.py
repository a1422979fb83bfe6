"""The texts of the library in its languages, and phrases: English texts that know their other languages.

The sources are `en.yaml`, `zh-Hans.yaml` and `zh-Hant.yaml` beside this file, one for each language, with the same
keys. A wheel holds them as JSON, into which `compile.py` turns them, so that a cold start reads no YAML; a working
copy reads the sources. Nothing is read at import.

A text is named by the path to it, such as `schema.not-a-date.expected`. Placeholders are those of `str.format`.
"""

from __future__ import annotations

import json
import re
import string
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from coopgov.languages import relative
from coopgov.locales.compile import COMPILED, flattened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Phrase",
    "all_of",
    "listed",
    "one_of",
    "phrase",
    "phrase_of",
    "plain_phrase",
    "text",
    "texts",
    "texts_below",
    "verbatim",
]

_FOLDER = Path(__file__).parent
# a template cannot know whether its values are Chinese or Latin, so spaces at their edges are put right afterwards
_EDGE = "\0"
"""Where what was put into a placeholder begins or ends, while a text is made."""
_HAN = "\u2e80-\u2fff\u3005-\u3007\u3021-\u9fff\uf900-\ufaff"
_WIDE = f"{_HAN}\u3000-\u303f\uff00-\uff65“”‘’"
_APART = rf"(?<=[{_WIDE}])(?: {_EDGE}+|{_EDGE}+ )(?=[{_WIDE}])"
_CROWDED = rf"(?<=[{_HAN}]){_EDGE}+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%]){_EDGE}+(?=[{_HAN}])"


class Phrase(str):
    """A text of the library: its English wording, which knows its wording in the other languages.

    It is a `str`, so that whatever shows or compares English texts needs to know nothing about it. Concatenating and
    formatting give plain texts, which have no other language: put phrases into the placeholders of other phrases
    instead.

    >>> found = phrase("common.found", found=verbatim('"x"'), expected=phrase("common.nothing"))
    >>> print(found)
    found "x", expected nothing
    >>> print(found.in_language("zh-Hans"))
    实际为 "x"，应为空
    """

    __slots__ = ("key", "values")

    key: str
    """The name of the text in the locales; empty for a text that is the same in all languages."""
    values: Mapping[str, object]
    """What its placeholders stand for. Phrases among them are said in the language of the whole."""

    def __new__(cls, english: str, key: str = "", values: Mapping[str, object] | None = None) -> Self:
        """Make a phrase of its English wording, its key and the values of its placeholders."""
        made = super().__new__(cls, english)
        made.key = key
        made.values = values or {}
        return made

    def __getnewargs__(self) -> tuple[str, str, Mapping[str, object]]:  # type: ignore[override]  # made by __new__
        return str(self), self.key, self.values

    def in_language(self, language: str) -> str:
        """Return the text in a language, in the closest that the library has."""
        if not self.key:
            return str(self)
        return text(self.key, language, **self.values)


class _Series(Phrase):
    """Several phrases with commas between them, and a conjunction before the last."""

    __slots__ = ()

    def in_language(self, language: str) -> str:
        return _joined(self.values["items"], self.key, language)


def phrase(key: str, /, **values: object) -> Phrase:
    """Return the text of a key, with values for its placeholders.

    It reads the locale, so call it in functions, never at import.
    """
    return Phrase(text(key, "en", **values), key, values)


def verbatim(written: str) -> Phrase:
    """Return a text that is the same in all languages: what a user wrote, a name, a formula."""
    return written if isinstance(written, Phrase) else Phrase(written)


def plain_phrase(said: object) -> Any:
    """Return a phrase, or a value of its placeholders, as JSON from which `phrase_of` makes it again.

    >>> plain_phrase(phrase("common.more", more=3))
    {'key': 'common.more', 'text': '… and 3 more of this kind', 'values': {'more': 3}}
    """
    if isinstance(said, Phrase) and said.key:
        values = {name: plain_phrase(value) for name, value in said.values.items()}
        return {"key": said.key, "text": str(said), "values": values}
    if isinstance(said, (list, tuple)):
        return [plain_phrase(each) for each in said]
    return said if isinstance(said, (int, float)) else str(said)


def phrase_of(plain: Any) -> Phrase:
    """Return the phrase that `plain_phrase` gave; in English only, where the library has no such text any more.

    Raises:
        TypeError: it is of another form.

    >>> phrase_of(plain_phrase(phrase("common.more", more=3))).in_language("zh-Hans")
    '……另有 3 处同类问题'
    """
    if isinstance(plain, str):
        return verbatim(plain)
    if not isinstance(plain, dict) or not isinstance(plain.get("text"), str):
        raise TypeError
    key, values = plain["key"], {name: _value_of(value) for name, value in plain["values"].items()}
    try:
        text(key, "en", **values)
    except (LookupError, ValueError, TypeError):
        return verbatim(plain["text"])
    return (_Series if "items" in values else Phrase)(plain["text"], key, values)


def _value_of(plain: Any) -> object:
    if isinstance(plain, list):
        return tuple(map(_value_of, plain))
    return phrase_of(plain) if isinstance(plain, dict) else plain


def one_of(items: Iterable[str]) -> Phrase:
    """Return the items as alternatives.

    >>> print(one_of(["a", "b", "c"]))
    a, b or c
    """
    return _series(items, "common.or")


def all_of(items: Iterable[str]) -> Phrase:
    """Return the items together.

    >>> print(all_of(["a", "b", "c"]))
    a, b and c
    """
    return _series(items, "common.and")


def listed(items: Iterable[str]) -> Phrase:
    """Return the items with commas between them.

    >>> print(listed(["a", "b", "c"]))
    a, b, c
    """
    return _series(items, "common.comma")


def _series(items: Iterable[str], conjunction: str) -> Phrase:
    values = {"items": tuple(items)}
    return _Series(_joined(values["items"], conjunction, "en"), conjunction, values)


def _joined(items: Any, conjunction: str, language: str) -> str:
    *others, last = [str(_said(item, language)) for item in items] or [""]
    if not others:
        return last
    known = texts(language)
    return _spaced(f"{known['common.comma'].join(others)}{_EDGE}{known[conjunction]}{_EDGE}{last}")


def _said(value: object, language: str) -> object:
    return value.in_language(language) if isinstance(value, Phrase) else value


class _Formatter(string.Formatter):
    """Marks the edges of what it puts in."""

    def format_field(self, value: object, format_spec: str) -> str:
        return f"{_EDGE}{format(value, format_spec)}{_EDGE}"


_FORMATTER = _Formatter()


def _spaced(marked: str) -> str:
    """Put a space between Chinese and Latin letters or digits, and none between full-width characters, at edges only.

    Inside its placeholders a text is somebody else's, or has its spaces already.
    """
    apart, crowded = _spacing()
    return crowded.sub(" ", apart.sub("", marked)).replace(_EDGE, "")


@cache
def _spacing() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compiled when a Chinese text is first made: the wide ranges of characters take milliseconds."""
    return re.compile(_APART), re.compile(_CROWDED)


def text(key: str, language: str, /, **values: object) -> str:
    """Return the text of a key in a language, or in the closest that the library has, with its placeholders filled.

    Phrases among the values are said in that language, too.

    >>> text("common.more", "zh-TW", more=3)
    '……另有 3 處同類問題'
    """
    template = texts(language)[key]
    said = {name: _said(value, language) for name, value in values.items()}
    if not said or relative(language) == "en":
        return template.format(**said)
    return _spaced(_FORMATTER.vformat(template, (), said))


@lru_cache(maxsize=64)
def texts(language: str) -> Mapping[str, str]:
    """Return all texts of a language, or of the closest that the library has, by their keys."""
    return _read(relative(language))


@lru_cache(maxsize=64)
def texts_below(path: str, language: str) -> Mapping[str, str]:
    """Return the texts whose keys begin with a path, by the rest of their keys.

    >>> sorted(texts_below("common", "en"))[:3]
    ['and', 'comma', 'did-you-mean']
    """
    start = f"{path}."
    known = texts(language).items()
    return MappingProxyType({key.removeprefix(start): said for key, said in known if key.startswith(start)})


@cache
def _read(language: str) -> Mapping[str, str]:
    source = _FOLDER / f"{language}.yaml"
    if source.exists():
        return MappingProxyType(flattened(source))
    compiled = _FOLDER / COMPILED / f"{language}.json"
    return MappingProxyType(json.loads(compiled.read_text(encoding="utf-8")))
