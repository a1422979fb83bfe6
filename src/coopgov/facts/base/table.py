"""How base facts are declared: a row each, beside the function that reads them."""

from __future__ import annotations

from coopgov.facts.catalogue import Fact
from coopgov.language.types import DATE, MONEY, NUMBER, OWN, PERCENT, TEXT, TRUTH, Type

__all__ = ["facts", "warnings"]

_TYPES = {
    "date": DATE,
    "money": MONEY,
    "number": NUMBER,
    "own": OWN,
    "percent": PERCENT,
    "text": TEXT,
    "texts": Type("texts"),
    "truth": TRUTH,
    "points": Type("quantity", "point"),
    "hours": Type("quantity", "hour"),
}


def facts(about: str, *rows: tuple[str, str, str]) -> tuple[Fact, ...]:
    """Declare base facts: name, type, meaning.

    A type ends in `?` for an optional setting, in ` @day` for what is observed on the day of that fact (` @`: its own); `subjects of TYPE` is a collection, `text: a | b` an enumeration.
    """
    return tuple(
        Fact(
            name,
            about,
            means,
            _type(kind.partition(" @")[0].removesuffix("?")),
            optional=kind.endswith("?"),
            seen_on=(kind.partition(" @")[2] or name) if " @" in kind else "",
        )
        for name, kind, means in rows
    )


def warnings(which: str) -> tuple[tuple[str, str, str], ...]:
    """The two collections of warnings: of layer 0, and for filters that name rules, of all lower layers."""
    return (
        (
            "warnings",
            "subjects of warning",
            f"{which}, of rules in layer 0; where a filter names rules, of all lower layers.",
        ),
        (
            "warnings of lower layers",
            "subjects of warning",
            f"{which}, of all lower layers: what a filter that names rules reads.",
        ),
    )


def _type(kind: str) -> Type:
    if kind.startswith("subjects of "):
        return Type("collection", item=kind.removeprefix("subjects of "))
    if kind.startswith("text: "):
        return Type("text", choices=tuple(choice.strip() for choice in kind[6:].split("|")))
    return _TYPES[kind]
