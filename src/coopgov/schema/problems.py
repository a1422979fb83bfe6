"""What is wrong with a value, made once where it is noticed, and carried unchanged to the place that locates it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from coopgov.faults import NO_HINT
from coopgov.locales import one_of, phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Self

    from coopgov.errors import ExpressionError
    from coopgov.locales import Phrase

__all__ = [
    "Defect",
    "Path",
    "advised",
    "defects_of",
    "expression_defect",
    "problem",
    "problems",
    "quoted",
    "shown",
    "written",
]

Path = tuple[str | int, ...]
"""The keys (as spelt in a file) and positions that lead to a value."""

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong below a value, at `path`; `key` means that the key itself is wrong, not its value.

    `span` are the offsets of the wrong part in the text at `path`; None means all of it.
    """

    path: Path
    code: str
    found: Phrase
    expected: Phrase
    hint: Phrase = NO_HINT
    key: bool = False
    span: tuple[int, int] | None = None

    def below(self, path: Path) -> Self:
        """Return the defect of a value that is at `path` of another one."""
        return replace(self, path=(*path, *self.path))

    def __str__(self) -> str:
        at = f"{'.'.join(map(str, self.path))}: " if self.path else ""
        said = f"{at}{self.code}: found {self.found}, expected {self.expected}"
        return f"{said}; {self.hint}" if self.hint else said


def problem(
    code: str, found: Phrase, expected: Phrase, hint: Phrase = NO_HINT, at: Path = ()
) -> PydanticCustomError:
    """Return the error that a validator raises for one fault, at the value itself or at a path below it."""
    return problems([Defect(at, code, found, expected, hint)])


def problems(defects: Iterable[Defect]) -> PydanticCustomError:
    """Return the error that carries defects out of a validator; its type is their code, or `defects` for several."""
    listed = tuple(defects)
    code = listed[0].code if len(listed) == 1 else "defects"
    return PydanticCustomError(code, "{text}", {"text": "\n".join(map(str, listed)), "defects": listed})


def defects_of(error: PydanticCustomError, path: Path = ()) -> list[Defect]:
    """Return the defects that an error of `problem` or `problems` carries; the validated value is at `path`."""
    return [each.below(path) for each in (error.context or {})["defects"]]


def expression_defect(error: ExpressionError, path: Path = ()) -> Defect:
    """Return the defect of an expression, whose text is at `path`."""
    return Defect(path, error.code, error.found, error.expected, error.hint, span=(error.start, error.end))


def advised(text: object, readings: Iterable[str], parse: Callable[[str], object]) -> Phrase:
    """Return the hint `write …` with the candidates that a parser accepts; empty if it accepts none."""
    accepted: list[str] = []
    for reading in readings:
        if reading == text:
            continue
        with suppress(PydanticCustomError):
            parse(reading)
            accepted.append(reading)
    return phrase("hints.write", text=one_of(dict.fromkeys(accepted))) if accepted else NO_HINT


def written(value: object) -> str | None:
    """Return a scalar as text, the way a file spells it; None for anything that is not a scalar.

    Python objects and files thus arrive at the same text, which the receiving field then parses.

    >>> written(0.5), written(date(2026, 1, 5)), written(True), written([])
    ('0.5', '2026-01-05', 'true', None)
    """
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return str(index(value)) if hasattr(value, "__index__") else None


def quoted(text: object) -> Phrase:
    """Return a name, or another text that somebody wrote, in the quotation marks of each language."""
    return phrase("schema.quoted", text=text)


def shown(value: object) -> Phrase:
    """Describe what was found, the way a file spells it."""
    if value is None:
        return phrase("common.nothing")
    text = written(value)
    if text is not None:
        short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        return quoted("".join(c if c.isprintable() else ascii(c)[1:-1] for c in short))
    if isinstance(value, (list, tuple)):
        return phrase("schema.kind.list")
    if hasattr(value, "keys"):
        return phrase("schema.kind.mapping")
    return phrase("schema.kind.object", type=type(value).__name__)
