"""The command line: a thin face of the library."""

from coopgov.cli.main import main

__all__ = ["main"]
