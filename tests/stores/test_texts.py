"""Free texts come out of a value and back into it, and rows of the log have one hash."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coopgov.cases.store.chain import BEFORE_THE_FIRST, link, netstrings
from coopgov.cases.store.database import canonical
from coopgov.cases.store.texts import (
    REDACTED,
    hashes_in,
    hidden,
    is_hash_of,
    is_of_languages,
    new_text,
    revealed,
)
from coopgov.cases.words import FREE_TEXTS

KEYS = st.sampled_from([*FREE_TEXTS, "text", "id", "title", "causes", "event"])
TEXTS = st.text(st.characters(), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(value=st.dictionaries(KEYS, VALUES, max_size=4))
def test_free_texts_come_back(value: dict[str, Any]) -> None:
    """What is stored has none of them; with all texts it is the value again, without them they are blacked out."""
    texts: dict[str, Any] = {}

    def hash_of(text: Any) -> str:
        found, salt, stored = new_text(text)
        assert is_hash_of(found, salt, stored)
        texts[found] = text
        return found

    stored = json.loads(canonical(hidden(value, hash_of)))
    assert set(hashes_in(stored)) == set(texts)
    assert revealed(stored, texts) == value
    assert len(list(_free(revealed(stored, {})))) == len(list(_free(value)))
    assert all(each == REDACTED for each in _free(revealed(stored, {})))


def _free(value: Any) -> list[str]:
    """The notes, reasons and pieces of evidence in a value that are not empty."""
    if isinstance(value, list):
        return [each for item in value for each in _free(item)]
    if not isinstance(value, dict):
        return []
    own = [each for key, each in value.items() if key in FREE_TEXTS and isinstance(each, str) and each]
    inner = [item for key, item in value.items() if not (key == "text" and is_of_languages(item))]
    return own + [each for item in inner for each in _free(item)]


@given(text=TEXTS)
def test_two_hashes_of_a_text_differ(text: str) -> None:
    """A salt of its own keeps a text from being found by guessing, or by comparing."""
    assert new_text(text)[0] != new_text(text)[0]


@given(value=VALUES)
def test_canonical_json_is_one_text_of_a_value(value: Any) -> None:
    """It can be read and encoded, and the order of keys does not matter."""
    text = canonical(value)
    assert json.loads(text.encode()) == value
    assert canonical(json.loads(text)) == text


@given(first=st.lists(st.text(max_size=5), max_size=4), second=st.lists(st.text(max_size=5), max_size=4))
def test_no_two_rows_give_the_same_bytes(first: list[str], second: list[str]) -> None:
    """Fields that are joined without lengths could be cut in other places."""
    assert (netstrings(*first) == netstrings(*second)) == (first == second)


def test_the_hash_of_a_row_is_what_the_page_says() -> None:
    """SHA-256 over netstrings, worked out by hand."""
    fields = f'64:{BEFORE_THE_FIRST},1:1,10:2026-10-01,6:change,0:,12:{{"a":"延期"}},'
    made = link(BEFORE_THE_FIRST, "1", "2026-10-01", "change", "", '{"a":"延期"}')
    assert made == hashlib.sha256(fields.replace("12:{", "14:{").encode()).hexdigest()
