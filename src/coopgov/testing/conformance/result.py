"""The result of a conformance run: how many cases agreed, what the backend refused, and every deviation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgov.locales import phrase

if TYPE_CHECKING:
    from coopgov.locales import Phrase

__all__ = ["Conformance", "ConformanceError", "Deviation", "Refusal"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A case in which a backend deviates: which, its place (or how it was generated), found and expected."""

    id: str
    place: str
    found: Phrase
    expected: Phrase

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the deviation as text in a language."""
        said = phrase("testing.conformance.deviation", found=self.found, expected=self.expected)
        return f"{self.place}: {self.id}: {said.in_language(language)}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that a backend cannot express and refuses with a `BackendError` when it compiles: not a deviation."""

    id: str
    place: str
    why: str
    """In every language, if the backend's error is."""

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: {self.why}"


@dataclass(frozen=True, slots=True)
class Conformance:
    """The result of a backend that conforms: how many rows agreed, what it refused, and the declared deviations.

    `examples` counts the generated programs that were compared with the interpreter, of which `unexpressed` were
    refused.
    """

    agreed: int
    refused: tuple[Refusal, ...] = ()
    declared: tuple[Deviation, ...] = ()
    skipped: tuple[str, ...] = ()
    examples: int = 0
    unexpressed: int = 0

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the result as text in a language."""
        said = phrase(
            "testing.conformance.summary",
            agreed=self.agreed,
            refused=len(self.refused),
            declared=len(self.declared),
            skipped=len(self.skipped),
            examples=self.examples,
            unexpressed=self.unexpressed,
        )
        return said.in_language(language)


class ConformanceError(AssertionError):
    """A backend deviates; `deviations` holds every case, and declared deviations that no longer occur."""

    def __init__(self, backend: str, deviations: tuple[Deviation, ...]) -> None:
        super().__init__(backend, deviations)
        self.backend = backend
        self.deviations = deviations

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """Return the error, with every deviation, as text in a language."""
        number = len(self.deviations)
        key = "one" if number == 1 else "several"
        head = phrase(f"testing.conformance.{key}", backend=self.backend, number=number)
        deviations = (f"  {each.in_language(language)}" for each in self.deviations)
        return "\n".join([head.in_language(language), *deviations])
