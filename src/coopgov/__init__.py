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
    from coopgov.analysis.analyse import Analysis, analyse
    from coopgov.analysis.finding import Finding
    from coopgov.assessment.explain import explain
    from coopgov.assessment.result import Assessment, Explanation
    from coopgov.assessment.run import assess
    from coopgov.errors import (
        AgreementError,
        CoopgovError,
        ExpressionError,
        FactError,
        Fault,
        InputError,
        Place,
        RulesError,
        RuleTestsError,
        UnknownNameError,
    )
    from coopgov.facts import Facts, derive
    from coopgov.model import (
        Agreement,
        WorkingCalendar,
        build_agreement,
        dump_agreement,
        load_agreement,
        parse_agreement,
    )
    from coopgov.rules import RuleSet, load_rules, parse_rules

__version__ = "0.1.0"

__all__ = [
    "Agreement",
    "AgreementError",
    "Analysis",
    "Assessment",
    "CoopgovError",
    "Explanation",
    "ExpressionError",
    "FactError",
    "Facts",
    "Fault",
    "Finding",
    "InputError",
    "Place",
    "RuleSet",
    "RuleTestsError",
    "RulesError",
    "UnknownNameError",
    "WorkingCalendar",
    "__version__",
    "analyse",
    "assess",
    "build_agreement",
    "derive",
    "dump_agreement",
    "explain",
    "load_agreement",
    "load_rules",
    "parse_agreement",
    "parse_rules",
]

_HOMES = {
    "analysis.analyse": ("Analysis", "analyse"),
    "analysis.finding": ("Finding",),
    "assessment.explain": ("explain",),
    "assessment.result": ("Assessment", "Explanation"),
    "assessment.run": ("assess",),
    "facts": ("Facts", "derive"),
    "model": (
        "Agreement",
        "WorkingCalendar",
        "build_agreement",
        "dump_agreement",
        "load_agreement",
        "parse_agreement",
    ),
    "rules": ("RuleSet", "load_rules", "parse_rules"),
    "errors": (
        "AgreementError",
        "CoopgovError",
        "ExpressionError",
        "FactError",
        "Fault",
        "InputError",
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
