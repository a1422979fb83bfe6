"""Writes the tasks of an agreement as a CSV table, which reads back with the mapping in the documentation."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from coopgov.model import newest

if TYPE_CHECKING:
    from datetime import date

    from coopgov.model import Agreement, Phase, Task

__all__ = ["COLUMNS", "tasks_csv"]

COLUMNS = (
    "Phase",
    "ID",
    "Name",
    "Owner",
    "Planned start",
    "Planned end",
    "Actual start",
    "Actual end",
    "Forecast end",
    "Deadline",
    "Status",
    "Progress",
    "After",
)
"""The header of the table."""
_FORMULAS = ("=", "+", "-", "@", "\t")


def tasks_csv(agreement: Agreement, *, as_of: date, language: str = "en") -> str:
    """Write the tasks of an agreement as a CSV table, with a byte order mark, as spreadsheets expect it.

    Args:
        agreement: the agreement.
        as_of: the day whose status, progress and forecast are written.
        language: the language of names.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for phase in agreement.phases:
        for task in phase.tasks:
            writer.writerow(map(_safe, _row(phase, task, as_of, language)))
    return "\ufeff" + text.getvalue()


def _row(phase: Phase, task: Task, as_of: date, language: str) -> list[str]:
    status, progress = newest(task.status, as_of), newest(task.progress, as_of)
    forecast = newest(task.forecast, as_of)
    actual = task.actual
    return [
        phase.id,
        task.id,
        task.label.in_language(language),
        task.owner or "",
        _day(task.planned.start),
        _day(task.planned.end),
        _day(actual.start if actual else None),
        _day(actual.end if actual else None),
        _day(forecast.end if forecast else None),
        _day(task.deadline),
        status.value if status else "",
        f"{progress.value * 100:f}".rstrip("0").rstrip(".") + "%" if progress and progress.value else "",
        "; ".join(each.task for each in task.after),
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text
