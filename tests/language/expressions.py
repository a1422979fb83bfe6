"""Hypothesis strategies for the rule language: trees of any shape, well-typed expressions, and records to try them on.

The subjects are made up, so that facts of every kind are together: a `work` belongs to a `whole`, has `parts`
(which have `steps`) and `tickets` (which belong to nothing).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import reject
from hypothesis import strategies as st

from coopgov.backends.ir import Check, Program, Step
from coopgov.errors import ExpressionError
from coopgov.facts import Catalogue, Fact, SubjectType
from coopgov.language import syntax as s
from coopgov.language import to_text
from coopgov.language.type_check import check
from coopgov.language.types import DATE, MONEY, NUMBER, OWN, PERCENT, TEXT, TRUTH, Type
from coopgov.language.words import AGGREGATES, FUNCTIONS, KEYWORDS
from coopgov.rules.ladder import step_of
from coopgov.synonyms import canonical
from coopgov.testing.strategies.expressions import FIGURES, Author, dates, kind_of

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from coopgov.severities import Severity

__all__ = [
    "CATALOGUE",
    "conditions",
    "dates",
    "numbers",
    "programs",
    "records",
    "trees",
    "values",
]

# Trees of any shape -----------------------------------------------------------------------------------------

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
    | _one_line.filter(
        lambda unit: canonical(unit, "unit") is None
    )  # a synonym is printed in its canonical form
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


# A small catalogue with facts of every kind -----------------------------------------------------------------

_KWH = Type("quantity", "kWh")
_ROWS: dict[str, tuple[tuple[str, Type, bool], ...]] = {
    # name, declared type, optional
    "work": (
        ("start", DATE, False),
        ("finish", DATE, False),
        ("held", DATE, True),
        ("n", NUMBER, False),
        ("m", NUMBER, True),
        ("p", PERCENT, False),
        ("answered", Type("quantity", "%"), False),
        ("spent", MONEY, False),
        ("budget", MONEY, True),
        ("d", Type("quantity", "day"), False),
        ("lag", Type("quantity", "week"), False),
        ("buffer", Type("quantity", "day"), True),
        ("wd", Type("quantity", "working day"), False),
        ("notice", Type("quantity", "month"), True),
        ("energy", _KWH, False),
        ("power", Type("quantity", "MWh"), True),
        ("value", OWN, False),
        ("target", OWN, False),
        ("floor", OWN, True),
        ("status", Type("text", choices=("open", "done", "late")), False),
        ("label", TEXT, True),
        ("late", TRUTH, False),
        ("done", TRUTH, False),
        ("flagged", TRUTH, True),
    ),
    "part": (
        ("due", DATE, False),
        ("met", DATE, True),
        ("n", NUMBER, False),
        ("cost", MONEY, False),
        ("d", Type("quantity", "day"), True),
        ("value", OWN, False),
        ("status", TEXT, False),
        ("done", TRUTH, False),
        ("flagged", TRUTH, True),
    ),
    "step": (("n", NUMBER, False), ("done", TRUTH, False)),
    "ticket": (
        ("n", NUMBER, False),
        ("open", TRUTH, False),
        ("fee", MONEY, True),
    ),
    "whole": (
        ("end", DATE, False),
        ("n", NUMBER, False),
        ("limit", PERCENT, True),
        ("budget", MONEY, False),
        ("active", TRUTH, False),
        ("label", TEXT, True),
    ),
}
_DERIVED: dict[str, tuple[tuple[str, str], ...]] = {
    # name, formula
    "work": (
        ("delay", "max(0 days, (finish else max(held else as_of, as_of)) - start)"),
        ("overspend", "(spent - budget) / budget"),
        ("left", "budget - spent"),
        ("open_parts", "count(parts where not done)"),
        ("part_days", "sum(d of parts)"),
        ("behind", "target - value"),
        ("ended", "finish is known"),
        ("calm", "done or (n below 5 and flagged)"),
        ("until", "(finish else held) + 1 month"),
        ("always", "n else 3"),
        ("state", "label else status"),
        ("crowd", "open_parts else 0"),
        ("answered_most", "max(answered, p)"),
    ),
    "part": (
        ("overdue", "max(0 days, (met else as_of) - due)"),
        ("busy", "done or count(steps where done) above 1"),
        ("steps_open", "count(steps where not done)"),
    ),
    "ticket": (("weight", "n * 2"),),
    "whole": (
        ("open_works", "count(works where not done)"),
        ("spare", "budget - sum(spent of works)"),
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
        for name, kind, optional in rows
    ]
    facts += [Fact(name, about, "", text=text) for about, rows in _DERIVED.items() for name, text in rows]
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

# Well-typed expressions -------------------------------------------------------------------------------------

_TEXTS = ("open", "done", "late", "")
_KWH_KIND = kind_of(_KWH)


def _author(draw: DrawFn) -> Author:
    """Who writes about a work."""
    return Author(draw, CATALOGUE, ("work",), units={_KWH_KIND: ("kWh", "MWh", "J")})


@st.composite
def values(draw: DrawFn, kind: str, depth: int = 3) -> s.Expr:
    """Expressions about a work that give values of a kind; unchecked, but nearly always well typed."""
    return _author(draw).value(kind, depth)


@st.composite
def conditions(draw: DrawFn, depth: int = 3) -> s.Expr:
    """Conditions about a work; unchecked, but nearly always well typed."""
    return _author(draw).condition(depth)


# Programs ---------------------------------------------------------------------------------------------------


@st.composite
def programs(draw: DrawFn, depth: int = 3) -> Program:
    """Several checks about a work: ladders on a measure and plain conditions, some with `where`.

    Some with facts of their own. The few that make no sense after all, as own units sometimes do, are given up.
    """
    try:
        return _program(draw, depth)
    except ExpressionError:
        reject()


def _program(draw: DrawFn, depth: int) -> Program:
    author = _author(draw)
    facts: list[Fact] = []
    for number in range(author.pick((0, 0, 1, 3))):
        kind = author.pick((*author.numeric, "date", "text", "truth"))
        text = to_text(author.value(kind, 2))
        facts.append(Fact(f"extra{number}", "work", "", text=text))
        author.more.append((kind, f"extra{number}"))
    catalogue = CATALOGUE.extended((), facts)
    checks = tuple(
        _check(author, catalogue, f"rule-{number}", depth) for number in range(author.pick((1, 2, 3)))
    )
    return Program("work", checks, catalogue)


def _check(author: Author, catalogue: Catalogue, name: str, depth: int) -> Check:
    where = check(author.condition(1), "work", catalogue) if author.pick((True, False, False)) else None
    if author.pick((True, False)):
        condition = check(author.condition(depth), "work", catalogue)
        return Check(name, (Step("minor", condition),), None, where)
    kind = author.pick(author.numeric)
    measure = author.value(kind, depth)
    bands = [author.compared(1, measure, kind) for _ in range(author.pick((1, 2, 3)))]
    severities: tuple[Severity, ...] = ("critical", "major", "minor")
    steps = zip(severities, (check(band, "work", catalogue) for band in bands), strict=False)
    ladder = tuple(step_of(severity, condition) for severity, condition in steps)
    return Check(name, ladder, check(measure, "work", catalogue), where)


# Records ----------------------------------------------------------------------------------------------------

numbers: SearchStrategy[Any] = st.one_of(
    st.sampled_from(FIGURES).map(float),
    st.sampled_from(FIGURES).map(Decimal),
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
    rows = {name: kind for name, kind, _ in _ROWS[about]}
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
