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

TYPE_CHECKING = False  # typing, which has it, takes longer to import than all of this

if TYPE_CHECKING:
    from coopgov.analysis.analyse import analyse
    from coopgov.analysis.check_agreement import check_agreement
    from coopgov.analysis.ignores import Ignored
    from coopgov.analysis.result import Analysis
    from coopgov.analysis.scope import NotDecided
    from coopgov.assessment.agenda import NotDue, ToDo, ToTell, Unknown
    from coopgov.assessment.assess import assess
    from coopgov.assessment.figures import Figure
    from coopgov.assessment.result import (
        Assessment,
        EarlyWarning,
        Escalated,
        Evidence,
        RecommendedAction,
        StandIn,
        Undecided,
        Waived,
    )
    from coopgov.backends.ir import Hit, Undetermined
    from coopgov.case_errors import (
        CaseError,
        DayBeforeLastError,
        GapError,
        RefusedEventError,
        UnknownCaseError,
    )
    from coopgov.cases.advance import advance
    from coopgov.cases.answer import answer
    from coopgov.cases.case import Case, CaseAction, CaseCause, CaseWaiver, Clock, Rung
    from coopgov.cases.cases import Cases
    from coopgov.cases.catch_up import catch_up
    from coopgov.cases.change import CaseChange, Step
    from coopgov.cases.event import Event
    from coopgov.cases.events_file import Events, load_events, parse_events
    from coopgov.cases.notice import Notice
    from coopgov.cases.replay import replay
    from coopgov.cases.store import open_store
    from coopgov.charts import history_svg
    from coopgov.connect.workbooks import new_workbook, read_form, write_form, write_workbook
    from coopgov.errors import (
        AgreementError,
        ArgumentError,
        BackendError,
        CaseTestsError,
        ChangeError,
        ChannelsError,
        CoopgovError,
        EventsError,
        ExpressionError,
        FactError,
        FontMissingError,
        InputError,
        MappingError,
        PeriodError,
        ReportNotesError,
        RulesError,
        RuleTestsError,
        SourceError,
        UnknownNameError,
    )
    from coopgov.evaluation import evaluate
    from coopgov.explanation.explain import explain, explain_all
    from coopgov.explanation.result import Change, Explanation, ExplanationStep, RuleOutcome
    from coopgov.facts import Facts, derive
    from coopgov.faults import Fault, Place
    from coopgov.finding import Example, Finding
    from coopgov.imports import (
        Import,
        ImportMapping,
        Lost,
        Rejected,
        Remark,
        export_losses,
        load_import_mapping,
        mspdi_text,
        parse_import_mapping,
        read_csv_tasks,
        read_iati,
        read_import,
        read_jira,
        read_mspdi,
        read_new,
        read_ocds,
        read_trello,
        read_zentao,
        tasks_csv,
    )
    from coopgov.locales import Phrase
    from coopgov.model import (
        Agreement,
        AgreementPart,
        Gone,
        WorkingCalendar,
        build_agreement,
        build_part,
        dump_agreement,
        dump_part,
        load_agreement,
        load_part,
        parse_agreement,
        parse_part,
    )
    from coopgov.pages import rule_pages, to_html
    from coopgov.reports.notes import ReportNotes, load_report_notes, parse_report_notes
    from coopgov.reports.period import ReportKind, ReportPeriod
    from coopgov.reports.report import Report, report
    from coopgov.reports.write import write_report
    from coopgov.rules import Engine, RuleSet, load_rules, parse_rules
    from coopgov.severities import Severity, Status
    from coopgov.simulation.backtest import backtest
    from coopgov.simulation.comparison import ChangeSort, Comparison, HistoryChange, compare
    from coopgov.simulation.history import Episode, History, Stretch, UndeterminedPeriod
    from coopgov.simulation.what_if import Altered, TriedFact, WhatIf, what_if
    from coopgov.store_errors import (
        BrokenLogError,
        NoFreeTextError,
        OtherAgreementError,
        StaleRevisionError,
        StoreError,
        StoreNewerError,
        StoreUnusableError,
    )

__version__ = "0.1.0"
"""The version of the library."""

__all__ = [
    "Agreement",
    "AgreementError",
    "AgreementPart",
    "Altered",
    "Analysis",
    "ArgumentError",
    "Assessment",
    "BackendError",
    "BrokenLogError",
    "Case",
    "CaseAction",
    "CaseCause",
    "CaseChange",
    "CaseError",
    "CaseTestsError",
    "CaseWaiver",
    "Cases",
    "Change",
    "ChangeError",
    "ChangeSort",
    "ChannelsError",
    "Clock",
    "Comparison",
    "CoopgovError",
    "DayBeforeLastError",
    "EarlyWarning",
    "Engine",
    "Episode",
    "Escalated",
    "Event",
    "Events",
    "EventsError",
    "Evidence",
    "Example",
    "Explanation",
    "ExplanationStep",
    "ExpressionError",
    "FactError",
    "Facts",
    "Fault",
    "Figure",
    "Finding",
    "FontMissingError",
    "GapError",
    "Gone",
    "History",
    "HistoryChange",
    "Hit",
    "Ignored",
    "Import",
    "ImportMapping",
    "InputError",
    "Lost",
    "MappingError",
    "NoFreeTextError",
    "NotDecided",
    "NotDue",
    "Notice",
    "OtherAgreementError",
    "PeriodError",
    "Phrase",
    "Place",
    "RecommendedAction",
    "RefusedEventError",
    "Rejected",
    "Remark",
    "Report",
    "ReportKind",
    "ReportNotes",
    "ReportNotesError",
    "ReportPeriod",
    "RuleOutcome",
    "RuleSet",
    "RuleTestsError",
    "RulesError",
    "Rung",
    "Severity",
    "SourceError",
    "StaleRevisionError",
    "StandIn",
    "Status",
    "Step",
    "StoreError",
    "StoreNewerError",
    "StoreUnusableError",
    "Stretch",
    "ToDo",
    "ToTell",
    "TriedFact",
    "Undecided",
    "Undetermined",
    "UndeterminedPeriod",
    "Unknown",
    "UnknownCaseError",
    "UnknownNameError",
    "Waived",
    "WhatIf",
    "WorkingCalendar",
    "__version__",
    "advance",
    "analyse",
    "answer",
    "assess",
    "backtest",
    "build_agreement",
    "build_part",
    "catch_up",
    "check_agreement",
    "compare",
    "derive",
    "dump_agreement",
    "dump_part",
    "evaluate",
    "explain",
    "explain_all",
    "export_losses",
    "history_svg",
    "load_agreement",
    "load_events",
    "load_import_mapping",
    "load_part",
    "load_report_notes",
    "load_rules",
    "mspdi_text",
    "new_workbook",
    "open_store",
    "parse_agreement",
    "parse_events",
    "parse_import_mapping",
    "parse_part",
    "parse_report_notes",
    "parse_rules",
    "read_csv_tasks",
    "read_form",
    "read_iati",
    "read_import",
    "read_jira",
    "read_mspdi",
    "read_new",
    "read_ocds",
    "read_trello",
    "read_zentao",
    "replay",
    "report",
    "rule_pages",
    "tasks_csv",
    "to_html",
    "what_if",
    "write_form",
    "write_report",
    "write_workbook",
]

