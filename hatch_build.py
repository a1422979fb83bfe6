"""Compile the texts of `coopgov.locales` for a wheel, which holds them as JSON in place of their YAML sources."""

from __future__ import annotations

import runpy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALES = Path("coopgov", "locales")


class CompileLocales(BuildHookInterface[Any]):
    """Compiles the texts beside the source tree, and puts the result into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, unless the working copy is installed: that reads the sources."""
        if version == "editable":
            return
        self.folder = TemporaryDirectory()
        sources = Path(self.root, "src", LOCALES)
        compiler = runpy.run_path(str(sources / "compile.py"))
        for path in compiler["compile_all"](sources, Path(self.folder.name)):
            build_data["force_include"][str(path)] = str(LOCALES / compiler["COMPILED"] / path.name)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002  # as hatchling calls it
        """Remove what was compiled: the wheel has it."""
        if version != "editable":
            self.folder.cleanup()
