"""What rules mean, found without any agreement: where an outcome changes, and what is wrong with a rule set that loads."""

from coopgov.analysis.analyse import Analysis, analyse
from coopgov.analysis.codes import FINDING_CODES, FindingCode
from coopgov.analysis.finding import LEVELS, Example, Finding, Level
from coopgov.analysis.ignores import Ignored
from coopgov.analysis.scope import NotDecided, Scope

__all__ = [
    "FINDING_CODES",
    "LEVELS",
    "Analysis",
    "Example",
    "Finding",
    "FindingCode",
    "Ignored",
    "Level",
    "NotDecided",
    "Scope",
    "analyse",
]
