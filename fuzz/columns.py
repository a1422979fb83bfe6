"""Check frames with columns of every type on every engine, and compare them with the interpreter.

Run it from the root: `PYTHONPATH=src:tests python fuzz/columns.py [SECONDS [SEED]]`. One comparison is one rule, for
one row, on one engine; the outcome, the values within 1e-12, what is missing and why must be the same. It prints how
many there were.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections import Counter
from functools import partial
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

from backends.columnar.host_frames import ENGINES, LAZY, asked, decided, made, names_of, reference, rules_of
from coopgov.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from backends.columnar.host_frames import Made

__all__ = ["compare"]

_RULES = 12


def compare(rng: Random, engines: Iterable[str], rows: int = 120) -> Iterator[tuple[str, int, list[str]]]:
    """One frame on some engines: for each, how much was compared, and what differs."""
    rules = rules_of(asked(rng, _RULES))
    found, currency = made(rng, names_of(rules), rows), rng.choice(("CNY", ""))
    expected = {
        lazy: _answer(partial(reference, rules, found, currency, lazy=lazy))
        for lazy in {each in LAZY for each in engines}
    }
    for engine in engines:
        answer = _answer(partial(decided, engine, rules, found, currency))
        yield (
            engine,
            rows * _RULES,
            [f"{engine}: {each}" for each in _differences(expected[engine in LAZY], answer, found)],
        )


def _differences(expected: Any, answer: Any, found: Made) -> list[str]:
    """Where an engine and the interpreter differ; an error of a column is a text."""
    if isinstance(expected, str) or isinstance(answer, str):
        both = isinstance(expected, str) and isinstance(answer, str)
        return [] if both else [f"expected {expected!s:.200}, found {answer!s:.200}"]
    texts = []
    for wanted, mine in zip(expected, answer, strict=True):
        for key in sorted({*wanted, *mine}):
            if not _same(wanted.get(key), mine.get(key)):
                record = {name: value for name, value in found.records[key[0]].items() if value is not None}
                texts.append(f"{key}: expected {wanted.get(key)}, found {mine.get(key)}, {record}")
    return texts


def _answer(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except FactError as error:
        return str(error)


def _same(wanted: Any, mine: Any) -> bool:
    if wanted is None or mine is None or wanted[0] != mine[0]:
        return bool(wanted == mine)
    return all(map(_near, wanted[1:], mine[1:]))


def _near(wanted: Any, mine: Any) -> bool:
    if wanted is None or mine is None or isinstance(wanted, str):
        return bool(wanted == mine)
    return math.isclose(wanted, mine, rel_tol=1e-12, abs_tol=1e-12)


def main(seconds: float, seed: int) -> int:
    """Print what differs, and how much was compared."""
    warnings.simplefilter("ignore")
    counted: Counter[str] = Counter()
    differing: list[str] = []
    end, number = monotonic() + seconds, seed
    while monotonic() < end and len(differing) < 50:
        for engine, compared, found in compare(Random(number), ENGINES):  # noqa: S311  # nothing secret
            counted[engine] += compared
            differing += [f"seed {number}: {each}" for each in found]
        number += 1
    print(*differing[:20], sep="\n")
    print(", ".join(f"{engine} {many:,}" for engine, many in counted.items()))
    print(f"{counted.total():,} comparisons, {len(differing)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in (*sys.argv[1:], *("60", "0")[len(sys.argv) - 1 :]))))
