"""What hosts can hold is exported, documented and typed."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path
from typing import get_args

import pytest

import coopgov
from coopgov.explanation.result import RuleOutcome
from coopgov.severities import SEVERITIES, STATUSES
from coopgov.simulation.comparison import SORTS
from surface import documented, exports, module, reached

OPAQUE = frozenset(
    {
        "CaseTest",  # what a suite of case tests runs
        "Document",  # the nodes of a file, for places
        "ExpandedSource",  # a rule file as it was read
        "Field",  # a value of a rule file and its place
        "ImportMapping",  # what `read_import` takes
        "Interpreter",  # what a backend receives and hands on
        "Mention",  # a role that a rule file names
        "Mutant",  # what `mutation_run` runs
        "Suite",  # what `run_tests` runs
        "TableMapping",  # what `check_table` takes
    }
)
"""Types that hosts receive and pass on; the API page says that their attributes are private."""


def test_all_that_a_host_can_hold_is_exported() -> None:
    """Every annotation of a public attribute, parameter or result names only types that a documented module exports."""
    exported = exports()
    missing = {
        f"{user[1]} → {name[0]}.{name[1]}" for user, name in reached(exported, OPAQUE) if name not in exported
    }
    assert sorted(missing) == []


def test_opaque_types_are_said_to_be() -> None:
    """The API page lists them."""
    page = (Path(__file__).parents[2] / "docs/reference/api.md").read_text(encoding="utf-8")
    (said,) = [line for line in page.splitlines() if "attributes are private" in line]
    assert {name for name in OPAQUE if f"`{name}`" not in said} == set()


@pytest.mark.parametrize("place", sorted({place for place, _ in documented()}))
def test_all_that_is_exported_is_described(place: str) -> None:
    """Each class and function on a page has a docstring of its own, and so has each of its public methods."""
    try:
        whole = importlib.import_module(place)
    except ModuleNotFoundError as error:
        pytest.skip(f"needs {error.name}")
    shown = next(names for home, names in documented() if home == place)
    bare = []
    for name in sorted(shown):
        value = getattr(whole, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            own = [
                f"{name}.{key}"
                for key, each in vars(value).items()
                if name not in OPAQUE
                and not key.startswith("_")
                and inspect.isfunction(each)
                and not each.__doc__
            ]
            bare += own if value.__doc__ else [name, *own]
    assert bare == []


def test_what_is_one_of_few_words_has_a_type_that_lists_them() -> None:
    """Severities, statuses, outcomes and sorts of changes are literals, and so are the lists at run time."""
    assert get_args(coopgov.Severity) == SEVERITIES
    assert STATUSES == get_args(coopgov.Status) == ("clear", "undetermined", *SEVERITIES)
    assert get_args(coopgov.ChangeSort) == SORTS
    assert set(get_args(RuleOutcome)) == {"fired", "clear", "undetermined", "not applicable"}


@pytest.mark.parametrize("place", ["coopgov", "coopgov.testing"])
def test_type_checkers_see_no_fallback_for_names(place: str) -> None:
    """A `__getattr__` that they see would make any name of the module valid."""
    assert "__getattr__" not in module(place).definitions or not any(
        isinstance(each, ast.FunctionDef) and each.name == "__getattr__" for each in module(place).tree.body
    )
    assert (Path(coopgov.__file__).parent / "py.typed").exists()
