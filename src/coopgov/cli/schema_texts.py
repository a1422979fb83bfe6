"""The texts of JSON Schemas in the language of their readers.

The models hold the English texts, as docstrings and descriptions. The section `schema-texts` of the locales repeats
them with their translations, so that a text is found by its English wording.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from coopgov.locales import text, texts_below

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["completed", "said", "titled", "with_texts"]

_SECTION = "schema-texts"
SNIPPETS: Mapping[str, Mapping[str, Any]] = {
    "Phase": {"id": "$1", "name": "$2", "planned": {"start": "$3", "end": "$4"}, "budget": "$5"},
    "Milestone": {"id": "$1", "name": "$2", "due": "$3"},
    "Kpi": {
        "id": "$1",
        "name": "$2",
        "unit": "$3",
        "baseline": {"value": "$4", "on": "$5"},
        "target": {"value": "$6", "by": "$7"},
        "every": "${8:1 month}",
    },
    "Member": {"id": "$1", "name": "$2", "party": "$3", "role": "$4"},
    "Risk": {"id": "$1", "title": "$2", "probability": "${3:30 %}", "impact": "${4:3}", "owner": "$5"},
    "RuleEntry": {
        "id": "$1",
        "about": "${2:phase}",
        "kind": "${3:delay}",
        "title": "$4",
        "measure": "$5",
        "bands": {"minor": "above $6"},
        "message": "$7",
    },
}
"""What an editor offers to insert for a new entry, by the name of its type: the keys that most entries have."""


def titled(name: str, language: str) -> str:
    """Return the title of the schema of a format."""
    return text(f"{_SECTION}.titles.{name}", language)


def said(english: str, language: str) -> str:
    """Return an English description in a language; as it is, if the locales do not know it.

    >>> said("true or false.", "zh-Hans")
    'true（是）或 false（否）。'
    """
    return _wordings(language).get(english, english)


@lru_cache(maxsize=8)
def _wordings(language: str) -> Mapping[str, str]:
    """What each English description is in a language."""
    english, other = (texts_below(_SECTION, each) for each in ("en", language))
    return {wording: other[key] for key, wording in english.items()}


def with_texts(schema: Any, language: str) -> Any:
    """Return a schema with its descriptions in a language; a described pattern says what it expects.

    `patternErrorMessage` is what editors show instead of a regular expression.
    """
    if isinstance(schema, list):
        return [with_texts(each, language) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: with_texts(each, language) for key, each in schema.items()}
    description = found.get("description")
    if isinstance(description, str):
        found["description"] = said(description, language)
        message = text(f"{_SECTION}.forms.pattern", language, what=found["description"])
        for form in (found, *found.get("anyOf", ())):
            if isinstance(form.get("pattern"), str):
                form.setdefault("patternErrorMessage", message)
    return found


def completed(schema: dict[str, Any], language: str) -> dict[str, Any]:
    """Describe each key by its type where it has no description of its own, and add snippets.

    An editor that completes keys shows neither the description of a type nor that of the items of a list.
    """
    known = schema["$defs"]
    for part in (schema, *known.values()):
        for value in part.get("properties", {}).values():
            if "description" not in value and (told := _by_type(value, known, language)):
                value["description"] = told
    for name, body in SNIPPETS.items():
        if name in known:
            label = text(f"{_SECTION}.snippets.{name}", language)
            known[name]["defaultSnippets"] = [{"label": label, "body": body}]
    return schema


def _by_type(value: dict[str, Any], known: Mapping[str, Any], language: str) -> str | None:
    """The description of the one type that a value can have, or of the items of the one list."""
    forms = [
        form for form in (value, *value.get("anyOf", ())) if "$ref" in form or form.get("type") == "array"
    ]
    if len(forms) != 1:
        return None
    referred = forms[0].get("items", forms[0]).get("$ref", "").rpartition("/")[2]
    described: str | None = known.get(referred, {}).get("description")
    if described and "items" in forms[0]:
        return text(f"{_SECTION}.forms.list", language, item=described)
    return described
