"""The index of the Python API, and its pages, which Sphinx fills from docstrings."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOTE = "<!-- Written by docs/generate.py. Change the source, not this page. -->"
API: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "coopgov": {"coopgov": ()},
    "coopgov.testing": {"coopgov.testing": ()},
    "coopgov.portfolio": {"coopgov.portfolio": ()},
    "coopgov.notify": {"coopgov.notify": (), "coopgov.assessment.people": ("People",)},
    "coopgov.model": {
        "coopgov.model": (
            "Absence", "Actual", "Answers", "Baseline", "Body", "Calendar", "CashFlow", "Chair", "Constraint",
            "ConstraintType", "Contents", "DatedBudget",
            "DatedImpact", "DatedMilestoneStatus", "DatedPortion", "DatedRiskStatus", "DatedTaskStatus",
            "Decision", "Deliverable", "Direction", "Ends", "EvaluationPlan", "FinancePlan", "Goal", "Kpi",
            "KpiPlan", "Link", "LinkType", "Meeting", "Member",
            "Milestone", "MilestoneStatus", "Minutes", "Original", "PartResponse", "PartRisk", "PartSource", "Party",
            "Phase", "PhaseForecast", "PlanBaseline",
            "Plan", "Profit", "ProfitReading", "Rate", "Ratings", "Reading", "Report", "Response",
            "Risk", "RiskStatus", "Scale", "Spending",
            "Strain", "Survey", "Target", "Task", "TaskForecast", "TaskStatus", "Team", "TeamPlan", "Waiver",
            "Weekday",
            "Window",
        ),
    },
    "coopgov.rules": {
        "coopgov.rules": (
            "Acknowledge", "Action", "CaseSettings", "Escalation", "ExpandedSource", "Field",
            "Inhibition", "Ladder", "Mention", "Message", "Parameter", "Readings", "Rule", "Table",
            "TableRow",
        ),
    },
    "coopgov.facts": {
        "coopgov.facts": (
            "Catalogue", "Fact", "Subject", "SubjectType", "default_catalogue",
        ),
        "coopgov.facts.base.cases": ("CaseFacts",),
    },
    "coopgov.backends.ir": {
        "coopgov.backends.ir": (
            "Answer", "Backend", "Calendar", "Check", "Checker", "Interpreter", "Program", "Rechecker",
            "Setting", "Step", "conditions", "expressions",
        ),
    },
    "coopgov.backends.registry": {"coopgov.backends.registry": ("backend_names", "make_backend")},
    "coopgov.language.syntax": {"coopgov.language.syntax": ()},
    "coopgov.language.types": {"coopgov.language.types": ()},
    "coopgov.schema": {
        "coopgov.schema": (
            "Amount", "Defect", "FrozenMap", "Lag", "LocalText", "Span",
        ),
    },
    "coopgov.source": {
        "coopgov.source": (
            "Document",
        ),
    },
    "coopgov.export.durable_rules": {"coopgov.export.durable_rules": ()},
    "coopgov.cases.store": {
        "coopgov.cases.store": (),
        "coopgov.cases.store.database": ("Database", "Rows"),
        "coopgov.cases.store.inputs": ("Inputs",),
        "coopgov.cases.store.outbox": ("SqlOutbox",),
    },
    "coopgov.charts": {"coopgov.charts": ()},
    "coopgov.evaluation": {"coopgov.evaluation": ()},
    "coopgov.reports": {
        "coopgov.reports": (
            "FORMATS", "TEMPLATES", "Badge", "Blank", "Block", "Brand", "Code", "Column", "Data",
            "Difference", "Document", "EvidenceInputs", "Field", "Figure", "HouseStyle", "Inline", "Item",
            "ItemKind", "KeyNumber", "KeyNumbers", "Lesson", "Line", "Listing", "NotesFile", "NotesPeriod",
            "NotesTexts", "Paragraph", "Review", "Row", "Section", "SectionId", "Strong", "Table", "Tone",
            "Verification", "make_evidence", "markdown", "template", "verify_evidence",
        ),
    },
    "coopgov.counterfactual": {"coopgov.counterfactual": ("crossings", "Variable", "around")},
    "coopgov.formatting.canonical": {"coopgov.formatting.canonical": ("Shape", "canonical_text")},
}  # fmt: skip
"""The pages of the API: the modules of each, and their public names (if none are listed, all of `__all__`)."""
OPAQUE = (
    "Of `CaseTest`, `Document`, `ExpandedSource`, `Field`, `ImportMapping`, `Interpreter`, `Mention`, `Mutant`, "
    "`Suite` and `TableMapping`, "
    "the attributes are private."
)
INDEX = f"""{NOTE}

