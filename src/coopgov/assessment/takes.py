"""The arguments that the functions about agreements share: what they take, and what to do with anything else."""

from __future__ import annotations

from coopgov.arguments import an_instance, or_none
from coopgov.model import Agreement
from coopgov.rules.ruleset import RuleSet

__all__ = ["AN_AGREEMENT", "RULES"]

AN_AGREEMENT = an_instance(Agreement, "an agreement", "load_agreement(…) reads one from a file")
RULES = or_none(an_instance(RuleSet, "a rule set", "load_rules(…) loads packs and rule files"))
