"""Small agreements that several test modules share, as data."""

from __future__ import annotations

from typing import Any

__all__ = ["ANNA", "KPI", "PHASE", "WINDOW", "least"]

WINDOW = {"start": "2026-02-02", "end": "2026-03-27"}
PHASE = {"id": "p", "planned": WINDOW, "budget": 1000, "buffer": "5 days"}
"""A phase without a finding."""
KPI = {"id": "k", "direction": "up", "baseline": {"value": 1}, "target": {"value": 2}, "every": "1 month"}
"""A KPI without a finding."""
ANNA = {"id": "anna", "role": "project-manager"}


def least(*parties: str) -> dict[str, Any]:
    """An agreement of these parties that has only the keys that it needs."""
    return {
        "coopgov": "agreement/1",
        "id": "t",
        "title": "T",
        "currency": "CNY",
        "term": {"start": "2026-01-05", "end": "2027-06-30"},
        "parties": [{"id": each} for each in parties],
    }
