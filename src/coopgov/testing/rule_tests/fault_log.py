"""Collect the faults of a file of rule tests while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.schema import Defect, defect_at, fault_of
from coopgov.source import Scalar

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

    from coopgov.errors import ExpressionError, Fault
    from coopgov.schema.problems import Path
    from coopgov.source import Document

__all__ = ["Notes"]


@dataclass(frozen=True, slots=True, eq=False)
class Notes:
    """The faults of one file, collected while it is read."""

    document: Document
    faults: list[Fault] = field(default_factory=list)

    def defect(
        self, path: Path, code: str, found: str, expected: str, hint: str = "", *, key: bool = False
    ) -> None:
        """Note a fault at a path; with `key`, at the key itself."""
        self.faults.append(fault_of(self.document, Defect(path, code, found, expected, hint, key)))

    def problem(self, path: Path, error: PydanticCustomError) -> None:
        """Note what a parser of the model reports about the value at a path, or below it."""
        for each in (error.context or {}).get("defects") or [defect_at((), error)]:
            told = each.code, each.found, each.expected, each.hint
            self.defect((*path, *each.path), *told, key=each.key)

    def expression(self, path: Path, error: ExpressionError) -> None:
        """Note a fault of an expression at a path."""
        node = self.document.find(path)
        start = error.start if isinstance(node, Scalar) else 0
        width = error.end - error.start if isinstance(node, Scalar) else None
        told = error.code, error.found, error.expected, error.hint
        self.faults.append(self.document.fault(node, *told, start=start, width=width))
