"""Parses the rows that declare base facts: name, type and meaning."""

from __future__ import annotations

from coopgov.facts.catalogue import Fact, Range
from coopgov.language.types import ANY, DATE, MONEY, NUMBER, OWN, PERCENT, TEXT, TRUTH, Type

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

    A type ends in `?` for an optional setting, and in ` @day` for an observation made on the day of that fact (` @`:
    the fact is itself that day); `subjects of TYPE` is a collection, `text: a | b` an enumeration. A range that the
    model guarantees may follow: ` [0..]`, ` [1..5 whole]`; for a percentage, it is in shares, so 1 means 100 %.
    """
    return tuple(_fact(about, *row) for row in rows)


def _fact(about: str, name: str, written: str, means: str) -> Fact:
    kind, _, span = written.partition(" [")
    plain, observed, day = kind.partition(" @")
    return Fact(
        name,
        about,
        means,
        _type(plain.removesuffix("?")),
        optional=plain.endswith("?"),
        seen_on=(day or name) if observed else "",
        range=_range(span.removesuffix("]")),
    )


def _range(written: str) -> Range:
    if not written:
        return ANY
    ends = written.removesuffix(" whole")
    least, _, most = ends.partition("..")
    return Range(int(least) if least else None, int(most) if most else None, ends != written)


def warnings(which: str) -> tuple[tuple[str, str, str], ...]:
    """The two collections of warnings: those of layer 0 and, for filters that name rules, those of all lower layers."""
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
