"""Charts as SVG: pure functions from values to text, each self-contained and in one language, with names, not ids."""

from coopgov.charts.dimension_chart import dimensions
from coopgov.charts.gantt_chart import gantt
from coopgov.charts.history import history_svg
from coopgov.charts.ladder import ladder_svg
from coopgov.charts.risk_matrix import matrix
from coopgov.charts.status_chart import status_history
from coopgov.charts.svg import Chart
from coopgov.charts.trend_chart import trend

__all__ = ["Chart", "dimensions", "gantt", "history_svg", "ladder_svg", "matrix", "status_history", "trend"]
