"""Compile the texts and the packs of coopgov for a wheel, which holds them as JSON.

The texts stand there in place of their YAML sources; the packs beside theirs, which tools and places of faults read.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("coopgov")
LOCALES = PACKAGE / "locales"
COMPILE_PACKS = """
import sys
from pathlib import Path
from coopgov.rules.shipped import COMPILED_PACKS, compile_packs
compile_packs(Path(sys.argv[1]))
print(COMPILED_PACKS)
"""


class CompileData(BuildHookInterface[Any]):
    """Compiles texts and packs beside the source tree, and puts the result into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, unless the working copy is installed: that reads the sources."""
        if version == "editable":
            return
        self.folder = TemporaryDirectory()
        texts, packs = Path(self.folder.name, "texts"), Path(self.folder.name, "packs")
        for folder in (texts, packs):
            folder.mkdir()
        included = {**self._texts(texts), **self._packs(packs)}
        build_data["force_include"].update({str(path): str(place) for path, place in included.items()})

    def _texts(self, target: Path) -> dict[Path, Path]:
        sources = Path(self.root, "src", LOCALES)
        compiler = runpy.run_path(str(sources / "compile.py"))
        written = compiler["compile_all"](sources, target)
        return {path: LOCALES / compiler["COMPILED"] / path.name for path in written}

    def _packs(self, target: Path) -> dict[Path, Path]:
        """Compile the packs by the library itself, in a process of its own that finds what this one finds."""
        paths = [str(Path(self.root, "src")), *filter(None, sys.path)]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, "-c", COMPILE_PACKS, str(target)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603  # its own code
        return {path: PACKAGE / done.stdout.strip() / path.name for path in sorted(target.iterdir())}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002  # as hatchling calls it
        """Remove what was compiled: the wheel has it."""
        if version != "editable":
            self.folder.cleanup()
