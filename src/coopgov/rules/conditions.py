"""Combines conditions: each is a text as it is shown and the tree of that text, so that nothing is parsed again.

A cell of a decision table continues its column's expression: under `delay / window`, the cell `above 30 %` means
`delay / window above 30 %`. Every combination keeps the places of a tree equal to the places in its text, as if the
parser had read it: explanations show parts of the text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coopgov.errors import ExpressionError
from coopgov.language import syntax as s
from coopgov.language.parser import parse, parse_band
from coopgov.language.types import TRUTH
from coopgov.rules.canonical_wording import truth_of, with_implied_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Written", "all_of", "cell_condition", "first_of", "first_text", "written"]

_ALWAYS, _AND, _OR = "true", " and ", " or "

_CONDITIONS = (s.Logic, s.Not, s.Known, s.Comparison, s.Between, s.In)


@dataclass(frozen=True, slots=True)
class Written:
    """A condition as text and as tree; the places of the tree are those in the text.

    `error` says why a text cannot be parsed; its tree then means nothing.
    """

    text: str
    node: s.Expr
    error: ExpressionError | None = None

    def bracketed(self) -> Written:
        """The condition in brackets."""
        text = f"({self.text})"
        return Written(text, replace(s.moved(self.node, 1), start=0, end=len(text)))

    def negated(self) -> Written:
        """The condition with `not` before it."""
        node = s.moved(self.node, len("not "))
        return Written(f"not {self.text}", s.Not(node, start=0, end=node.end, type=TRUTH))

    def continued(self, comparison: str) -> Written:
        """The condition that a comparison without its left side makes of an expression."""
        text = f"{self.text} {comparison}"
        return _written(text, lambda: parse_band(text, self.node, len(text) - len(comparison)))


def written(text: str) -> Written:
    """Return an expression with its text."""
    return _written(text, lambda: parse(text))


def _written(text: str, tree: Callable[[], s.Expr]) -> Written:
    try:
        return Written(text, tree())
    except ExpressionError as error:
        return Written(text, s.Name(""), error)


def cell_condition(header: Written, cell: str) -> Written:
    """Return the condition of a cell: that the header holds or not, that it equals a value, or a comparison."""
    truth = truth_of(cell)
    if truth is not None:
        alone = header.bracketed() if isinstance(header.node, s.Logic) else header
        return alone if truth else alone.negated()
    compared = header.bracketed() if isinstance(header.node, _CONDITIONS) else header
    return compared.continued(with_implied_word(cell))


def all_of(conditions: Sequence[Written]) -> Written:
    """Return the condition that all conditions hold; without any, it always holds."""
    if not conditions:
        return Written(_ALWAYS, s.Literal(True, end=len(_ALWAYS), type=TRUTH))
    return Written(_text_of(conditions), _logic(s.And, _placed(conditions, _AND, 0)))


def first_of(own: Sequence[Written], above: Sequence[Written]) -> Written:
    """Return the condition that all of a row's own conditions hold and none of the rows above it."""
    if not above:
        return all_of(own)
    text = first_text(_text_of(own), [each.text for each in above])
    start = len(_text_of(own)) + len(_AND) if own else 0
    either = _logic(s.Or, _placed(above, _OR, start + len("not (")))
    bracketed = replace(either, start=start + len("not "), end=len(text))
    no = s.Not(bracketed, start=start, end=len(text), type=TRUTH)
    return Written(text, _logic(s.And, [*_placed(own, _AND, 0), no]))


def first_text(own: str, above: Sequence[str]) -> str:
    """Return the text of the condition that a row holds and none of the rows above it."""
    if not above:
        return own
    no = f"not ({_OR.join(above)})"
    return no if own in ("", _ALWAYS) else f"{own}{_AND}{no}"


def _text_of(conditions: Sequence[Written]) -> str:
    return _AND.join(each.text for each in conditions)


def _placed(conditions: Sequence[Written], word: str, at: int) -> list[s.Expr]:
    """The trees of conditions that follow each other from a place in a text, with a word between them."""
    found: list[s.Expr] = []
    for each in conditions:
        found.append(s.moved(each.node, at))
        at += len(each.text) + len(word)
    return found


def _logic(kind: type[s.Logic], parts: Sequence[s.Expr]) -> s.Expr:
    if len(parts) == 1:
        return parts[0]
    return kind(tuple(parts), start=parts[0].start, end=parts[-1].end, type=TRUTH)
