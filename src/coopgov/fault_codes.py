"""All codes of faults, each with a sentence: what it means and how to fix it.

The sentences are in the locales, under `codes`.

>>> fault_codes()["tab"]
'The indentation has a tab; YAML indents with spaces.'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.locales import texts_below

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["fault_codes"]


def fault_codes(language: str = "en") -> Mapping[str, str]:
    """Return the sentence of each code of a fault, ordered by code."""
    return texts_below("codes.faults", language)
