"""Exports rules to other rule engines."""
