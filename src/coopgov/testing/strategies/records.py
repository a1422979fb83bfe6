"""Strategies for records of facts: the plain dictionaries that hosts pass to checkers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.facts.shipped_catalogue import default_catalogue
from coopgov.rules.ruleset import RuleSet
from coopgov.severities import SEVERITIES
from coopgov.testing.strategies.arguments import known_name, of_class, strategy
from coopgov.testing.strategies.needed_facts import facts_in_messages, facts_read, texts_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    from coopgov.facts.catalogue import Catalogue, Fact
    from coopgov.testing.strategies.needed_facts import Key

__all__ = ["DAY", "Sort", "facts", "near_days", "records", "sort_for"]

DAY = date(2026, 6, 30)
"""The default date of the assessment."""

_UNITS = ("points", "%", "days", "件", "")
_WORDS = ("satisfaction", "quality", "delay", "港口", "")


def near_days(day: date) -> SearchStrategy[date]:
    """Days up to some months before and after a day, within the calendar."""
    least, most = max(-400, date.min.toordinal() - day.toordinal()), min(400, (date.max - day).days)
    return st.integers(least, most).map(lambda count: day + timedelta(count))


_AROUND_DAY = near_days(DAY)
_FIGURES: SearchStrategy[Any] = st.one_of(
    st.integers(0, 20),
    st.sampled_from([0, 1, 10, 50, 80, 100, 1000, 100_000, 0.1, 0.15, 0.3, 0.345, 2.5, -3, 0.1 + 0.2]),
    st.decimals(-1000, 1000, places=2),
    st.decimals(0, 10**6, places=2).map(float),
    st.integers(-(10**9), 10**9),
)


@dataclass(frozen=True, slots=True)
class Sort:
    """The sort of records to draw: of which type of subject, which facts (all without `only`), how complete.

    The `settled` facts, which only messages name, are never absent: whether they are there when a rule fires depends on
    how facts go together, which a drawn record does not know (whoever holds a key role has a role).
    """

    catalogue: Catalogue = field(repr=False)
    days: SearchStrategy[date]
    only: frozenset[Key] | None = field(default=None, repr=False)
    settled: frozenset[Key] = field(default=frozenset(), repr=False)
    words: tuple[str, ...] = _WORDS
    rule_ids: tuple[str, ...] = field(default=("phase-late",), repr=False)
    complete: bool = False
    depth: int = 2

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001  # the protocol of IPython
        """Print as `repr` does, without the catalogue."""
        printer.text(repr(self))

    def facts(self, about: str) -> Iterator[Fact]:
        """The base facts of a type of subject."""
        for key, fact in self.catalogue.facts.items():
            if fact.about == about and fact.type is not None and (self.only is None or key in self.only):
                yield fact

    def parents(self, about: str) -> Iterator[str]:
        """Its parents, the furthest first, as far as their facts are wanted."""
        for parent in reversed(self.catalogue.parents(about)):
            if self.only is None or any(subject == parent for subject, _ in self.only):
                yield parent

    def needs(self, about: str) -> bool:
        """Whether parents of that type are never absent."""
        return any(subject == about for subject, _ in self.settled)

    @property
    def below(self) -> Sort:
        """The same sort, a step further away from the subject."""
        return replace(self, depth=self.depth - 1)

    @property
    def alone(self) -> Sort:
        """The same sort, without collections."""
        return replace(self, depth=0)


def _values(fact: Fact, sort: Sort) -> SearchStrategy[Any]:
    """Values that a base fact can have, unless it is a collection."""
    kind = fact.type
    assert kind is not None
    if kind.kind == "date":
        return sort.days
    if kind.kind == "truth":
        return st.booleans()
    if kind.kind in ("text", "texts"):
        words = st.sampled_from(_UNITS if fact.name == "unit" else kind.choices or sort.words)
        return words if kind.kind == "text" else st.lists(words, max_size=3)
    if kind.percent or kind.unit == "%":
        return st.integers(0, 100).map(lambda share: share / 100 if kind.percent else share) | _FIGURES
    if kind.unit in ("month", "working day"):
        return st.integers(-30, 30) | st.sampled_from([0.5, Decimal(2)])
    return _FIGURES


@st.composite
def records(draw: DrawFn, about: str, sort: Sort) -> dict[str, Any]:
    """Records of a type of subject, with its parents and collections.

    A complete record has every fact; otherwise each fact may be absent: left out, or without a value.
    """
    absent = 0 if sort.complete else draw(st.sampled_from([0, 0, 1, 3]))
    record: dict[str, Any] = {}
    for fact in sort.facts(about):
        assert fact.type is not None
        if absent and (about, fact.name) not in sort.settled and draw(st.integers(1, 10)) <= absent:
            record |= (
                draw(st.sampled_from([{}, {fact.name: None}]))
                if not fact.type.numeric
                else draw(_nothing(fact.name))
            )
        elif fact.type.kind == "collection":
            some = st.lists(_items(fact.type.item, sort.below), max_size=2)
            record[fact.name] = draw(some) if sort.depth else []
        else:
            record[fact.name] = draw(_values(fact, sort))
    if sort.depth:
        for parent in sort.parents(about):
            if sort.complete or sort.needs(parent) or draw(st.integers(0, 3)):
                known = {name: record[name] for name in sort.catalogue.parents(parent) if name in record}
                record[parent] = {**draw(records(parent, sort.alone)), **known}
    return record


def _nothing(name: str) -> SearchStrategy[dict[str, Any]]:
    return st.sampled_from([{}, {name: None}, {name: float("nan")}, {name: Decimal("NaN")}])


def _items(about: str, sort: Sort) -> SearchStrategy[dict[str, Any]]:
    if about != "warning":
        return records(about, sort)
    return st.fixed_dictionaries(
        {
            "rule": st.sampled_from(sort.rule_ids),
            "kind": st.sampled_from(["delay", "overspend", "quality", "communication", "data"]),
            "severity": st.sampled_from(SEVERITIES),
            "about": st.sampled_from(["phase/setup", "kpi/satisfaction", "agreement"]),
            "waived": st.booleans(),
            "past": st.booleans(),
        }
    )


def sort_for(rules: RuleSet, about: str, days: SearchStrategy[date], *, complete: bool = False) -> Sort:
    """The sort of records with the facts that the rules about a type of subject read."""
    mine = [rule for rule in rules.rules if rule.about == about]
    ids = tuple(rule.id for rule in rules.rules) or ("phase-late",)
    words = texts_named(mine, rules.catalogue) or _WORDS
    read, in_messages = facts_read(mine, rules.catalogue), facts_in_messages(mine, rules.catalogue)
    return Sort(rules.catalogue, days, read | in_messages, in_messages - read, (*words, ""), ids, complete)


@st.composite
def facts(
    draw: DrawFn,
    about: str,
    *,
    rules: RuleSet | None = None,
    days: SearchStrategy[date] = _AROUND_DAY,
    complete: bool = False,
) -> dict[str, Any]:
    """Records of base facts about one type of subject: plain dictionaries, as `rules.checker(about)` takes them.

    Args:
        draw: given by Hypothesis.
        about: a type of subject, such as `phase`.
        rules: the rules whose facts the records hold; by default, records hold all built-in facts.
        days: all dates; by default around 30 June 2026.
        complete: whether every fact is there; otherwise some are left out, None or NaN.
    """
    catalogue = default_catalogue() if rules is None else of_class(rules, RuleSet, "rules").catalogue
    known_name(about, catalogue.subject_types, "about")
    days = strategy(days, "days")
    if rules is None:
        return draw(records(about, Sort(catalogue, days, complete=complete, depth=1)))
    return draw(records(about, sort_for(rules, about, days, complete=complete)))
