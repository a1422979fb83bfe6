"""Charts as SVG: pure functions from values to text, each self-contained, in one language, with names, not ids."""

from coopgov.charts.history import history_svg
from coopgov.charts.ladder import ladder_svg

__all__ = ["history_svg", "ladder_svg"]
