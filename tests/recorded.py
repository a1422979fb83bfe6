"""Records what the faults of a test say: whatever it is, it can be said in every language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from coopgov.faults import Fault
from coopgov.languages import LANGUAGES
from coopgov.locales import Phrase
from coopgov.portfolio.sources import Reject

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["faults_in_every_language"]

_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”|「[^」]*」")
_SENTENCE = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b")
_LINE_OF_A_FILE = "source.write-line"
"""The hint that has a whole line of a user's file."""


@pytest.fixture(autouse=True)
def faults_in_every_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What was found and expected, and the hint, are phrases, and none has an English sentence in Chinese."""
    said: dict[tuple[str, str, str], str] = {}
    _record(monkeypatch, Fault, ("found", "expected", "hint"), said)
    _record(monkeypatch, Reject, ("expected",), said)
    yield
    wrong = [(*key, why) for key, text in said.items() for why in _wrong(text)]
    assert not wrong, wrong


def _record(
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Fault | Reject],
    names: tuple[str, ...],
    said: dict[tuple[str, str, str], str],
) -> None:
    make = kind.__init__

    def record(self: Fault | Reject, *args: object, **kwargs: object) -> None:
        make(self, *args, **kwargs)  # type: ignore[arg-type]  # as it was called
        for name in names:
            text = getattr(self, name)
            said[self.code, name, str(text)] = text

    monkeypatch.setattr(kind, "__init__", record)


def _wrong(text: str) -> Iterator[str]:
    """Why a text is not in every language."""
    if not text or getattr(text, "key", "") == _LINE_OF_A_FILE:
        return
    if not isinstance(text, Phrase):
        yield "is no phrase"
        return
    for language in LANGUAGES[1:]:
        yield from _SENTENCE.findall(_QUOTED.sub("", text.in_language(language)))
