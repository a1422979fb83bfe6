"""Assessing: facts × rules → warnings with evidence, actions and escalations; and why."""

from coopgov.assess.run import assess

__all__ = ["assess"]
