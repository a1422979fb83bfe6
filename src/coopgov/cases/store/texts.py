"""Free texts apart from the log: the log holds a salted hash, and the text can be redacted without breaking the chain.

A free text, such as a note or a reason, is what somebody may have to take back: a name, a diagnosis, an insult. So is
the text of a notice, which may quote one. The hash is salted, because a short text could be guessed from a plain one.
Once text and salt are gone, nothing shows what the hash was of, and the chain still holds.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from coopgov.cases.store.chain import sha256_of
from coopgov.cases.store.database import canonical
from coopgov.cases.words import FREE_TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["REDACTED", "hashes_in", "hidden", "is_hash_of", "is_of_languages", "new_text", "revealed"]

REDACTED: str = "█████"
"""What replaces a redacted text."""
_MARK, _LANGUAGES = "$text", "languages"
_OF_NOTICES = "text"


def hidden(value: Any, hash_of: Callable[[Any], str]) -> Any:
    """Return a JSON value with `{"$text": HASH}` in place of each free text that is not empty.

    The text of a notice is a mapping of languages, which the replacement lists.
    """
    if isinstance(value, dict):
        return {
            key: each if each is None or isinstance(each, int) else _hidden(key, each, hash_of)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [hidden(each, hash_of) for each in value]
    return value


def _hidden(key: str, value: Any, hash_of: Callable[[Any], str]) -> Any:
    if isinstance(value, str):
        return {_MARK: hash_of(value)} if key in FREE_TEXTS and value not in ("", REDACTED) else value
    if key == _OF_NOTICES and is_of_languages(value) and set(value.values()) != {REDACTED}:
        return {_MARK: hash_of(value), _LANGUAGES: sorted(value)}
    return hidden(value, hash_of)


def is_of_languages(value: Any) -> bool:
    """Whether a JSON value is a text in one or more languages."""
    return isinstance(value, dict) and bool(value) and all(isinstance(each, str) for each in value.values())


def revealed(value: Any, texts: Mapping[str, Any]) -> Any:
    """Return the JSON value with its free texts again; a redacted one, which `texts` lacks, is blacked out."""
    if isinstance(value, dict):
        if _MARK in value:
            languages = value.get(_LANGUAGES)
            blacked: Any = REDACTED if languages is None else dict.fromkeys(languages, REDACTED)
            return texts.get(value[_MARK], blacked)
        return {key: revealed(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [revealed(each, texts) for each in value]
    return value


def hashes_in(value: Any) -> Iterator[str]:
    """Yield the hashes of the free texts in a JSON value."""
    if isinstance(value, dict):
        if _MARK in value:
            yield str(value[_MARK])
        else:
            for each in value.values():
                yield from hashes_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from hashes_in(each)


def new_text(text: Any) -> tuple[str, str, str]:
    """Return hash, new salt, and the text as JSON: as it is stored."""
    salt = secrets.token_hex(16)
    stored = canonical(text)
    return sha256_of(salt, stored), salt, stored


def is_hash_of(found: str, salt: str, stored: str) -> bool:
    """Whether a hash is that of a stored text and its salt."""
    return sha256_of(salt, stored) == found
