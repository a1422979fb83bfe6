"""The pilot and the shipped pack, each loaded once for all tests that ask them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coopgov.explanation.explain import explain
from coopgov.model import load_agreement
from coopgov.rules import RuleSet, load_rules

if TYPE_CHECKING:
    from coopgov.explanation.result import Explanation
    from coopgov.model import Agreement

__all__ = ["NOW", "PILOT", "explained", "pack", "pilot"]

PILOT = Path(__file__).parents[1] / "examples" / "pilot"
NOW = date(2026, 6, 30)


@cache
def pack() -> RuleSet:
    """The shipped pack."""
    return load_rules()


@cache
def pilot() -> Agreement:
    """The pilot; faults and places call its file by its name alone."""
    return load_agreement(PILOT / "agreement.yaml", "agreement.yaml")


def explained(rule: str, about: str, as_of: date = NOW, language: str = "en") -> Explanation:
    """The explanation of a rule and a subject of the pilot."""
    return explain(pilot(), pack(), rule=rule, about=about, as_of=as_of, language=language)
