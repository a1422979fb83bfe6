"""Early warnings for cooperation agreements: an agreement and rules go in, warnings with evidence and actions come out.

>>> from datetime import date
>>> import coopgov
>>> agreement = coopgov.load_agreement("examples/pilot/agreement.yaml")
>>> coopgov.assess(agreement, as_of=date(2026, 6, 30)).status
'critical'

Names are imported when they are first used, so that `import coopgov` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopgov.analysis.analyse import analyse
    from coopgov.analysis.check_agreement import check_agreement
    from coopgov.analysis.result import Analysis
    from coopgov.assessment.assess import assess
    from coopgov.assessment.result import Assessment, Change, Explanation
    from coopgov.backends.ir import Hit, Undetermined
    from coopgov.errors import (
        AgreementError,
        ArgumentError,
        BackendError,
        ChangeError,
        CoopgovError,
        ExpressionError,
        FactError,
        Fault,
        InputError,
        MappingError,
        PeriodError,
        Place,
        RulesError,
        RuleTestsError,
        UnknownNameError,
    )
    from coopgov.explanation.explain import explain, explain_all
    from coopgov.facts import Facts, derive
    from coopgov.finding import Finding
    from coopgov.model import (
        Agreement,
        WorkingCalendar,
        build_agreement,
        dump_agreement,
        load_agreement,
        parse_agreement,
    )
    from coopgov.pages import history_svg, rule_pages
    from coopgov.rules import Engine, RuleSet, load_rules, parse_rules
    from coopgov.simulation.backtest import backtest
    from coopgov.simulation.comparison import Comparison, compare
    from coopgov.simulation.history import History
    from coopgov.simulation.what_if import WhatIf, what_if

__version__ = "0.1.0"
"""The version of the library."""

__all__ = [
    "Agreement",
    "AgreementError",
    "Analysis",
    "ArgumentError",
    "Assessment",
    "BackendError",
    "Change",
    "ChangeError",
    "Comparison",
    "CoopgovError",
    "Engine",
    "Explanation",
    "ExpressionError",
    "FactError",
    "Facts",
    "Fault",
    "Finding",
    "History",
    "Hit",
    "InputError",
    "MappingError",
    "PeriodError",
    "Place",
    "RuleSet",
    "RuleTestsError",
    "RulesError",
    "Undetermined",
    "UnknownNameError",
    "WhatIf",
    "WorkingCalendar",
    "__version__",
    "analyse",
    "assess",
    "backtest",
    "build_agreement",
    "check_agreement",
    "compare",
    "derive",
    "dump_agreement",
    "explain",
    "explain_all",
    "history_svg",
    "load_agreement",
    "load_rules",
    "parse_agreement",
    "parse_rules",
    "rule_pages",
    "what_if",
]

_HOMES = {
    "analysis.analyse": ("analyse",),
    "analysis.check_agreement": ("check_agreement",),
    "analysis.result": ("Analysis",),
    "finding": ("Finding",),
    "simulation.backtest": ("backtest",),
    "simulation.comparison": ("Comparison", "compare"),
    "explanation.explain": ("explain", "explain_all"),
    "simulation.history": ("History",),
    "assessment.result": ("Assessment", "Change", "Explanation"),
    "assessment.assess": ("assess",),
    "simulation.what_if": ("WhatIf", "what_if"),
    "backends.ir": ("Hit", "Undetermined"),
    "facts": ("Facts", "derive"),
    "model": (
        "Agreement",
        "WorkingCalendar",
        "build_agreement",
        "dump_agreement",
        "load_agreement",
        "parse_agreement",
    ),
    "pages": ("history_svg", "rule_pages"),
    "rules": ("Engine", "RuleSet", "load_rules", "parse_rules"),
    "errors": (
        "AgreementError",
        "ArgumentError",
        "BackendError",
        "ChangeError",
        "CoopgovError",
        "ExpressionError",
        "FactError",
        "Fault",
        "InputError",
        "MappingError",
        "PeriodError",
        "Place",
        "RuleTestsError",
        "RulesError",
        "UnknownNameError",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
