"""Assess many agreements on all cores: `python examples/hosts/pool.py`, from the folder of the clone."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from datetime import date

import coopgov

DAY = date(2026, 6, 30)
AGREEMENTS = (
    "examples/pilot/agreement.yaml",
    "examples/large/agreement.yaml",
    "examples/full/agreement.yaml",
)
engine: coopgov.Engine


def start(rules: coopgov.RuleSet) -> None:
    """Make the engine of this process."""
    global engine
    engine = coopgov.Engine(rules)


def assess(path: str) -> coopgov.Assessment:
    """Assess one agreement, in a process that has its engine."""
    return coopgov.assess(coopgov.load_agreement(path), engine, as_of=DAY)


def main() -> None:
    """Print the state of each agreement."""
    rules = coopgov.load_rules()
    with ProcessPoolExecutor(initializer=start, initargs=(rules,)) as pool:
        for assessment in pool.map(assess, AGREEMENTS):
            print(assessment)


if __name__ == "__main__":
    main()
