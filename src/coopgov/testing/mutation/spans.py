"""What values an expression can have at all: enough to tell changes that no facts could show."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError
from coopgov.language import syntax as s
from coopgov.language.check import check
from coopgov.language.fold import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.facts.catalogue import Catalogue

__all__ = ["Scope", "Span", "span_of"]


@dataclass(frozen=True, slots=True)
class Span:
    """No value lies below `low` or above `high`; `whole` says that there are whole numbers only.

    Values are in the base unit of their type, as evaluation has them: days, hours, 0.1 for 10 %.
    """

    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether a value can occur."""
        return (
            (self.low is None or value >= self.low)
            and (self.high is None or value <= self.high)
            and not (self.whole and value.denominator != 1)
        )


_ANYTHING = Span()


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean at a place of an expression: facts about a type of subject; `own` are checked already."""

    about: str
    catalogue: Catalogue
    own: Mapping[str, s.Expr] = field(default_factory=dict)

    def span(self, node: s.Expr) -> Span:
        """What is known of the values of a part as parsed; nothing where it reads what stands outside."""
        if isinstance(node, s.Name) and node.name in self.own:
            return span_of(self.own[node.name], self.catalogue)
        if not self.about:
            return _ANYTHING
        try:
            return span_of(check(node, self.about, self.catalogue), self.catalogue)
        except ExpressionError:
            return _ANYTHING

    def inside(self, collection: s.Name) -> Scope:
        """The scope of the items of a collection."""
        about = collection.owner or self.about
        kind = self.catalogue.type_of(about, collection.name) if about else None
        return Scope(kind.item if kind else "", self.catalogue)


def span_of(node: s.Expr, catalogue: Catalogue) -> Span:
    """What is known of the values of a checked expression, through the formulas of facts."""
    match node:
        case s.Literal() if node.type.numeric and node.type.kind != "own":
            value = number(node)
            return Span(value, value, value.denominator == 1)
        case s.Name() if node.about:
            formula = catalogue.definition(node.about, node.name)
            return Span(whole=node.type.kind == "date") if formula is None else span_of(formula, catalogue)
        case s.Name() | s.Literal():
            return Span(whole=node.type.kind == "date")
        case s.Aggregate(function="count"):
            return Span(Fraction(0), None, whole=True)
        case s.Aggregate(function="share"):
            return Span(Fraction(0), Fraction(1))
        case s.Call(function="max" | "min" | "abs"):
            return _of_call(node, [span_of(part, catalogue) for part in node.arguments])
        case s.Else():
            return _joined([span_of(node.left, catalogue), span_of(node.right, catalogue)])
        case s.Add() | s.Subtract():
            return Span(whole=all(span_of(part, catalogue).whole for part in s.children(node)))
    return _ANYTHING


def _joined(spans: list[Span]) -> Span:
    lows = [span.low for span in spans if span.low is not None]
    highs = [span.high for span in spans if span.high is not None]
    return Span(
        min(lows) if len(lows) == len(spans) else None,
        max(highs) if len(highs) == len(spans) else None,
        all(span.whole for span in spans),
    )


def _of_call(node: s.Call, spans: list[Span]) -> Span:
    whole = all(span.whole for span in spans)
    if node.function == "abs":
        return Span(Fraction(0), None, whole)
    known = _joined(spans)
    if node.function == "max":
        lows = [span.low for span in spans if span.low is not None]
        return Span(max(lows, default=None), known.high, whole)
    highs = [span.high for span in spans if span.high is not None]
    return Span(known.low, min(highs, default=None), whole)
