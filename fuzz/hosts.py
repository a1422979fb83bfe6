"""Hand the scalar backends host values of every sort and compare what they answer.

Run it from the root: `PYTHONPATH=src:tests python fuzz/hosts.py [COMPARISONS [SEED]]`. One comparison is one record
checked by one backend against the interpreter; the answers must be the same to the last digit, or both a `FactError`.
It prints how many there were.
"""

from __future__ import annotations

import random
import sys
import warnings
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from backends.host_values import CATALOGUE, CONDITIONS, POOL, fitting
from coopgov.backends.interpreter import ReferenceBackend
from coopgov.backends.ir import Check, Program, Step
from coopgov.backends.python.backend import DirectBackend, interpreters_for
from coopgov.backends.python.three_valued import Careful
from coopgov.backends.registry import make_backend
from coopgov.errors import BackendError, FactError
from coopgov.language import parse
from coopgov.language import syntax as s
from coopgov.language.interpreter import Setting
from coopgov.language.type_check import check
from coopgov.model import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["answer", "checkers", "compare"]

AS_OF = date(2026, 6, 30)
SETTINGS = (Setting(AS_OF, WorkingCalendar(), "CNY", 100), Setting(AS_OF, WorkingCalendar()))
_PROGRAMS, _MOST_CHECKS, _RECORDS = 60, 8, 200


def checkers(program: Program, setting: Setting) -> dict[str, Callable[..., Any]]:
    """The checkers of a program by backend, the interpreter first.

    `careful` is the three-valued function of `direct`.
    """
    direct, reference = DirectBackend(), ReferenceBackend().compile(program, setting)
    interpreters = interpreters_for(program, setting)
    found: dict[str, Callable[..., Any]] = {
        "interpreter": reference,
        "direct": direct.compile(program, setting),
        "careful": direct.scope(program, setting, reference, interpreters, Careful)["check"],
    }
    with suppress(BackendError):  # not there on every Python
        found["durable"] = make_backend("durable").compile(program, setting)
    return found


def answer(checker: Callable[..., Any], record: dict[str, Any]) -> str:
    """What a checker answers, to the last digit."""
    try:
        return repr(checker(record, as_of=AS_OF))
    except FactError:
        return "FactError"


def compare(n: int, seed: int = 0) -> Iterator[tuple[str, str, str, str]]:
    """Make n comparisons, and yield the differing ones: the checks, the record, and both answers."""
    rng = random.Random(seed)  # noqa: S311  # nothing is secret
    done = 0
    while done < n:
        program = _program(rng)
        found = checkers(program, rng.choice(SETTINGS))
        reference = found.pop("interpreter")
        names = sorted(
            {node.name for node in program.asked if isinstance(node, s.Name)} | {"unit", "items", "seen"}
        )
        for _ in range(_RECORDS):
            record = _record(rng, names)
            expected = answer(reference, record)
            for backend, checker in found.items():
                done += 1
                actual = answer(checker, record)
                if actual != expected:
                    texts = " | ".join(one.id for one in program.checks)
                    yield texts, repr(record), f"interpreter {expected}", f"{backend} {actual}"


def _program(rng: random.Random) -> Program:
    """Some conditions, some of them with a measure, so that hits show values."""
    texts = rng.sample(CONDITIONS, rng.randint(1, _MOST_CHECKS))
    return Program("thing", tuple(map(_check, texts)), CATALOGUE)


def _check(text: str) -> Check:
    node = check(parse(text), "thing", CATALOGUE)
    ordered = isinstance(node, s.Comparison) and node.left.type.numeric
    steps = (
        Step("critical", node, node.right if ordered else None),
        Step("minor", s.Not(node, type=node.type)),
    )
    return Check(text, steps, node.left if ordered else None)


def _record(rng: random.Random, names: list[str]) -> dict[str, Any]:
    """Mostly values that fit, a few of any sort, some facts left out."""
    odd = rng.choice((0.0, 0.02, 0.2))
    gaps = rng.choice((0.0, 0.0, 0.3))
    record = {
        name: rng.choice(POOL if rng.random() < odd else fitting(name))
        for name in names
        if rng.random() >= gaps
    }
    if rng.random() < 0.3:
        for name in record:
            if CATALOGUE.declared("thing", name).numeric:
                record[name] = rng.choice(
                    (rng.uniform(-10, 10), rng.randint(-3, 100), 10 ** rng.uniform(-300, 110))
                )
    return record


def main(n: int, seed: int) -> int:
    """Print what differs, and how much was compared."""
    warnings.simplefilter("error")
    differing = list(compare(n, seed))
    for found in differing[:20]:
        print(*found, sep="\n  ")
    print(f"{n:,} comparisons, {len(differing)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in (*sys.argv[1:], *("300000", "0")[len(sys.argv) - 1 :]))))
