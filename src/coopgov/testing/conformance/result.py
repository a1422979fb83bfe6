"""The result of a conformance run: how many cases agreed, what the backend refused, and every deviation."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Conformance", "ConformanceError", "Deviation", "Refusal"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A case in which a backend deviates: which, its place (or how it was generated), found and expected."""

    id: str
    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that a backend cannot express and refuses with a `BackendError` when it compiles: not a deviation."""

    id: str
    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: {self.why}"


@dataclass(frozen=True, slots=True)
class Conformance:
    """The result of a backend that conforms: how many rows agreed, what it refused, and the declared deviations.

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
    """A backend deviates; `deviations` holds every case, and declared deviations that no longer occur."""

    def __init__(self, backend: str, deviations: tuple[Deviation, ...]) -> None:
        super().__init__(backend, deviations)
        self.backend = backend
        self.deviations = deviations

    def __str__(self) -> str:
        count = len(self.deviations)
        head = f"the backend {self.backend} deviates in {count} case{'s' * (count != 1)}"
        return "\n".join([head, *(f"  {each}" for each in self.deviations)])
