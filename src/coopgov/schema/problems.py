"""How validators report what is wrong: found, expected, hint, and the path below the validated value."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import index
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Defect", "Path", "advised", "defect_at", "problem", "problems", "shown", "written"]

Path = tuple[str | int, ...]
"""The keys (as spelt in a file) and positions that lead to a value."""

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong below a value, at `path`; `key` means that the key itself is wrong, not its value."""

    path: Path
    code: str
    found: str
    expected: str
    hint: str = ""
    key: bool = False


def problem(code: str, found: str, expected: str, hint: str = "", at: Path = ()) -> PydanticCustomError:
    """Return the error that a validator raises for one fault, at the value itself or at a path below it."""
    context = {"found": found, "expected": expected, "hint": hint, "at": at}
    return PydanticCustomError(code, "found {found}, expected {expected}; {hint}", context)


def advised(text: object, readings: Iterable[str], parse: Callable[[str], object]) -> str:
    """Return the hint `write …` with the candidates that a parser accepts; empty if it accepts none."""
    accepted: list[str] = []
    for reading in readings:
        if reading == text:
            continue
        with suppress(PydanticCustomError):
            parse(reading)
            accepted.append(reading)
    return f"write {' or '.join(dict.fromkeys(accepted))}" if accepted else ""


def defect_at(path: Path, error: PydanticCustomError, *, key: bool = False) -> Defect:
    """Return the defect that a `problem` carries, moved to a path."""
    told = error.context or {}
    return Defect(path, error.type, told["found"], told["expected"], told["hint"], key)


def problems(defects: Iterable[Defect]) -> PydanticCustomError:
    """Return a single error that carries several defects out of a validator."""
    listed = tuple(defects)
    text = "\n".join(
        f"{'.'.join(map(str, each.path))}: {each.code}: found {each.found}, expected {each.expected}; {each.hint}"
        for each in listed
    )
    return PydanticCustomError("defects", "{text}", {"text": text, "defects": listed})


def written(value: object) -> str | None:
    """Return a scalar as text, the way a file spells it; None for anything that is not a scalar.

    Python objects and files thus arrive at the same text, which the receiving field then parses.

    >>> written(0.5), written(date(2026, 1, 5)), written(True), written([])
    ('0.5', '2026-01-05', 'true', None)
    """
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


def shown(value: object) -> str:
    """Describe what was found, the way a file spells it."""
    if value is None:
        return "nothing"
    text = written(value)
    if text is not None:
        short = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
        return '"' + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in short) + '"'
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a mapping" if hasattr(value, "keys") else f"a Python object of type {type(value).__name__}"
