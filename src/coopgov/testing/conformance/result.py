"""What comes of asking a backend: what agreed, what it refused by name, and every deviation with its place."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Conformance", "ConformanceError", "Deviation", "Refusal"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A case that a backend answers otherwise: which, where it stands (or how it was generated), found and expected."""

    id: str
    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that a backend cannot express, and says so by a `BackendError` when it compiles: neither right nor wrong."""

    id: str
    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: {self.why}"


@dataclass(frozen=True, slots=True)
class Conformance:
    """A backend that conforms: how many rows agreed, what it refused, and deviations that were declared.

    `examples` counts the generated programs that were compared with the interpreter, of which `unexpressed` were refused.
    """

    agreed: int
    refused: tuple[Refusal, ...] = ()
    declared: tuple[Deviation, ...] = ()
    skipped: tuple[str, ...] = ()
    examples: int = 0
    unexpressed: int = 0

    def __str__(self) -> str:
        return (
            f"{self.agreed} rows agree, {len(self.refused)} are refused, {len(self.declared)} deviate as declared, "
            f"{len(self.skipped)} are skipped; {self.examples} generated programs agree, {self.unexpressed} are refused"
        )


class ConformanceError(AssertionError):
    """A backend deviates; `deviations` holds every case, those declared that no longer deviate included."""

    def __init__(self, backend: str, deviations: tuple[Deviation, ...]) -> None:
        super().__init__(backend, deviations)
        self.backend = backend
        self.deviations = deviations

    def __str__(self) -> str:
        count = len(self.deviations)
        head = f"the backend {self.backend} deviates in {count} case{'s' * (count != 1)}"
        return "\n".join([head, *(f"  {each}" for each in self.deviations)])
