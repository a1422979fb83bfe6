"""A process that records steps about one case of a store: `python writing.py ADDRESS CASE COUNT DURABILITY`."""

from __future__ import annotations

import sys

import coopgov
from coopgov.testing.stores.steps import answering


def main(address: str, case: int, count: int, durability: str) -> None:
    """Record a number of steps, each with a note, in transactions of their own."""
    with coopgov.open_store(address, durability=durability) as store:  # type: ignore[arg-type]
        for number in range(count):
            store.update(answering(case, f"note {number}"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
