"""Print the catalogue of facts as text, JSON, or the Markdown of the reference page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.cli.output import json_text
from coopgov.languages import relative
from coopgov.locales import listed, phrase, text, verbatim
from coopgov.pages.markdown import code, prose, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts import Catalogue, Fact, SubjectType
    from coopgov.locales import Phrase

__all__ = ["catalogue_json", "catalogue_markdown", "catalogue_text"]


def catalogue_text(catalogue: Catalogue, about: str | None, language: str = "en") -> str:
    """A block for each type of subject, a line or two for each fact."""
    lines: list[str] = []
    for name in _types(catalogue, about):
        kind = catalogue.subject_types[name]
        heading = {"about": _named(kind, language), "means": kind.means_in(language)}
        lines += ["", text("facts.listing.heading", language, **heading)]
        for fact in catalogue.about(name):
            row = {"fact": _named(fact, language), "type": _type(catalogue, fact, language)}
            lines.append("  " + text("facts.listing.fact", language, **row, means=fact.means_in(language)))
            if fact.text:
                lines.append(f"      = {fact.text}")
    return "\n".join(lines[1:])


def catalogue_json(catalogue: Catalogue, about: str | None, language: str = "en") -> str:
    """The catalogue as JSON, for programs."""
    rows: list[dict[str, Any]] = [
        {
            "about": fact.about,
            "name": fact.name,
            "display_name": fact.name_in(language),
            "type": _type(catalogue, fact, language),
            "optional": fact.optional,
            "is": fact.text or None,
            "means": fact.means_in(language),
        }
        for name in _types(catalogue, about)
        for fact in catalogue.about(name)
    ]
    return json_text(rows, language)


def catalogue_markdown(catalogue: Catalogue, about: str | None, language: str = "en") -> str:
    """The body of the reference page: a section and a table for each type of subject."""
    lines: list[str] = []
    columns = [text(f"facts.listing.column-{column}", language) for column in ("fact", "type", "meaning")]
    for name in _types(catalogue, about):
        kind = catalogue.subject_types[name]
        means = prose(kind.means_in(language))
        if kind.parents:
            above = listed([catalogue.subject_types[parent].name_in(language) for parent in kind.parents])
            means = text("facts.listing.belongs", language, means=means, parents=above.in_language(language))
        lines += ["", f"## {prose(_named(kind, language))}", "", means]
        rows = (_row(catalogue, fact, language) for fact in catalogue.about(name))
        lines += ["", *table(columns, rows)]
    return "\n".join(lines[1:])


def _row(catalogue: Catalogue, fact: Fact, language: str) -> tuple[str, str, str]:
    named = _named(fact, language).replace(fact.name, code(fact.name), 1)
    formula = f"<br>{code(fact.text)}" if fact.text else ""
    return named, prose(_type(catalogue, fact, language)), prose(fact.means_in(language)) + formula


def _types(catalogue: Catalogue, about: str | None) -> Iterator[str]:
    return (name for name in catalogue.subjects() if about in (None, name))


def _named(one: Fact | SubjectType, language: str) -> str:
    """The name that rules use, which is an English word, and the display name in other languages."""
    shown = one.name_in(language)
    return one.name if relative(language) == "en" or shown == one.name else f"{one.name} {shown}"


def _type(catalogue: Catalogue, fact: Fact, language: str) -> str:
    kind = catalogue.type_of(fact.about, fact.name)
    assert kind is not None
    words: Phrase = kind.words
    if kind.choices:
        words = phrase("errors.one-of", choices=listed([verbatim(f'"{choice}"') for choice in kind.choices]))
    return (phrase("facts.listing.optional", type=words) if fact.optional else words).in_language(language)
