"""Print the catalogue of facts as text, JSON, or the Markdown of the reference page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgov.cli.output import json_text, say
from coopgov.pages.markdown import code, prose, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgov.facts import Catalogue, Fact

__all__ = ["catalogue_json", "catalogue_markdown", "catalogue_text"]


def catalogue_text(catalogue: Catalogue, about: str | None, language: str = "en") -> str:
    """A block for each type of subject, a line or two for each fact."""
    lines: list[str] = []
    for name in _types(catalogue, about):
        lines += ["", f"{name}: {catalogue.subject_types[name].means}"]
        for fact in catalogue.about(name):
            lines.append(f"  {fact.name} ({_type(catalogue, fact, language)}): {fact.means}")
            if fact.text:
                lines.append(f"      = {fact.text}")
    return "\n".join(lines[1:])


def catalogue_json(catalogue: Catalogue, about: str | None) -> str:
    """The catalogue as JSON, for programs."""
    rows: list[dict[str, Any]] = [
        {
            "about": fact.about,
            "name": fact.name,
            "type": _type(catalogue, fact, "en"),
            "optional": fact.optional,
            "is": fact.text or None,
            "means": fact.means,
        }
        for name in _types(catalogue, about)
        for fact in catalogue.about(name)
    ]
    return json_text(rows)


def catalogue_markdown(catalogue: Catalogue, about: str | None, language: str = "en") -> str:
    """The body of the reference page: a section and a table for each type of subject."""
    lines: list[str] = []
    heads = [say(f"facts.{head}", language) for head in ("fact", "type", "meaning")]
    for name in _types(catalogue, about):
        above = ", ".join(catalogue.subject_types[name].parents)
        belongs = f" {say('facts.parents', language, parents=above)}" if above else ""
        lines += [
            "",
            f"## {prose(name)}",
            "",
            prose(catalogue.subject_types[name].means) + belongs,
        ]
        rows = (_row(catalogue, fact, language) for fact in catalogue.about(name))
        lines += ["", *table(heads, rows)]
    return "\n".join(lines[1:])


def _row(catalogue: Catalogue, fact: Fact, language: str) -> tuple[str, str, str]:
    formula = f"<br>{code(fact.text)}" if fact.text else ""
    return code(fact.name), prose(_type(catalogue, fact, language)), prose(fact.means) + formula


def _types(catalogue: Catalogue, about: str | None) -> Iterator[str]:
    return (name for name in catalogue.subjects() if about in (None, name))


def _type(catalogue: Catalogue, fact: Fact, language: str) -> str:
    kind = catalogue.type_of(fact.about, fact.name)
    text = str(kind)
    if kind is not None and kind.choices:
        choices = ", ".join(f'"{choice}"' for choice in kind.choices)
        text = say("facts.choices", language, choices=choices)
    return say("facts.optional", language, type=text) if fact.optional else text
