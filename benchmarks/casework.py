"""How long cases take: a quiet day with 200 open cases, and a year of catching up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from cooperation import agreement_text
from timing import Row, best_seconds

import coopgov

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["case_rows"]

_PILOT = Path(__file__).parents[1] / "examples" / "pilot" / "agreement.yaml"
_FIRST = date(2026, 10, 1)
_BUSY = date(2027, 6, 20)
_PHASES, _KPIS = 20, 60
"""As many as make some 200 open cases."""
_SHARE, _YEAR = 1.5, 2.0
"""The targets: a quiet day in assessments, a year in seconds."""


def case_rows(rounds: int) -> Iterator[Row]:
    """A day on which nothing changes, against the assessment of that day; the pilot over a year, with the pack."""
    agreement, engine = (
        coopgov.parse_agreement(agreement_text(_PHASES, kpis=_KPIS)),
        coopgov.Engine(coopgov.load_rules()),
    )
    day = _BUSY
    step = coopgov.catch_up(coopgov.Cases.begin(agreement.id, day), agreement, engine, to=day)
    while step.notices:
        day += timedelta(1)
        step = coopgov.catch_up(step.cases, agreement, engine, to=day)
    cases, day = step.cases, day + timedelta(1)
    assessment = coopgov.assess(agreement, engine, as_of=day, cases=cases)
    works = {
        "assess": lambda: coopgov.assess(agreement, engine, as_of=day, cases=cases),
        "advance": lambda: coopgov.advance(cases, assessment, agreement=agreement, rules=engine),
    }
    best = best_seconds(works, rounds, process_time)
    name = f"a quiet day with {len(cases.open())} open cases"
    yield Row(f"`advance`: {name}, against `assess`", best["advance"] / best["assess"], "×", _SHARE)
    yield Row(f"`advance`: {name}", 1000 * best["advance"], "ms")
    pilot, last = coopgov.load_agreement(_PILOT), _FIRST + timedelta(364)
    begin = coopgov.Cases.begin(pilot.id, _FIRST)
    works = {"year": lambda: coopgov.catch_up(begin, pilot, engine, to=last)}
    year = best_seconds(works, min(rounds, 3), process_time)
    yield Row("`catch_up`: the pilot over a year, with the shipped pack", year["year"], "s of CPU", _YEAR)