_HOMES = {
    "case_errors": ("CaseError", "DayBeforeLastError", "GapError", "RefusedEventError", "UnknownCaseError"),
    "cases.store": ("open_store",),
    "analysis.analyse": ("analyse",),
    "analysis.check_agreement": ("check_agreement",),
    "analysis.ignores": ("Ignored",),
    "analysis.result": ("Analysis",),
    "analysis.scope": ("NotDecided",),
    "assessment.agenda": ("NotDue", "ToDo", "ToTell", "Unknown"),
    "assessment.assess": ("assess",),
    "assessment.figures": ("Figure",),
    "assessment.result": (
        "Assessment",
        "EarlyWarning",
        "Escalated",
        "Evidence",
        "RecommendedAction",
        "StandIn",
        "Undecided",
        "Waived",
    ),
    "backends.ir": ("Hit", "Undetermined"),
    "charts": ("history_svg",),
    "cases.advance": ("advance",),
    "cases.answer": ("answer",),
    "cases.case": ("Case", "CaseAction", "CaseCause", "CaseWaiver", "Clock", "Rung"),
    "cases.cases": ("Cases",),
    "cases.catch_up": ("catch_up",),
    "cases.change": ("CaseChange", "Step"),
    "cases.event": ("Event",),
    "cases.events_file": ("Events", "load_events", "parse_events"),
    "cases.notice": ("Notice",),
    "cases.replay": ("replay",),
    "connect.workbooks": ("new_workbook", "read_form", "write_form", "write_workbook"),
    "errors": (
        "AgreementError",
        "ArgumentError",
        "BackendError",
        "CaseTestsError",
        "ChangeError",
        "ChannelsError",
        "CoopgovError",
        "EventsError",
        "ExpressionError",
        "FactError",
        "FontMissingError",
        "InputError",
        "MappingError",
        "PeriodError",
        "ReportNotesError",
        "RuleTestsError",
        "SourceError",
        "RulesError",
        "UnknownNameError",
    ),
    "evaluation": ("evaluate",),
    "explanation.explain": ("explain", "explain_all"),
    "explanation.result": ("Change", "Explanation", "ExplanationStep", "RuleOutcome"),
    "facts": ("Facts", "derive"),
    "faults": ("Fault", "Place"),
    "finding": ("Example", "Finding"),
    "imports": (
        "Import",
        "ImportMapping",
        "Lost",
        "Rejected",
        "Remark",
        "export_losses",
        "load_import_mapping",
        "mspdi_text",
        "parse_import_mapping",
        "read_csv_tasks",
        "read_iati",
        "read_import",
        "read_jira",
        "read_mspdi",
        "read_new",
        "read_ocds",
        "read_trello",
        "read_zentao",
        "tasks_csv",
    ),
    "locales": ("Phrase",),
    "model": (
        "Agreement",
        "AgreementPart",
        "Gone",
        "WorkingCalendar",
        "build_agreement",
        "build_part",
        "dump_agreement",
        "dump_part",
        "load_agreement",
        "load_part",
        "parse_agreement",
        "parse_part",
    ),
    "pages": ("rule_pages", "to_html"),
    "reports.notes": ("ReportNotes", "load_report_notes", "parse_report_notes"),
    "reports.period": ("ReportKind", "ReportPeriod"),
    "reports.report": ("Report", "report"),
    "reports.write": ("write_report",),
    "rules": ("Engine", "RuleSet", "load_rules", "parse_rules"),
    "severities": ("Severity", "Status"),
    "store_errors": (
        "BrokenLogError",
        "NoFreeTextError",
        "OtherAgreementError",
        "StaleRevisionError",
        "StoreError",
        "StoreNewerError",
        "StoreUnusableError",
    ),
    "simulation.backtest": ("backtest",),
    "simulation.comparison": ("Comparison", "HistoryChange", "ChangeSort", "compare"),
    "simulation.history": ("UndeterminedPeriod", "Episode", "History", "Stretch"),
    "simulation.what_if": ("Altered", "TriedFact", "WhatIf", "what_if"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

if not TYPE_CHECKING:  # type checkers would believe that it gives any name

    def __getattr__(name: str) -> object:
        home = _HOME.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
