"""The public surface is short, sorted, and exactly what `__all__` says."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import coopgov


def test_all_names_can_be_imported() -> None:
    """Every name of `__all__` is there, and nothing else is listed."""
    assert coopgov.__all__ == sorted(coopgov.__all__)
    assert dir(coopgov) == coopgov.__all__
    for name in coopgov.__all__:
        assert getattr(coopgov, name) is not None


_NAMES = "first = {name: getattr(coopgov, name) for name in coopgov.__all__}\n"
_MODULES = "import coopgov.cli.commands.check, coopgov.explanation.explain, coopgov.rules, coopgov.facts\n"


@pytest.mark.parametrize("steps", [(_NAMES, _MODULES), (_MODULES, _NAMES)], ids=["names", "modules"])
def test_a_public_name_is_never_hidden_by_a_module(steps: tuple[str, str]) -> None:
    """Whatever was imported before, a public name is the function or class, not a module of the same name."""
    code = (
        "import coopgov, types\n"
        f"{''.join(steps)}"
        "assert all(getattr(coopgov, name) is value for name, value in first.items())\n"
        "assert not any(isinstance(value, types.ModuleType) for value in first.values())\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that does not exist is reported as Python does."""
    with pytest.raises(AttributeError, match="has no attribute 'asess'"):
        _ = coopgov.asess  # type: ignore[attr-defined]  # type checkers see it, too


def test_importing_the_package_loads_next_to_nothing() -> None:
    """Neither pydantic nor PyYAML nor pint, nor `typing`, is loaded before it is used."""
    heavy = {"pydantic", "yaml", "pint", "dataclasses", "typing"}
    code = (
        f"import sys; known = set(sys.modules); import coopgov; print({heavy} & (set(sys.modules) - known))"
    )
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, env=unmeasured)
    assert ran.stdout == "set()\n"
