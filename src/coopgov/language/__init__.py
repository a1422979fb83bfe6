"""The rule language: text → checked expression, and what an expression means."""

from coopgov.language.parser import parse, parse_band
from coopgov.language.printer import to_text

__all__ = ["parse", "parse_band", "to_text"]
