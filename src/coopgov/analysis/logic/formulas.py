"""Formulas as plain values: literals about one variable each, joined by all and any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.analysis.logic.intervals import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgov.analysis.logic.linear_terms import Sum
    from coopgov.language import syntax as s

__all__ = [
    "FALSE",
    "TRUE",
    "All",
    "Any",
    "Formula",
    "Lit",
    "Texts",
    "Values",
    "Variable",
    "all_of",
    "any_of",
    "literals",
    "negated",
]


@dataclass(frozen=True, slots=True)
class Texts:
    """A set of texts or truth values: those named, or all except those named."""

    named: frozenset[object] = frozenset()
    others: bool = False

    def __and__(self, other: Texts) -> Texts:
        if self.others and other.others:
            return Texts(self.named | other.named, others=True)
        if self.others:
            return Texts(other.named - self.named)
        return Texts(self.named - other.named if other.others else self.named & other.named)

    def __invert__(self) -> Texts:
        return Texts(self.named, not self.others)

    @property
    def empty(self) -> bool:
        """Whether it has no element; all except some texts are never empty, because there is always one more text."""
        return not self.named and not self.others


Values = Numbers | Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """What a literal is about: a sum of quantities, a text or truth, or whether something is there.

    `node` is its expression, where the language has one; `total` the sum of quantities; `domain` what
    its values can be. `blur` says that it is the sum less (-1) or with (1) the tolerance of the comparison of
    `sides`, which grows with `right`, `noisy` that the engine's figure need not be near the exact sum.
    """

    kind: str
    key: str
    domain: Values = field(compare=False)
    whole: bool = field(default=False, compare=False)
    total: Sum | None = field(default=None, compare=False, repr=False)
    node: s.Expr | None = field(default=None, compare=False, repr=False)
    blur: int = field(default=0, compare=False)
    sides: str = field(default="", compare=False)
    right: Sum | None = field(default=None, compare=False, repr=False)
    noisy: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Lit:
    """A variable has one of some values."""

    variable: Variable
    values: Values


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """Some part holds."""

    parts: tuple[Formula, ...] = ()


Formula = Lit | All | Any
TRUE, FALSE = All(), Any()


def negated(formula: Formula) -> Formula:
    """The formula that holds exactly where another does not."""
    if isinstance(formula, Lit):
        return Lit(formula.variable, ~formula.values)
    parts = tuple(negated(part) for part in formula.parts)
    return Any(parts) if isinstance(formula, All) else All(parts)


def literals(formula: Formula) -> Iterator[Lit]:
    """All literals of a formula."""
    if isinstance(formula, Lit):
        yield formula
    else:
        for part in formula.parts:
            yield from literals(part)


def all_of(parts: Iterable[Formula]) -> Formula:
    """The formula that every part holds, simplified."""
    kept = tuple(part for part in parts if not isinstance(part, All) or part.parts)
    return kept[0] if len(kept) == 1 else All(kept)


def any_of(parts: Iterable[Formula]) -> Formula:
    """The formula that some part holds, simplified."""
    kept = tuple(part for part in parts if not isinstance(part, Any) or part.parts)
    return kept[0] if len(kept) == 1 else Any(kept)
