"""Text for people to read, in one language or several."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic_core import PydanticCustomError

from coopgov.faults import NO_HINT
from coopgov.languages import TAG, canonical_tag, intended
from coopgov.locales import phrase
from coopgov.schema.problems import Defect, defects_of, problem, problems
from coopgov.schema.scalars import LABEL_SCHEMA, Parsed, parse_label

__all__ = ["LocalText", "Text", "parse_text", "titles"]

_TAG = re.compile(TAG)


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in one or several languages; a plain string has no language, and its tag is empty.

    >>> title = LocalText((("en", "Harbour data"), ("zh-Hans", "港口数据")))
    >>> title.in_language("zh-Hant"), str(title)
    ('港口数据', 'Harbour data')
    """

    entries: tuple[tuple[str, str], ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the text; none for a plain string."""
        return tuple(tag for tag, _ in self.entries if tag)

    def in_language(self, language: str) -> str:
        """Return the text in a language, else in a related one, else in English, else the first."""
        if len(self.entries) == 1:
            return self.entries[0][1]
        texts = dict(self.entries)
        if language in texts and canonical_tag(language) == language:
            return texts[language]
        for tag in (*_relatives(language, texts), *_relatives("en", texts)):
            return texts[tag]
        return self.entries[0][1]

    def __str__(self) -> str:
        return self.in_language("en")


def titles(named: Iterable[tuple[LocalText | None, str]]) -> dict[str, str]:
    """Return the ids by the titles in all languages, for hints to people who write a title instead of an id."""
    return {said: id_ for title, id_ in named if title is not None for _, said in title.entries}


def _relatives(language: str, known: Mapping[str, str]) -> Iterator[str]:
    """Yield the known languages related to one: itself, its shorter forms, then those that share its first subtag."""
    subtags = canonical_tag(language).split("-")
    for length in range(len(subtags), 0, -1):
        shorter = "-".join(subtags[:length])
        if shorter in known:
            yield shorter
        yield from (tag for tag in known if tag.startswith(f"{shorter}-"))


def parse_text(value: object) -> LocalText:
    """Parse a text: a plain string, or a mapping of languages to strings."""
    if isinstance(value, LocalText):
        return value
    if not isinstance(value, str) and isinstance(value, Mapping):
        return _parse_languages(value)
    return LocalText((("", parse_label(value)),))


def _parse_languages(value: Mapping[object, object]) -> LocalText:
    if not value:
        expected = phrase("schema.empty-text.one-language")
        raise problem("empty-text", phrase("schema.empty-text.languages"), expected)
    entries: dict[str, str] = {}
    defects: list[Defect] = []
    for key, item in value.items():
        wrong = _language_defects(str(key), item, entries)
        defects += wrong
        if not wrong:
            entries[canonical_tag(str(key))] = parse_label(item)
    if defects:
        raise problems(defects)
    return LocalText(tuple(entries.items()))


def _language_defects(tag: str, item: object, known: Mapping[str, str]) -> list[Defect]:
    if not _TAG.fullmatch(tag):
        near = intended(tag)
        hint = phrase("common.did-you-mean", near=near) if near else NO_HINT
        found, expected = phrase("schema.the-key", key=tag), phrase("schema.not-a-language.expected")
        return [Defect((tag,), "not-a-language", found, expected, hint, key=True)]
    if canonical_tag(tag) in known:
        found = phrase("schema.duplicate-language.found", tag=tag)
        expected = phrase("schema.duplicate-language.expected")
        return [Defect((tag,), "duplicate-language", found, expected, key=True)]
    try:
        parse_label("" if item is None else item)
    except PydanticCustomError as error:
        return defects_of(error, (tag,))
    return []


TEXT_SCHEMA: Mapping[str, Any] = {
    "title": "Text",
    "description": "A text that people read: a plain string, or a mapping of languages (en, zh-Hans, zh-Hant, ...).",
    "anyOf": [
        LABEL_SCHEMA,
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{_TAG.pattern}$"},
            "additionalProperties": LABEL_SCHEMA,
        },
    ],
}
Text = Annotated[LocalText, Parsed(parse_text, schema=TEXT_SCHEMA)]
