"""What facts are called in explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.language.dependencies import steps
from coopgov.languages import relative
from coopgov.locales import text

if TYPE_CHECKING:
    from coopgov.facts.catalogue import Catalogue

__all__ = ["shown_fact"]


def shown_fact(catalogue: Catalogue, about: str, written: str, language: str) -> str:
    """A fact by its display name, with the name that rules use; in English only the latter.

    `written` is a name as rules write it: of a fact about `about`, or of a subject above, such as `phase.planned_end`.
    """
    if relative(language) == "en":
        return written
    *above, own = steps(written)
    fact = catalogue.fact(above[-1] if above else about, own)
    name = fact.name_in(language) if fact else own
    return written if name == own else text("explanation.parts.fact", language, name=name, written=written)
