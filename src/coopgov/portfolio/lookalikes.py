"""Characters that look alike, so that a table may use any of them for another."""

__all__ = ["ALIKE"]

ALIKE = (" \u00a0\u202f\u2009", "'\u2019")
"""Characters that people cannot distinguish: spaces, some of which are non-breaking, and apostrophes."""
