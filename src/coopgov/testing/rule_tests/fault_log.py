"""Collect the faults of a file of rule tests while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgov.faults import NO_HINT
from coopgov.schema import Defect, Reporting, fault_of

if TYPE_CHECKING:
    from coopgov.faults import Fault
    from coopgov.locales import Phrase
    from coopgov.schema.problems import Path
    from coopgov.source import Document

__all__ = ["Notes"]


@dataclass(frozen=True, slots=True, eq=False)
class Notes:
    """The faults of one file, collected while it is read."""

    document: Document
    faults: list[Fault] = field(default_factory=list)

    def defect(
        self,
        path: Path,
        code: str,
        found: Phrase,
        expected: Phrase,
        hint: Phrase = NO_HINT,
        *,
        key: bool = False,
    ) -> None:
        """Note a fault at a path; with `key`, at the key itself."""
        self.faults.append(fault_of(self.document, Defect(path, code, found, expected, hint, key)))

    def reading(self, *path: str | int) -> Reporting:
        """Return the block in which the value at a path is read; what is wrong with it is noted."""
        return Reporting(self.faults, self.document, *path)
