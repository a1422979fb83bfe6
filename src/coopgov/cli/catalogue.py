"""Print the catalogue of facts as text, JSON, or the Markdown of the reference page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.cli.output import json_text, said
from coopgov.locales import text
from coopgov.pages.markdown import code, prose, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts import Catalogue, Fact

__all__ = ["catalogue_json", "catalogue_markdown", "catalogue_text"]


def catalogue_text(catalogue: Catalogue, about: str | None, language: str = "en") -> str:
    """A block for each type of subject, a line or two for each fact."""
    lines: list[str] = []
    for name in _types(catalogue, about):
        means = said(catalogue.subject_types[name].means, language)
        lines += ["", text("cli.facts.subject", language, name=name, means=means)]
        for fact in catalogue.about(name):
            values = {"type": _type(catalogue, fact, language), "means": said(fact.means, language)}
            lines.append(text("cli.facts.fact", language, name=fact.name, **values))
            if fact.text:
                lines.append(f"      = {fact.text}")
    return "\n".join(lines[1:])


def catalogue_json(catalogue: Catalogue, about: str | None, language: str = "en") -> str:
    """The catalogue as JSON, for programs."""
    rows: list[dict[str, Any]] = [
        {
            "about": fact.about,
            "name": fact.name,
            "type": _type(catalogue, fact, language),
            "optional": fact.optional,
            "is": fact.text or None,
            "means": said(fact.means, language),
        }
        for name in _types(catalogue, about)
        for fact in catalogue.about(name)
    ]
    return json_text(rows, language)


def catalogue_markdown(catalogue: Catalogue, about: str | None, language: str = "en") -> str:
    """The body of the reference page: a section and a table for each type of subject."""
    lines: list[str] = []
    heads = [
        text(f"cli.facts.{column}", language) for column in ("column-fact", "column-type", "column-meaning")
    ]
    for name in _types(catalogue, about):
        above = text("common.comma", language).join(catalogue.subject_types[name].parents)
        belongs = text("cli.facts.belongs", language, parents=above) if above else ""
        means = said(catalogue.subject_types[name].means, language)
        lines += ["", f"## {prose(name)}", "", prose(means) + belongs]
        rows = (_row(catalogue, fact, language) for fact in catalogue.about(name))
        lines += ["", *table(heads, rows)]
    return "\n".join(lines[1:])


def _row(catalogue: Catalogue, fact: Fact, language: str) -> tuple[str, str, str]:
    formula = f"<br>{code(fact.text)}" if fact.text else ""
    meaning = prose(said(fact.means, language)) + formula
    return code(fact.name), prose(_type(catalogue, fact, language)), meaning


def _types(catalogue: Catalogue, about: str | None) -> Iterator[str]:
    return (name for name in catalogue.subjects() if about in (None, name))


def _type(catalogue: Catalogue, fact: Fact, language: str) -> str:
    kind = catalogue.type_of(fact.about, fact.name)
    named = said(kind, language)
    if kind is not None and kind.choices:
        choices = text("common.comma", language).join(
            text("cli.facts.choice", language, choice=choice) for choice in kind.choices
        )
        named = text("cli.facts.one-of", language, choices=choices)
    return text("cli.facts.optional", language, type=named) if fact.optional else named
