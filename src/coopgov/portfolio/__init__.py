"""Check portfolios: rules over whole tables, as frames of a host's engine or files that are read batch by batch.

Needs `coopgov[columnar]` and the engine of the frames; files also need PyArrow (`coopgov[portfolio]`).
"""

from __future__ import annotations

from coopgov.portfolio.bind_mapping import TableMapping, load_mapping, parse_mapping
from coopgov.portfolio.folder import check_folder
from coopgov.portfolio.frames import BatchFunction, Children, Column, Violations, batch_function, check
from coopgov.portfolio.summary import (
    ItemTally,
    Pack,
    RankedHit,
    RankedSubject,
    RejectTally,
    RuleTally,
    Summary,
)
from coopgov.portfolio.tables import Outputs, check_table

__all__ = [
    "BatchFunction",
    "Children",
    "Column",
    "ItemTally",
    "Outputs",
    "Pack",
    "RankedHit",
    "RankedSubject",
    "RejectTally",
    "RuleTally",
    "Summary",
    "TableMapping",
    "Violations",
    "batch_function",
    "check",
    "check_folder",
    "check_table",
    "load_mapping",
    "parse_mapping",
]
