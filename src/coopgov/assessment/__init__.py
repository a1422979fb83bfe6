"""Assessing: facts × rules → warnings with evidence, actions and escalations; and why."""
