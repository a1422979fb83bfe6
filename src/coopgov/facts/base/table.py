"""Parses the rows that declare base facts: name and type. Their meanings are in the locales, under `facts`."""

from __future__ import annotations

from dataclasses import replace

from coopgov.facts.catalogue import BUILT_IN, Fact, Range
from coopgov.language.types import ANY, DATE, MONEY, NUMBER, OWN, PERCENT, TEXT, TRUTH, Type

__all__ = ["WARNINGS", "facts", "named"]

_TYPES = {
    "date": DATE,
    "holder": TEXT,
    "money": MONEY,
    "number": NUMBER,
    "own": OWN,
    "percent": PERCENT,
    "text": TEXT,
    "texts": Type("texts"),
    **{name: Type("text", group=name) for name in ("category", "kind", "leadership", "role", "unit")},
    "kinds": Type("texts", group="kind"),
    "strains": Type("texts", group="strain"),
    "truth": TRUTH,
    "days": Type("quantity", "day"),
    "points": Type("quantity", "point"),
    "hours": Type("quantity", "hour"),
    "working days": Type("quantity", "working day"),
}
WARNINGS = (("warnings", "subjects of warning"), ("warnings of lower layers", "subjects of warning"))
"""The two collections of warnings: those of layer 0 and, for filters that name rules, those of all lower layers."""


def facts(about: str, *rows: tuple[str, str]) -> tuple[Fact, ...]:
    """Declare base facts: name and type.

    A `holder` is the name of a member, body, party or role, which people see by its display name; `category` and its
    like are texts some of whose values are words of the vocabulary. A type ends in `?` for an optional setting, and in
    ` @day` for an observation made on the day of that fact (` @`: the fact is itself that day); `subjects of TYPE` is a
    collection, `text: a | b` an enumeration. A range that the model guarantees may follow, such as ` [0..]` or
    ` [1..5 whole]`; for a percentage, it is in shares, so 1 means 100 %.
    """
    return tuple(_fact(about, *row) for row in rows)


def named(about: str, name: str, of: str, written: str) -> Fact:
    """Declare a base fact of one of several things; in the catalogue, it has the name `of` in its brackets."""
    return replace(_fact(about, f'{name}("{of}")', written), of=of)


def _fact(about: str, name: str, written: str) -> Fact:
    kind, _, span = written.partition(" [")
    plain, observed, day = kind.partition(" @")
    return Fact(
        name,
        about,
        BUILT_IN,
        _type(plain.removesuffix("?")),
        optional=plain.endswith("?"),
        seen_on=(day or name) if observed else "",
        holder=plain.removesuffix("?") == "holder",
        range=_range(span.removesuffix("]")),
    )


def _range(written: str) -> Range:
    if not written:
        return ANY
    ends = written.removesuffix(" whole")
    least, _, most = ends.partition("..")
    return Range(int(least) if least else None, int(most) if most else None, ends != written)


def _type(kind: str) -> Type:
    if kind.startswith("subjects of "):
        return Type("collection", item=kind.removeprefix("subjects of "))
    if kind.startswith("text: "):
        return Type("text", choices=tuple(choice.strip() for choice in kind[6:].split("|")))
    return _TYPES[kind]
