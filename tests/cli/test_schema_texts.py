"""The texts of JSON Schemas: every one in every language, and none that no schema has."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from coopgov.cli.commands.schema import FORMATS
from coopgov.cli.schemas import schema_of
from coopgov.locales import texts_below

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from command_line import Run

_SHOWN = ("title", "description", "patternErrorMessage", "label")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CODE = re.compile(r"`[^`]*`|\{[^}]*\}")
_SENTENCE = re.compile(r"[A-Za-z]{2,}[,;]? [a-z]{2,}[,;]? [a-z]{2,}")


def _texts(schema: Any) -> Iterator[str]:
    """What an editor shows of a schema."""
    if isinstance(schema, list):
        for each in schema:
            yield from _texts(each)
    elif isinstance(schema, dict):
        yield from (schema[key] for key in _SHOWN if isinstance(schema.get(key), str))
        for key, each in schema.items():
            yield from (
                _texts(each) if not (key == "body" and "label" in schema) else ()
            )  # what a snippet inserts


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", FORMATS)
def test_every_text_of_a_schema_is_in_the_language(name: str, language: str) -> None:
    """A description that is new, or that was changed in English, has its translation under the same key."""
    found = set(_texts(schema_of(name, language)))
    assert sorted(each for each in found if not _HAN.search(each)) == []
    longest = [each for each in found if _SENTENCE.search(_CODE.sub("", each))]
    assert [each for each in longest if "joint-lead within 2 working days" not in each] == []


def test_no_translation_is_stale() -> None:
    """Each English text in the locales is, word for word, a description of a schema."""
    shown = {each for name in FORMATS for each in _texts(schema_of(name))}
    english = texts_below("schema-texts", "en").items()
    described = {key: each for key, each in english if not key.startswith(("titles.", "forms.", "snippets."))}
    assert sorted(key for key, each in described.items() if each not in shown) == []


def test_languages_differ_in_texts_only() -> None:
    """A schema accepts the same files in every language."""

    def bare(schema: Any) -> Any:
        if isinstance(schema, list):
            return [bare(each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        return {
            key: bare(each) for key, each in schema.items() if key not in _SHOWN or not isinstance(each, str)
        }

    for name in FORMATS:
        assert bare(schema_of(name, "zh-Hant")) == bare(schema_of(name))


def test_a_pattern_says_what_it_expects() -> None:
    """An editor shows the sentence instead of the regular expression."""
    identifier, day = (schema_of("agreement", "zh-Hans")["$defs"][name] for name in ("Identifier", "Day"))
    assert identifier["patternErrorMessage"] == f"此处应为：{identifier['description']}"
    assert {form["patternErrorMessage"] for form in day["anyOf"]} == {f"此处应为：{day['description']}"}


def test_every_snippet_names_keys_of_its_type() -> None:
    """A snippet inserts keys that the type has, and all that it requires."""
    known = {key: each for name in FORMATS for key, each in schema_of(name)["$defs"].items()}
    with_snippets = {key: each for key, each in known.items() if "defaultSnippets" in each}
    assert len(with_snippets) > 5
    for each in with_snippets.values():
        (snippet,) = each["defaultSnippets"]
        assert set(each["required"]) <= set(snippet["body"]) <= set(each["properties"])


def test_the_command_prints_a_schema_in_the_language(run: Run) -> None:
    """With `--lang`; a schema is data, so it is English otherwise."""
    assert json.loads(run("schema", "rules", "--lang", "zh-CN").out) == schema_of("rules", "zh-Hans")
    assert json.loads(run("schema", "rules").out)["title"] == "coopgov rules"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_starter_files_have_schemas_in_their_language(run: Run, tmp_path: Path, language: str) -> None:
    """An editor helps in the language of the files."""
    assert run("init", tmp_path, "--lang", language).code == 0
    for name in ("agreement", "rules", "rule-tests"):
        text = (tmp_path / f".coopgov/{name}.schema.json").read_text(encoding="utf-8")
        assert text == run("schema", name, "--lang", language).out
