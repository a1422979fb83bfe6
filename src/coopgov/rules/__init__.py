"""Rule files and packs: reading, merging and checking them into rule sets."""

from coopgov.rules.load import load_rules, parse_rules
from coopgov.rules.rule import Action, Parameter, Rule, Table, TableRow
from coopgov.rules.ruleset import Engine, RuleSet

__all__ = [
    "Action",
    "Engine",
    "Parameter",
    "Rule",
    "RuleSet",
    "Table",
    "TableRow",
    "load_rules",
    "parse_rules",
]
