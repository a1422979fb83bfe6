"""Assessing: facts × rules → warnings with evidence, actions and escalations; and why."""

from coopgov.assess.explain import Explanation, explain
from coopgov.assess.result import Assessment
from coopgov.assess.run import assess

__all__ = ["Assessment", "Explanation", "assess", "explain"]
