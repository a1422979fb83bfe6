"""The command line `coopgov`: a thin layer over the library."""

from coopgov.cli.main import main

__all__ = ["main"]
