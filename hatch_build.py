"""Compile the texts of `coopgov.locales` before a wheel is built or the working copy is installed."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALES = Path("src", "coopgov", "locales")


class CompileLocales(BuildHookInterface[Any]):
    """Compiles the texts, and puts them into the wheel in place of their sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # as hatchling calls it
        """Compile, and name what was written as part of the build."""
        folder = Path(self.root, LOCALES)
        compile_all = runpy.run_path(str(folder / "compile.py"))["compile_all"]
        build_data["artifacts"] += [str(each.relative_to(self.root)) for each in compile_all(folder)]
