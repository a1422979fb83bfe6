"""`coopgov words`: the words that files may use for standard values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from coopgov.languages import LANGUAGES
from coopgov.synonyms import TABLES, synonyms

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Ran

    Run = Callable[..., Ran]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_printed(run: Run, language: str) -> None:
    """By table and canonical value, as text and as JSON."""
    out = run("words", "--lang", language).out
    rows = json.loads(run("words", "--lang", language, "--format", "json").out)
    assert [(row["table"], row["value"]) for row in rows] == [
        (table, value) for table, values in TABLES.items() for value in values
    ]
    for row in rows:
        assert row["words"] == list(synonyms(row["table"], row["value"], language))
        assert all(word in out for word in row["words"])
