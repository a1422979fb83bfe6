"""Hypothesis strategies for the rule language: trees of any shape, well-typed expressions, and records to try them on.

The subjects are made up, so that facts of every kind stand side by side: a `work` belongs to a `whole`, has `parts`
(which have `steps`) and `tickets` (which belong to nothing).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from coopgov.backends.program import Check, Program, Step
from coopgov.facts import Catalogue, Fact, SubjectType
from coopgov.language import syntax as s
from coopgov.language import to_text
from coopgov.language.check import check
from coopgov.language.parser import AGGREGATES, FUNCTIONS, KEYWORDS
from coopgov.language.types import DATE, MONEY, NUMBER, OWN, PERCENT, TEXT, TRUTH, Type
from coopgov.rules.ladder import step_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "CATALOGUE",
    "KINDS",
    "conditions",
    "dates",
    "numbers",
    "programs",
    "records",
    "trees",
    "values",
]

# Trees of any shape ----------------------------------------------------------------------------------------------------

_one_line = st.text(st.characters(exclude_categories=["Cs"], exclude_characters='\n"'), max_size=5) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\n'"), max_size=5
)
_identifiers = (
    st.sampled_from(["delay", "budget", "max", "count", "e5", "预算", "_x", "working"])
    | st.text(st.sampled_from("abxyz_09é港"), min_size=1, max_size=4)
).filter(lambda name: name.isidentifier() and name not in KEYWORDS)
_units = (
    st.sampled_from(
        ["", "%", "days", "working day", "working days", "km/h", "件", "CNY", "is", "e", "working", "a·b"]
    )
    | _one_line
)
_figures = st.decimals(0, 10**9, places=3) | st.integers(0, 10**30).map(Decimal) | st.just(Decimal("1e-9"))
_literals: SearchStrategy[s.Literal] = st.one_of(
    st.builds(s.Literal, _figures, _units),
    st.builds(s.Literal, _one_line),
    st.builds(s.Literal, st.dates()),
    st.builds(s.Literal, st.booleans()),
)
_names = st.builds(s.Name, _identifiers, st.just("") | _identifiers)
_BINARY: tuple[type[s.Binary], ...] = (
    s.Add,
    s.Subtract,
    s.Multiply,
    s.Divide,
    s.Else,
    s.Above,
    s.Below,
    s.AtLeast,
    s.AtMost,
    s.Equal,
    s.NotEqual,
    s.In,
)


def _larger(below: SearchStrategy[s.Expr]) -> SearchStrategy[s.Expr]:
    several = st.lists(below, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        *(st.builds(kind, below, below) for kind in _BINARY),
        *(st.builds(kind, below) for kind in (s.Negative, s.Not, s.Known)),
        *(st.builds(kind, several) for kind in (s.And, s.Or)),
        st.builds(s.Between, below, below, below),
        st.builds(s.In, below, st.lists(_literals, min_size=1, max_size=3).map(tuple).map(s.Choices)),
        st.builds(
            s.Call, st.sampled_from(sorted(FUNCTIONS)), st.lists(below, min_size=1, max_size=3).map(tuple)
        ),
        st.builds(s.Aggregate, st.sampled_from(sorted(AGGREGATES)), _names, below, st.none() | below),
        st.builds(s.Aggregate, st.sampled_from(sorted(AGGREGATES)), _names, st.none(), below),
        st.builds(s.Aggregate, st.sampled_from(sorted(AGGREGATES - FUNCTIONS)), _names),
    )


def trees() -> SearchStrategy[s.Expr]:
    """Any tree that can be written, whether it makes sense or not."""
    return st.recursive(_literals | _names, _larger, max_leaves=12)


# A small catalogue with facts of every kind ------------------------------------------------------------------------------

_KWH = Type("quantity", "kWh")
_TYPES = {
    "date": DATE,
    "number": NUMBER,
    "money": MONEY,
    "day": Type("quantity", "day"),
    "working day": Type("quantity", "working day"),
    "month": Type("quantity", "month"),
    "kWh": _KWH,
    "own": OWN,
    "text": TEXT,
    "truth": TRUTH,
}
KINDS = tuple(_TYPES)
"""Kinds of expression that combine only with their like."""

NUMERIC = ("number", "money", "day", "working day", "month", "kWh", "own")
_ROWS: dict[str, tuple[tuple[str, str, Type, bool], ...]] = {
    # name, kind of its expressions, declared type, optional
    "work": (
        ("start", "date", DATE, False),
        ("finish", "date", DATE, False),
        ("held", "date", DATE, True),
        ("n", "number", NUMBER, False),
        ("m", "number", NUMBER, True),
        ("p", "number", PERCENT, False),
        ("answered", "number", Type("quantity", "%"), False),
        ("spent", "money", MONEY, False),
        ("budget", "money", MONEY, True),
        ("d", "day", Type("quantity", "day"), False),
        ("lag", "day", Type("quantity", "week"), False),
        ("buffer", "day", Type("quantity", "day"), True),
        ("wd", "working day", Type("quantity", "working day"), False),
        ("notice", "month", Type("quantity", "month"), True),
        ("energy", "kWh", _KWH, False),
        ("power", "kWh", Type("quantity", "MWh"), True),
        ("value", "own", OWN, False),
        ("target", "own", OWN, False),
        ("floor", "own", OWN, True),
        ("status", "text", Type("text", choices=("open", "done", "late")), False),
        ("label", "text", TEXT, True),
        ("late", "truth", TRUTH, False),
        ("done", "truth", TRUTH, False),
        ("flagged", "truth", TRUTH, True),
    ),
    "part": (
        ("due", "date", DATE, False),
        ("met", "date", DATE, True),
        ("n", "number", NUMBER, False),
        ("cost", "money", MONEY, False),
        ("d", "day", Type("quantity", "day"), True),
        ("value", "own", OWN, False),
        ("status", "text", TEXT, False),
        ("done", "truth", TRUTH, False),
        ("flagged", "truth", TRUTH, True),
    ),
    "step": (("n", "number", NUMBER, False), ("done", "truth", TRUTH, False)),
    "ticket": (
        ("n", "number", NUMBER, False),
        ("open", "truth", TRUTH, False),
        ("fee", "money", MONEY, True),
    ),
    "whole": (
        ("end", "date", DATE, False),
        ("n", "number", NUMBER, False),
        ("limit", "number", PERCENT, True),
        ("budget", "money", MONEY, False),
        ("active", "truth", TRUTH, False),
        ("label", "text", TEXT, True),
    ),
}
_DERIVED: dict[str, tuple[tuple[str, str, str], ...]] = {
    # name, kind of its expressions, formula
    "work": (
        ("delay", "day", "max(0 days, (finish else max(held else as_of, as_of)) - start)"),
        ("overspend", "number", "(spent - budget) / budget"),
        ("left", "money", "budget - spent"),
        ("open_parts", "number", "count(parts where not done)"),
        ("part_days", "day", "sum(d of parts)"),
        ("behind", "own", "target - value"),
        ("ended", "truth", "finish is known"),
        ("calm", "truth", "done or (n below 5 and flagged)"),
        ("until", "date", "(finish else held) + 1 month"),
        ("always", "number", "n else 3"),
        ("state", "text", "label else status"),
        ("crowd", "number", "open_parts else 0"),
        ("answered_most", "number", "max(answered, p)"),
    ),
    "part": (
        ("overdue", "day", "max(0 days, (met else as_of) - due)"),
        ("busy", "truth", "done or count(steps where done) above 1"),
        ("steps_open", "number", "count(steps where not done)"),
    ),
    "ticket": (("weight", "number", "n * 2"),),
    "whole": (
        ("open_works", "number", "count(works where not done)"),
        ("spare", "money", "budget - sum(spent of works)"),
    ),
}
_COLLECTIONS = {
    "work": (("parts", "part"), ("tickets", "ticket")),
    "part": (("steps", "step"),),
    "whole": (("works", "work"),),
}
_PARENTS = {"work": ("whole",), "part": ("work", "whole"), "step": ("part",), "ticket": (), "whole": ()}
_CURRENCIES = ("CNY", "EUR", "money")


def _catalogue() -> Catalogue:
    facts = [
        Fact(name, about, "", kind, optional=optional)
        for about, rows in _ROWS.items()
        for name, _, kind, optional in rows
    ]
    facts += [Fact(name, about, "", text=text) for about, rows in _DERIVED.items() for name, _, text in rows]
    for about, rows in _COLLECTIONS.items():
        facts += [Fact(name, about, "", Type("collection", item=item)) for name, item in rows]
    facts += [
        Fact("tags", "work", "", Type("texts")),
        Fact("marks", "work", "", Type("texts"), optional=True),
    ]
    facts += [Fact("unit", about, "", TEXT, optional=True) for about in ("work", "part")]
    return Catalogue(
        {name: SubjectType(name, parents) for name, parents in _PARENTS.items()},
        {(fact.about, fact.name): fact for fact in facts},
    )


CATALOGUE = _catalogue()

# Well-typed expressions --------------------------------------------------------------------------------------------------

_FIGURES = (
    "0",
    "1",
    "2",
    "3",
    "5",
    "10",
    "100",
    "0.1",
    "0.15",
    "0.3",
    "0.345",
    "0.7",
    "2.5",
    "580.51",
    "829.30",
    "1000000",
)
_DAY = date(2026, 1, 31)
_TEXTS = ("open", "done", "late", "")
_UNITS = ("%", "points", "days", "件", "")
_UNITS_OF: dict[str, tuple[str, ...]] = {
    "number": ("", "", "%"),
    "money": _CURRENCIES,
    "day": ("days", "weeks"),
    "working day": ("working days",),
    "month": ("months",),
    "kWh": ("kWh", "MWh", "J"),
    "own": _UNITS,
}
dates = st.integers(-40, 400).map(lambda days: _DAY + timedelta(days)) | st.sampled_from(
    [_DAY, date(2026, 2, 28)]
)
figures = st.sampled_from(_FIGURES).map(Decimal) | st.decimals(0, 1000, places=2)


@dataclass
class _Author:
    """Draws expressions about subjects in scope; `more` are derived facts beside those of the catalogue."""

    draw: DrawFn
    scope: tuple[str, ...] = ("work",)
    more: list[tuple[str, str]] = field(default_factory=list)

    def pick(self, items: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(items))

    def value(self, kind: str, depth: int) -> s.Expr:
        if depth <= 0 or self.pick((True, False, False)):
            return self.leaf(kind)
        makers = [self._else]
        if kind in NUMERIC:
            makers += [self._sum, self._scaled, self._sign, self._extreme, self._aggregate]
        makers += {
            "number": [self._ratio, self._count],
            "date": [self._step, self._extreme, self._aggregate],
        }.get(kind, [])
        makers += {"day": [self._between_dates], "working day": [self._between_dates]}.get(kind, [])
        made: s.Expr = self.condition(depth) if kind == "truth" else self.pick(makers)(kind, depth - 1)
        return made

    def leaf(self, kind: str, *, named: bool = False) -> s.Expr:
        found = list(self._named(kind))
        if not found or (not named and self.pick((True, False, False))):
            return self.literal(kind)
        return s.Name(*self.pick(found))

    def _named(self, kind: str) -> list[tuple[str, str]]:
        """Names of the facts of a kind in reach: of the subject at hand, of those further out and above."""
        here = self.scope[-1]
        found = [
            (name, owner) for owner, about in (("", here), (here, here)) for name in _facts_of(kind, about)
        ]
        if here == "work":
            found += [(name, "") for of, name in self.more if of == kind]
        outer = {above for about in self.scope for above in (about, *_PARENTS[about])} - {here}
        found += [(name, about) for about in sorted(outer) for name in _facts_of(kind, about)]
        return [*found, ("as_of", "")] if kind == "date" else found

    def literal(self, kind: str) -> s.Expr:
        if kind == "date":
            return s.Literal(self.draw(dates))
        if kind == "text":
            return s.Literal(self.pick(_TEXTS[:3]))
        if kind == "truth":
            return s.Literal(self.pick((True, False)))
        if kind == "own":
            return s.Name("value")
        return s.Literal(self.draw(figures), self.pick(_UNITS_OF[kind]))

    def own_or_literal(self, kind: str, depth: int) -> s.Expr:
        """A value to stand beside another one: own values may there be literals."""
        if kind == "own" and self.pick((True, False)):
            return s.Literal(self.draw(figures), self.pick(_UNITS))
        return self.value(kind, depth)

    def _sum(self, kind: str, depth: int) -> s.Expr:
        made: s.Expr = self.pick((s.Add, s.Subtract))(
            self.value(kind, depth), self.own_or_literal(kind, depth)
        )
        return made

    def _scaled(self, kind: str, depth: int) -> s.Expr:
        value, number = self.value(kind, depth), self.value("number", depth)
        return self.pick((s.Multiply(value, number), s.Multiply(number, value), s.Divide(value, number)))  # type: ignore[no-any-return]

    def _sign(self, kind: str, depth: int) -> s.Expr:
        value = self.value(kind, depth)
        return self.pick((s.Negative(value), s.Call("abs", (value,))))  # type: ignore[no-any-return]

    def _extreme(self, kind: str, depth: int) -> s.Expr:
        parts = [self.value(kind, depth), self.own_or_literal(kind, depth)]
        if self.pick((True, False)):
            parts.insert(self.pick((0, 1, 2)), self.own_or_literal(kind, depth))
        return s.Call(self.pick(("min", "max")), tuple(parts))

    def _else(self, kind: str, depth: int) -> s.Expr:
        return s.Else(
            self.leaf(kind, named=True) if depth < 1 else self.value(kind, depth),
            self.own_or_literal(kind, depth),
        )

    def _ratio(self, kind: str, depth: int) -> s.Expr:  # noqa: ARG002  # one shape for all makers
        of = self.pick(NUMERIC)
        return s.Divide(self.value(of, depth), self.own_or_literal(of, depth))

    def _step(self, kind: str, depth: int) -> s.Expr:
        steps = self.value(self.pick(("day", "working day", "month")), min(depth, 1))
        made: s.Expr = self.pick((s.Add, s.Subtract))(self.value(kind, depth), steps)
        return made

    def _between_dates(self, kind: str, depth: int) -> s.Expr:
        a, b = self.value("date", depth), self.value("date", depth)
        return s.Subtract(a, b) if kind == "day" else s.Call("working_days", (a, b))

    def _inside(self) -> tuple[s.Name, _Author] | None:
        """A collection in reach, and an author who writes about its items."""
        here = self.scope[-1]
        found = [(s.Name(name), item) for name, item in _COLLECTIONS.get(here, ())]
        if here == "work":
            found += [(s.Name("works", "whole"), "work")]
        if not found or len(self.scope) > 2:
            return None
        name, item = self.pick(found)
        return name, _Author(self.draw, (*self.scope, item))

    def _aggregate(self, kind: str, depth: int) -> s.Expr:
        inside = self._inside()
        if inside is None or kind == "own":
            return self.leaf(kind)
        collection, author = inside
        function = self.pick(("min", "max") if kind == "date" else ("sum", "mean", "min", "max"))
        where = author.condition(min(depth, 1)) if self.pick((True, False)) else None
        return s.Aggregate(function, collection, author.value(kind, depth), where)

    def _count(self, kind: str, depth: int) -> s.Expr:
        inside = self._inside()
        if inside is None:
            return self.leaf(kind)
        collection, author = inside
        where = author.condition(min(depth, 1))
        if self.pick((True, False)):
            return s.Aggregate("count", collection, None, where)
        return s.Aggregate("share", collection, *self.pick(((None, where), (where, author.condition(0)))))

    def condition(self, depth: int) -> s.Expr:
        if depth <= 0 and self.pick((True, False)):
            return self.leaf("truth")
        makers: list[Callable[[int], s.Expr]] = [
            self.compared,
            self.compared,
            self._known,
            self._texts,
            self._among,
        ]
        if depth > 0:
            makers += [self._logic, self._logic, self._truths, self._any]
        return self.pick(makers)(depth - 1)  # type: ignore[no-any-return]

    def compared(self, depth: int, measure: s.Expr | None = None, kind: str = "") -> s.Expr:
        """A comparison of numbers or dates; of the measure of a ladder, if there is one."""
        kind = kind or self.pick((*NUMERIC, "date"))
        left = self.value(kind, depth) if measure is None else measure
        comparison = self.pick((s.Above, s.Below, s.AtLeast, s.AtMost, s.Equal, s.NotEqual, s.Between))
        right = self.own_or_literal(kind, depth - 1)
        if comparison is s.Between:
            return s.Between(left, right, self.own_or_literal(kind, depth - 1))
        if measure is None and self.pick((True, False, False, False)):
            left, right = self.own_or_literal(kind, 0), left
        made: s.Expr = comparison(left, right)
        return made

    def _known(self, depth: int) -> s.Expr:
        return s.Known(self.value(self.pick(KINDS), depth))

    def _texts(self, depth: int) -> s.Expr:
        left = self.value("text", depth)
        if self.scope[-1] == "work" and self.pick((True, False)):
            return s.In(left, s.Name(self.pick(("tags", "marks"))))
        made: s.Expr = self.pick((s.Equal, s.NotEqual))(left, self.value("text", depth))
        return made

    def _among(self, depth: int) -> s.Expr:
        kind = self.pick(("text", "text", "number", "day", "date", "money", "own"))
        items = [self.literal(kind) for _ in range(self.pick((1, 2, 3)))]
        if kind == "own":
            items = [s.Literal(self.draw(figures), self.pick(_UNITS))]
        return s.In(
            self.value(kind, depth), s.Choices(tuple(item for item in items if isinstance(item, s.Literal)))
        )

    def _logic(self, depth: int) -> s.Expr:
        if self.pick((True, False, False)):
            return s.Not(self.condition(depth))
        parts = tuple(self.condition(depth) for _ in range(self.pick((2, 2, 3))))
        made: s.Expr = self.pick((s.And, s.Or))(parts)
        return made

    def _truths(self, depth: int) -> s.Expr:
        made: s.Expr = self.pick((s.Equal, s.NotEqual, s.Else))(self.condition(depth), self.condition(depth))
        return made

    def _any(self, depth: int) -> s.Expr:
        inside = self._inside()
        if inside is None:
            return self.leaf("truth")
        collection, author = inside
        where = author.condition(min(depth, 1)) if self.pick((True, False)) else None
        return s.Aggregate(self.pick(("any", "all")), collection, author.condition(depth), where)


def _facts_of(kind: str, about: str) -> list[str]:
    rows = [name for name, of, _, _ in _ROWS[about] if of == kind]
    return rows + [name for name, of, _ in _DERIVED.get(about, ()) if of == kind]


@st.composite
def values(draw: DrawFn, kind: str, depth: int = 3) -> s.Expr:
    """Expressions about a work that give values of a kind; unchecked, but nearly always well typed."""
    return _Author(draw).value(kind, depth)


@st.composite
def conditions(draw: DrawFn, depth: int = 3) -> s.Expr:
    """Conditions about a work; unchecked, but nearly always well typed."""
    return _Author(draw).condition(depth)


# Programs ----------------------------------------------------------------------------------------------------------------


@st.composite
def programs(draw: DrawFn, depth: int = 3) -> Program:
    """Several checks about a work: ladders on a measure and plain conditions, some with `where`; some with facts of their own.

    Raises:
        ExpressionError: an expression makes no sense after all, as own units sometimes do; the test gives the example up.
    """
    author = _Author(draw)
    facts: list[Fact] = []
    for number in range(author.pick((0, 0, 1, 3))):
        kind = author.pick(KINDS)
        text = to_text(author.value(kind, 2))
        facts.append(Fact(f"extra{number}", "work", "", text=text))
        author.more.append((kind, f"extra{number}"))
    catalogue = CATALOGUE.extended((), facts)
    checks = tuple(
        _check(author, catalogue, f"rule-{number}", depth) for number in range(author.pick((1, 2, 3)))
    )
    return Program("work", checks, catalogue)


def _check(author: _Author, catalogue: Catalogue, name: str, depth: int) -> Check:
    where = check(author.condition(1), "work", catalogue) if author.pick((True, False, False)) else None
    if author.pick((True, False)):
        condition = check(author.condition(depth), "work", catalogue)
        return Check(name, (Step("minor", condition),), None, where)
    kind = author.pick(NUMERIC)
    measure = author.value(kind, depth)
    bands = [author.compared(1, measure, kind) for _ in range(author.pick((1, 2, 3)))]
    steps = zip(
        ("critical", "major", "minor"), (check(band, "work", catalogue) for band in bands), strict=False
    )
    ladder = tuple(step_of(severity, condition) for severity, condition in steps)
    return Check(name, ladder, check(measure, "work", catalogue), where)


# Records -----------------------------------------------------------------------------------------------------------------

numbers: SearchStrategy[Any] = st.one_of(
    st.sampled_from(_FIGURES).map(float),
    st.sampled_from(_FIGURES).map(Decimal),
    st.sampled_from([0, 0.0, -0.0, 1, 7, -3, 0.1 + 0.2, 1 + 1e-12, 1 - 1e-12, 0.1 * 3]),
    st.decimals(-1000, 1000, places=2).map(float),
    st.integers(-(10**12), 10**12),
)
_nothing: SearchStrategy[Any] = st.sampled_from(
    [None, float("nan"), float("inf"), float("-inf"), Decimal("NaN"), Decimal("Infinity")]
)


def _values_of(kind: Type) -> SearchStrategy[Any]:
    if kind.kind == "date":
        return dates
    if kind.kind == "text":
        return st.sampled_from(kind.choices or _TEXTS)
    if kind.kind == "truth":
        return st.booleans()
    if kind.unit in ("month", "working day"):
        return st.integers(-30, 30) | st.sampled_from([0, 0.5, 12.0, Decimal(2)])
    return numbers


@st.composite
def _record(draw: DrawFn, about: str, absent: float) -> dict[str, Any]:
    """The base facts of one subject; each is left out with the probability `absent`, or without a value."""
    record: dict[str, Any] = {}
    rows = {name: kind for name, _, kind, _ in _ROWS[about]}
    for name, kind in rows.items():
        if absent and draw(st.floats(0, 1)) < absent:
            if draw(st.booleans()):
                record[name] = draw(_nothing if kind.numeric else st.none())
            continue
        record[name] = draw(_values_of(kind))
    if about in ("work", "part"):
        record["unit"] = draw(st.sampled_from(("%", "points", "point", "days", "件", "count", "", None)))
    if about == "work":
        tags = st.lists(st.sampled_from(_TEXTS), max_size=2)
        record |= {"tags": draw(tags), "marks": draw(tags.map(tuple))}
        for name in ("tags", "marks"):
            if absent and draw(st.floats(0, 1)) < absent:
                del record[name]
    return record


@st.composite
def records(draw: DrawFn, *, complete: bool = False) -> dict[str, Any]:
    """Records of a work with all that hangs on it; what is absent is left out, None, NaN or infinite."""
    absent = 0.0 if complete else draw(st.sampled_from([0.0, 0.1, 0.3, 0.7]))
    work = draw(_record("work", absent))
    whole = draw(_record("whole", absent))
    whole["works"] = [work, *draw(st.lists(_record("work", absent), max_size=1))]
    for each in whole["works"]:
        for name, about in _COLLECTIONS["work"]:
            if not absent or each is work or draw(st.booleans()):
                each[name] = draw(st.lists(_record(about, absent), max_size=3))
        if not absent or draw(st.floats(0, 1)) >= absent / 2:
            each["whole"] = whole
        for part in each.get("parts", ()):
            part |= {
                "work": each,
                "whole": whole,
                "steps": draw(st.lists(_record("step", absent), max_size=2)),
            }
            for step in part["steps"]:
                step["part"] = part
    if absent and draw(st.floats(0, 1)) < absent / 2:
        del work["parts"]
    return work
