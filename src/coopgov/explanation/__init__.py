"""Explain why a rule holds for a subject, or why not, and which changes would alter that."""
