"""Rule files and packs: reading, merging and checking them into rule sets."""

from coopgov.rules.case_settings import CaseSettings
from coopgov.rules.entry_fields import Acknowledge, Escalation, Ladder, Readings
from coopgov.rules.expanded import ExpandedSource
from coopgov.rules.load import load_rules, parse_rules
from coopgov.rules.messages import Message
from coopgov.rules.rule import Action, Inhibition, Mention, Parameter, Rule, Table, TableRow
from coopgov.rules.ruleset import Engine, RuleSet
from coopgov.rules.source import Field

__all__ = [
    "Acknowledge",
    "Action",
    "CaseSettings",
    "Engine",
    "Escalation",
    "ExpandedSource",
    "Field",
    "Inhibition",
    "Ladder",
    "Mention",
    "Message",
    "Parameter",
    "Readings",
    "Rule",
    "RuleSet",
    "Table",
    "TableRow",
    "load_rules",
    "parse_rules",
]
