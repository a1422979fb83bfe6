"""Assessing: facts × rules → warnings with evidence, actions and escalations; and why."""

from coopgov.assessment.explain import Explanation, explain
from coopgov.assessment.result import Assessment
from coopgov.assessment.run import assess

__all__ = ["Assessment", "Explanation", "assess", "explain"]