# The Python API

Every public name, with the first sentence of its documentation. All other names are private and can change.

- Import names from the module in the heading. [Embed coopgov](../how-to/embed.md) shows them at work.
- All values are frozen, and no function has hidden state. Only functions that take a path read files. Nothing reads
  the clock.
- All errors are subclasses of `CoopgovError`; see [errors and fault codes](errors.md).
- `to_dict()` returns a result in the shapes of [the JSON output](json.md).
- The package is typed, and a misspelt name is an error for mypy and pyright. Every type that a public attribute can
  hold is exported by one of these modules.
- {OPAQUE}
"""


def index() -> str:
    """The index of all public names, each with its first sentence and a link to its documentation."""
    parts = [INDEX]
    for page, modules in API.items():
        rows = [
            f"| [`{_shown(page, module, name)}`](api/{page}.md#{module}.{name}) | {in_one_line(doc)} |"
            for module, names in modules.items()
            for name, doc in public_names(module, names).items()
        ]
        about = in_one_line(import_module(page).__doc__ or "")
        parts.append(
            "\n".join([f"## `{page}`", "", about, "", "| name | what it is |", "|---|---|", *rows, ""])
        )
    return "\n".join(parts)


def _shown(page: str, module: str, name: str) -> str:
    """A name as the index shows it: with its module where the heading does not say it."""
    return name if page == module else f"{module}.{name}"


def page(name: str) -> str:
    """A page that Sphinx fills from docstrings."""
    lines = [NOTE, "", f"# `{name}`", ""]
    for module, chosen in API[name].items():
        members = ", ".join(public_names(module, chosen))
        lines += ["```{eval-rst}", f".. automodule:: {module}", f"   :members: {members}"]
        lines += [*(["   :special-members: __version__"] if module == "coopgov" else []), ""]
        lines += [line for alias in public_names(module, chosen) for line in _imported_alias(module, alias)]
        lines += ["```", ""]
    return "\n".join(lines)


def _imported_alias(module: str, name: str) -> list[str]:
    """The entry of an alias that a module imports, whose documentation Sphinx does not find there."""
    home = import_module(module)
    value = getattr(home, name)
    own = Path(str(home.__file__)).read_text(encoding="utf-8")
    if (
        inspect.isclass(value)
        or inspect.isroutine(value)
        or re.search(rf"^{name}(?::.*)? = ", own, re.MULTILINE)
    ):
        return []
    shown = str(value).replace("typing.", "")
    return [
        f".. py:data:: {name}",
        f"   :value: {shown}",
        "",
        f"   {_documentation(module, name)}",
        "",
    ]


def public_names(module: str, names: Sequence[str] = ()) -> dict[str, str]:
    """The names of a module that are public, each with its docstring."""
    home = import_module(module)
    return {name: _documentation(module, name) for name in names or home.__all__}


def _documentation(module: str, name: str) -> str:
    """The docstring of a class or function, or the text below an assignment."""
    value = getattr(import_module(module), name)
    if inspect.isclass(value) or inspect.isroutine(value):
        return inspect.getdoc(value) or ""
    assigned = re.compile(rf'^{name}(?:: [^=\n]+)? = (?:.*\n)(?:[ \])].*\n)*"""([^"]*)"""', re.MULTILINE)
    home = Path(str(import_module(module).__file__))
    files = home.parent.rglob("*.py") if home.stem == "__init__" else [home]
    found = (assigned.search(each.read_text(encoding="utf-8")) for each in files)
    return next((each[1] for each in found if each), "")


def in_one_line(text: str) -> str:
    """The first paragraph of a docstring, on one line, for a cell of a table."""
    return " ".join(text.split("\n\n", maxsplit=1)[0].split()).replace("|", "\\|")
