"""Free texts apart from the log: the log holds a salted hash, and the text can be redacted without breaking the chain.

A free text, such as a note or a reason, is what somebody may have to take back: a name, a diagnosis, an insult. Its
hash is salted, because a short text could be guessed from a plain one. Once text and salt are gone, nothing tells what
the hash was of, and the chain still holds.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from coopgov.cases.store.chain import sha256_of
from coopgov.cases.store.database import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["FREE_TEXTS", "REDACTED", "hashes_in", "hidden", "new_text", "revealed"]

FREE_TEXTS = frozenset({"note", "reason", "evidence", "text", "title"})
"""The keys whose values people write freely."""
REDACTED = "█████"
"""What stands for a redacted text."""
_MARK = "$text"


def hidden(value: Any, hash_of: Callable[[str], str]) -> Any:
    """Return a JSON value with `{"$text": HASH}` in place of each free text that is not empty."""
    if isinstance(value, dict):
        return {
            key: {_MARK: hash_of(each)}
            if key in FREE_TEXTS and isinstance(each, str) and each
            else hidden(each, hash_of)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [hidden(each, hash_of) for each in value]
    return value


def revealed(value: Any, texts: Mapping[str, str]) -> Any:
    """Return the JSON value with its free texts again; a redacted one, which `texts` lacks, is blacked out."""
    if isinstance(value, dict):
        if value.keys() == {_MARK}:
            return texts.get(value[_MARK], REDACTED)
        return {key: revealed(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [revealed(each, texts) for each in value]
    return value


def hashes_in(value: Any) -> Iterator[str]:
    """Yield the hashes of the free texts in a JSON value."""
    if isinstance(value, dict):
        if value.keys() == {_MARK}:
            yield value[_MARK]
        else:
            for each in value.values():
                yield from hashes_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from hashes_in(each)


def new_text(text: str) -> tuple[str, str, str]:
    """Return hash, new salt, and the text as JSON: as it is stored."""
    salt = secrets.token_hex(16)
    stored = canonical(text)
    return sha256_of(salt, stored), salt, stored


def stored_text(stored: str) -> str:
    """Return a text as it was before it was stored."""
    text: str = json.loads(stored)
    return text
