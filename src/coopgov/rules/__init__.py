"""Rule files and packs: reading, merging and checking them into rule sets."""

from coopgov.rules.load import load_rules, parse_rules
from coopgov.rules.ruleset import Action, Parameter, Rule, RuleSet, Table, TableRow

__all__ = ["Action", "Parameter", "Rule", "RuleSet", "Table", "TableRow", "load_rules", "parse_rules"]
