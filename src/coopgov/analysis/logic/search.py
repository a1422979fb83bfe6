"""What the steps of the search for facts share, so that each can be a module of its own.

These steps invert formulas and make up items of collections.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction
    from typing import Self

    from coopgov.analysis.deadline import Deadline
    from coopgov.analysis.logic.assignment import Given
    from coopgov.analysis.logic.evaluators import Evaluators
    from coopgov.analysis.logic.linear_terms import Terms
    from coopgov.analysis.logic.semantics import Meaning
    from coopgov.facts import Catalogue
    from coopgov.language import syntax as s

__all__ = ["Search"]


@dataclass(frozen=True, eq=False)
class Search(ABC):
    """What any step of the search can ask for: the meaning of expressions about one type of subject, and further steps.

    `there` are the facts that must be present, even if an `else` could replace them; `steps` is how many more steps the
    search may take, shared with the searches for items.
    """

    meanings: Callable[[str], Meaning]
    about: str
    steps: list[int]
    deadline: Deadline
    there: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def meaning(self) -> Meaning:
        """The translation of conditions about the subject into formulas."""
        return self.meanings(self.about)

    @cached_property
    def terms(self) -> Terms:
        """The linear terms of expressions about the subject."""
        return self.meaning.terms

    @cached_property
    def evaluators(self) -> Evaluators:
        """The values of expressions about the subject for given facts."""
        return self.meaning.evaluators

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of facts."""
        return self.terms.catalogue

    def step(self) -> bool:
        """Take a step; False if none was left."""
        self.deadline.check()
        self.steps[0] -= 1
        return self.steps[0] >= 0

    @property
    def spent(self) -> bool:
        """Whether no steps are left, so that no further number can be reached."""
        return self.steps[0] <= 0

    def inside(self, about: str) -> Self:
        """The search for facts about the items of a collection."""
        return replace(self, about=about, there=frozenset())

    @abstractmethod
    def reach(self, node: s.Expr, target: Fraction, given: Given) -> Iterator[Given]:
        """Facts for which an expression is a given number."""

    @abstractmethod
    def holding(self, condition: s.Expr, given: Given) -> Iterator[Given]:
        """Facts for which a checked condition is true, according to the engine."""

    @abstractmethod
    def suppose(self, node: s.Expr, given: Given) -> Iterator[Given]:
        """Facts that give an expression some value."""

    def supposed(self, nodes: list[s.Expr], given: Given) -> Iterator[Given]:
        """Facts that give some value to each of several expressions."""
        if not nodes:
            yield given
            return
        for found in islice(self.suppose(nodes[0], given), 2):
            yield from self.supposed(nodes[1:], found)
