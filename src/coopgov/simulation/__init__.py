"""Assessments over many days, and with other facts."""
