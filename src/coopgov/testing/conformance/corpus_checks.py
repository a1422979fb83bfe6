"""Turn a row of the corpus into checks that any backend can decide, and the answers into its result.

Backends decide conditions, and report the value of a measure when one holds. So a condition is checked with its
negation as a milder step; a number is the measure of a check that holds if it is known; a text or date is compared with
the expected one; bounds are checked by comparisons that they decide, and by some that they leave open.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from coopgov.backends.ir import Check, Program, Step
from coopgov.language import parse
from coopgov.language.type_check import check
from coopgov.language.values import NOT_SET, UNKNOWN, Bounds, missing
from coopgov.testing.conformance.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgov.language.syntax import Expr
    from coopgov.testing.conformance.rows import Row

__all__ = ["NEAR", "outcomes_of", "program_of", "raised", "same", "verdict"]

NEAR = 1e-12
"""How far values may differ, relative to the expected one."""


def program_of(row: Row) -> Program:
    """The checks that establish the result of a row."""
    return Program(row.about, tuple(_checks(row)), vocabulary())


def _checks(row: Row) -> Iterable[Check]:
    whole, expected = f"({row.text})", row.expected
    if row.expression.type.kind == "truth":
        yield _check(row, "holds", whole)
    elif isinstance(expected, Bounds):
        low, high = f"{expected.low!r}", f"{expected.high!r}"
        for word in (f"at least {low}", f"above {low}", f"at most {high}", f"below {high}"):
            yield _check(row, word, f"{whole} {word}")
    else:
        yield _check(row, "is itself", f"{whole} is {whole}")
        if row.expression.type.numeric:
            yield Check("value", (Step("critical", _checked(row, f"{whole} is known")),), row.expression)
        elif not missing(expected):
            yield _check(row, f"is {row.gives}", f"{whole} is {row.gives}")


def _check(row: Row, name: str, text: str) -> Check:
    steps = (Step("critical", _checked(row, text)), Step("minor", _checked(row, f"not ({text})")))
    return Check(name, steps)


def _checked(row: Row, text: str) -> Expr:
    return check(parse(text), row.about, vocabulary())


def outcomes_of(program: Program, answer: Any) -> dict[str, Any]:
    """A backend's answer to each check: true, false, unknown, not set; for `value`, the number."""
    hits, undetermined = answer
    found: dict[str, Any] = dict.fromkeys((one.id for one in program.checks), NOT_SET)
    found |= {entry[0]: UNKNOWN for entry in undetermined}
    found |= {name: severity == "critical" for name, severity, _, _ in hits}
    if any(one.id == "value" for one in program.checks):
        found["value"] = next((value for name, _, value, _ in hits if name == "value"), None)
    return found


def verdict(row: Row, found: dict[str, Any]) -> str | None:
    """The actual result of a row; None if it is the expected one."""
    if row.expression.type.kind == "truth":
        return None if found["holds"] is row.expected else word(found["holds"])
    if isinstance(row.expected, Bounds):
        wrong = [name for name, out in found.items() if out is not _within(name)]
        return ", ".join(f"{name}: {word(found[name])}" for name in wrong) or None
    if missing(row.expected):
        out = found["value"] if found.get("value") is not None else found["is itself"]
        return None if out is row.expected else word(out)
    if found["is itself"] is not True:
        return word(found["is itself"])
    if not row.expression.type.numeric:
        out = found[f"is {row.gives}"]
        return None if out is True else f"another {row.expression.type.kind}"
    value = found["value"]
    return None if value is not None and same(value, row.expected) else f"{value!r}"


def _within(name: str) -> object:
    """The expected answer to a check of bounds: each end is certainly reached, and whether it is passed stays open."""
    return True if name.startswith("at ") else UNKNOWN


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal within a relative tolerance of 1e-12."""
    if a is None or b is None or isinstance(a, (str, bool)) or isinstance(b, (str, bool)):
        return bool(a == b)
    return math.isclose(float(a), float(b), rel_tol=NEAR, abs_tol=1e-300)


def word(out: Any) -> str:
    """An outcome as rows write it."""
    return (
        str(getattr(out, "value", out)).lower()
        if out in (UNKNOWN, NOT_SET) or isinstance(out, bool)
        else repr(out)
    )


def raised(error: Exception) -> str:
    """What a backend raised, on one line."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
