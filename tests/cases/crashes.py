"""What the tests of crashes share."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

CASES = Path(__file__).parent
HEAD = "coopgov: rules/1\npack: t\nversion: 1.0.0\n"
AGREEMENT = """\
coopgov: agreement/1
id: t
title: T
currency: CNY
term: {start: 2026-01-05, end: 2027-06-30}
parties: [{id: a}, {id: b}]
phases: [{id: p, planned: {start: 2026-01-05, end: 2026-03-01}}]
"""
AS_OF = date(2026, 6, 30)


def case(name: str, folder: Path) -> None:
    """The files of a case, in a folder that may be written to."""
    for path in next(CASES.glob(f"{name}-*")).iterdir():
        shutil.copy(path, folder)
