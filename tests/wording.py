"""What of a fault stays English in Chinese; unlike `translated`, for faults that quote whatever their files contain."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from coopgov.locales import Phrase, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov import Fault

_QUOTED = re.compile(r"`[^`]*`|“[^”]*”")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NAMES = {"CSV", "JSON", "MB", "Schema", "UTF", "YAML", "id"}
"""What Chinese texts write in Latin letters, too."""
_OF_OTHERS = "source.syntax.problem"
"""The text that quotes what another library says in English."""


def untranslated(fault: Fault) -> Iterator[str]:
    """What is no phrase in a fault, and what stays English in Chinese, be it put in as such."""
    parts: tuple[str, ...] = (fault.found, fault.expected, fault.hint)  # callers without types pass any text
    for part in parts:
        if not isinstance(part, Phrase):
            yield f"{fault.code}: no phrase: {part}"
            continue
        said = _QUOTED.sub("", _own_words(part))
        yield from (f"{fault.code}: {word} in {said}" for word in _LATIN.findall(said) if word not in _NAMES)
        yield from (f"{fault.code}: {each}" for each in _put_in(part) if _is_english(each))


def _own_words(value: object) -> str:
    """The Chinese text of a phrase without what is the same in all languages."""
    if not isinstance(value, Phrase) or not value.key:
        return ""
    items = value.values.get("items")
    if isinstance(items, tuple):
        return "".join(map(_own_words, items))
    return text(value.key, "zh-Hans", **{name: _own_words(each) for name, each in value.values.items()})


def _put_in(value: object) -> Iterator[str]:
    """The texts in a phrase that are the same in all languages."""
    if not isinstance(value, Phrase) or not value.key:
        yield str(value)
        return
    for each in value.values.values() if value.key != _OF_OTHERS else ():
        for item in each if isinstance(each, tuple) else (each,):
            yield from _put_in(item)


@cache
def _is_english(written: str) -> bool:
    """Whether a text contains a sentence or a term of the library."""
    return any(each in written for each in _english())


@cache
def _english() -> list[str]:
    return [
        each for each in texts("en").values() if each.count(" ") > 1 and "{" not in each and "`" not in each
    ]
