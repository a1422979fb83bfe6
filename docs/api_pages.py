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
    "results": {
        "coopgov.assessment.result": (
            "EarlyWarning", "Evidence", "RecommendedAction", "Escalated", "StandIn", "Waived", "Undecided",
            "EvaluationStep",
        ),
        "coopgov.assessment.figures": ("Figure",),
        "coopgov.finding": ("Example",),
        "coopgov.analysis.ignores": ("Ignored",),
        "coopgov.analysis.scope": ("NotDecided",),
        "coopgov.simulation.history": ("Episode", "Stretch", "UndeterminedPeriod"),
        "coopgov.simulation.comparison": ("Change",),
        "coopgov.simulation.what_if": ("TriedFact", "Altered"),
        "coopgov.rules.rule": ("Rule", "Action", "Inhibition", "Parameter", "Table", "TableRow"),
    },
    "coopgov.testing": {"coopgov.testing": ()},
    "coopgov.portfolio": {"coopgov.portfolio": ()},
    "coopgov.backends": {
        "coopgov.backends.ir": ("Backend", "Checker", "Rechecker", "Answer", "Program", "Check", "Step"),
        "coopgov.backends.registry": ("backend_names", "make_backend"),
    },
    "coopgov.export.durable_rules": {"coopgov.export.durable_rules": ()},
    "coopgov.counterfactual": {"coopgov.counterfactual": ("crossings", "Variable", "around")},
    "coopgov.formatting.canonical": {"coopgov.formatting.canonical": ("canonical_text",)},
}  # fmt: skip
"""The pages of the API: the modules of each, and their public names (if none are listed, all of `__all__`)."""
RESULTS = "The types of what functions return. You never create them, so there is no need to import them."
INDEX = f"""{NOTE}

# The Python API

Every public name, with the first sentence of its documentation. All other names are private and can change.

- Import names from the module in the heading. [Embed coopgov](../how-to/embed.md) shows them at work.
- All values are frozen, and no function has hidden state. Only functions that take a path read files. Nothing reads
  the clock.
- All errors are subclasses of `CoopgovError`; see [errors and fault codes](errors.md).
- `to_dict()` returns a result in the shapes of [the JSON output](json.md).
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
        about = RESULTS if page == "results" else in_one_line(import_module(page).__doc__ or "")
        title = "Parts of results" if page == "results" else f"`{page}`"
        parts.append(
            "\n".join([f"## {title}", "", about, "", "| name | what it is |", "|---|---|", *rows, ""])
        )
    return "\n".join(parts)


def _shown(page: str, module: str, name: str) -> str:
    """A name as the index shows it: with its module where the heading does not say it."""
    return name if page == module else f"{module}.{name}"


def page(name: str) -> str:
    """A page that Sphinx fills from docstrings."""
    title = "Parts of results" if name == "results" else f"`{name}`"
    lines = [NOTE, "", f"# {title}", "", *([RESULTS, ""] if name == "results" else [])]
    for module, chosen in API[name].items():
        members = ", ".join(public_names(module, chosen))
        lines += ["```{eval-rst}", f".. automodule:: {module}", f"   :members: {members}"]
        lines += [*(["   :special-members: __version__"] if module == "coopgov" else []), "```", ""]
    return "\n".join(lines)


def public_names(module: str, names: Sequence[str] = ()) -> dict[str, str]:
    """The names of a module that are public, each with its docstring."""
    home = import_module(module)
    return {name: _documentation(module, name) for name in names or home.__all__}


def _documentation(module: str, name: str) -> str:
    """The docstring of a class or function, or the text below an assignment."""
    value = getattr(import_module(module), name)
    if inspect.isclass(value) or inspect.isroutine(value):
        return inspect.getdoc(value) or ""
    source = Path(str(import_module(module).__file__)).read_text(encoding="utf-8")
    found = re.search(rf'^{name} = .*\n"""(.*)"""$', source, re.MULTILINE)
    return found[1] if found else ""


def in_one_line(text: str) -> str:
    """The first paragraph of a docstring, on one line, for a cell of a table."""
    return " ".join(text.split("\n\n", maxsplit=1)[0].split()).replace("|", "\\|")
