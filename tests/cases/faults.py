"""Files of cases, and the faults of texts in short."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import coopgov

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent
DAY = date(2026, 6, 30)
HEAD = (
    "coopgov: agreement/1\nid: t\ntitle: T\ncurrency: CNY\nterm: {start: 2026-01-05, end: "
    "2027-06-30}\nparties: [{id: a}, {id: b}]\n"
)
RULES = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"


def text_of(case: str, name: str) -> str:
    """A file of a case."""
    return next(FOLDER.glob(f"{case}-*")).joinpath(name).read_text(encoding="utf-8")


def faults_of(load: Callable[[str], object], text: str) -> list[coopgov.Fault]:
    """The faults of a text."""
    with pytest.raises(coopgov.InputError) as caught:
        load(text)
    return list(caught.value.faults)


def short(faults: list[coopgov.Fault]) -> list[str]:
    """Faults as `line:column code hint`."""
    return [f"{each.place.line}:{each.place.column} {each.code} {each.hint}".rstrip() for each in faults]
