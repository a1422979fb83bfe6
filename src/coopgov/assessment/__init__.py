"""Assess an agreement by rules: warnings with their evidence, recommended actions and escalations."""
