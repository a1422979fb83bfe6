"""The families of findings, in the order in which they run: the fast ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgov.analysis.findings.case_keys import case_keys
from coopgov.analysis.findings.escalations import escalations_never_reached
from coopgov.analysis.findings.inhibitions import dead_inhibitions, hidden_milestones
from coopgov.analysis.findings.logic import logic
from coopgov.analysis.findings.texts import messages_without_measure, missing_languages
from coopgov.analysis.findings.unused import (
    kinds_without_action,
    unused_actions,
    unused_facts,
)
from coopgov.analysis.findings.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgov.analysis.scope import Family

__all__ = ["FAMILIES"]

FAMILIES: Sequence[Family] = (
    unused_facts,
    unused_actions,
    dead_inhibitions,
    hidden_milestones,
    kinds_without_action,
    words,
    messages_without_measure,
    missing_languages,
    escalations_never_reached,
    case_keys,
    logic,
)
"""Each runs once for a rule set; those of logic come last."""
