"""Resolve the names at a place of an expression, to find the values that a part of it can have.

That is enough to recognise edits that no facts could show.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from coopgov.analysis.logic.linear_terms import Reach, Terms
from coopgov.errors import ExpressionError
from coopgov.language import syntax as s
from coopgov.language.type_check import check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgov.facts.catalogue import Catalogue

__all__ = ["Scope"]


@dataclass(frozen=True)
class Scope:
    """What names mean at a place of an expression: facts about a type of subject; `own` are already checked."""

    about: str
    catalogue: Catalogue
    own: Mapping[str, s.Expr] = field(default_factory=dict)

    @cached_property
    def terms(self) -> Terms:
        """The linear terms of expressions about the subject."""
        return Terms(self.catalogue, self.about)

    def reach(self, node: s.Expr) -> Reach:
        """The values that a parsed part can have; all values if its names cannot be resolved here."""
        if not self.about:
            return Reach()
        try:
            own = self.own.get(node.name) if isinstance(node, s.Name) else None
            checked = own or check(node, self.about, self.catalogue)
        except ExpressionError:
            return Reach()
        return self.terms.reach(self.terms.written_out(checked))

    def inside(self, collection: s.Name) -> Scope:
        """The scope inside a collection, for its items."""
        about = collection.owner or self.about
        kind = self.catalogue.type_of(about, collection.name) if about else None
        return Scope(kind.item if kind else "", self.catalogue)
