"""The rule language: parses and type-checks expressions, and defines what they mean."""

from coopgov.language.parser import parse, parse_band
from coopgov.language.printer import to_text

__all__ = ["parse", "parse_band", "to_text"]
