"""Records of the made-up subjects as frames.

One of works, with columns of the whole, one of parts and one of tickets.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coopgov.backends.ir import Check, Step
from coopgov.facts import Catalogue, Fact, SubjectType
from coopgov.faults import Place
from coopgov.language import parse
from coopgov.language.type_check import check
from coopgov.rules import Rule, RuleSet
from coopgov.rules.ladder import step_of
from coopgov.rules.messages import Message
from coopgov.schema import LocalText
from language.expressions import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coopgov.language.types import Type
    from coopgov.severities import Severity

__all__ = ["Columns", "columns_of", "plain", "rule_set_of", "rules_of"]

Columns = dict[str, tuple[str, list[Any]]]
_KINDS = {"date": "date", "text": "text", "truth": "truth", "texts": "texts"}


def _rows(about: str, records: Sequence[dict[str, Any]], prefix: str = "") -> Columns:
    return {
        prefix + fact.name: (
            _KINDS.get(fact.type.kind, "number"),
            [record.get(fact.name) for record in records],
        )
        for fact in CATALOGUE.about(about)
        if fact.type is not None and fact.type.kind != "collection"
    }


def columns_of(works: Sequence[dict[str, Any]]) -> tuple[Columns, Columns, Columns]:
    """The columns of works, of their parts and of their tickets.

    Each work has an `id`, which the others name as `of`.
    """
    keys = [f"w{number}" for number in range(len(works))]
    own = {
        "id": ("text", keys),
        **_rows("work", works),
        **_rows("whole", [work["whole"] for work in works], "whole."),
    }
    others = []
    for name, about in (("parts", "part"), ("tickets", "ticket")):
        items = [(key, item) for key, work in zip(keys, works, strict=True) for item in work[name]]
        others.append(
            {"of": ("text", [key for key, _ in items]), **_rows(about, [item for _, item in items])}
        )
    return own, *others  # type: ignore[return-value]


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """A record as frames can hold it.

    Numbers as floats, every collection there, every item with its work and its whole.
    """
    work = _plain(record, "work")
    work["whole"] = _plain(record.get("whole") or {}, "whole")
    for name, about in (("parts", "part"), ("tickets", "ticket")):
        work[name] = [_plain(item, about) for item in record.get(name) or ()]
    for part in work["parts"]:
        part |= {"work": work, "whole": work["whole"]}
    return work


def _plain(record: dict[str, Any], about: str) -> dict[str, Any]:
    names = {
        fact.name
        for fact in CATALOGUE.about(about)
        if fact.type is not None and fact.type.kind != "collection"
    }
    return {
        name: float(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value
        for name, value in record.items()
        if name in names
    }


def rules_of(
    subjects: Mapping[str, Mapping[str, Type | str]],
    checks: Mapping[str, tuple[str, ...]],
    optional: Sequence[str] = (),
) -> RuleSet:
    """Rules about the first of some made-up subjects: one condition each, or a measure and its bands, the worst first.

    A fact is a type, or a formula; those of `optional` are settings that need not be made.
    """
    facts = {
        (about, name): Fact(name, about, "", text=kind)
        if isinstance(kind, str)
        else Fact(name, about, "", kind, optional=name in optional)
        for about, rows in subjects.items()
        for name, kind in rows.items()
    }
    about = next(iter(subjects))
    catalogue = Catalogue({name: SubjectType(name) for name in subjects}, facts)
    written = tuple(_check(catalogue, about, name, *texts) for name, texts in checks.items())
    return rule_set_of(about, written, catalogue)


def rule_set_of(about: str, checks: Iterable[Check], catalogue: Catalogue) -> RuleSet:
    """A rule for each check, about one type of subject."""
    rules = tuple(
        Rule(
            id=one.id,
            about=about,
            kind="data",
            title=LocalText((("", one.id),)),
            message=Message(LocalText((("", ""),)), {}),
            check=one,
            causes=(),
            escalate={},
            layer=0,
            texts={},
            place=Place("made-up.yaml", 1, 1),
            pack="made-up",
        )
        for one in checks
    )
    return RuleSet(pack="made-up", version="1.0.0", digest="", rules=rules, catalogue=catalogue)


def _check(catalogue: Catalogue, about: str, name: str, first: str, *bands: str) -> Check:
    if not bands:
        return Check(name, (Step("minor", check(parse(first), about, catalogue)),))
    worst_first: tuple[Severity, ...] = ("critical", "major", "minor")
    steps = (
        step_of(severity, check(parse(f"{first} {band}"), about, catalogue))
        for severity, band in zip(worst_first[3 - len(bands) :], bands, strict=True)
    )
    return Check(name, tuple(steps), check(parse(first), about, catalogue))
