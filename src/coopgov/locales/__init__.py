"""The texts of the library in its languages, and phrases: English texts that can be said in the other languages.

The sources are `en.yaml`, `zh-Hans.yaml` and `zh-Hant.yaml` beside this file, one for each language, with the same keys.
`compile.py` turns them into JSON when a wheel is built, so that a cold start reads no YAML. A source that is newer than
its JSON, as in a working copy, is read itself.

A text is named by the path to it, such as `schema.not-a-date.expected`. Placeholders are those of `str.format`.
"""

from __future__ import annotations

import json
import re
import string
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from coopgov.languages import relative
from coopgov.locales.compile import COMPILED, flattened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Phrase", "all_of", "listed", "one_of", "phrase", "text", "texts", "verbatim"]

_FOLDER = Path(__file__).parent
_EDGE = "\0"
"""Where what was put into a placeholder begins or ends, while a text is made."""
_HAN = "\u2e80-\u2fff\u3005-\u3007\u3021-\u9fff\uf900-\ufaff"
_WIDE = f"{_HAN}\u3000-\u303f\uff00-\uff65“”‘’"
_APART = re.compile(rf"(?<=[{_WIDE}])(?: {_EDGE}+|{_EDGE}+ )(?=[{_WIDE}])")
_CROWDED = re.compile(rf"(?<=[{_HAN}]){_EDGE}+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%]){_EDGE}+(?=[{_HAN}])")


class Phrase(str):
    """A text of the library: its English wording, which knows its wording in the other languages.

    It is a `str`, so that whatever shows or compares English texts needs to know nothing about it. Concatenating and
    formatting give plain texts, which have no other language: put phrases into the placeholders of other phrases instead.

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
        said = {name: _said(value, language) for name, value in self.values.items()}
        return text(self.key, language, **said)


class _Series(Phrase):
    """Several phrases with commas between them, and a conjunction before the last."""

    __slots__ = ()

    def in_language(self, language: str) -> str:
        items = cast("tuple[object, ...]", self.values["items"])
        return _joined([str(_said(item, language)) for item in items], self.key, language)


def phrase(key: str, /, **values: object) -> Phrase:
    """Return the text of a key, with what its placeholders stand for."""
    return Phrase(text(key, "en", **values), key, values)


def verbatim(written: str) -> Phrase:
    """Return a text that is the same in all languages: what a user wrote, a name, a formula."""
    return written if isinstance(written, Phrase) else Phrase(written)


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
    listing = tuple(items)
    return _Series(_joined(listing, conjunction, "en"), conjunction, {"items": listing})


def _joined(items: Sequence[str], conjunction: str, language: str) -> str:
    *others, last = items or ("",)
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
    return _CROWDED.sub(" ", _APART.sub("", marked)).replace(_EDGE, "")


def text(key: str, language: str, /, **values: object) -> str:
    """Return the text of a key in a language, or in the closest that the library has, with its placeholders filled."""
    template = texts(language)[key]
    if relative(language) == "en":
        return template.format(**values)
    return _spaced(_FORMATTER.vformat(template, (), values))


def texts(language: str) -> Mapping[str, str]:
    """Return all texts of a language, or of the closest that the library has, by their keys."""
    return _read(relative(language))


@cache
def _read(language: str) -> Mapping[str, str]:
    source, compiled = _FOLDER / f"{language}.yaml", _FOLDER / COMPILED / f"{language}.json"
    if source.exists() and not (compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime):
        return flattened(source)
    known: dict[str, str] = json.loads(compiled.read_text(encoding="utf-8"))
    return known
